"""What a search met as a networkx graph: one node a configuration, or a group of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx

from phasm_lab.errors import DefinitionError
from phasm_lab.export.dot import dot_text, svg_text
from phasm_lab.export.graphs import SVG_LIMIT_S
from phasm_lab.trace.labels import shorten
from phasm_lab.views.search_graph_groups import Groups, name_of
from phasm_lab.views.search_graph_nodes import Met
from phasm_lab.views.search_graph_words import showing
from phasm_lab.views.words import count_of

if TYPE_CHECKING:
    from phasm_lab.checks.findings import Finding, Report
    from phasm_lab.views.search_graph_groups import By, GroupEdge

__all__ = ["SearchGraph", "search_graph"]


class SearchGraph(networkx.MultiDiGraph):  # type: ignore[type-arg]  # networkx's class takes no argument at run time
    """The configurations that a search met, or groups of them.

    Nodes are integers in the order in which the search met them, 0 the start, with the attributes ``label`` str (the
    event that first led there; of a group its value), ``depth`` int (fewest steps from the start), ``up`` bool, ``life``
    int (how often the process died before), ``quiescent`` bool, ``broken`` bool (a property is broken there, or the run of
    a finding ends there), ``state`` str and ``count`` int (how many configurations it stands for). Of a group, depth,
    life, quiescent and state are those of the first configuration, and broken is whether any is.

    Edges are events, with the attributes ``label`` str, ``kind`` str ("fire", "dispatch", "perform", "deliver", "crash",
    "recover", "lose", "duplicate", "delay"), ``fault`` str (the budget that it spends, or "") and ``count`` int (how many
    events it stands for: between two groups there is one edge for each kind and budget, for all deaths by one budget
    together, called after the first). What leads from a group to itself is left out.

    The graph itself has the attributes ``shown`` and ``total`` (of how many nodes how many are in it), ``by`` (the
    grouping), and ``runs``: for each finding of the report the nodes of its run.
    """

    @property
    def showing(self) -> str:
        """How much of what the search met is in the graph, as a sentence."""
        return showing(self.graph["shown"], self.graph["total"], self.graph["configuration_count"])

    def to_dot(self) -> str:
        """Return the graph in Graphviz's language; needs no Graphviz."""
        return dot_text(self)

    def to_svg(self, timeout_s: float = SVG_LIMIT_S) -> str:
        """Return a picture drawn by the program ``dot``.

        Raises
        ------
        PhasmLabError
            If ``dot`` is not installed or takes longer than `timeout_s`: it does for more than some hundred nodes.
        """
        return svg_text(self.to_dot(), timeout_s)

    def __repr__(self) -> str:
        by = f" by {self.graph['by']}" if self.graph["by"] else ""
        edges = count_of(self.number_of_edges(), "edge")
        return f"SearchGraph of {shorten(self.name)}{by}: {self.showing}, {edges}"

    __str__ = __repr__


def search_graph(report: Report, by: By, around: int | Finding | None, limit: int) -> SearchGraph:
    """Return what a search met as a graph; see `Report.graph`."""
    groups = Groups(Met(report), by)
    if type(limit) is not int or limit < 1:
        raise DefinitionError(
            f"graph(limit={limit!r})", "a limit is a whole number of 1 or more", "write limit=60, say"
        )
    shown = groups.first(limit) if around is None else groups.nearest(_start(groups, around), limit)
    graph = SearchGraph(
        name=report.scenario.name,
        by=name_of(by),
        shown=len(shown),
        total=len(groups),
        configuration_count=len(groups.met),
        runs=[groups.run(finding) for finding in range(len(report.findings))],
    )
    graph.add_nodes_from((group, _attributes(groups, group)) for group in shown)
    graph.add_edges_from((edge.source, edge.target, _edge_attributes(edge)) for edge in groups.edges(shown))
    return graph


def _start(groups: Groups, around: int | Finding) -> list[int]:
    findings = groups.met.report.findings
    if type(around) is int and 0 <= around < len(groups):
        return [around]
    for index, finding in enumerate(findings):
        if finding is around:
            return groups.run(index)
    raise DefinitionError(
        f"graph(around={around!r})",
        "there is no such node, and no such finding in the report",
        f"give a number from 0 to {len(groups) - 1}, or one of report.findings",
    )


def _attributes(groups: Groups, group: int) -> dict[str, Any]:
    met, node = groups.met, groups.firsts[group]
    return {
        "label": groups.label(group),
        "depth": met.depths[node],
        "up": met.is_up(node),
        "life": met.life(node),
        "quiescent": met.is_quiescent(node),
        "broken": group in groups.broken,
        "state": met.state_text(node),
        "count": groups.counts[group],
    }


def _edge_attributes(edge: GroupEdge) -> dict[str, Any]:
    move = edge.move
    return {"label": move.label, "kind": move.kind, "fault": move.fault, "count": edge.event_count}
