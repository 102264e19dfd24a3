"""Which transitions are run once more under instruments: the first of each kind, more where they show something new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.machine.values import Normal

if TYPE_CHECKING:
    from collections.abc import Hashable

    from phasm_lab.machine.values import TrackedActionCompleted

__all__ = ["Kind", "Sampler"]

RUNS_OF_A_KIND = 1
RUNS_OF_A_SUSPICIOUS_KIND = 100
RUNS_MORE = 1
"""Runs of a kind that are added when one of it ended in a new way."""

MAX_ENDING_COUNT = 5
MAX_KIND_COUNT = 64
"""Kinds after which values no longer tell inputs apart, only their types."""


class Kind:
    """Inputs that probably run the same code.

    Attributes
    ----------
    left
        How many more transitions with one of them are to be run.
    """

    __slots__ = ("_endings", "left")

    def __init__(self, left: int) -> None:
        self.left = left
        self._endings: set[Any] = set()

    def ended(self, ending: Hashable) -> None:
        """Count a run; have one more if it ended as none did before."""
        self.left -= 1
        if ending not in self._endings and len(self._endings) < MAX_ENDING_COUNT:
            self._endings.add(ending)
            self.left += RUNS_MORE


class Sampler:
    """Sorts inputs into kinds, by what they are alone: every search of a machine runs the same sample.

    Parameters
    ----------
    suspicious
        Whether the code names something that may reach outside; then many more of each kind are run.
    """

    def __init__(self, *, suspicious: bool) -> None:
        self._left = RUNS_OF_A_SUSPICIOUS_KIND if suspicious else RUNS_OF_A_KIND
        self._kinds: dict[Hashable, Kind] = {}

    def kind(self, consumed: Normal | TrackedActionCompleted | None) -> Kind:
        """Return the kind of an input, of restore where there is none.

        Examples
        --------
        >>> sampler = Sampler(suspicious=False)
        >>> sampler.kind(Normal("open")) is sampler.kind(Normal("close")), sampler.kind(None).left
        (False, 1)
        """
        told = _told(consumed)
        if told not in self._kinds and len(self._kinds) >= MAX_KIND_COUNT:
            told = told[:2]
        return self._kinds.setdefault(told, Kind(self._left))


def _told(consumed: Normal | TrackedActionCompleted | None) -> tuple[Hashable, ...]:
    """Return what tells kinds apart: the types, and the value where it is a word."""
    if consumed is None:
        return ("restore",)
    value = consumed.payload if isinstance(consumed, Normal) else consumed.result
    kind = (type(consumed).__name__, type(value).__name__)
    return (*kind, value) if isinstance(value, str | bool) else kind
