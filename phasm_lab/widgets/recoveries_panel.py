"""A crash matrix and two runs side by side as Panel components, with the same front end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import param
from panel.custom import AnyWidgetComponent

from phasm_lab.widgets.comparison import comparison_session, required_comparison
from phasm_lab.widgets.follower import RECOVERIES_BUNDLE_PATH
from phasm_lab.widgets.matrix import matrix_session_of, required_matrix
from phasm_lab.widgets.recoveries import RecoveriesFollower

if TYPE_CHECKING:
    from phasm_lab.widgets.recoveries import RecoveriesSession

__all__ = ["RecoveriesPane", "comparison_pane", "crash_matrix_pane"]


class RecoveriesPane(AnyWidgetComponent):
    """A crash matrix or a comparison; `phasm_lab.widgets.panel` says how its posts get through."""

    _esm = RECOVERIES_BUNDLE_PATH
    # Without this Panel waits 50 ms for more changes before it hands one over.
    _priority_changes: ClassVar[list[str]] = ["outbox"]

    part = param.String("crash_matrix")
    matrix = param.Dict(None, allow_None=True)
    comparison = param.Dict(None, allow_None=True)
    other_bundle = param.String("")
    view = param.Dict({})
    timeline = param.Dict({})
    tree = param.Dict({})
    search = param.Dict(None, allow_None=True)
    selected = param.Integer(0)
    answer = param.Dict({"serial": 0, "problem": None})
    theme: Any = param.Selector(default="auto", objects=["auto", "light", "dark"])
    outbox = param.List([])
    acknowledged = param.Integer(0)
    read_only = param.Boolean(default=False)

    def __init__(self, session: RecoveriesSession, **params: Any) -> None:
        super().__init__(**params)  # type: ignore[no-untyped-call]
        self._follower = RecoveriesFollower(session, self._write)
        self._follower.update()

    def _write(self, traits: dict[str, Any]) -> None:
        self.param.update(**traits)

    def _cleanup(self, root: Any = None) -> None:
        """Take the component off a page; what goes on for one that is shown on none is stopped."""
        super()._cleanup(root)
        if not self._models:
            self._follower.session.stop()

    @param.depends("outbox", watch=True)
    def _take_out(self) -> None:
        for post in list(self.outbox):
            if post["serial"] > self.acknowledged:
                self._follower.handle(post)
                self.acknowledged = post["serial"]


def crash_matrix_pane(matrix: Any) -> RecoveriesPane:
    """Return a crash matrix as a Panel component."""
    session = matrix_session_of(required_matrix("crash_matrix_pane", matrix))
    return RecoveriesPane(session, part="crash_matrix", sizing_mode="stretch_width")


def comparison_pane(comparison: Any) -> RecoveriesPane:
    """Return two runs side by side as a Panel component."""
    session = comparison_session(required_comparison("comparison_pane", comparison))
    return RecoveriesPane(session, part="comparison", sizing_mode="stretch_width")
