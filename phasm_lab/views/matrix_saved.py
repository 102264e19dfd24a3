"""What a page without a kernel needs of a crash matrix: the matrix, and any two of its cells side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.recoveries.comparison import Comparison, side_of
from phasm_lab.views.comparison_view import WINDOW_ROW_COUNT, ComparisonBook
from phasm_lab.views.matrix_session import MatrixSession, headed, shown_run
from phasm_lab.views.matrix_view import cell_id
from phasm_lab.views.quiet import muted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.recoveries.cells import Recovery
    from phasm_lab.recoveries.comparison import Side
    from phasm_lab.recoveries.matrix import CrashMatrix
    from phasm_lab.views import recoveries_shapes as shapes

__all__ = ["saved_recoveries"]

MAX_CROSSED_CELL_COUNT = 45
"""Cells above which each is saved beside the crash-free run alone: the pairs grow with the square."""


def saved_recoveries(matrix: CrashMatrix, name: str = "", *, is_crossed: bool = True) -> shapes.SavedRecoveries:
    """Return what a page needs of a matrix: `SavedRecoveries` of ``widgets/protocol.ts``.

    Parameters
    ----------
    matrix
        The matrix.
    name
        What it is called there; by default as its scenario.
    is_crossed
        Whether any two of its cells can be laid side by side; else, and where they are too many, each beside the
        crash-free run alone.
    """
    session = MatrixSession(matrix)
    shape = session.matrix_shape()
    with session.held(), muted():
        comparisons = dict(_comparisons(matrix, is_crossed=is_crossed))
    traits: shapes.SavedTraits = {
        "part": "crash_matrix",
        "matrix": {**shape, "name": name or shape["name"]},
        "comparison": comparisons.get(f"|{shape['worst']}"),
    }
    return {"traits": traits, "comparisons": comparisons}


def _comparisons(matrix: CrashMatrix, *, is_crossed: bool) -> Iterator[tuple[str, shapes.Comparison]]:
    """Yield any two runs side by side, by the cells on the left and on the right; "" is the crash-free run."""
    recoveries = {cell_id(cell): cell.worst for cell in matrix.cells if cell.worst is not None}
    sides = {name: side_of(each, "recovery") for name, each in recoveries.items()}
    crash_free: dict[int, Side] = {}
    for right, one in recoveries.items():
        free = crash_free.setdefault(one.step_number, side_of(one.crash_free, "run"))
        yield f"|{right}", _shape(matrix, free, sides[right], None, one)
        if is_crossed and len(recoveries) <= MAX_CROSSED_CELL_COUNT:
            yield f"{right}|", _shape(matrix, sides[right], free, one, None)
            for left, other in recoveries.items():
                yield f"{left}|{right}", _shape(matrix, sides[left], sides[right], other, one)


def _shape(
    matrix: CrashMatrix, left: Side, right: Side, one: Recovery | None, other: Recovery | None
) -> shapes.Comparison:
    book = ComparisonBook(Comparison(left, right), shown_run(one, other), shown_run(other, one))
    # The page puts the note together from the two titles: for each pair it would be a third of what is saved.
    return {**headed(matrix, book.shape(0, WINDOW_ROW_COUNT)), "note": ""}
