"""The rules judged along one run, step by step: what a person who clicks breaks, before anybody searches.

A run shows what it owes (`forgotten-action`, `reused-id`), how it takes first results (`rejected-result`,
`ignored-result`), whether anybody works on what restore asks for (`unwatched-action`, `stuck`), and whether restore keeps
to itself (`impure-restore`). The words are those of a search (`semantics.md` §7 and §8). The other rules need more than one
run: a second try, a probe, or every run there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.checks.interning import Table
from phasm_lab.checks.obligations import Breach, Obligations
from phasm_lab.checks.parts import Parts
from phasm_lab.checks.space import Outcome
from phasm_lab.checks.waiting import unwatched
from phasm_lab.engine.events import Deliver, Fire
from phasm_lab.engine.memory import MemoryVersion
from phasm_lab.machine.data import freeze
from phasm_lab.machine.values import Tracked, Untracked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.engine.step import Step
    from phasm_lab.engine.versions import Version

__all__ = ["Asked", "RulesAlong"]

COMMITS_AND_DIES = ("commit unknown", "after commit")


class Asked(NamedTuple):
    """What restore does on a state.

    Attributes
    ----------
    tracked
        The tracked actions that it emits.
    wrote
        Whether it wrote something, which was taken back.
    refusal
        Why it failed, "" where it did not.
    """

    tracked: tuple[Tracked, ...] = ()
    wrote: bool = False
    refusal: str = ""


class RunParts(Parts):
    """The parts of one run; its states are told apart by identity, since comparing them would cost what they hold."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        self.states: Table[Version] = Table(id)
        self._restores: dict[int, Outcome] = {}

    def note(self, version: Version, asked: Asked) -> int:
        """Return the number of a state on which restore does this."""
        state = self.states.number(version)
        if state not in self._restores:
            self._restores[state] = Outcome(state, asked.refusal, self.numbers(asked.tracked))
        return state

    def restore(self, state: int) -> Outcome:
        """Return what restore emits for a state."""
        return self._restores[state]

    def numbers(self, actions: Iterable[Tracked]) -> tuple[int, ...]:
        """Return the numbers of actions."""
        return tuple(map(self.actions.number, actions))


class RulesAlong:
    """Judges the rules that one run shows.

    Attributes
    ----------
    nothing_owed
        What is owed at the start, as a number.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._parts = RunParts(scenario)
        self._obligations = Obligations(self._parts)
        self.nothing_owed = self._obligations.none

    def after(
        self, owed: int, before: Configuration, step: Step, asked_before: Asked, asked: Asked
    ) -> tuple[int, tuple[Breach, ...]]:
        """Return what is owed after a step, as a number, and which rules the step breaks.

        Parameters
        ----------
        owed
            What was owed before it.
        before
            The configuration before it.
        asked_before, asked
            What restore does on the state before it and after it.
        """
        event = step.event
        if not isinstance(event, Fire | Deliver) or (isinstance(event, Deliver) and event.probe):
            return owed, ()
        state = self._parts.note(before.state, asked_before)
        reached = self._parts.note(step.configuration.state, asked)
        outcome = self._outcome(before, step, state, reached)
        if outcome is None:
            return owed, ()
        return self._obligations.after(owed, state, self._parts.taking_of(event), outcome)

    def here(self, configuration: Configuration, asked: Asked) -> list[Breach]:
        """Return which rules a configuration breaks: nobody works on what restore asks for, or restore is impure."""
        if not configuration.up:
            return []
        if asked.refusal:
            return [Breach("impure-restore", f"restore fails on a reachable state: {asked.refusal}")]
        found = [Breach("impure-restore", "restore changes the state")] if asked.wrote else []
        if asked.tracked:
            parts = self._parts
            working = parts.bits(parts.numbers(_in_flight(configuration)))
            found += unwatched(parts, parts.numbers(asked.tracked), working)
        return found

    def _outcome(self, before: Configuration, step: Step, state: int, reached: int) -> Outcome | None:
        """Return what stf did with its input; None where it did nothing that counts: an injected error, an early crash."""
        record, fault = step.record, step.event.fault  # type: ignore[union-attr]
        if record.result == "rejected":
            return Outcome(state, record.refusal.text if record.refusal is not None else "", ())
        if record.result != "committed" and (fault is None or fault.kind not in COMMITS_AND_DIES):
            return None
        tracked = self._parts.numbers(action for action in record.emitted if type(action) is Tracked)
        untracked = tuple(freeze(action) for action in record.emitted if type(action) is Untracked)
        if not record.emitted and _is_as_before(before.state, step.configuration.state):
            reached = state
        return Outcome(reached, "", tracked, self._parts.untracked.number(untracked))


def _in_flight(configuration: Configuration) -> Iterator[Tracked]:
    yield from (item.action for item in configuration.queue)
    yield from (request.action for request in configuration.requests)
    yield from (result.action for result in configuration.results)


def _is_as_before(before: Any, after: Any) -> bool:
    """Tell whether a commit left the state as it was by value; a database that was written to is taken to differ."""
    return before is after or (isinstance(after, MemoryVersion) and not after.changes())
