"""Which performs of two runs took effect again: beyond the first time on their side, or beyond what the other side did."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.recoveries.comparison import Comparison
    from phasm_lab.recoveries.moments import Moment

__all__ = ["SIDES", "Doubled", "SideName"]

SideName = Literal["left", "right"]
SIDES: dict[str, SideName] = {"left": "right", "right": "left"}
"""Each side, and the other."""


class Doubled:
    """The moments of a comparison whose effect their run had before, by id and kind of the action.

    Parameters
    ----------
    comparison
        The comparison.
    """

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    @cached_property
    def side(self) -> Literal["", "left", "right"]:
        """The side on which an effect was had more often than once and than on the other, or ""."""
        return "right" if self._beyond["right"] else "left" if self._beyond["left"] else ""

    def rank(self, side: str, moment: Moment) -> Literal["", "first", "later"]:
        """Tell whether a moment is the first such effect of its side, a later one, or none.

        First is what goes beyond the other side; where nothing does, what both sides did twice.
        """
        again = self._again[side]
        if id(moment) not in again:
            return ""
        leading = self._beyond[side] if self.side else again
        return "first" if leading and id(moment) == leading[0] else "later"

    @cached_property
    def _again(self) -> dict[str, list[int]]:
        return {side: [id(moment) for moment, count in self._effects(side) if count > 1] for side in SIDES}

    @cached_property
    def _beyond(self) -> dict[str, list[int]]:
        counts = {(each.action, side): getattr(each, side) for each in self._comparison.effects for side in SIDES}
        return {
            side: [
                id(moment)
                for moment, count in self._effects(side)
                if count > max(1, counts.get((moment.action, other), 0))
            ]
            for side, other in SIDES.items()
        }

    def _effects(self, side: str) -> Iterator[tuple[Moment, int]]:
        """Yield each perform that took effect, and how often that action has by then."""
        seen: Counter[tuple[str, str]] = Counter()
        for moment in getattr(self._comparison, side).moments:
            if moment.what == "perform" and moment.is_effect:
                seen[moment.kind, moment.identity] += 1
                yield moment, seen[moment.kind, moment.identity]
