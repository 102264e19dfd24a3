"""The shapes of a crash matrix and of two runs side by side; the twin of `Matrix` and `Comparison` in `widgets/protocol.ts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

if TYPE_CHECKING:
    from phasm_lab.views.shapes import Mark, Sign

__all__ = [
    "Comparison",
    "ComparisonRow",
    "End",
    "EndLine",
    "FillingState",
    "LegendEntry",
    "Link",
    "Matrix",
    "MatrixCell",
    "MatrixColumn",
    "MatrixRow",
    "Moment",
    "MomentChange",
    "Relation",
    "Run",
    "RunOption",
    "SavedRecoveries",
    "SavedTraits",
    "SideName",
    "VerdictPart",
]

FillingState: TypeAlias = Literal["filling", "ending", "stopped", "ended"]
Relation: TypeAlias = Literal["same", "different", "left only", "right only", "moved"]
SideName: TypeAlias = Literal["left", "right"]


class MatrixColumn(TypedDict):
    """One kind of crash point."""

    key: str
    label: str
    group: str


class MatrixCell(TypedDict):
    """How the recoveries from one kind of point at one step end, the worst of them."""

    letter: str
    name: str
    share: str
    sentence: str
    step_count: int


class MatrixRow(TypedDict):
    """One step of the crash-free run; a cell is None where there is no such point."""

    step: int
    label: str
    is_input: bool
    cells: list[MatrixCell | None]


class LegendEntry(TypedDict):
    """One outcome class, how many cells show it, and what else is true of some of them."""

    letter: str
    name: str
    count: int
    note: str
    is_bad: bool


class Matrix(TypedDict):
    """A crash matrix as far as it is searched."""

    name: str
    note: str
    warning: str
    state: FillingState
    filled_count: int
    point_count: int
    columns: list[MatrixColumn]
    rows: list[MatrixRow]
    legend: list[LegendEntry]
    worst: str


class VerdictPart(TypedDict):
    """One sentence of a verdict."""

    text: str
    bad: bool


class RunOption(TypedDict):
    """A run that one side can show."""

    id: str
    text: str


class Run(TypedDict):
    """One of the two runs."""

    title: str
    step_count: int
    cell: str
    chosen: str
    options: list[RunOption]


class Link(TypedDict):
    """Another row that a moment has to do with."""

    text: str
    step: int
    row: int
    side: SideName


class MomentChange(TypedDict):
    """One value that a moment changed."""

    sign: Sign
    text: str


class Moment(TypedDict):
    """One thing that happens in one of the runs."""

    step: str
    mark: Mark
    title: str
    changes: list[MomentChange]
    unchanged: str
    links: list[Link]
    twice: Literal["", "first", "later"]
    dead: bool


class ComparisonRow(TypedDict):
    """Moments of both runs that mean the same, or one that only one of them has in this place."""

    relation: Relation
    left: Moment | None
    right: Moment | None


class EndLine(TypedDict):
    """One value at the end of a run."""

    sign: Sign
    path: str
    value: str
    bad: bool


class End(TypedDict):
    """What both runs end in, of the state or of the environment."""

    title: str
    is_same: bool
    left: list[EndLine]
    right: list[EndLine]
    more: int


class Comparison(TypedDict):
    """Two runs side by side: a window of their rows."""

    verdict: list[VerdictPart]
    note: str
    bad: Literal["", "left", "right"]
    left: Run
    right: Run
    common_count: int
    common: str
    row_count: int
    first: int
    rows: list[ComparisonRow]
    ends: list[End]


class SavedTraits(TypedDict):
    """What a widget of recoveries shows when a page is opened."""

    part: Literal["crash_matrix", "comparison"]
    matrix: Matrix | None
    comparison: Comparison | None


class SavedRecoveries(TypedDict):
    """What a page without a kernel needs: the widget as it stands, and what stands behind each cell."""

    traits: SavedTraits
    comparisons: dict[str, Comparison]
