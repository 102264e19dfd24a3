"""What a search met, as a picture, beside what it found: what `StateGraph` shows of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import anywidget
import traitlets

from phasm_lab.errors import DefinitionError
from phasm_lab.export.tables import report_table
from phasm_lab.trace.labels import shorten
from phasm_lab.views.search_graph import SearchGraphSession
from phasm_lab.widgets.follower import BUNDLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phasm_lab.checks.findings import Report

__all__ = ["SearchGraphWidget"]

OPTIONS = ("by", "layout", "read_only", "theme")


class SearchGraphWidget(anywidget.AnyWidget):
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

    Attributes
    ----------
    place
        Class of the table that stands beside the widget, over which a notebook opened again draws the widget.
    """

    _esm = BUNDLES / "state_graph.js"

    part = traitlets.Unicode("search_graph").tag(sync=True)
    search_graph = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    theme = traitlets.Enum(["auto", "light", "dark"], default_value="auto").tag(sync=True)
    read_only = traitlets.Bool(default_value=False).tag(sync=True)
    place = traitlets.Unicode().tag(sync=True)

    def __init__(self, report: Report, *, by: Any = None, **options: Any) -> None:
        unknown = [option for option in options if option not in OPTIONS]
        if unknown:
            raise DefinitionError(
                f"StateGraph(report, {unknown[0]}=...)", "there is no such option", "name one of", OPTIONS
            )
        self.session = SearchGraphSession(report, by)
        super().__init__(
            search_graph=dict(self.session.view()),
            place=f"phasm-lab-{uuid4().hex}",
            answer={"serial": 0, "problem": None},
            **options,
        )
        self.on_msg(self._receive)

    @property
    def report(self) -> Report:
        """The report that is shown."""
        return self.session.report

    def __repr__(self) -> str:
        return f"StateGraph({shorten(self.report.scenario.name)}: {self.search_graph['showing']})"

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None, **_: Any
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return the widget, and a table in its place for a notebook that is read without a kernel."""
        del include, exclude
        bundle = super()._repr_mimebundle_()
        if bundle is None:
            return None
        data, metadata = bundle
        table = f'<div class="{self.place}">{report_table(self.report)}</div>'
        return data | {"text/plain": str(self.report), "text/html": table}, metadata

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        answer = self.session.handle(content)
        with self.hold_sync():
            self.search_graph = dict(self.session.view())
            self.answer = dict(answer)
