"""What follows a node: every event of the search, as numbers.

The events are those of `phasm_lab.engine.enabled`, crash classes once each. A test compares the two, configuration by
configuration, on every example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.checks.space import Node, Outcome, Space

__all__ = ["Move", "Reductions", "Successors"]


class Reductions(NamedTuple):
    """What a search may leave out because it commutes with what it keeps; nothing by default.

    Neither hides what is broken, but both may lengthen the shortest run: where the second queued action alone breaks
    something, the first must be handed over too; where something breaks while the process is down, it must recover first.

    Attributes
    ----------
    oldest_dispatch
        Hand over one queued action only: any order of hand-overs leads to the same wire.
    no_perform_while_down
        Leave performing to after the recovery, with which it commutes.
    """

    oldest_dispatch: bool = False
    no_perform_while_down: bool = False


class Move(NamedTuple):
    """One way on from a node.

    Attributes
    ----------
    node
        The node after it.
    consumed
        The input that stf took, -1 if it was no transition of stf.
    outcome
        What stf or restore did, None if neither ran to its end.
    recovered
        Whether restore ran.
    asked
        The action performed, -1 if none was.
    choices
        Number of the options that perform took, -1 if it made no choice.
    fault_free
        Whether the move needs no fault and no input: what a recovery may use.
    """

    node: Node
    consumed: int = -1
    outcome: Outcome | None = None
    recovered: bool = False
    asked: int = -1
    choices: int = -1
    fault_free: bool = False


class Successors:
    """Expands nodes of a space."""

    def __init__(self, space: Space, reductions: Reductions) -> None:
        self.space = space
        self.reductions = reductions
        self.no_queue = space.queues.number(())
        self.choices = space.values
        faults = space.scenario.faults
        self.access_faults = bool(faults.access_errors or faults.add_errors)
        self.wire_faults = bool(
            faults.lost_requests
            or faults.duplicated_requests
            or faults.delayed_requests
            or faults.lost_results
            or faults.duplicated_results
        )
        self.crashes = bool(faults.crashes or faults.recovery_crashes)

    def of(self, node: Node) -> list[Move]:
        """Return every way on from a node."""
        moves: list[Move] = []
        if node.mode % 2:
            self._fire(node, moves)
            self._deliver(node, moves)
            self._dispatch(node, moves)
            if self.crashes:
                self._crash(node, moves)
        else:
            self._recover(node, moves)
        if node.mode % 2 or not self.reductions.no_perform_while_down:
            self._perform(node, moves)
        if self.wire_faults:
            moves.extend(Move(after) for after in self._wire_faults(node))
        return moves

    def _fire(self, node: Node, moves: list[Move]) -> None:
        space, faults = self.space, self.space.scenario.faults
        for consumed, inputs in space.next_inputs(node.inputs):
            self._transition(node, node._replace(inputs=inputs), consumed, moves)
        if faults.lost_inputs:
            budgets = space.spend(node.budgets, "lost_inputs")
            if budgets >= 0:
                moves.extend(
                    Move(node._replace(inputs=inputs, budgets=budgets)) for _, inputs in space.lost_inputs(node.inputs)
                )
        if faults.duplicated_inputs:
            budgets = space.spend(node.budgets, "duplicated_inputs")
            if budgets >= 0:
                paid = node._replace(budgets=budgets)
                for consumed in space.answered_inputs(node.inputs):
                    self._transition(paid, paid, consumed, moves)

    def _deliver(self, node: Node, moves: list[Move]) -> None:
        for consumed, results, overtakes in self.space.deliveries(node.results):
            before = node
            if overtakes:
                budgets = self.space.spend(node.budgets, "reordered_results")
                if budgets < 0:
                    continue
                before = node._replace(budgets=budgets)
            free = not overtakes
            self._transition(before, before._replace(results=results), consumed, moves, fault_free=free)

    def _transition(
        self, before: Node, used: Node, consumed: int, moves: list[Move], *, fault_free: bool = False
    ) -> None:
        """Add the transition that takes `consumed`, and every faulted form of it; `used` is without the input."""
        space = self.space
        outcome = space.outcome(before.state, consumed)
        if outcome.refusal:
            moves.append(Move(used, consumed, outcome, fault_free=fault_free))
        else:
            life = before.mode // 2
            queue = space.with_queued(before.queue, outcome.tracked, life, restored=False)
            after = used._replace(state=outcome.state, queue=queue)
            moves.append(Move(after, consumed, outcome, fault_free=fault_free))
            self._commit_faults(before, used, consumed, outcome, moves)
        if self.access_faults:
            self._errors(before, used, consumed, moves)

    def _commit_faults(self, before: Node, used: Node, consumed: int, outcome: Outcome, moves: list[Move]) -> None:
        space, faults = self.space, self.space.scenario.faults
        if self.crashes:
            budgets = self._crash_budget(before, restored=space.has_restored(before.queue))
            if budgets >= 0:
                committed = used._replace(state=outcome.state, budgets=budgets)
                moves.extend(Move(after, consumed, outcome) for after in self._deaths(committed, outcome.tracked))
        if faults.unknown_commits:
            budgets = space.spend(before.budgets, "unknown_commits")
            if budgets >= 0:
                committed = before._replace(state=outcome.state, budgets=budgets)
                moves.extend(Move(after, consumed, outcome) for after in self._deaths(committed, ()))
        if faults.commit_failures:
            budgets = space.spend(before.budgets, "commit_failures")
            if budgets >= 0:
                moves.append(Move(before._replace(budgets=budgets)))

    def _errors(self, before: Node, used: Node, consumed: int, moves: list[Move]) -> None:
        space = self.space
        for budget, outcome in space.failed(before.state, consumed):
            budgets = space.spend(before.budgets, budget)
            if budgets < 0:
                continue
            if outcome.refusal:
                moves.append(Move(before._replace(budgets=budgets)))
                continue
            queue = space.with_queued(before.queue, outcome.tracked, before.mode // 2, restored=False)
            moves.append(Move(used._replace(state=outcome.state, queue=queue, budgets=budgets), consumed, outcome))

    def _deaths(self, node: Node, tracked: tuple[int, ...]) -> Iterator[Node]:
        """Yield the nodes after the process hands over none, one, ... all of `tracked`, and dies."""
        for count in range(len(tracked) + 1):
            yield from self._death(node, self.space.with_requests(node.requests, tracked[:count], node.mode // 2))

    def _death(self, node: Node, requests: int) -> Iterator[Node]:
        for left_requests, left_results in self.space.surviving(requests, node.results):
            yield node._replace(
                queue=self.no_queue, requests=left_requests, results=left_results, mode=node.mode // 2 * 2 + 2
            )

    def _crash_budget(self, node: Node, *, restored: bool) -> int:
        if restored:
            budgets = self.space.spend(node.budgets, "recovery_crashes")
            if budgets >= 0:
                return budgets
        return self.space.spend(node.budgets, "crashes")

    def _crash(self, node: Node, moves: list[Move]) -> None:
        budgets = self._crash_budget(node, restored=self.space.has_restored(node.queue))
        if budgets >= 0:
            moves.extend(Move(after) for after in self._death(node._replace(budgets=budgets), node.requests))

    def _dispatch(self, node: Node, moves: list[Move]) -> None:
        space = self.space
        hand_overs = space.hand_overs(node.queue)
        if self.reductions.oldest_dispatch:
            hand_overs = hand_overs[:1]
        for item, queue in hand_overs:
            after = node._replace(queue=queue, requests=space.with_request(node.requests, item))
            moves.append(Move(after, fault_free=True))

    def _perform(self, node: Node, moves: list[Move]) -> None:
        space = self.space
        for item, requests in space.on_wire(node.requests):
            action = space.requests[item][0]
            for performed in space.performs(node.environment, action):
                results = space.with_result(node.results, item, performed.value)
                after = node._replace(environment=performed.environment, requests=requests, results=results)
                choices = self.choices.number(performed.choices) if performed.choices else -1
                moves.append(Move(after, asked=action, choices=choices, fault_free=True))

    def _recover(self, node: Node, moves: list[Move]) -> None:
        space = self.space
        outcome = space.restore(node.state)
        if not outcome.refusal:
            life, up = node.mode // 2, node._replace(mode=node.mode + 1)
            queue = space.with_queued(node.queue, outcome.tracked, life, restored=True)
            moves.append(Move(up._replace(queue=queue), outcome=outcome, recovered=True, fault_free=True))
        if self.access_faults:
            for budget, ended in space.failed(node.state, -1):
                budgets = space.spend(node.budgets, budget)
                if budgets >= 0 and not ended.refusal:
                    queue = space.with_queued(node.queue, ended.tracked, node.mode // 2, restored=True)
                    after = node._replace(mode=node.mode + 1, queue=queue, budgets=budgets)
                    moves.append(Move(after, outcome=ended, recovered=True))
                elif budgets >= 0:
                    moves.append(Move(node._replace(budgets=budgets)))

    def _wire_faults(self, node: Node) -> Iterator[Node]:
        space, up, life = self.space, node.mode % 2, node.mode // 2
        for item, requests in space.on_wire(node.requests):
            action, sent = space.requests[item]
            yield from self._paid(node, "lost_requests", self._lost(node._replace(requests=requests), action, sent))
            twice = node._replace(requests=space.with_request(node.requests, item))
            yield from self._paid(node, "duplicated_requests", twice)
            if up and sent == life:
                again = space.with_queued(node.queue, (action,), life, restored=False)
                yield from self._paid(node, "delayed_requests", node._replace(queue=again))
        for item in dict.fromkeys(space.result_sets[node.results]):
            action, sent, _ = space.results[item]
            without = node._replace(results=space.without_result(node.results, item))
            yield from self._paid(node, "lost_results", self._lost(without, action, sent))
            twice = node._replace(results=space.result_set([*space.result_sets[node.results], item]))
            yield from self._paid(node, "duplicated_results", twice)

    def _paid(self, node: Node, budget: str, after: Node) -> Iterator[Node]:
        budgets = self.space.spend(node.budgets, budget)
        if budgets >= 0:
            yield after._replace(budgets=budgets)

    def _lost(self, after: Node, action: int, sent: int) -> Node:
        """Return the node after a loss: the executor that waits for what is lost queues it again, unless there is a copy."""
        space = self.space
        if not after.mode % 2 or sent != after.mode // 2:
            return after
        copies = [space.queued[item][:2] for item in space.queues[after.queue]]
        copies += [space.requests[item] for item in space.request_sets[after.requests]]
        copies += [space.results[item][:2] for item in space.result_sets[after.results]]
        if (action, sent) in copies:
            return after
        return after._replace(queue=space.with_queued(after.queue, (action,), sent, restored=False))
