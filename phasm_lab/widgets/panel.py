"""The explorer as a Panel component, with the same front end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import param

from phasm_lab.widgets.follower import BUNDLE_PATH, Follower, require_lab
from phasm_lab.widgets.pane import Pane

if TYPE_CHECKING:
    from phasm_lab.lab.lab import Lab

__all__ = ["ExplorerPane", "explorer_pane"]


class ExplorerPane(Pane):
    """The explorer of a lab."""

    _esm = BUNDLE_PATH
    _follower: Follower

    graph = param.Dict(None, allow_None=True)

    def __init__(self, lab: Lab, **params: Any) -> None:
        require_lab("explorer_pane", lab)
        super().__init__(lambda write: Follower(lab, "explorer", write), part="explorer", **params)

    def _stop(self) -> None:
        self._follower.session.searching.stop()

    @param.depends("selected", watch=True)
    def _select(self) -> None:
        self._follower.select(self.selected)


def explorer_pane(lab: Lab) -> ExplorerPane:
    """Return the explorer of a lab as a Panel component."""
    return ExplorerPane(lab, sizing_mode="stretch_width")
