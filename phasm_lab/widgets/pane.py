"""The base of what Panel shows: the same front end as everywhere, on traits that Panel hands over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import param
from panel.custom import AnyWidgetComponent

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Pane"]


class PaneFollower(Protocol):
    """What keeps the traits of a pane up with what it shows."""

    def update(self) -> None:
        """Write what has changed since it was last written."""

    def handle(self, post: Any) -> None:
        """Do what the front end posted."""


class Pane(AnyWidgetComponent):
    """One picture on a page.

    Panel hands over no messages, and of a value that changes quickly only the last: so the browser keeps what it posts in
    `outbox`, in order, until `acknowledged` says that it was read.
    """

    # Without this Panel waits 50 ms for more changes before it hands one over.
    _priority_changes: ClassVar[list[str]] = ["outbox"]

    part = param.String("")
    view = param.Dict({})
    timeline = param.Dict({})
    tree = param.Dict({})
    search = param.Dict(None, allow_None=True)
    comparison = param.Dict(None, allow_None=True)
    other_bundle = param.String("")
    selected = param.Integer(0)
    answer = param.Dict({"serial": 0, "problem": None})
    theme: Any = param.Selector(default="auto", objects=["auto", "light", "dark"])
    outbox = param.List([])
    acknowledged = param.Integer(0)
    read_only = param.Boolean(default=False)

    def __init__(self, follower: Callable[[Callable[[dict[str, Any]], None]], PaneFollower], **params: Any) -> None:
        super().__init__(**params)  # type: ignore[no-untyped-call]
        self._follower = follower(self._write)
        self._follower.update()

    def _write(self, traits: dict[str, Any]) -> None:
        self.param.update(**traits)

    def _stop(self) -> None:
        """Stop what goes on, since nobody looks any more."""
        raise NotImplementedError

    def _cleanup(self, root: Any = None) -> None:
        """Take the component off a page; what goes on for one that is shown on none ends."""
        super()._cleanup(root)
        if not self._models:
            self._stop()

    def _process_property_change(self, msg: dict[str, Any]) -> dict[str, Any]:
        # The browser posts a goto for each selection; the value itself may come late, after the next choice was taken.
        return super()._process_property_change({name: value for name, value in msg.items() if name != "selected"})

    @param.depends("outbox", watch=True)
    def _take_out(self) -> None:
        for post in list(self.outbox):
            if post["serial"] > self.acknowledged:
                self._follower.handle(post)
                self.acknowledged = post["serial"]
