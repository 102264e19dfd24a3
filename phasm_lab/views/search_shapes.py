"""The shapes of a search: its progress, and what it found; the twin of `Search` in `widgets/protocol.ts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

if TYPE_CHECKING:
    from phasm_lab.views.shapes import Problem, Verdict

__all__ = ["Goal", "Opening", "Progress", "Search", "SearchState"]

SearchState: TypeAlias = Literal["searching", "ending", "ended"]


class Progress(TypedDict):
    """How far a search is."""

    count: int
    limit: int
    depth: int
    waiting: int
    rate: int
    left_s: int


class Opening(TypedDict):
    """A run that can be opened as a branch of the history; where that holds it, `numbers` are those of its steps there."""

    id: str
    title: str
    message: str
    step_count: int
    step: int
    numbers: str


class Goal(TypedDict):
    """Something that a run should get to."""

    name: str
    reached: bool


class Search(TypedDict):
    """A search of the lab's scenario."""

    state: SearchState
    verdict: Verdict
    progress: Progress
    findings: list[Opening]
    goals: list[Goal]
    goals_note: str
    not_searched: list[str]
    runs_note: str
    runs: list[Opening] | None
    problem: Problem | None
