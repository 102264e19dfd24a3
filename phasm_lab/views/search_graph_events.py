"""Which event leads from one place of a search to the next: told from what it changed, since a search keeps no events."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from phasm_lab.checks.packing import OUTSIDE_SHIFT, PART_BITS, PART_MASK, PHASE_SHIFT, REQUESTS_SHIFT, RESULTS_SHIFT
from phasm_lab.engine.configuration import LOST
from phasm_lab.engine.events import (
    Crash,
    Delay,
    Deliver,
    Dispatch,
    Duplicate,
    Event,
    Fault,
    Fire,
    Lose,
    Message,
    Perform,
    Recover,
    Request,
    Result,
)
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.machine.values import Normal
from phasm_lab.trace.labels import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from phasm_lab.checks.explore import Search
    from phasm_lab.checks.parts import Node

__all__ = ["DEATHS", "Move", "Moves"]

DEATHS = ("crashes", "recovery_crashes", "unknown_commits")
"""Budgets that are spent by dying."""

ERRORS = ("access_errors", "add_errors", "commit_failures")
"""Budgets that are spent by an error."""

ERROR_WORDS = {"access_errors": ", an access fails", "add_errors": ", an add fails"}
"""What is said of an error: at which access or add it comes, a search does not keep."""

QUEUE = PART_MASK
REQUESTS = PART_MASK << REQUESTS_SHIFT
RESULTS = PART_MASK << RESULTS_SHIFT
PHASES = PART_MASK << PHASE_SHIFT
OUTSIDES = PART_MASK << OUTSIDE_SHIFT
EVERYTHING = -1


@dataclass(frozen=True, eq=False)
class Move:
    """One event between two configurations.

    Attributes
    ----------
    event
        The event; without its fault where that is an error at some access or add.
    fault
        The budget that it spends, "" for none.
    value
        The result of a perform, else None.
    """

    event: Event
    fault: str = ""
    value: Any = None

    @cached_property
    def kind(self) -> str:
        """What kind of event it is: "fire", "dispatch", ..."""
        return type(self.event).__name__.lower()

    @cached_property
    def label(self) -> str:
        """What the event is called."""
        return label(self.event) + ERROR_WORDS.get(self.fault, "")


class Moves:
    """Tells the events of a search; each is worked out once for what it depends on.

    Parameters
    ----------
    search
        A search that has ended.
    """

    def __init__(self, search: Search) -> None:
        self.search = search
        self.space = search.space
        self._known: dict[tuple[int, int], Move] = {}
        self._deaths: dict[int, str] = {}

    def between(self, source: int, target: int) -> Move:
        """Return the event that leads from a place to one that follows."""
        mask = self._mask(source, target)
        key = source & mask, target & mask
        found = self._known.get(key)
        if found is None:
            node = self.search.successors.node
            found = self._known[key] = _Change(self.search, node(source), node(target)).move()
        return found

    def sort(self, source: int, target: int) -> str:
        """Return the kind of the event and the budget that it spends; where the process dies, the budget alone: quickly."""
        changed = source ^ target
        if not changed & PHASES:
            return "deliver" if not changed & REQUESTS else "dispatch" if changed & QUEUE else "perform"
        phases = (source & PHASES) << PART_BITS | target & PHASES
        death = self._deaths.get(phases)
        if death is None:
            move = self.between(source, target)
            death = self._deaths[phases] = move.fault if move.fault in DEATHS else ""
        if death:
            return death
        move = self.between(source, target)
        return f"{move.kind} {move.fault}"

    def _mask(self, source: int, target: int) -> int:
        """Return the parts of the places that the event is told from; a fault may need all of them."""
        changed = source ^ target
        if changed & PHASES:
            old, new = (
                self.space.phases[source >> PHASE_SHIFT & PART_MASK],
                self.space.phases[target >> PHASE_SHIFT & PART_MASK],
            )
            return PHASES if old.budgets == new.budgets else EVERYTHING
        if not changed & REQUESTS:
            return RESULTS
        return REQUESTS if changed & QUEUE else REQUESTS | RESULTS | OUTSIDES


class _Change:
    """What differs between two configurations."""

    def __init__(self, search: Search, before: Node, after: Node) -> None:
        space = self.space = search.space
        self.scenario = search.scenario
        self.before, self.after = before, after
        self.old, self.new = space.phases[before.phase], space.phases[after.phase]
        counts = zip(FAULT_NAMES, space.budgets[self.old.budgets], space.budgets[self.new.budgets], strict=True)
        self.spent = [name for name, old, new in counts if new < old]
        self.old_requests = Counter(space.requests[item] for item in space.request_sets[before.requests])
        self.new_requests = Counter(space.requests[item] for item in space.request_sets[after.requests])
        self.old_results = Counter(space.results[item] for item in space.result_sets[before.results])
        self.new_results = Counter(space.results[item] for item in space.result_sets[after.results])

    def move(self) -> Move:
        """Return the event."""
        if self.old.mode % 2 and not self.new.mode % 2:
            return self._death()
        fault = self.spent[0] if self.spent else ""
        if fault in ERRORS and self._is_taken_back():
            return self._refused(fault)
        event = self._recover() or self._on_the_wire(fault) or self._input() or self._quiet()
        assert event is not None, (self.before, self.after)
        value = (
            self.space.values[next(iter(self.new_results - self.old_results))[2]] if type(event) is Perform else None
        )
        return Move(event, fault, value)

    # With the process alive, or down before and after.

    def _is_taken_back(self) -> bool:
        """Tell whether nothing has changed but the budget: an error took the transition back."""
        return self.before._replace(phase=0) == self.after._replace(phase=0) and self.old[:2] == self.new[:2]

    def _refused(self, fault: str) -> Move:
        commit = Fault("commit fails") if fault == "commit_failures" else None
        if not self.old.mode % 2:
            return Move(Recover(commit), fault)
        meets = self._commits if commit else lambda consumed: self._fails(consumed, fault)
        event = next(event for event, consumed in self._transitions() if meets(consumed))
        return Move(_with_fault(event, commit), fault)

    def _commits(self, consumed: int) -> bool:
        return not self.space.outcome(self.before.state, consumed).refusal

    def _fails(self, consumed: int, fault: str) -> bool:
        return any(budget == fault for budget, _ in self.space.failed(self.before.state, consumed))

    def _recover(self) -> Event | None:
        return Recover() if self.old.mode % 2 < self.new.mode % 2 else None

    def _on_the_wire(self, fault: str) -> Event | None:
        gained, lost = self._gained(), self._lost()
        if fault in ("lost_requests", "lost_results"):
            return Lose(lost[0])
        if fault in ("duplicated_requests", "duplicated_results"):
            return Duplicate(gained[0])
        if fault == "delayed_requests":
            action, life = self._queue_changes(self.before.queue, self.after.queue)[0]
            return Delay(Request(self.space.actions[action], life))
        return None

    def _input(self) -> Event | None:
        """Return the input that was used up, the one that came again, or the result that was delivered."""
        index = self._used_index()
        if index is not None:
            event = Fire(self.scenario.inputs[index])
            return Lose(event) if self.space.inputs[self.new.inputs].status(index) == LOST else event
        if "duplicated_inputs" in self.spent:
            return next(self._like(self._resent()))[0]
        return None

    def _quiet(self) -> Event | None:
        """Return the event of the executor or the environment: it spends nothing."""
        gone = list((self.old_requests - self.new_requests).elements())
        if gone:
            return self._perform(*gone[0])
        handed_over = list((self.new_requests - self.old_requests).elements())
        if handed_over:
            action, life = handed_over[0]
            return Dispatch(self.space.actions[action], life)
        used = list((self.old_results - self.new_results).elements())
        return Deliver(self._result(used[0])) if used else None

    def _perform(self, action: int, life: int) -> Event:
        value = next(iter(self.new_results - self.old_results))[2]
        for way in self.space.performs(self.before.environment, action):
            if way.environment == self.after.environment and way.value == value:
                return Perform(Request(self.space.actions[action], life), way.choices)
        raise AssertionError((self.before, self.after))

    # Dying.

    def _death(self) -> Move:
        fault = next(name for name in self.spent if name in DEATHS)
        if fault == "unknown_commits":
            event = next(event for event, consumed in self._like(self._transitions()) if self._commits(consumed))
            return Move(_with_fault(event, Fault("commit unknown", lose=self._lost())), fault)
        index = self._used_index()
        if index is not None:
            value = self.scenario.inputs[index]
            return Move(self._dying(Fire(value), self.space.consumed.number(Normal(value))), fault)
        if "duplicated_inputs" in self.spent:
            return Move(self._dying(*next(self._like(self._resent()))), fault)
        if self.before.state == self.after.state and not self.new_requests - self.old_requests:
            return Move(Crash(self._lost()), fault)
        return Move(self._dying(*next(self._like(self._deliveries()))), fault)

    def _dying(self, event: Fire | Deliver, consumed: int) -> Event:
        """Return a transition that dies after its commit, with as few actions handed over as explain what is on the wire."""
        tracked, life = self.space.outcome(self.before.state, consumed).tracked, self.old.mode // 2
        handed_over = 0
        while self.new_requests - self.old_requests - Counter((action, life) for action in tracked[:handed_over]):
            handed_over += 1
            assert handed_over <= len(tracked), (self.before, self.after)
        before = self.old_requests + Counter((action, life) for action in tracked[:handed_over])
        used = Counter([self._numbers(event.result)]) if isinstance(event, Deliver) else Counter()
        lost: tuple[Message, ...] = (
            *self._messages(before - self.new_requests),
            *self._answers(self.old_results - used - self.new_results),
        )
        return _with_fault(event, Fault("after commit", handed_over, lose=lost))

    # Which transitions there could be.

    def _transitions(self) -> Iterator[tuple[Fire | Deliver, int]]:
        yield from self._fired()
        yield from self._deliveries()

    def _fired(self) -> Iterator[tuple[Fire, int]]:
        for taking, _ in self.space.next_inputs(self.old.inputs):
            consumed = self.space.takings[taking][0]
            yield Fire(self._payload(consumed)), consumed

    def _resent(self) -> Iterator[tuple[Fire, int]]:
        for taking in self.space.answered_inputs(self.old.inputs):
            consumed = self.space.takings[taking][0]
            yield Fire(self._payload(consumed), again=True), consumed

    def _deliveries(self) -> Iterator[tuple[Deliver, int]]:
        for item in dict.fromkeys(self.space.result_sets[self.before.results]):
            consumed = self.space.takings[self.space.taking(item)][0]
            yield Deliver(self._result(self.space.results[item])), consumed

    def _like(self, transitions: Iterable[tuple[Fire | Deliver, int]]) -> Iterator[tuple[Fire | Deliver, int]]:
        """Yield the transitions that lead to the state that there is."""
        for event, consumed in transitions:
            outcome = self.space.outcome(self.before.state, consumed)
            if outcome.state == self.after.state and self._emits_alike(event, outcome.tracked):
                yield event, consumed

    def _emits_alike(self, event: Fire | Deliver, tracked: tuple[int, ...]) -> bool:
        """Tell whether what was emitted explains the queue, or, after a crash, the wire."""
        life = self.old.mode // 2
        if self.new.mode % 2:
            return self.space.with_queued(self.before.queue, tracked, life, restored=False) == self.after.queue
        used = Counter([self._numbers(event.result)]) if isinstance(event, Deliver) else Counter()
        if "unknown_commits" not in self.spent and self.new_results - (self.old_results - used):
            return False
        return not self.new_requests - self.old_requests - Counter((action, life) for action in tracked)

    # Parts as what they stand for.

    def _used_index(self) -> int | None:
        old, new = self.space.inputs[self.old.inputs], self.space.inputs[self.new.inputs]
        if old == new:
            return None
        indexes = range(old.next_index, len(self.scenario.inputs))
        return next(index for index in indexes if old.status(index) != new.status(index))

    def _queue_changes(self, old: int, new: int) -> list[tuple[int, int]]:
        queued, queues = self.space.queued, self.space.queues
        gained = Counter(queues[new]) - Counter(queues[old])
        return [queued[item][:2] for item in gained.elements()]

    def _lost(self) -> tuple[Message, ...]:
        return (
            *self._messages(self.old_requests - self.new_requests),
            *self._answers(self.old_results - self.new_results),
        )

    def _gained(self) -> tuple[Message, ...]:
        return (
            *self._messages(self.new_requests - self.old_requests),
            *self._answers(self.new_results - self.old_results),
        )

    def _messages(self, counted: Counter[tuple[int, int]]) -> Iterator[Request]:
        return (Request(self.space.actions[action], life) for action, life in counted.elements())

    def _answers(self, counted: Counter[tuple[int, int, int]]) -> Iterator[Result]:
        return (self._result(item) for item in counted.elements())

    def _payload(self, consumed: int) -> Any:
        value = self.space.consumed[consumed]
        assert isinstance(value, Normal)
        return value.payload

    def _result(self, item: tuple[int, int, int]) -> Result:
        action, life, value = item
        return Result(self.space.actions[action], life, self.space.values[value])

    def _numbers(self, result: Result) -> tuple[int, int, int]:
        space = self.space
        return space.actions.number(result.action), result.life, space.values.number(result.value)


def _with_fault(event: Fire | Deliver, fault: Fault | None) -> Fire | Deliver:
    if isinstance(event, Fire):
        return Fire(event.input, event.again, fault)
    return Deliver(event.result, fault)
