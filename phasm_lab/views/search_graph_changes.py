"""What differs between two configurations of a search, and the one event that explains it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

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

    from phasm_lab.checks.parts import Node
    from phasm_lab.views.search_graph_events import Moves

__all__ = ["DEATHS", "Change", "Move"]

DEATHS = ("crashes", "recovery_crashes", "unknown_commits")
"""Budgets that are spent by dying."""

ERRORS = ("access_errors", "add_errors", "commit_failures")
"""Budgets that are spent by an error."""

ERROR_WORDS = {"access_errors": ", an access fails", "add_errors": ", an add fails"}
"""What is said of an error: at which access or add it comes, a search does not keep."""


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


class Change:
    """What differs between two configurations."""

    def __init__(self, moves: Moves, before: Node, after: Node) -> None:
        space = self.space = moves.space
        self.scenario = space.scenario
        self.before, self.after = before, after
        self.old, self.new = space.phases[before.phase], space.phases[after.phase]
        counts = zip(FAULT_NAMES, space.budgets[self.old.budgets], space.budgets[self.new.budgets], strict=True)
        self.spent = [name for name, old, new in counts if new < old]
        self.old_requests, self.new_requests = moves.requests[before.requests], moves.requests[after.requests]
        self.old_results, self.new_results = moves.results[before.results], moves.results[after.results]

    def move(self) -> Move:
        """Return the event."""
        if self.old.mode % 2 and not self.new.mode % 2:
            return self._death()
        fault = next((name for name in self.spent if name in ERRORS), self.spent[0] if self.spent else "")
        if fault in ERRORS and self._is_taken_back():
            return self._refused(fault)
        event = self._recover() or self._on_the_wire(fault) or self._input(fault) or self._quiet()
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
        """Tell whether an error leads to the state that there is."""
        failed = self.space.failed(self.before.state, consumed)
        return any(budget == fault and outcome.state == self.after.state for budget, outcome in failed)

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

    def _input(self, fault: str) -> Event | None:
        """Return the input that was used up, or the one that came again."""
        index = self._used_index()
        if index is not None:
            event = Fire(self.scenario.inputs[index])
            return Lose(event) if self.space.inputs[self.new.inputs].status(index) == LOST else event
        if "duplicated_inputs" not in self.spent:
            return None
        if fault not in ERROR_WORDS:
            return next(self._like(self._resent()))[0]
        return next(event for event, consumed in self._resent() if self._fails(consumed, fault))

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
        delivers = "reordered_results" in self.spent or self.gained_requests()
        if self.before.state == self.after.state and not delivers:
            return Move(Crash(self._lost()), fault)
        return Move(self._dying(*next(self._like(self._deliveries()))), fault)

    def is_only_a_crash(self) -> bool:
        """Tell whether inputs are as before and one crash was spent, and nothing else."""
        return self.old.inputs == self.new.inputs and self.spent in (["crashes"], ["recovery_crashes"])

    def gained_requests(self) -> bool:
        """Tell whether there are requests on the wire that were not there before."""
        return bool(self.new_requests - self.old_requests)

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
        if "duplicated_inputs" in self.spent:
            yield from self._resent()
        elif "reordered_results" not in self.spent:
            yield from self._fired()
        if "duplicated_inputs" not in self.spent:
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
