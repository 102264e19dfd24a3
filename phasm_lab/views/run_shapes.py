"""The shapes of a whole run: timeline, history tree and graph; the twin of the second half of `widgets/protocol.ts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from phasm_lab.views.shapes import Mark

__all__ = [
    "Edge",
    "Emit",
    "Found",
    "Graph",
    "GraphNode",
    "Name",
    "Row",
    "Segment",
    "Thread",
    "Timeline",
    "Tree",
]


class Emit(TypedDict):
    """One tracked action that a transition emitted."""

    text: str
    short: str
    again: int


class Row(TypedDict):
    """One step on the timeline."""

    step: int
    kind: str
    result: str
    label: str
    short: str
    emits: list[Emit]
    untracked: list[str]
    why: str
    late: int
    system: int
    lane: str
    twin: int
    lost: list[str]
    holds: str
    own: int
    rules: int
    declared: bool
    fault: str
    say: str


Thread = TypedDict(
    "Thread",
    {"kind": str, "id": str, "from": int, "to": int, "end": str, "slot": int, "tracked": bool},
)
"""Something that lives longer than one row."""


class Found(TypedDict):
    """Rows whose sentence holds a text."""

    text: str
    rows: list[int]


class Timeline(TypedDict):
    """A window of rows of the selected branch."""

    branch: int
    row_count: int
    first: int
    rows: list[Row]
    threads: list[Thread]
    outline: str
    systems: list[str]
    found: Found | None


class Segment(TypedDict):
    """A stretch of the history tree without the branches that leave it."""

    parent: int
    depth: int
    steps: list[int]
    kinds: str


class Name(TypedDict):
    """The name of a branch."""

    step: int
    name: str


class Tree(TypedDict):
    """The whole history."""

    step_count: int
    segments: list[Segment]
    names: list[Name]
    selected: int
    newest: int


class GraphNode(TypedDict):
    """One configuration, or a group of them."""

    key: int
    label: str
    column: int
    order: int
    kind: Literal["up", "down", "quiescent"]
    broken: bool
    step: int


class Edge(TypedDict):
    """An event that led from one configuration to another."""

    source: int
    target: int
    mark: Mark
    label: str
    selected: bool


class Graph(TypedDict):
    """The configurations of the history as a graph."""

    nodes: list[GraphNode]
    edges: list[Edge]
    shown: int
    total: int
    by: str
    groupings: list[str]
