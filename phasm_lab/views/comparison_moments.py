"""The moments of two runs as a screen shows them: mark, words, what changed, and which other row each has to do with."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from phasm_lab.recoveries.doubled import SIDES, Doubled
from phasm_lab.recoveries.moments import change_path, change_value
from phasm_lab.trace.labels import shorten, shorten_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phasm_lab.engine.versions import Change
    from phasm_lab.recoveries.comparison import Comparison
    from phasm_lab.recoveries.moments import Moment
    from phasm_lab.views import recoveries_shapes as shapes
    from phasm_lab.views.shapes import Mark

__all__ = ["MomentBook"]

MAX_TITLE_LENGTH = 90
MAX_VALUE_LENGTH = 60
MAX_CHANGE_COUNT = 3

MARKS: dict[str, Mark] = {
    "fire": "input",
    "dispatch": "tracked",
    "perform": "tracked",
    "deliver": "commit",
    "crash": "crash",
    "recover": "recover",
}


class MomentBook:
    """What a screen shows of the moments of a comparison, each made when it is asked for."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    @cached_property
    def _rows(self) -> dict[tuple[str, int], int]:
        """The index of the row in which a step of a side begins."""
        found: dict[tuple[str, int], int] = {}
        for index, row in enumerate(self._comparison.rows):
            for side, moment in (("left", row.left), ("right", row.right)):
                if moment is not None:
                    found.setdefault((side, moment.step_number), index)
        return found

    @cached_property
    def doubled(self) -> Doubled:
        """Which of them took effect again."""
        return Doubled(self._comparison)

    def shape(self, side: shapes.SideName, moment: Moment, partner: Moment | None) -> shapes.Moment:
        """Return one moment; `partner` is its like on the other side where that stands in another row."""
        twice = self.doubled.rank(side, moment)
        changes = [*self._changes(moment.state_changes), *self._changes(moment.outside_changes, self._outside)]
        more = len(changes) - MAX_CHANGE_COUNT
        if more > 0:
            changes[MAX_CHANGE_COUNT:] = [{"sign": " ", "text": f"and {more:,} more"}]
        return {
            "step": moment.number,
            "mark": "broken" if twice else _mark(moment),
            "title": shorten_label(_title(moment, is_again=bool(twice)), MAX_TITLE_LENGTH),
            "changes": changes,
            "unchanged": "" if changes else _unchanged(moment, self._outside),
            "links": list(self._links(side, moment, partner)),
            "twice": twice,
            "dead": moment.what == "crash",
        }

    @property
    def _outside(self) -> str:
        return self._comparison.environment_name

    def _changes(self, changes: Sequence[Change], where: str = "") -> list[shapes.MomentChange]:
        return [
            {"sign": change.sign, "text": _change_text(change, where)}  # type: ignore[typeddict-item]
            for change in changes
        ]

    def _links(self, side: shapes.SideName, moment: Moment, partner: Moment | None) -> Iterator[shapes.Link]:
        if moment.again:
            number = moment.again[0][1]
            yield self._link(moment.again_words, side, number)
        if partner is not None:
            other = SIDES[side]
            yield self._link(f"on the {other} at step {partner.step_number}", other, partner.step_number)

    def _link(self, text: str, side: shapes.SideName, step_number: int) -> shapes.Link:
        return {"text": text, "step": step_number, "row": self._rows.get((side, step_number), 0), "side": side}


def _mark(moment: Moment) -> Mark:
    if moment.what in ("fire", "deliver") and moment.step.record.result in ("rejected", "failed"):
        return "rejected"
    if moment.what == "dispatch" and not moment.action:
        return "untracked"
    return MARKS.get(moment.what, "storage")


def _title(moment: Moment, *, is_again: bool) -> str:
    """Say what happens in words, its action by kind and id, and how it ends."""
    late = " late" if moment.is_late and moment.what == "deliver" else ""
    again = " again" if is_again else ""
    if moment.what == "recover":
        return f"restore {moment.ended}"
    if moment.what == "crash":
        return moment.label if moment.label != "crash" else f"crash {moment.ended}"
    about = f"{moment.what} {moment.action}" if moment.action else moment.label
    return f"{about}{again}{late}, {moment.ended}" if moment.ended else f"{about}{again}{late}"


def _unchanged(moment: Moment, outside: str) -> str:
    if moment.what in ("fire", "deliver", "crash"):
        return "state unchanged"
    return f"{outside} unchanged" if moment.what == "perform" else ""


def _change_text(change: Change, where: str) -> str:
    path = f"{where} {change_path(change)}".strip()
    old, new = (shorten(text, MAX_VALUE_LENGTH) for text in (change.old, change_value(change)))
    if change.sign == "+":
        return f"{path} = {new}"
    return f"{path} {old} → {new}" if change.sign == "~" else path
