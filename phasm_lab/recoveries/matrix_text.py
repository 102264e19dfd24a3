"""A crash matrix as a table of text: a row for each step, a column for each kind of point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.trace.labels import shorten, shorten_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phasm_lab.recoveries.matrix import CrashMatrix

__all__ = ["HARMLESS", "OTHER_ORDERS", "counts_text", "matrix_text"]

MAX_LABEL_LENGTH = 34
OTHER_ORDERS = "only this run is crashed, pl.check searches other orders"
HARMLESS = "No crash point does harm."
MAX_ROW_COUNT = 60
"""Steps above which only the first and last half of as many are shown."""


def matrix_text(matrix: CrashMatrix) -> str:
    """Return the heading, the table, what its letters mean, and the worst cell in a sentence."""
    lines = [_heading(matrix), *filter(None, [matrix.crash_free_faults]), ""]
    lines += _table(matrix)
    lines += ["", _legend(matrix)]
    worst = matrix.worst
    if worst is not None and worst.outcome.is_bad:
        lines += ["", matrix[worst.step_number, worst.column].sentence]
    if matrix.is_harmless:
        lines += ["", HARMLESS]
    return "\n".join(line.rstrip() for line in lines)


def _heading(matrix: CrashMatrix) -> str:
    name = shorten(matrix.scenario.name, 60)
    text = f"{name} · {counts_text(matrix)}"
    return text if matrix.is_complete else f"{text} · not all searched"


def counts_text(matrix: CrashMatrix) -> str:
    """Say at how many points the run is hit, and in how many ways."""
    has_faults = any(column.group == "storage" for column in matrix.columns)
    points, hits = ("points", "ways to be hit") if has_faults else ("crash points", "crashes")
    return f"{matrix.point_count:,} {points}, {matrix.crash_count:,} {hits}"


def _table(matrix: CrashMatrix) -> list[str]:
    heads = [each.key.split() for each in matrix.columns]
    words = [[" ".join(head[: len(head) // 2]), " ".join(head[len(head) // 2 :])] for head in heads]
    rows = [["", *(pair[0] for pair in words)], ["crash-free run", *(pair[1] for pair in words)]]
    body = [
        [
            f"{row.step_number:>3}  {shorten_label(row.label, MAX_LABEL_LENGTH)}",
            *(row.cells[each.key].text for each in matrix.columns),
        ]
        for row in matrix.rows
    ]
    half = MAX_ROW_COUNT // 2
    if len(body) <= MAX_ROW_COUNT:
        return list(_lines([*rows, *body]))
    lines = list(_lines([*rows, *body[:half], *body[-half:]]))
    return [*lines[: half + 2], f"  … {len(body) - MAX_ROW_COUNT:,} more steps …", *lines[half + 2 :]]


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for row in rows:
        cells = [f"{text:^{width}}" for text, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join([f"{row[0]:<{widths[0]}}", *cells])


def _legend(matrix: CrashMatrix) -> str:
    return " · ".join([*map(str, matrix.legend), "1/2 one of two crashes there", OTHER_ORDERS])
