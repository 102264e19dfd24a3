"""The history as a networkx graph: one node a configuration, however many steps led there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx

from phasm_lab.errors import PhasmLabError
from phasm_lab.export.dot import dot_text, svg_text
from phasm_lab.export.tables import table_html
from phasm_lab.trace.labels import label, shorten
from phasm_lab.views.words import count_of

if TYPE_CHECKING:
    from collections.abc import Hashable

    from phasm_lab.lab.lab import Lab
    from phasm_lab.trace.history import Node

__all__ = ["HistoryGraph", "history_graph"]

SVG_LIMIT_S = 10.0
NOTEBOOK_LIMIT_S = 3.0
"""How long a notebook waits for a picture before it shows the table instead."""


class HistoryGraph(networkx.DiGraph):  # type: ignore[type-arg]  # networkx's class takes no argument at run time
    """The configurations that a history reached.

    Nodes are integers in order of discovery, 0 the start, with the attributes ``label`` str, ``step`` int (the first step
    that led there), ``up`` bool, ``quiescent`` bool, ``broken`` bool (a property is broken there) and ``depth`` int
    (fewest steps from the start). Edges have ``label`` str (the events, joined by "or" where several lead from one
    configuration to the other) and ``kind`` str (of the first of them: "fire", "dispatch", ...).
    """

    def to_dot(self) -> str:
        """Return the graph in Graphviz's language; needs no Graphviz."""
        return dot_text(self)

    def to_svg(self, timeout_s: float = SVG_LIMIT_S) -> str:
        """Return a picture drawn by the program ``dot``.

        Raises
        ------
        PhasmLabError
            If ``dot`` is not installed or takes longer than `timeout_s`.
        """
        return svg_text(self.to_dot(), timeout_s)

    def __repr__(self) -> str:
        nodes, edges = count_of(self.number_of_nodes(), "configuration"), count_of(self.number_of_edges(), "edge")
        return f"HistoryGraph of {shorten(self.name)}: {nodes}, {edges}"

    __str__ = __repr__

    def _repr_svg_(self) -> str | None:
        try:
            return self.to_svg(NOTEBOOK_LIMIT_S)
        except PhasmLabError:
            return None

    def _repr_html_(self) -> str:
        """Return the picture with the table folded below it, or the table alone and why."""
        try:
            picture = self.to_svg(NOTEBOOK_LIMIT_S)
        except PhasmLabError as error:
            return self._table(f"{self!r}. {error}.")
        return f"<div>{picture}</div><details><summary>Show as table</summary>{self._table(repr(self))}</details>"

    def _table(self, caption: str) -> str:
        rows = [
            [str(source), edge["label"], str(target), self.nodes[target]["label"]]
            for source, target, edge in self.edges(data=True)
        ]
        return table_html(caption, ["from", "event", "to", "configuration"], rows)


def history_graph(lab: Lab) -> HistoryGraph:
    """Return the configurations of the whole history of a lab; equal ones are one node.

    Examples
    --------
    >>> import phasm_lab as pl
    >>> from phasm_lab.examples.payments import payments
    >>> lab = pl.Lab(payments)
    >>> lab.fire(payments.inputs[0])
    step 1: fire Pay(user='ada', cents=500)
    >>> lab.graph().nodes[1]
    {'label': 'step 1', 'step': 1, 'up': True, 'quiescent': False, 'broken': False, 'depth': 1}
    """
    graph = HistoryGraph(name=lab.scenario.name)
    found: dict[Hashable, int] = {}
    keys: list[int] = []
    for node in lab.history.nodes:
        key = found.setdefault(node.configuration.key(), len(found))
        keys.append(key)
        if key not in graph:
            graph.add_node(key, **_attributes(lab, node))
        if node.parent is not None and node.step is not None:
            _add_edge(graph, keys[node.parent.number], key, node.step.event)
    for key, depth in networkx.single_source_shortest_path_length(graph, 0).items():
        graph.nodes[key]["depth"] = depth
    return graph


def _attributes(lab: Lab, node: Node) -> dict[str, Any]:
    broken = any(
        claim.kind != "sometimes" and judgement.holds is False
        for claim, judgement in zip(lab.scenario.properties, lab.judgements(node), strict=True)
    )
    configuration = node.configuration
    words = ["" if configuration.up else "down", "broken" if broken else ""]
    return {
        "label": ", ".join([f"step {node.number}", *filter(None, words)]),
        "step": node.number,
        "up": configuration.up,
        "quiescent": configuration.quiescent,
        "broken": broken,
        "depth": node.depth,
    }


def _add_edge(graph: HistoryGraph, source: int, target: int, event: Any) -> None:
    name = label(event)
    if not graph.has_edge(source, target):
        graph.add_edge(source, target, label=name, kind=type(event).__name__.lower())
        return
    names = graph.edges[source, target]["label"].split(" or ")
    if name not in names:
        graph.edges[source, target]["label"] = " or ".join([*names, name])
