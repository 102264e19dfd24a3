"""The configurations that a history reached, or that a search met, as a graph: a widget of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.checks.findings import Report
from phasm_lab.widgets.base import LabWidget
from phasm_lab.widgets.follower import BUNDLES

if TYPE_CHECKING:
    from phasm_lab.lab.lab import Lab

__all__ = ["StateGraph"]


class StateGraph(LabWidget):
    """The configurations that the history of a lab reached, or that a search met, as a graph.

    Of a lab its parameters and its trait `selected` are those of `phasm_lab.widgets.base.LabWidget`; of a report it is a
    `phasm_lab.widgets.search_graph.SearchGraphWidget`.
    """

    _esm = BUNDLES / "state_graph.js"
    part_name = "state_graph"

    def __new__(cls, shown: Lab | Report, *more: Any, **options: Any) -> Any:
        """Make the widget for what is shown."""
        if not isinstance(shown, Report):
            return super().__new__(cls, shown, *more, **options)
        from phasm_lab.widgets.search_graph import SearchGraphWidget

        return SearchGraphWidget(shown, *more, **options)
