"""`compare_recoveries`: the crash matrix of a scenario, and its worst cell beside the crash-free run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from phasm_lab.recoveries.comparison import Comparison
from phasm_lab.recoveries.matrix import CrashMatrix, crash_matrix

if TYPE_CHECKING:
    from phasm_lab.engine.scenario import Scenario

__all__ = ["Recoveries", "compare_recoveries"]


@dataclass(frozen=True, repr=False)
class Recoveries:
    """A crash matrix, and one of its recoveries beside the crash-free run.

    Attributes
    ----------
    matrix
        The matrix.
    comparison
        The worst recovery on the right, the crash-free run on the left; None where there is no crash at all.
    """

    matrix: CrashMatrix
    comparison: Comparison | None

    def to_json(self) -> dict[str, Any]:
        """Return both as plain JSON."""
        return {
            "matrix": self.matrix.to_json(),
            "comparison": None if self.comparison is None else self.comparison.to_json(),
        }

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.matrix._repr_mimebundle_(**options)

    def __panel__(self) -> Any:
        """Return both as a Panel component."""
        return self.matrix.__panel__()

    def __repr__(self) -> str:
        return str(self.matrix) if self.comparison is None else f"{self.matrix}\n\n{self.comparison}"


def compare_recoveries(scenario: Scenario, run: Any = None, **options: Any) -> Recoveries:
    """Crash a run at every point, and lay the worst recovery beside the crash-free run.

    Parameters
    ----------
    scenario, run, options
        Those of `crash_matrix`.

    Examples
    --------
    >>> from phasm_lab.examples.payments import payments_charging_again
    >>> compare_recoveries(payments_charging_again).comparison.verdict
    'Same final state. ChargeCard 1 was performed twice on the right. The right breaks no_card_is_charged_twice.'
    """
    matrix = crash_matrix(scenario, run, **options)
    worst = matrix.worst
    return Recoveries(matrix, None if worst is None else worst.comparison)
