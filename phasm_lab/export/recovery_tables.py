"""A crash matrix and two runs side by side as plain HTML tables: what stands in for the widgets where no script runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.export.tables import shown, table_html

if TYPE_CHECKING:
    from phasm_lab.recoveries.comparison import Comparison
    from phasm_lab.recoveries.matrix import CrashMatrix
    from phasm_lab.recoveries.moments import Moment

__all__ = ["comparison_table", "matrix_table"]

MAX_ROW_COUNT = 200


def matrix_table(matrix: CrashMatrix) -> str:
    """Return a matrix as a table of letters, what they mean, and the worst cell in a sentence."""
    columns = ["step", "crash-free run", *(each.label for each in matrix.columns)]
    rows = [
        [str(row.step_number), row.label, *(cell.text for cell in row.cells.values())]
        for row in matrix.rows[:MAX_ROW_COUNT]
    ]
    caption = f"Crash matrix, {matrix.scenario.name}: {matrix.point_count:,} crash points"
    if len(matrix.rows) > MAX_ROW_COUNT:
        caption += f", the first {MAX_ROW_COUNT} steps shown"
    legend = " · ".join(map(str, matrix.legend))
    worst = matrix.worst
    sentence = "" if worst is None else matrix[worst.step_number, worst.column].sentence
    warning = f"<p>{shown(matrix.crash_free_faults)}</p>" if matrix.crash_free_faults else ""
    return f"{warning}{table_html(caption, columns, rows)}<p>{shown(legend)}</p><p>{shown(sentence)}</p>"


def comparison_table(comparison: Comparison) -> str:
    """Return two runs as a table, matched rows beside each other, under the verdict."""
    rows = [
        [_step(row.left), _label(row.left), row.relation, _step(row.right), _label(row.right)]
        for row in comparison.rows[:MAX_ROW_COUNT]
    ]
    caption = comparison.verdict
    if len(comparison.rows) > MAX_ROW_COUNT:
        caption += f" The first {MAX_ROW_COUNT} rows are shown."
    return table_html(caption, ("step", "left", "relation", "step", "right"), rows)


def _step(moment: Moment | None) -> str:
    return "" if moment is None else moment.number


def _label(moment: Moment | None) -> str:
    return "" if moment is None else moment.label
