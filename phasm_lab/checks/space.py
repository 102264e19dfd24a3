"""The configurations of a scenario as small integers, and what follows each one.

Theory of operation. A configuration falls into six parts that repeat and are interned (`phasm_lab.checks.parts`): state,
environment, phase (inputs, life, budgets), results, requests and queue. A transition is a function of state and input, so
stf runs once for each pair and is remembered; so do restore for each state and perform for each environment and action.
What a part becomes (a queue without an item, a wire without what a crash takes) is remembered as well. Expanding a
configuration is then a few look-ups.

Where order cannot matter it is not kept: the queue and the requests are multisets, results are sequences for each id and
life. Equality of the parts is equality of their values, so two configurations are never confused.

What it does not handle: untracked actions, on which nothing depends.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from phasm_lab.checks.interning import Remembered, SearchEndedError
from phasm_lab.checks.packing import PART_BITS, PART_MASK, pair, unpair
from phasm_lab.checks.parts import Node, Parts
from phasm_lab.engine.enabled import answered_inputs, error_points, losses, next_inputs, outcomes
from phasm_lab.engine.events import Fire, Perform, Request, Result
from phasm_lab.engine.perform import perform
from phasm_lab.engine.rules import input_index
from phasm_lab.engine.scenario import Scenario, start
from phasm_lab.engine.transition import Attempt, attempt
from phasm_lab.machine.data import freeze
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import Normal, TrackedActionCompleted, Untracked

if TYPE_CHECKING:
    from phasm_lab.engine.drive import Limits

__all__ = ["Node", "Outcome", "Performed", "Space"]

ERROR_BUDGETS = {"access fails": "access_errors", "add fails": "add_errors"}

NO_ENDS = ("stopped", "RecursionError", "MemoryError", "SystemExit")
"""How the text of a rejection begins where no machine goes on: the run has no end, rather than a bad one."""

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


class Outcome(NamedTuple):
    """What a transition does to a state.

    Attributes
    ----------
    state
        The state's number after it; the same where it was rejected.
    refusal
        Why it was rejected, or "".
    tracked
        Numbers of the tracked actions that it emits, in order.
    untracked
        Number of the untracked actions that it emits, 0 for none.
    wrote
        Whether it had written something when it was rejected; for restore, whether it wrote at all.
    """

    state: int
    refusal: str
    tracked: tuple[int, ...]
    untracked: int = 0
    wrote: bool = False

    @property
    def emits(self) -> bool:
        """Whether it emits anything."""
        return bool(self.tracked or self.untracked)


class Performed(NamedTuple):
    """One way that the environment performs an action."""

    environment: int
    value: int
    choices: tuple[Any, ...]


class Space(Parts):
    """The interned parts of a scenario's configurations, and the remembered functions between them."""

    def __init__(self, scenario: Scenario, limits: Limits) -> None:
        super().__init__(scenario)
        self.limits = limits
        self._outcomes = Remembered(self._outcome)
        self._restores = Remembered(self._restore)
        self._performs: dict[tuple[int, int], tuple[Performed, ...]] = {}
        self._attempts: dict[tuple[int, int], Attempt] = {}
        self._memo: dict[Hashable, Any] = {}
        self._first = start(scenario)
        self.start = self.node(self._first)

    def remembered(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """Return what `make` returned the first time for this key."""
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = make()
        return found

    # What the user's code does, run once for each different argument.

    def outcome(self, state: int, consumed: int) -> Outcome:
        """Return what stf does to a state with an input."""
        return self._outcomes[pair(state, consumed)]

    def _outcome(self, key: int) -> Outcome:
        state, consumed = unpair(key)
        version, taken = self.states[state], self.consumed[consumed]
        tried = attempt("stf", self.scenario.machine.stf, version, (taken,), self.limits)
        found = self.outcome_of(tried, state, consumed)
        if found.state != state:
            # The state stands there now; to ask restore later means to go back to it.
            self.restore(found.state)
        return found

    def effective(self) -> set[int]:
        """Return the inputs and results that changed some state, or made stf emit something in it."""
        return {
            key & PART_MASK for key, found in self._outcomes.items() if found.emits or found.state != key >> PART_BITS
        }

    def outcome_of(self, tried: Attempt, state: int, consumed: int) -> Outcome:
        """Return what an attempt on a state did with an input (-1 for restore), as numbers.

        Raises
        ------
        SearchEndedError
            If it came to no end of its own: it ran out of time, stack or memory, or called `sys.exit`.
        """
        refusal = "" if tried.refusal is None else tried.refusal.text
        if refusal.startswith(NO_ENDS):
            place = "".join(f" at {frame.file}:{frame.line}" for frame in tried.refusal.frames[-1:])  # type: ignore[union-attr]
            told = "restore" if consumed < 0 else line_of(self.consumed[consumed])
            raise SearchEndedError(f"{told} came to no end of its own{place}: {refusal}")
        after = state if tried.version is self.states[state] else self.states.number(tried.version)
        wrote = tried.wrote and (consumed < 0 or bool(refusal))
        if not tried.actions:
            return Outcome(after, refusal, (), 0, wrote)
        tracked = tuple(self.actions.number(action) for action in tried.tracked)
        untracked = tuple(freeze(action) for action in tried.actions if type(action) is Untracked)
        return Outcome(after, refusal, tracked, self.untracked.number(untracked), wrote)

    def restore(self, state: int) -> Outcome:
        """Return what restore emits for a state."""
        return self._restores[state]

    def _restore(self, state: int) -> Outcome:
        version, function = self.states[state], self.scenario.machine.restore
        return self.outcome_of(attempt("restore", function, version, (), self.limits, keep=False), state, -1)

    def survey(self, state: int, consumed: int) -> Attempt:
        """Return a metered run of stf (of restore where `consumed` is -1), taken back."""
        found = self._attempts.get((state, consumed))
        if found is None:
            role, function, arguments = self.call(consumed)
            version = self.states[state]
            found = attempt(role, function, version, arguments, self.limits, metered=True, keep=False)
            self._attempts[state, consumed] = found
        return found

    def call(self, consumed: int) -> tuple[str, Any, tuple[Any, ...]]:
        """Return what runs for an input, restore where it is -1: its role, the function, what it takes beside the state."""
        machine = self.scenario.machine
        if consumed < 0:
            return "restore", machine.restore, ()
        return "stf", machine.stf, (self.consumed[consumed],)

    def failed(self, state: int, consumed: int) -> tuple[tuple[str, Outcome], ...]:
        """Return each different way in which stf or restore ends when an access or add fails: (budget, outcome)."""
        return self.remembered(("failed", state, consumed), lambda: tuple(self._failed(state, consumed)))

    def _failed(self, state: int, consumed: int) -> Iterator[tuple[str, Outcome]]:
        role, function, arguments = self.call(consumed)
        seen = set()
        for fault in error_points(self.survey(state, consumed), Fire(None)):
            budget = ERROR_BUDGETS.get(fault.kind, "")
            if not budget or not getattr(self.scenario.faults, budget):
                continue
            tried = attempt(role, function, self.states[state], arguments, self.limits, fault=fault, keep=consumed >= 0)
            ended = self.outcome_of(tried, state, consumed)
            ended = Outcome(state, "failed", ()) if ended.refusal else ended._replace(wrote=False)
            if (budget, ended) not in seen:
                seen.add((budget, ended))
                yield budget, ended

    def performs(self, environment: int, action: int) -> tuple[Performed, ...]:
        """Return each way in which the environment performs an action."""
        found = self._performs.get((environment, action))
        if found is None:
            found = self._performs[environment, action] = tuple(self._perform(environment, action))
        return found

    def _perform(self, environment: int, action: int) -> Iterator[Performed]:
        request = Request(self.actions[action], 0)
        here = self._first._replace(environment=self.environments[environment])
        for choices, value in outcomes(self.scenario, here, request, limits=self.limits):
            after, again, _ = perform(self.scenario, here, Perform(request, choices), self.limits)
            if freeze(again) != freeze(value):
                raise SearchEndedError(
                    f"perform({line_of(request.action.payload)}) with the choices {line_of(choices)} returned "
                    f"{line_of(value)}, and then {line_of(again)}: take what may go either way from choose(...)"
                )
            yield Performed(self.environments.number(after), self.values.number(value), choices)

    def performed(self) -> list[tuple[tuple[int, int], tuple[Performed, ...]]]:
        """Return every perform that was seen: ((environment, action), ways)."""
        return list(self._performs.items())

    # What becomes of the parts; `flights` remembers what it asks for.

    def next_inputs(self, inputs: int) -> tuple[tuple[int, int], ...]:
        """Return the inputs that may be fired next: (taking, inputs after it)."""
        return self.remembered(("next", inputs), lambda: tuple(self._next_inputs(inputs, lost=False)))

    def lost_inputs(self, inputs: int) -> tuple[tuple[int, int], ...]:
        """Return the inputs that may be lost next: (taking, inputs after it)."""
        return self.remembered(("lost", inputs), lambda: tuple(self._next_inputs(inputs, lost=True)))

    def _next_inputs(self, inputs: int, *, lost: bool) -> Iterator[tuple[int, int]]:
        here = self._first._replace(inputs=self.inputs[inputs], up=True)
        for value in next_inputs(self.scenario, here):
            index = input_index(self.scenario, here, value, 0)
            after = self.inputs[inputs].use(index, lost=lost)
            yield self.takings.number((self.consumed.number(Normal(value)), -1)), self.inputs.number(after)

    def answered_inputs(self, inputs: int) -> tuple[int, ...]:
        """Return the inputs that a client may send again."""

        def make() -> tuple[int, ...]:
            here = self._first._replace(inputs=self.inputs[inputs])
            values = answered_inputs(self.scenario, here)
            return tuple(self.takings.number((self.consumed.number(Normal(value)), -1)) for value in values)

        return self.remembered(("answered", inputs), make)

    def deliveries(self, results: int) -> tuple[tuple[int, int, bool], ...]:
        """Return the results that may be delivered: (taking, results after it, whether it overtakes)."""
        items = self.result_sets[results]
        found, heads = [], set()
        for position, item in enumerate(items):
            group = self._result_group(item)
            if item in items[:position]:
                continue
            found.append((self.taking(item), self.without_result(results, item), group in heads))
            heads.add(group)
        return tuple(found)

    def taking(self, item: int) -> int:
        """Return how stf takes a result."""
        action, _, value = self.results[item]
        consumed = self.consumed.number(TrackedActionCompleted(self.actions[action].id, self.values[value]))
        return self.takings.number((consumed, action))

    def without_result(self, results: int, item: int) -> int:
        """Return the results without the oldest of an item."""
        items = list(self.result_sets[results])
        items.remove(item)
        return self.result_set(items)

    def hand_overs(self, queue: int) -> tuple[tuple[int, int], ...]:
        """Return the queued actions that may be handed over: (request, queue after it)."""

        def make() -> tuple[tuple[int, int], ...]:
            items = self.queues[queue]
            found = []
            for item in dict.fromkeys(items):
                action, life, restored = self.queued[item]
                if not restored and self.tells_restored and self.queued.number((action, life, True)) in items:
                    continue  # the oldest goes first, and restore's are the oldest of their life
                left = list(items)
                left.remove(item)
                found.append((self.requests.number((action, life)), self.queues.number(tuple(left))))
            return tuple(found)

        return self.remembered(("hand over", queue), make)

    def with_queued(self, queue: int, tracked: tuple[int, ...], life: int, *, restored: bool) -> int:
        """Return the queue with emitted actions."""
        if not tracked:
            return queue
        items = [self.queued.number((action, life, restored and self.tells_restored)) for action in tracked]
        return self.queues.number(tuple(sorted([*self.queues[queue], *items])))

    def with_request(self, requests: int, item: int) -> int:
        """Return the requests on the wire with one more."""
        return self.remembered(
            ("request", requests, item),
            lambda: self.request_sets.number(tuple(sorted([*self.request_sets[requests], item]))),
        )

    def with_requests(self, requests: int, tracked: tuple[int, ...], life: int) -> int:
        """Return the requests on the wire with those of emitted actions."""
        for action in tracked:
            requests = self.with_request(requests, self.requests.number((action, life)))
        return requests

    def on_wire(self, requests: int) -> tuple[tuple[int, int], ...]:
        """Return the requests that may be performed: (request, requests after it)."""
        items = self.request_sets[requests]
        found = []
        for item in dict.fromkeys(items):
            left = list(items)
            left.remove(item)
            found.append((item, self.request_sets.number(tuple(left))))
        return tuple(found)

    def with_result(self, results: int, request: int, value: int) -> int:
        """Return the results on the wire with the one of a request."""
        action, life = self.requests[request]
        item = self.results.number((action, life, value))
        return self.result_set([*self.result_sets[results], item])

    def surviving(self, requests: int, results: int) -> tuple[tuple[int, int], ...]:
        """Return what a crash may leave of the wire: every distinct part."""
        wire = [
            Request(self.actions[a], life) for a, life in map(self.requests.__getitem__, self.request_sets[requests])
        ]
        back = [
            Result(self.actions[a], life, self.values[v])
            for a, life, v in map(self.results.__getitem__, self.result_sets[results])
        ]
        found: dict[tuple[int, int], None] = {}
        for lose in losses((*wire, *back)):
            left_requests, left_results = list(self.request_sets[requests]), results
            for message in lose:
                if isinstance(message, Request):
                    left_requests.remove(self.requests.number((self.actions.number(message.action), message.life)))
                else:
                    left_results = self.without_result(left_results, self.result_item(message))
            found[self.request_sets.number(tuple(left_requests)), left_results] = None
        return tuple(found)

    def spend(self, budgets: int, name: str) -> int:
        """Return the budgets after one fault of a kind, or -1 if there is none left."""
        found = self._memo.get((budgets, name))
        if found is None:
            counts, index = self.budgets[budgets], FAULT_NAMES.index(name)
            left = (*counts[:index], counts[index] - 1, *counts[index + 1 :])
            found = self._memo[budgets, name] = self.budgets.number(left) if counts[index] else -1
        return found

    def has_restored(self, queue: int) -> bool:
        """Tell whether something that restore emitted is still queued."""
        return self.remembered(("restored", queue), lambda: (any(self.queued[i][2] for i in self.queues[queue]),))[0]
