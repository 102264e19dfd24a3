"""The rules judged along one run, step by step: what a person who clicks breaks, before anybody searches.

A run shows what it owes (`forgotten-action`, `reused-id`), how it takes first results (`rejected-result`,
`ignored-result`), whether anybody works on what restore asks for (`unwatched-action`, `stuck`), and whether restore keeps
to itself (`impure-restore`). The words are those of a search (`semantics.md` §7 and §8). The other rules need more than one
run: a second try, a probe, or every run there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.checks.interning import Table
from phasm_lab.checks.obligations import Breach, Obligation, Obligations, Owed
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
        What is told of its having written something, which was taken back; "" where it wrote nothing.
    refusal
        Why it failed, "" where it did not.
    """

    tracked: tuple[Tracked, ...] = ()
    wrote: str = ""
    refusal: str = ""


class RunParts(Parts):
    """The parts of runs; states are told apart by identity, since comparing them would cost what they hold.

    Attributes
    ----------
    asked_bits
        By number of a state: the ids that restore asks for there, as bits.
    """

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        self.states: Table[Version] = Table(id)
        self.asked_bits: dict[int, int] = {}
        self._restores: dict[int, Outcome] = {}

    def note(self, version: Version, asked: Asked) -> int:
        """Return the number of a state on which restore does this."""
        state = self.states.number(version)
        if state not in self._restores:
            tracked = self.numbers(asked.tracked)
            self._restores[state] = Outcome(state, asked.refusal, tracked)
            self.asked_bits[state] = self.bits(tracked)
        return state

    def restore(self, state: int) -> Outcome:
        """Return what restore emits for a state."""
        return self._restores[state]

    def numbers(self, actions: Iterable[Tracked]) -> tuple[int, ...]:
        """Return the numbers of actions."""
        return tuple(map(self.actions.number, actions))


class RulesAlong:
    """Judges the rules along runs that branch: steps are numbered from 1 on as they come, each after a step that was there.

    Theory of operation. What is owed is kept once, as it is after one of the steps, and each step with what it changed.
    So a step costs what it changes, and going on from another one what lies between.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._parts = RunParts(scenario)
        self._obligations = Obligations(self._parts)
        self._owed = Owed()
        self._position = 0
        self._before = [-1]
        self._changes: list[list[tuple[Obligation | None, Obligation]]] = [[]]

    def after(
        self, number: int, before: Configuration, step: Step, asked_before: Asked, asked: Asked
    ) -> tuple[Breach, ...]:
        """Return which rules a new step breaks that is taken after the step `number`, 0 for the start.

        Parameters
        ----------
        before
            The configuration before it.
        asked_before, asked
            What restore does on the state before it and after it.
        """
        self._move_to(number)
        self._before.append(number)
        self._changes.append([])
        self._position = len(self._before) - 1
        event = step.event
        if not isinstance(event, Fire | Deliver) or (isinstance(event, Deliver) and event.probe):
            return ()
        state = self._parts.note(before.state, asked_before)
        outcome = self._outcome(before, step, state, self._parts.note(step.configuration.state, asked))
        return () if outcome is None else self._follow(state, event, outcome)

    def forget(self) -> None:
        """Forget the newest step, which was only tried."""
        newest = len(self._before) - 1
        self._move_to(self._before[newest])
        del self._before[newest], self._changes[newest]

    def _follow(self, state: int, event: Fire | Deliver, outcome: Outcome) -> tuple[Breach, ...]:
        taking = self._parts.taking_of(event)
        touched = {self._parts.identity(action) for action in outcome.tracked}
        if isinstance(event, Deliver):
            touched.add(self._parts.identities.number(event.result.action.id))
        was = {identity: self._owed.get(identity) for identity in touched}
        breaches = tuple(self._obligations.follow(self._owed, state, taking, outcome))
        self._changes[self._position] = [
            (old, self._owed[identity]) for identity, old in was.items() if self._owed.get(identity) is not old
        ]
        return breaches

    def _move_to(self, number: int) -> None:
        """Have what is owed as it is after a step; of two steps the one with the greater number is on no way to the other."""
        position, down = self._position, []
        while position != number:
            if position > number:
                for old, new in self._changes[position]:
                    self._owed.put_back(old, new)
                position = self._before[position]
            else:
                down.append(number)
                number = self._before[number]
        for later in reversed(down):
            for _, new in self._changes[later]:
                self._owed.put(new)
            position = later
        self._position = position

    def here(self, configuration: Configuration, asked: Asked) -> list[Breach]:
        """Return which rules a configuration breaks: nobody works on what restore asks for, or restore is impure."""
        if not configuration.up:
            return []
        if asked.refusal:
            return [Breach("impure-restore", f"restore fails on a reachable state: {asked.refusal}")]
        found = [Breach("impure-restore", asked.wrote)] if asked.wrote else []
        if asked.tracked:
            parts = self._parts
            state = parts.note(configuration.state, asked)
            working = parts.bits(parts.numbers(_in_flight(configuration)))
            if parts.asked_bits[state] & ~working:
                found += unwatched(parts, parts.restore(state).tracked, working)
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
    if before is after or not isinstance(after, MemoryVersion):
        return before is after
    return not after.changes() and bool(before.frozen() == after.frozen())
