"""The crash matrix as a widget: how each recovery ends, and any two of them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.engine.scenario import Scenario
from phasm_lab.errors import DefinitionError
from phasm_lab.export.recovery_tables import matrix_table
from phasm_lab.recoveries.matrix import CrashMatrix as Matrix
from phasm_lab.trace.labels import shorten
from phasm_lab.views.matrix_session import MatrixSession
from phasm_lab.widgets.picture import checked_options
from phasm_lab.widgets.recoveries import RecoveriesWidget

if TYPE_CHECKING:
    from phasm_lab.recoveries.side_by_side import Recoveries

__all__ = ["CrashMatrix", "crash_matrix_of", "matrix_session_of"]

MATRIX_OPTIONS = ("run", "second_crashes", "storage_faults")


class CrashMatrix(RecoveriesWidget):
    """How each recovery of one run ends, and any two of them side by side.

    Parameters
    ----------
    matrix
        What `phasm_lab.crash_matrix` or `phasm_lab.compare_recoveries` returned; or a scenario, whose matrix is then filled
        while it is looked at.
    options
        Those of `phasm_lab.widgets.recoveries.RecoveriesWidget`; with a scenario also those of `phasm_lab.crash_matrix`.
    """

    part_name = "crash_matrix"

    def __init__(self, matrix: Matrix | Recoveries | Scenario, **options: Any) -> None:
        name = type(self).__name__
        if isinstance(matrix, Scenario):
            made = Matrix(matrix, **{key: options.pop(key) for key in MATRIX_OPTIONS if key in options})
        else:
            made = required_matrix(name, matrix)
        session = matrix_session_of(made)
        super().__init__(session, checked_options(f"{name}(...", options))
        if isinstance(matrix, Scenario):
            session.filling.start()

    @property
    def shown(self) -> Matrix:
        """The matrix that is shown."""
        session: MatrixSession = self.session
        return session.matrix

    def table(self) -> str:
        """Return the matrix as a table of letters."""
        return matrix_table(self.shown)

    def __repr__(self) -> str:
        return f"CrashMatrix({shorten(self.shown.scenario.name)}, {self.shown.point_count:,} crash points)"


def required_matrix(name: str, matrix: Any) -> Matrix:
    """Return the matrix that a widget called `name` was asked to show.

    Raises
    ------
    DefinitionError
        If it is none.
    """
    found = getattr(matrix, "matrix", matrix)
    if not isinstance(found, Matrix):
        raise DefinitionError(
            f"{name}({matrix!r:.80})", "it is not a crash matrix", f"write {name}(pl.crash_matrix(scenario))"
        )
    return found


def matrix_session_of(matrix: Matrix) -> MatrixSession:
    """Return the one session that all widgets of a matrix share."""
    with matrix._filler.lock:  # noqa: SLF001 - two widgets may be made at once, on two threads
        if not hasattr(matrix, "_session"):
            matrix._session = MatrixSession(matrix)  # type: ignore[attr-defined]  # noqa: SLF001 - it lives as long as the matrix
        return matrix._session  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001


def crash_matrix_of(matrix: Matrix) -> CrashMatrix:
    """Return the widget that shows `matrix` wherever it is the value of a cell; it is made once."""
    with matrix._filler.lock:  # noqa: SLF001 - two cells may show it at once, on two threads
        widget = getattr(matrix, "_widget", None)
        if widget is None or widget.comm is None:
            widget = matrix._widget = CrashMatrix(matrix)  # type: ignore[attr-defined]  # noqa: SLF001 - it lives as long as the matrix
        return widget
