"""A crash matrix as an HTML table: rows are the steps, columns the points; letter, shape and colour in each cell."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from phasm_lab.export.marks import CLASS_MARKS, mark
from phasm_lab.export.markup import Markup, element, join
from phasm_lab.recoveries.matrix_text import OTHER_ORDERS
from phasm_lab.trace.labels import shorten_label

if TYPE_CHECKING:
    from collections.abc import Collection

    from phasm_lab.recoveries.cells import Cell, Row
    from phasm_lab.recoveries.matrix import CrashMatrix

__all__ = ["cell_key", "class_mark", "matrix_html"]

MAX_LABEL_LENGTH = 40
MAX_ROW_COUNT = 200
"""Steps above which only the first and last half of as many are shown."""


def matrix_html(matrix: CrashMatrix, laid_out: Collection[str]) -> Markup:
    """Return the table and what its letters mean.

    Parameters
    ----------
    matrix
        The matrix.
    laid_out
        Keys of the cells whose comparison stands in the page, to which they lead.
    """
    rows = list(matrix.rows)
    half = MAX_ROW_COUNT // 2
    shown = [
        _row(row, matrix, laid_out) for row in (rows if len(rows) <= MAX_ROW_COUNT else rows[:half] + rows[-half:])
    ]
    if len(shown) < len(rows):
        words = f"{len(rows) - len(shown):,} more steps between these"
        shown.insert(half, element("tr", element("td", words, colspan=len(matrix.columns) + 1, class_="more")))
    table = element("table", _head(matrix), element("tbody", join(shown)), class_="matrix")
    faults = matrix.crash_free_faults
    warning = element("p", element("b", faults), class_="worst") if faults else Markup("")
    return join([warning, element("div", table, class_="wide"), _legend(matrix)])


def cell_key(cell: Cell) -> str:
    """Return what a cell's comparison is called in the page."""
    return f"cell-{cell.step_number}-{cell.column.replace(' ', '-')}"


def class_mark(letter: str) -> Markup:
    """Return shape and letter of an outcome class."""
    shape = mark(CLASS_MARKS[letter]) if letter in CLASS_MARKS else Markup("")
    return join([shape, element("b", letter)])


def _head(matrix: CrashMatrix) -> Markup:
    groups = [
        element("th", name, colspan=len(list(columns)), scope="colgroup")
        for name, columns in groupby(matrix.columns, key=lambda each: each.group)
    ]
    names = [element("th", each.label, scope="col") for each in matrix.columns]
    return element(
        "thead",
        element("tr", element("td", ""), *groups),
        element("tr", element("th", "crash-free run", scope="col"), *names),
    )


def _row(row: Row, matrix: CrashMatrix, laid_out: Collection[str]) -> Markup:
    number = element("span", str(row.step_number), class_="number")
    head = element("th", number, " ", shorten_label(row.label, MAX_LABEL_LENGTH), scope="row", title=row.label)
    cells = [_cell(row.cells[each.key], laid_out) for each in matrix.columns]
    return element("tr", head, *cells, class_="input" if row.is_input else "")


def _cell(cell: Cell, laid_out: Collection[str]) -> Markup:
    outcome, worst = cell.outcome, cell.worst
    if worst is None:
        return element("td", element("span", outcome.letter, title=outcome.name), class_="none")
    # What is seen is part of what is said, for people who speak to their browser.
    words = f"step {cell.step_number}, {cell.column}: {worst.class_name}, {cell.text}"
    parts = [class_mark(outcome.letter), *([" ", element("i", cell.share)] if cell.share else [])]
    key = cell_key(cell)
    inner = (
        element("a", *parts, href=f"#{key}", aria_label=words, title=cell.sentence)
        if key in laid_out
        else element("span", *parts, title=cell.sentence)
    )
    return element("td", inner, class_="bad" if outcome.is_bad else "")


def _legend(matrix: CrashMatrix) -> Markup:
    said = [
        element(
            "li",
            class_mark(each.letter),
            f" {each.name} ",
            element("b", f"{each.count:,}"),
            *([f" ({each.note})"] if each.note else []),
        )
        for each in matrix.legend
    ]
    notes = [
        element("li", "1/2: one of two crashes there"),
        element("li", "·: no such point"),
        element("li", OTHER_ORDERS),
    ]
    return element("ul", *said, *notes, class_="legend")
