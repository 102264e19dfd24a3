"""A crash matrix as plain JSON for a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.recoveries.cells import LegendLine
from phasm_lab.recoveries.crash_points import SECOND
from phasm_lab.recoveries.matrix_text import OTHER_ORDERS, counts_text
from phasm_lab.recoveries.outcome_classes import CLASSES
from phasm_lab.trace.labels import shorten, shorten_label

if TYPE_CHECKING:
    from phasm_lab.recoveries.cells import Cell, Recovery
    from phasm_lab.recoveries.matrix import CrashMatrix
    from phasm_lab.recoveries.outcome_classes import OutcomeClass
    from phasm_lab.views import recoveries_shapes as shapes

__all__ = ["MatrixBook", "cell_id", "recovery_words"]

MAX_LABEL_LENGTH = 60
MAX_SENTENCE_LENGTH = 400


class MatrixBook:
    """What a screen shows of a matrix; a cell that is searched does not change any more, and is made once."""

    def __init__(self, matrix: CrashMatrix) -> None:
        self._matrix = matrix
        self._cells: dict[tuple[int, str], shapes.MatrixCell] = {}

    def shape(self, state: shapes.FillingState) -> shapes.Matrix:
        """Return the matrix as far as it is searched."""
        matrix = self._matrix
        worst = matrix.worst
        return {
            "name": shorten(matrix.scenario.name),
            "note": _note(matrix),
            "warning": shorten(matrix.crash_free_faults, MAX_SENTENCE_LENGTH),
            "state": state,
            "filled_count": sum(cell.is_filled for cell in matrix.cells),
            "point_count": sum(self._is_to_be_filled(cell) for cell in matrix.cells),
            "columns": [{"key": each.key, "label": each.label, "group": each.group} for each in matrix.columns],
            "rows": [
                {
                    "step": row.step_number,
                    "label": shorten_label(row.label, MAX_LABEL_LENGTH),
                    "is_input": row.is_input,
                    "cells": [self._cell(cell) for cell in row.cells.values()],
                }
                for row in matrix.rows
            ],
            "legend": _legend(matrix),
            "worst": "" if worst is None else cell_id(worst),
        }

    def _is_to_be_filled(self, cell: Cell) -> bool:
        return cell.is_point and (cell.column != SECOND or self._matrix._second_crashes)  # noqa: SLF001 - whether it was asked for

    def _cell(self, cell: Cell) -> shapes.MatrixCell | None:
        if not cell.is_point:
            return None
        key = (cell.step_number, cell.column)
        if key in self._cells:
            return self._cells[key]
        made = _cell(cell)
        if cell.is_filled:
            self._cells[key] = made
        return made


def cell_id(place: Cell | Recovery) -> str:
    """Return by what a cell is asked for."""
    return f"{place.step_number} {place.column}"


def recovery_words(recovery: Recovery) -> str:
    """Say which recovery it is, and how it ends."""
    wire = f", {recovery.wire}" if recovery.wire else ""
    return f"step {recovery.step_number}, {recovery.point}{wire}: {recovery.class_name}"


def _cell(cell: Cell) -> shapes.MatrixCell:
    worst = cell.worst
    return {
        "letter": cell.outcome.letter,
        "name": cell.class_name,
        "share": cell.share,
        "sentence": shorten(cell.sentence, MAX_SENTENCE_LENGTH),
        "step_count": 0 if worst is None else worst.step_count,
    }


def _note(matrix: CrashMatrix) -> str:
    return f"{counts_text(matrix)}: the wire may keep or lose what is on it, the worst is shown; {OTHER_ORDERS}"


def _legend(matrix: CrashMatrix) -> list[shapes.LegendEntry]:
    lines = {each.letter: each for each in matrix.legend}
    classes = sorted(CLASSES.values(), key=lambda each: each.severity)
    return [
        _entry(lines.get(each.letter, LegendLine(each.letter, each.name)), each)
        for each in classes
        if each.letter != "·"
    ]


def _entry(line: LegendLine, outcome: OutcomeClass) -> shapes.LegendEntry:
    return {"letter": line.letter, "name": line.name, "count": line.count, "note": line.note, "is_bad": outcome.is_bad}
