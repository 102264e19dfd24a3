"""A crash matrix as a pandas data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas

if TYPE_CHECKING:
    from phasm_lab.recoveries.cells import Recovery
    from phasm_lab.recoveries.matrix import CrashMatrix

__all__ = ["COLUMNS", "matrix_frame"]

COLUMNS: dict[str, str] = {
    "step_number": "int64",
    "label": "str",
    "column": "str",
    "point": "str",
    "wire": "str",
    "letter": "str",
    "class": "str",
    "is_bad": "bool",
    "sentence": "str",
    "step_count": "int64",
}


def matrix_frame(matrix: CrashMatrix) -> pandas.DataFrame:
    """Return a crash matrix as a data frame, one row a recovery.

    Columns: ``step_number`` int (the step of the crash-free run that is hit, 1 the first), ``label`` str (its event),
    ``column`` str (the kind of point), ``point`` str (where exactly), ``wire`` str (what becomes of what is on the wire),
    ``letter`` and ``class`` str (how it ends), ``is_bad`` bool, ``sentence`` str (what happened), ``step_count`` int
    (steps of the whole run).

    Examples
    --------
    >>> from phasm_lab.examples.payments import payments_charging_again
    >>> from phasm_lab.recoveries.matrix import crash_matrix
    >>> frame = matrix_frame(crash_matrix(payments_charging_again))
    >>> frame[frame.step_number == 2][["column", "wire", "letter"]]
                 column                      wire letter
    10  request on wire  request 1 performed late      2
    11  request on wire            request 1 lost      S
    """
    labels = {row.step_number: row.label for row in matrix.rows}
    rows = [_row(labels[recovery.step_number], recovery) for recovery in matrix.recoveries]
    return pandas.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _row(label: str, recovery: Recovery) -> tuple[Any, ...]:
    return (
        recovery.step_number,
        label,
        recovery.column,
        recovery.point,
        recovery.wire,
        recovery.outcome.letter,
        recovery.class_name,
        recovery.outcome.is_bad,
        recovery.sentence,
        recovery.step_count,
    )
