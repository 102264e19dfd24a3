"""The shapes that cross to the browser: the Python twin of `widgets/protocol.ts`, where each field is explained."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

__all__ = [
    "Answer",
    "Chip",
    "Choices",
    "Code",
    "CodeLine",
    "Edge",
    "Form",
    "Found",
    "Graph",
    "GraphNode",
    "Group",
    "Header",
    "Line",
    "Panel",
    "Place",
    "Preview",
    "Problem",
    "PropertyLine",
    "Row",
    "Ruler",
    "Section",
    "Thread",
    "Timeline",
    "Tree",
    "Verdict",
    "View",
]

Mark: TypeAlias = Literal[
    "input",
    "transition",
    "commit",
    "rejected",
    "tracked",
    "untracked",
    "crash",
    "recover",
    "storage",
    "ok",
    "broken",
    "unreached",
    "dot",
]
Sign: TypeAlias = Literal["+", "-", "~", " "]


class Problem(TypedDict):
    """Why something that was asked for was not done."""

    title: str
    lines: list[str]
    fields: dict[str, str]


class Answer(TypedDict):
    """What became of one post."""

    serial: int
    problem: Problem | None


class Verdict(TypedDict):
    """What is known of the whole run."""

    kind: Literal["broken", "ok", "run"]
    text: str
    more: str
    label: str


class Header(TypedDict):
    """The name of the scenario, what may happen in it, and the verdict."""

    name: str
    summary: str
    verdict: Verdict | None


class PreviewLine(TypedDict):
    """One change that a choice would make."""

    sign: Sign
    text: str


class Preview(TypedDict):
    """What a choice would do."""

    lines: list[PreviewLine]
    more: int
    emits: str
    breaks: str


class Chip(TypedDict):
    """One choice."""

    id: str
    text: str
    mark: Mark | None
    enabled: bool
    reason: str
    title: str
    label: str
    preview: Preview
    python: str
    taken: int


class FormField(TypedDict):
    """One field of a form; its value is a Python literal."""

    name: str
    annotation: str
    value: str


class Form(TypedDict):
    """A form for an input."""

    type: str
    fields: list[FormField]
    chip: Chip


class Place(TypedDict):
    """A mark or a crash point on a ruler."""

    mark: Mark | None
    chip: Chip | None


class Word(TypedDict):
    """A caption below some places of a ruler."""

    text: str
    first: int
    last: int


class Ruler(TypedDict):
    """The life of one transition, with the places where the process may die in it."""

    title: str
    places: list[Place]
    words: list[Word]


class Item(TypedDict):
    """Chips that belong together, and a word about them."""

    note: str
    chips: list[Chip]


class Loss(TypedDict):
    """Something on the wire that a crash may take."""

    id: str
    text: str


class Off(TypedDict):
    """What cannot happen now, and why."""

    text: str
    reason: str


class Group(TypedDict):
    """One of the five groups of choices."""

    key: Literal["inputs", "in_flight", "results", "crash", "storage"]
    title: str
    note: str
    forms: list[Form]
    items: list[Item]
    ruler: list[Ruler]
    loses: list[Loss]
    off_lead: str
    off: list[Off]


class Choices(TypedDict):
    """What can happen next."""

    note: str
    empty: str
    groups: list[Group]


class Line(TypedDict):
    """One changed value."""

    sign: Sign
    path: str
    old: str
    value: str
    bad: bool


class Section(TypedDict):
    """What changed in one part of the configuration."""

    title: str
    unchanged: str
    lines: list[Line]
    more: int


class PropertyLine(TypedDict):
    """What one property says."""

    name: str
    kind: str
    state: Literal["holds", "broken", "not judged", "reached", "not reached"]
    sentence: str
    since: int


class FullItem(TypedDict):
    """One value of the whole configuration."""

    depth: int
    key: str
    value: str
    bad: bool


class FullSection(TypedDict):
    """One part of the whole configuration."""

    title: str
    note: str
    items: list[FullItem]
    more: int


class CodeLine(TypedDict):
    """One line of the user's source."""

    number: int
    text: str
    ran: bool
    now: bool
    note: str


class Boundary(TypedDict):
    """How the code that ran ended."""

    mark: Mark
    text: str


class Code(TypedDict):
    """The code that a step ran."""

    name: str
    note: str
    file: str
    lines: list[CodeLine]
    boundary: Boundary | None


class Panel(TypedDict):
    """One step in detail."""

    title: str
    subtitle: str
    sections: list[Section]
    properties: list[PropertyLine]
    full: list[FullSection]
    code: Code | None


class View(TypedDict):
    """Everything about the selected step."""

    step: int
    newest: int
    row: int
    header: Header
    choices: Choices
    panel: Panel
    python: str
    test: str
    say: str


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
