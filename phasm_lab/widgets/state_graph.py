"""The configurations that the history reached, as a graph: a widget of its own."""

from __future__ import annotations

from phasm_lab.widgets.base import LabWidget
from phasm_lab.widgets.follower import BUNDLES

__all__ = ["StateGraph"]


class StateGraph(LabWidget):
    """The configurations that the history reached, as a graph.

    Its parameters and its trait `selected` are those of `phasm_lab.widgets.base.LabWidget`.
    """

    _esm = BUNDLES / "state_graph.js"
    part_name = "state_graph"
