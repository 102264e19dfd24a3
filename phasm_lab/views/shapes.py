"""The shapes that cross to the browser: the Python twin of `widgets/protocol.ts`, where each field is explained."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

__all__ = [
    "Answer",
    "Boundary",
    "Chip",
    "Choices",
    "Code",
    "CodeLine",
    "Form",
    "FormField",
    "FullItem",
    "FullSection",
    "Group",
    "Header",
    "Item",
    "Line",
    "Loss",
    "Mark",
    "Off",
    "Panel",
    "Place",
    "Preview",
    "PreviewLine",
    "Problem",
    "PropertyLine",
    "Ruler",
    "Section",
    "Sign",
    "Verdict",
    "View",
    "Word",
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
    """A form for an input; an editable one may be fired once its values differ, also where its chip is not enabled."""

    type: str
    fields: list[FormField]
    editable: bool
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
    note: str
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
