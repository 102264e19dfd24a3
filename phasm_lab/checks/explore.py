"""The search: every configuration that the budgets allow, breadth first, so that the first way found is a shortest one.

Theory of operation. A *place* is a configuration with what the machine owes there and what the environment answered on
the way: eight numbers, one, and one, packed into a single integer. The search keeps the places in the order in which it
met them, and for each the place that it came from; nothing else. A run is built again afterwards, by stepping the real
engine along the places and choosing at each the event that leads to the next. So every counterexample was taken by
`step`, and the search's arithmetic is checked by it.

Rules of one step (rejected-result, ignored-result, reused-id, forgotten-action) are judged on the way; rules of a
configuration (unwatched-action, stuck, properties) where it is met; rules of all runs (no-recovery, changed-outcome,
repeated-result, late-result) when the search is complete.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.checks.answers import CONTRADICTED, Answers, explained
from phasm_lab.checks.obligations import Breach, Obligations
from phasm_lab.checks.space import Node, Space
from phasm_lab.checks.successors import Move, Reductions, Successors
from phasm_lab.checks.transition_rules import TransitionRules
from phasm_lab.checks.watched import WatchedHere
from phasm_lab.engine.here import Here
from phasm_lab.errors import DefinitionError, EndlessError
from phasm_lab.machine.data import freeze
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.machine.values import Normal, TrackedActionCompleted, kind_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from phasm_lab.engine.drive import Limits
    from phasm_lab.engine.scenario import Scenario

__all__ = ["Found", "Place", "Search"]

WIDTHS = (32,) * 10
"""Bits of each part of a place: no table ever has more values than that."""


class Place(NamedTuple):
    """A node, what is owed there, and what was answered on the way."""

    node: Node
    owed: int
    given: int


class Found(NamedTuple):
    """Where a rule is broken: after the place with this index, and for a probe the input delivered there."""

    slug: str
    message: str
    place_index: int
    probe: int = -1


class Search:
    """Explores a scenario level by level.

    Attributes
    ----------
    found
        What is broken, by slug, or by slug and property.
    stopped
        Why the search ended early, else "".
    """

    def __init__(self, scenario: Scenario, limits: Limits, *, limit: int, reductions: Reductions) -> None:
        self.scenario = scenario
        self.space = Space(scenario, limits)
        self.successors = Successors(self.space, reductions)
        self.obligations = Obligations(self.space)
        self.answers = Answers(self.space)
        self.rules = TransitionRules(self.space)
        self.limit = limit
        self.stopped = ""
        self.depth = 0
        self.transition_count = 0
        self.found: dict[Hashable, Found] = {}
        self.reached: set[str] = set()
        self.committed_inputs: set[int] = set()
        self._numbers: dict[int, int] = {}
        self._parents = array("q")
        self._broken: dict[Hashable, bool] = {}
        self._level: list[tuple[int, Place]] = []
        self._meet(Place(self.space.start, self.obligations.none, self.answers.none), -1)

    # Going on.

    def run(self) -> Iterator[None]:
        """Search until everything is seen or the limit is reached; yields often, so that whoever drives it stays free."""
        while self._level and not self.stopped:
            level, self._level = self._level, []
            self.depth += 1
            for index, place in level:
                if not self._expand(index, place):
                    return
                yield
        self.depth -= 1
        self._conclude()

    @property
    def place_count(self) -> int:
        """How many different places were met."""
        return len(self._numbers)

    @property
    def waiting_count(self) -> int:
        """How many places are met and not yet expanded."""
        return len(self._level)

    @property
    def complete(self) -> bool:
        """Whether every reachable configuration was seen."""
        return not self.stopped and not self._level

    @property
    def configuration_count(self) -> int:
        """How many different configurations were seen."""
        mask = (1 << sum(WIDTHS[:8])) - 1
        return len({number & mask for number in self._numbers})

    def places(self) -> Iterator[tuple[int, Place]]:
        """Yield every place met, with its index."""
        for index, number in enumerate(self._numbers):
            yield index, _unpack(number)

    def path(self, index: int) -> list[Place]:
        """Return the places from the start to the one with this index."""
        numbers = list(self._numbers)
        indexes = []
        while index >= 0:
            indexes.append(index)
            index = self._parents[index]
        return [_unpack(numbers[index]) for index in reversed(indexes)]

    def after(self, place: Place, move: Move) -> tuple[Place, tuple[Breach, ...]]:
        """Return the place that a move leads to, and the rules that the step breaks."""
        owed, given = place.owed, place.given
        breaches: tuple[Breach, ...] = ()
        if move.consumed >= 0:
            assert move.outcome is not None
            owed, breaches = self.obligations.after(owed, place.node.state, move.consumed, move.outcome)
        elif move.recovered:
            assert move.outcome is not None
            owed = self.obligations.recovered(owed, move.outcome)
        if move.choices >= 0:
            given = self.answers.after(given, move.asked, move.choices)
        return Place(move.node, owed, given), breaches

    def _expand(self, index: int, place: Place) -> bool:
        """Meet what follows a place; tell whether the search may go on."""
        for move in self.successors.of(place.node):
            self.transition_count += 1
            after, breaches = self.after(place, move)
            if move.consumed >= 0 and move.outcome is not None and not move.outcome.refusal:
                self.committed_inputs.add(move.consumed)
            self._meet(after, index)
            if move.consumed >= 0:
                breaches += self.rules.transition(place.node.state, move.consumed)
            for breach in breaches:
                if breach.slug not in self.found and not self.stopped:
                    self._note(breach.slug, breach.message, self._numbers[_pack(after)])
        return not self.stopped

    def _note(self, slug: str, message: str, index: int, *, key: Hashable = None, probe: int = -1) -> None:
        self.found.setdefault(slug if key is None else (slug, key), Found(slug, message, index, probe))

    # Judging a configuration.

    def _meet(self, place: Place, parent: int) -> None:
        number = _pack(place)
        if number in self._numbers:
            return
        if len(self._numbers) >= self.limit:
            self.stopped = f"the limit of {self.limit:,} configurations was reached"
            return
        index = self._numbers[number] = len(self._numbers)
        self._parents.append(parent)
        self._level.append((index, place))
        self._judge(index, place)

    def _judge(self, index: int, place: Place) -> None:
        node = place.node
        if node.mode % 2:
            self._judge_waiting(index, node)
        for claim in self.scenario.properties:
            self._judge_property(index, node, claim)

    def _judge_waiting(self, index: int, node: Node) -> None:
        """Judge that what restore would ask for is being worked on, and that nothing is asked for at quiescence."""
        space = self.space
        for breach in self.rules.restore(node.state):
            self._note(breach.slug, breach.message, index)
        restored = space.restore(node.state)
        if restored.refusal or not restored.tracked:
            return
        working = {space.queued[item][0] for item in space.queues[node.queue]}
        working |= {space.requests[item][0] for item in space.request_sets[node.requests]}
        working |= {space.results[item][0] for item in space.result_sets[node.results]}
        identities = {space.identities.number(space.actions[action].id) for action in working}
        for action in restored.tracked:
            tracked = space.actions[action]
            if space.identities.number(tracked.id) not in identities:
                told = f"{kind_of(tracked.payload)} {tracked.id!r}"
                self._note("unwatched-action", f"{told} is what restore asks for, and nobody is working on it", index)
        if not working:
            ids = ", ".join(repr(space.actions[action].id) for action in restored.tracked)
            self._note("stuck", f"nothing is left to do, and restore still asks for {ids}", index)

    def _judge_property(self, index: int, node: Node, claim: Any) -> None:
        key = (claim.name, id(claim))
        if claim.kind == "sometimes":
            if claim.name not in self.reached and self._holds(claim, node)[0]:
                self.reached.add(claim.name)
            return
        if ("broken-property", key) in self.found:
            return
        quiescent = node.mode % 2 and not self._working(node)
        if claim.kind == "when_quiescent" and not quiescent:
            return
        holds, sentence = self._holds(claim, node)
        if not holds:
            message = f"{claim.name} is broken" + (f": {sentence}" if sentence else "")
            self._note("broken-property", message, index, key=key)

    def _working(self, node: Node) -> bool:
        space = self.space
        parts = (space.queues[node.queue], space.request_sets[node.requests], space.result_sets[node.results])
        return any(parts)

    def _holds(self, claim: Any, node: Node) -> tuple[bool, str]:
        """Judge a property; where it looked at state and environment only, once for each pair of them."""
        key = (id(claim), node.state, node.environment)
        found = self._broken.get(key)
        if found is None:
            here = WatchedHere(self.space, node)
            try:
                found = self.space.limits.call(claim.judge, here)
            except EndlessError as error:
                raise DefinitionError(f"property {claim.name}", str(error), "let it return") from None
            if not here.looked_further:
                self._broken[key] = found
        return found  # type: ignore[return-value]

    # Judging all runs.

    def _conclude(self) -> None:
        if self.stopped:
            return
        self._judge_probes()
        self._judge_recovery()
        if any(self.scenario.faults.counts()):
            self._judge_outcomes()

    def _judge_probes(self) -> None:
        """Deliver results again, and other results, for what is discharged: nothing may change (upstream asks less)."""
        kinds = self._results_by_kind()
        seen = set()
        for index, place in self.places():
            if not place.node.mode % 2 or (place.node.state, place.owed) in seen:
                continue
            seen.add((place.node.state, place.owed))
            for entry in self.obligations.table[place.owed]:
                if entry.discharged_by >= 0 and not entry.outstanding:
                    values = {value for kind in entry.kinds for value in kinds.get(kind, ())} | {entry.discharged_by}
                    for value in sorted(values):
                        self._probe(index, place.node, entry.identity, value, value == entry.discharged_by)

    def _probe(self, index: int, node: Node, identity: int, value: int, repeated: bool) -> None:
        space = self.space
        completed = TrackedActionCompleted(space.identities[identity], space.values[value])
        consumed = space.consumed.number(completed)
        outcome = space.outcome(node.state, consumed)
        if outcome.refusal or (outcome.state == node.state and not outcome.tracked):
            return
        slug, told = ("repeated-result", "the same result again") if repeated else ("late-result", "another result")
        what = "changes the state" if outcome.state != node.state else "emits a tracked action"
        message = f"{completed.id!r} is discharged, and {told}, {completed.result!r}, {what}"
        if slug not in self.found:
            self._note(slug, message, index, probe=consumed)

    def _results_by_kind(self) -> dict[str, set[int]]:
        space = self.space
        found: dict[str, set[int]] = {}
        for kind, values in self.scenario.results.items():
            found.setdefault(kind, set()).update(space.values.number(value) for value in values)
        for (_, action), ways in space.performed():
            kind = kind_of(space.actions[action].payload)
            found.setdefault(kind, set()).update(way.value for way in ways)
        return found

    def _judge_recovery(self) -> None:
        """Break, then heal and demand convergence: from everywhere quiescence is reachable without faults or inputs."""
        nodes = {place.node: index for index, place in reversed(list(self.places()))}
        good = {node for node in nodes if node.mode % 2 and not self._working(node)}
        waiting = [node for node in nodes if node not in good]
        while waiting:
            left = [node for node in reversed(waiting) if not self._heals(node, good)]
            if len(left) == len(waiting):
                break
            waiting = left[::-1]
        if waiting:
            index = min(nodes[node] for node in waiting)
            self._note("no-recovery", "without further faults, no run from here becomes quiescent", index)

    def _heals(self, node: Node, good: set[Node]) -> bool:
        for move in self.successors.of(node):
            if move.fault_free and move.node in good:
                good.add(node)
                return True
        return False

    def _judge_outcomes(self) -> None:
        """Judge that a faulted run ends as a free run can, the environment's answers being the same."""
        free: dict[Hashable, set[int]] = {}
        faulted: dict[tuple[Hashable, int], int] = {}
        for index, place in self.places():
            node = place.node
            if place.given == CONTRADICTED or not node.mode % 2 or self._working(node):
                continue
            outcome = self._outcome(node)
            if self._is_free(node.budgets):
                free.setdefault(outcome, set()).add(place.given)
            else:
                faulted.setdefault((outcome, place.given), index)
        table = self.answers.table
        seen: dict[Hashable, set[int]] = {}
        for answers in table.values:
            for key, choices in answers:
                seen.setdefault(key, set()).add(choices)
        for (outcome, given), index in faulted.items():
            runs = [table[run] for run in free.get(outcome, ())]
            if not explained(table[given], runs, seen):
                self._note("changed-outcome", self._outcome_message(index, runs), index)
                return

    def _outcome_message(self, index: int, runs: list[Any]) -> str:
        place = self.path(index)[-1]
        configuration = self.space.configuration(place.node)
        ends = f"ends with {configuration.state.view()!r} and {configuration.environment.view()!r}"
        if runs:
            return f"a faulted run {ends}; without faults that end needs other answers from the environment"
        return f"a faulted run {ends}; no run without faults ends so"

    def _outcome(self, node: Node) -> Hashable:
        if self.scenario.outcome is None:
            return node.state, node.environment
        return freeze(self.scenario.outcome(Here(self.space.configuration(node))))

    def _is_free(self, budgets: int) -> bool:
        start = self.space.budgets[self.space.start.budgets]
        return all(
            left == whole or name == "lost_inputs"
            for name, left, whole in zip(FAULT_NAMES, self.space.budgets[budgets], start, strict=True)
        )

    def goals_unreached(self) -> Iterator[str]:
        """Yield what no run got to."""
        for claim in self.scenario.properties:
            if claim.kind == "sometimes" and claim.name not in self.reached:
                yield f"sometimes {claim.name}"
        for value in self.scenario.inputs:
            if self.space.consumed.number(Normal(value)) not in self.committed_inputs:
                yield f"{value!r} is never committed"


def _pack(place: Place) -> int:
    number, shift = 0, 0
    for part, width in zip((*place.node, place.owed, place.given + 1), WIDTHS, strict=True):
        number |= part << shift
        shift += width
    return number


def _unpack(number: int) -> Place:
    parts = []
    for width in WIDTHS:
        parts.append(number & ((1 << width) - 1))
        number >>= width
    return Place(Node(*parts[:8]), parts[8], parts[9] - 1)
