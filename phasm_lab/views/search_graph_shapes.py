"""The shapes of a search as a graph; the twin of `widgets/search_graph_protocol.ts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

from phasm_lab.views.run_shapes import GraphNode

if TYPE_CHECKING:
    from phasm_lab.views.run_shapes import Edge
    from phasm_lab.views.search_shapes import Goal, Opening
    from phasm_lab.views.shapes import Header

__all__ = ["Band", "BandKind", "Grouping", "Picked", "SearchGraph", "SearchNode"]

BandKind: TypeAlias = Literal["up", "down", "recovered", "broken"]


class SearchNode(GraphNode):
    """One configuration, or a group of them, in its band."""

    band: BandKind
    short: str
    count: int


class Band(TypedDict):
    """What stands in one horizontal part of the picture."""

    name: str
    kind: BandKind
    row_count: int
    count: int
    counts: list[int]


class Grouping(TypedDict):
    """One way to put configurations together."""

    by: str
    words: str


class Picked(TypedDict):
    """What is told of the selected node."""

    node: int
    title: str
    lines: list[str]


class SearchGraph(TypedDict):
    """A report, and what its search met."""

    header: Header
    by: str
    groupings: list[Grouping]
    showing: str
    overview: bool
    depths: list[int]
    bands: list[Band]
    nodes: list[SearchNode]
    edges: list[Edge]
    path: list[int]
    step_count: int
    picked: Picked | None
    finding: int
    findings: list[Opening]
    goals: list[Goal]
    goals_note: str
    not_searched: list[str]
