"""The explorer as a Panel component, with the same front end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import param
from panel.custom import AnyWidgetComponent

from phasm_lab.widgets.follower import BUNDLE_PATH, Follower, require_lab

if TYPE_CHECKING:
    from phasm_lab.lab.lab import Lab

__all__ = ["ExplorerPane", "explorer_pane"]


class ExplorerPane(AnyWidgetComponent):
    """The explorer of a lab.

    Panel hands over no messages, and of a value that changes quickly only the last: so the browser keeps what it posts in
    `outbox`, in order, until `acknowledged` says that it was read.
    """

    _esm = BUNDLE_PATH
    # Without this Panel waits 50 ms for more changes before it hands one over.
    _priority_changes: ClassVar[list[str]] = ["outbox"]

    part = param.String("explorer")
    view = param.Dict({})
    timeline = param.Dict({})
    tree = param.Dict({})
    graph = param.Dict(None, allow_None=True)
    search = param.Dict(None, allow_None=True)
    comparison = param.Dict(None, allow_None=True)
    other_bundle = param.String("")
    selected = param.Integer(0)
    answer = param.Dict({"serial": 0, "problem": None})
    theme: Any = param.Selector(default="auto", objects=["auto", "light", "dark"])
    outbox = param.List([])
    acknowledged = param.Integer(0)
    read_only = param.Boolean(default=False)

    def __init__(self, lab: Lab, **params: Any) -> None:
        super().__init__(**params)  # type: ignore[no-untyped-call]
        self._follower = Follower(require_lab("explorer_pane", lab), "explorer", self._write)
        self._follower.update()

    def _write(self, traits: dict[str, Any]) -> None:
        self.param.update(**traits)

    def _cleanup(self, root: Any = None) -> None:
        """Take the component off a page; a search that is shown on none ends."""
        super()._cleanup(root)
        if not self._models:
            self._follower.session.searching.stop()

    def _process_property_change(self, msg: dict[str, Any]) -> dict[str, Any]:
        # The browser posts a goto for each selection; the value itself may come late, after the next choice was taken.
        return super()._process_property_change({name: value for name, value in msg.items() if name != "selected"})

    @param.depends("outbox", watch=True)
    def _take_out(self) -> None:
        for post in list(self.outbox):
            if post["serial"] > self.acknowledged:
                self._follower.handle(post)
                self.acknowledged = post["serial"]

    @param.depends("selected", watch=True)
    def _select(self) -> None:
        self._follower.select(self.selected)


def explorer_pane(lab: Lab) -> ExplorerPane:
    """Return the explorer of a lab as a Panel component."""
    return ExplorerPane(lab, sizing_mode="stretch_width")
