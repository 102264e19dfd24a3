"""What a search met, as a picture, beside what it found: what `StateGraph` shows of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from phasm_lab.export.tables import report_table
from phasm_lab.trace.labels import shorten
from phasm_lab.views.search_graph import SearchGraphSession
from phasm_lab.widgets.follower import BUNDLES
from phasm_lab.widgets.picture import OPTIONS as PICTURE_OPTIONS
from phasm_lab.widgets.picture import Picture, checked_options

if TYPE_CHECKING:
    from phasm_lab.checks.findings import Report

__all__ = ["SearchGraphWidget"]

OPTIONS = ("by", *PICTURE_OPTIONS)


class SearchGraphWidget(Picture):
    """What a search met, as a picture.

    Parameters
    ----------
    report
        The report of the search.
    by
        How to group configurations at first: as for `Report.graph`, or "neighbourhood".
    theme
        "auto" (what the notebook has), "light" or "dark".
    read_only
        Whether it is for looking only.
    layout
        An `ipywidgets.Layout`, as for any widget.
    """

    _esm = BUNDLES / "state_graph.js"

    part = traitlets.Unicode("search_graph").tag(sync=True)
    search_graph = traitlets.Dict().tag(sync=True)

    def __init__(self, report: Report, *, by: Any = None, **options: Any) -> None:
        checked_options("StateGraph(report", options, OPTIONS)
        self.session = SearchGraphSession(report, by)
        super().__init__(search_graph=dict(self.session.view()), **options)
        self.on_msg(self._receive)

    @property
    def report(self) -> Report:
        """The report that is shown."""
        return self.session.report

    def __repr__(self) -> str:
        return f"StateGraph({shorten(self.report.scenario.name)}: {self.search_graph['showing']})"

    def text(self) -> str:
        """Return the report as text."""
        return str(self.report)

    def table(self) -> str:
        """Return the report as a table."""
        return report_table(self.report)

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        answer = self.session.handle(content)
        self._write({"search_graph": dict(self.session.view()), "answer": dict(answer)})
