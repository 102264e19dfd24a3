"""Which transitions are run once more under instruments: the first of each kind, more where they show something new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.machine.values import Normal

if TYPE_CHECKING:
    from collections.abc import Hashable

    from phasm_lab.machine.values import TrackedActionCompleted

__all__ = ["Sampler", "kind_of_input"]

RUNS_OF_A_KIND = 2
RUNS_MORE = 1
"""Runs of a kind that are added when one of it ended in a new way."""

MAX_SUSPICIOUS_RUN_COUNT = 2_000
RUNS_BETWEEN_LOOKS = 128
MAX_KIND_COUNT = 64
"""Kinds after which values no longer tell inputs apart, only their types."""


def kind_of_input(consumed: Normal | TrackedActionCompleted | None) -> tuple[Hashable, ...]:
    """Return what tells inputs apart that probably run different code: the type, and the value where it is a word.

    Examples
    --------
    >>> kind_of_input(Normal("open"))
    ('Normal', 'str', 'open')
    """
    if consumed is None:
        return ("restore",)
    value = consumed.payload if isinstance(consumed, Normal) else consumed.result
    kind = (type(consumed).__name__, type(value).__name__)
    return (*kind, value) if isinstance(value, str | bool) else kind


class Sampler:
    """Decides about each transition whether it is run under instruments, by counting alone: every search decides alike.

    Parameters
    ----------
    suspicious
        Whether the code names something that may reach outside; then nearly every transition is run.
    """

    def __init__(self, *, suspicious: bool) -> None:
        self._suspicious_left = MAX_SUSPICIOUS_RUN_COUNT if suspicious else 0
        self._left: dict[Hashable, int] = {}
        self._endings: set[Any] = set()
        self._count = 0

    def wants(self, kind: tuple[Hashable, ...]) -> bool:
        """Tell whether a transition of a kind is to be run."""
        self._count += 1
        if self._suspicious_left > 0:
            self._suspicious_left -= 1
            return True
        kind = self._known(kind)
        left = self._left.setdefault(kind, RUNS_OF_A_KIND)
        if left > 0:
            self._left[kind] = left - 1
            return True
        return self._count % RUNS_BETWEEN_LOOKS == 0

    def ended(self, kind: tuple[Hashable, ...], ending: Hashable) -> None:
        """Have more of a kind run if one of it ended as none did before."""
        kind = self._known(kind)
        if (kind, ending) not in self._endings and len(self._endings) < MAX_KIND_COUNT:
            self._endings.add((kind, ending))
            self._left[kind] = self._left.get(kind, 0) + RUNS_MORE

    def _known(self, kind: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
        return kind if kind in self._left or len(self._left) < MAX_KIND_COUNT else kind[:2]
