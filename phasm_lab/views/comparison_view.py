"""Two runs side by side as plain JSON for a screen: a window of rows, and what both end in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from phasm_lab.recoveries.comparison_text import verdict_sentences
from phasm_lab.trace.labels import shorten, shorten_label
from phasm_lab.views.comparison_ends import ends
from phasm_lab.views.comparison_moments import MomentBook

if TYPE_CHECKING:
    from phasm_lab.recoveries.comparison import Comparison, SideBySide
    from phasm_lab.views import recoveries_shapes as shapes

__all__ = ["ComparisonBook", "Shown"]

WINDOW_ROW_COUNT = 200
"""Rows that are written at a time; the browser asks for others."""

MAX_COMMON_LENGTH = 80


class Shown(NamedTuple):
    """How one of the two runs is called.

    Attributes
    ----------
    title
        What it is.
    cell
        Id of its cell where it is a recovery of a matrix, else "".
    chosen
        Id of what is chosen among the options.
    options
        What else the side can show, as (id, words).
    is_bad
        Whether something went wrong in it that the crash alone does not excuse.
    judgement
        Whether it may end otherwise than the other run, in a sentence; "" where nothing is to be said of that.
    """

    title: str
    cell: str = ""
    chosen: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_bad: bool = False
    judgement: str = ""


class ComparisonBook:
    """One comparison, and what a screen shows of it.

    Parameters
    ----------
    comparison
        The comparison.
    left, right
        How its runs are called; by default what they are.
    """

    def __init__(self, comparison: Comparison, left: Shown | None = None, right: Shown | None = None) -> None:
        self.comparison = comparison
        self.left = left or Shown(comparison.left.title or "left run")
        self.right = right or Shown(comparison.right.title or "right run")
        self._moments = MomentBook(comparison)

    def swapped(self) -> ComparisonBook:
        """Return the same with the sides swapped."""
        return ComparisonBook(self.comparison.swapped(), self.right, self.left)

    @property
    def bad(self) -> Literal["", "left", "right"]:
        """The side in which something went wrong: "left", "right" or ""."""
        if self.right.is_bad or self.left.is_bad:
            return "right" if self.right.is_bad else "left"
        return self._moments.doubled.side

    def shape(self, first: int | None = None, count: int = WINDOW_ROW_COUNT) -> shapes.Comparison:
        """Return the comparison with a window of its rows, by default what comes after the common beginning."""
        comparison, bad = self.comparison, self.bad
        row_count = len(comparison.rows)
        common_count = comparison.common_count
        at = common_count if first in (None, common_count) else _fitting(first, row_count)
        rows = comparison.rows[at : at + max(1, min(count, WINDOW_ROW_COUNT))]
        return {
            "verdict": self._verdict(),
            "note": self._note(),
            "bad": bad,
            "left": _run(self.left, len(comparison.left.steps)),
            "right": _run(self.right, len(comparison.right.steps)),
            "common_count": common_count,
            "common": _common(comparison),
            "row_count": row_count,
            "first": at,
            "rows": [self._row(row) for row in rows],
            "ends": ends(comparison, bad),
        }

    def _verdict(self) -> list[shapes.VerdictPart]:
        """Return the sentences of the verdict, whether the difference is allowed last."""
        bad = self.bad
        found: list[shapes.VerdictPart] = [
            {"text": sentence.text, "bad": sentence.is_bad or (sentence.is_about_run and bad != "")}
            for sentence in verdict_sentences(self.comparison)
        ]
        judged = [run for run in (self.left, self.right) if run.judgement]
        last: list[shapes.VerdictPart] = [{"text": run.judgement, "bad": run.is_bad} for run in judged]
        return [*found, *last]

    def _note(self) -> str:
        return f"Left: {self.left.title}. Right: {self.right.title}."

    def _row(self, row: SideBySide) -> shapes.ComparisonRow:
        left = None if row.left is None else self._moments.shape("left", row.left, row.partner)
        right = None if row.right is None else self._moments.shape("right", row.right, row.partner)
        return {"relation": row.relation, "left": left, "right": right}  # type: ignore[typeddict-item]


def _fitting(first: int, row_count: int) -> int:
    return max(0, min(first, row_count - 1))


def _run(shown: Shown, step_count: int) -> shapes.Run:
    return {
        "title": shown.title,
        "step_count": step_count,
        "cell": shown.cell,
        "chosen": shown.chosen,
        "options": [{"id": name, "text": shorten(text, 120)} for name, text in shown.options],
    }


def _common(comparison: Comparison) -> str:
    """Say what both runs have in common at their beginning."""
    count = comparison.common_count
    if not count:
        return ""
    words = shorten_label(comparison.left.moments[0].label, MAX_COMMON_LENGTH)
    return f"{comparison.common_words}: {words}" if count == 1 else f"{comparison.common_words}, from {words} on"
