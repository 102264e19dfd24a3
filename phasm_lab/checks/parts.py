"""The parts of a configuration, interned: a configuration becomes six small integers, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.checks.interning import Remembered, Table
from phasm_lab.checks.orders import Orders
from phasm_lab.engine.configuration import Configuration, Inputs, Queued
from phasm_lab.engine.events import Deliver, Fire, Request, Result
from phasm_lab.machine.data import freeze
from phasm_lab.machine.values import Normal, TrackedActionCompleted

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.machine.values import Tracked

__all__ = ["Node", "Parts", "Phase"]


class Phase(NamedTuple):
    """What may still happen to a run.

    Attributes
    ----------
    inputs
        Number of what became of each input.
    mode
        Twice the life, and one more while the process is up.
    budgets
        Number of what is left of each fault.
    """

    inputs: int
    mode: int
    budgets: int


class Node(NamedTuple):
    """A configuration as the numbers of its parts."""

    state: int
    environment: int
    phase: int
    results: int
    requests: int
    queue: int


class Parts:
    """Tables of everything that occurs in the configurations of a scenario.

    Attributes
    ----------
    takings
        Inputs as stf takes them: (number in `consumed`, number of the action whose result it is, -1 for none).
    orders
        States that differ in the order of a dict alone, and so have one number.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.orders = Orders()
        self.states: Table[Any] = Table(self.orders.frozen)
        self.environments: Table[Any] = Table(lambda version: version.frozen())
        self.inputs: Table[Inputs] = Table()
        self.phases: Table[Phase] = Table()
        self.actions: Table[Tracked] = Table(freeze)
        self.values: Table[Any] = Table(freeze)
        self.queued: Table[tuple[int, int, bool]] = Table()
        self.requests: Table[tuple[int, int]] = Table()
        self.results: Table[tuple[int, int, int]] = Table()
        self.queues: Table[tuple[int, ...]] = Table()
        self.request_sets: Table[tuple[int, ...]] = Table()
        self.result_sets: Table[tuple[int, ...]] = Table()
        self.budgets: Table[tuple[int, ...]] = Table()
        self.consumed: Table[Normal | TrackedActionCompleted] = Table(freeze)
        self.takings: Table[tuple[int, int]] = Table()
        self.untracked: Table[tuple[Hashable, ...]] = Table()
        self.untracked.number(())
        self.identities: Table[Any] = Table(freeze)
        for table in (self.queues, self.request_sets, self.result_sets):
            table.number(())
        self.tells_restored = scenario.faults.recovery_crashes > 0
        self._bits = Remembered(lambda action: 1 << self.identity(action))

    def node(self, configuration: Configuration) -> Node:
        """Return a configuration's numbers."""
        queue = [self.queue_item(item.action, item.life, item.restored) for item in configuration.queue]
        requests = [self.requests.number((self.actions.number(r.action), r.life)) for r in configuration.requests]
        results = [self.result_item(r) for r in configuration.results]
        phase = Phase(
            self.inputs.number(configuration.inputs),
            configuration.life * 2 + configuration.up,
            self.budgets.number(configuration.budgets),
        )
        return Node(
            self.states.number(configuration.state),
            self.environments.number(configuration.environment),
            self.phases.number(phase),
            self.result_set(results),
            self.request_sets.number(tuple(sorted(requests))),
            self.queues.number(tuple(sorted(queue))),
        )

    def queue_item(self, action: Tracked, life: int, restored: bool) -> int:
        """Return the number of a queued action; who put it there counts only where recovery crashes have a budget."""
        return self.queued.number((self.actions.number(action), life, restored and self.tells_restored))

    def result_item(self, result: Result) -> int:
        """Return the number of a result on the wire."""
        return self.results.number((self.actions.number(result.action), result.life, self.values.number(result.value)))

    def result_set(self, items: list[int]) -> int:
        """Return the number of the results on the wire: sequences for each id and life, these in a fixed order."""
        return self.result_sets.number(tuple(sorted(items, key=self._result_group)))

    def _result_group(self, item: int) -> tuple[int, int]:
        action, life, _ = self.results[item]
        return self.identities.number(self.actions[action].id), life

    def taking_of(self, event: Fire | Deliver) -> int:
        """Return how stf takes what an event brings, as a number."""
        if isinstance(event, Fire):
            return self.takings.number((self.consumed.number(Normal(event.input)), -1))
        action, value = event.result.action, event.result.value
        consumed = self.consumed.number(TrackedActionCompleted(action.id, value))
        return self.takings.number((consumed, self.actions.number(action)))

    def identity(self, action: int) -> int:
        """Return the number of an action's id."""
        return self.identities.number(self.actions[action].id)

    def bits(self, actions: Iterable[int]) -> int:
        """Return the ids of actions as a set of bits."""
        found = 0
        for action in actions:
            found |= self._bits[action]
        return found

    def configuration(self, node: Node) -> Configuration:
        """Return a configuration with these parts; its order is that of the numbers."""
        phase = self.phases[node.phase]
        queue = [self.queued[item] for item in self.queues[node.queue]]
        requests = [self.requests[item] for item in self.request_sets[node.requests]]
        results = [self.results[item] for item in self.result_sets[node.results]]
        return Configuration(
            state=self.states[node.state],
            environment=self.environments[node.environment],
            inputs=self.inputs[phase.inputs],
            queue=tuple(Queued(self.actions[action], life, restored) for action, life, restored in queue),
            untracked=(),
            requests=tuple(Request(self.actions[action], life) for action, life in requests),
            results=tuple(Result(self.actions[action], life, self.values[value]) for action, life, value in results),
            up=bool(phase.mode % 2),
            life=phase.mode // 2,
            budgets=self.budgets[phase.budgets],
        )
