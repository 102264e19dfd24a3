"""A crash matrix and two runs side by side as Panel components, with the same front end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import param

from phasm_lab.widgets.comparison import comparison_session, required_comparison
from phasm_lab.widgets.follower import RECOVERIES_BUNDLE_PATH
from phasm_lab.widgets.matrix import matrix_session_of, required_matrix
from phasm_lab.widgets.pane import Pane
from phasm_lab.widgets.recoveries import RecoveriesFollower

if TYPE_CHECKING:
    from phasm_lab.widgets.recoveries import RecoveriesSession

__all__ = ["RecoveriesPane", "comparison_pane", "crash_matrix_pane"]


class RecoveriesPane(Pane):
    """A crash matrix or a comparison."""

    _esm = RECOVERIES_BUNDLE_PATH
    _follower: RecoveriesFollower

    matrix = param.Dict(None, allow_None=True)

    def __init__(self, session: RecoveriesSession, **params: Any) -> None:
        super().__init__(lambda write: RecoveriesFollower(session, write), **params)

    def _stop(self) -> None:
        self._follower.session.stop()


def crash_matrix_pane(matrix: Any) -> RecoveriesPane:
    """Return a crash matrix as a Panel component."""
    session = matrix_session_of(required_matrix("crash_matrix_pane", matrix))
    return RecoveriesPane(session, part="crash_matrix", sizing_mode="stretch_width")


def comparison_pane(comparison: Any) -> RecoveriesPane:
    """Return two runs side by side as a Panel component."""
    session = comparison_session(required_comparison("comparison_pane", comparison))
    return RecoveriesPane(session, part="comparison", sizing_mode="stretch_width")
