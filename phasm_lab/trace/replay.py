"""Stored events on a machine that may have changed: which event each one means, and where they stop making sense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phasm_lab.engine.configuration import Configuration
from phasm_lab.engine.scenario import Scenario, start
from phasm_lab.engine.step import NO_LIMITS, Step, step
from phasm_lab.errors import NotEnabledError, PhasmLabError, TraceError
from phasm_lab.trace.asked import asked_for
from phasm_lab.trace.labels import stored_label
from phasm_lab.trace.matching import listed, possible, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phasm_lab.engine.drive import Limits
    from phasm_lab.trace.codec import Json

__all__ = ["Note", "Problem", "Replay", "possible", "replay", "resolve"]


@dataclass(frozen=True, slots=True)
class Problem:
    """The first stored event that cannot happen any more.

    Attributes
    ----------
    index
        Which of the stored events, 0 the first; the step that it would have made is one more.
    wanted
        What it is called.
    enabled
        What the events are called that can happen there instead.
    message
        All of it as a sentence.
    """

    index: int
    wanted: str
    enabled: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Note:
    """A stored event that can still happen and now ends otherwise.

    Attributes
    ----------
    index
        Which of the stored events, 0 the first.
    message
        What was recorded and what is the case now.
    """

    index: int
    message: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of stored events on a scenario.

    Attributes
    ----------
    scenario
        The scenario.
    start
        The configuration that the run begins with.
    steps
        The steps that could be taken, up to the first that could not.
    problem
        That one, or None if all could.
    notes
        The steps that were taken and ended otherwise than recorded.
    """

    scenario: Scenario
    start: Configuration
    steps: tuple[Step, ...]
    problem: Problem | None = None
    notes: tuple[Note, ...] = ()


def replay(scenario: Scenario, stored_events: Iterable[Json], limits: Limits = NO_LIMITS) -> Replay:
    """Take each stored event in turn, from the start, until one cannot happen."""
    first = configuration = start(scenario)
    steps: list[Step] = []
    for index, stored in enumerate(stored_events):
        try:
            event = resolve(scenario, configuration, stored, limits=limits, asked=asked_for(steps))
            taken = step(scenario, configuration, event, limits=limits)
        except PhasmLabError as error:
            names = possible(scenario, configuration, stored, limits=limits)
            return Replay(scenario, first, tuple(steps), _problem(index, stored, error, tuple(names)))
        steps.append(taken)
        configuration = taken.configuration
    return Replay(scenario, first, tuple(steps))


def _problem(index: int, stored: Json, error: PhasmLabError, names: tuple[str, ...]) -> Problem:
    wanted = stored_label(stored)
    why = error.case if isinstance(error, NotEnabledError | TraceError) else str(error)
    message = f"Step {index + 1} cannot happen in this version of the machine: wanted {wanted}, but {why}"
    return Problem(index, wanted, names, f"{message}; possible here: {', '.join(listed(names))}")
