"""What can happen to a transit (queue, wire, mode, budgets): every event of the search, seen from there.

Theory of operation. Most events depend on the transit alone (handing over, crashing, wire faults); the others need one
thing more: a delivery or an input needs how stf ends, a perform what the environment answers. So each transit gets one
entry with its events laid out, made when the search first meets it, and what an event does to a transit is kept as the
difference of two numbers: a successor is then an addition.

The events are those of `phasm_lab.engine.enabled`, crash classes once each. A test compares the two, configuration by
configuration, on every example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.checks.interning import Table
from phasm_lab.checks.parts import Transit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.checks.space import Space

__all__ = ["ONLY_RESULTS", "QUIESCENT", "Ending", "Entry", "Reductions", "Transits"]

ITEM_BITS = 24
QUIESCENT, ONLY_RESULTS = 1, 2

Branch = tuple[tuple[int, ...], tuple[tuple[bool, int], ...]]


class Reductions(NamedTuple):
    """What a search may leave out because it commutes with what it keeps.

    Neither hides what is broken, but both may lengthen a run: where the second queued action alone breaks something, the
    first must be handed over too; where something breaks while the process is down, it must recover first. So after a
    reduced search that found something, `check` searches the whole once more, as deep as the longest run found.

    Attributes
    ----------
    oldest_dispatch
        Hand over one queued action only: any order of hand-overs leads to the same wire.
    no_perform_while_down
        Leave performing to after the recovery, with which it commutes.
    """

    oldest_dispatch: bool = False
    no_perform_while_down: bool = False


class Ending(NamedTuple):
    """How a run of stf or restore ends, as far as queue, wire and budgets see it.

    Attributes
    ----------
    tracked
        Numbers of the tracked actions that it emits, in order.
    refused
        Whether it raised.
    budget
        The budget of the injected error that it met, "" if it met none.
    """

    tracked: tuple[int, ...]
    refused: bool = False
    budget: str = ""


class Entry(NamedTuple):
    """The events of one transit; a slot says where a run of stf or restore leads, once it is known how it ends.

    Attributes
    ----------
    alone
        Differences made by events that need nothing else.
    performs
        (action, key of `Transits.landed`) for each request on the wire.
    deliveries
        (input, slot) for each result on the wire.
    fire, again, recover
        Slots for the next input, for an input sent again, for restore; None where that cannot be.
    lost_input
        The difference made where the next input is lost, 0 where that cannot be.
    """

    alone: tuple[int, ...]
    performs: tuple[tuple[int, int], ...]
    deliveries: tuple[tuple[int, int, int], ...]
    fire: tuple[int, int] | None
    again: tuple[int, int] | None
    recover: tuple[int, int] | None
    lost_input: int


class Transits:
    """Makes the entries of transits, and follows their slots.

    Attributes
    ----------
    entries
        By transit; None where none was asked for yet.
    working
        By transit: the ids that somebody is working on, one bit each; all bits while the process is down.
    stillness
        By transit: 1 where the process is up, nothing is queued and nothing is on the wire (QUIESCENT); 2 where nothing but
        results is left (ONLY_RESULTS); else 0.
    branches
        By slot key plus ending: the differences where the state is what the ending made it and the input is used up, and
        the others as (whether the state is so, difference), where the input is left.
    landed
        By perform key plus value: the difference that the result on the wire makes.
    """

    def __init__(self, space: Space, reductions: Reductions) -> None:
        self.space = space
        self.reductions = reductions
        self.endings: Table[Ending] = Table(lambda ending: ending)
        self.entries: list[Entry | None] = []
        self.working: list[int] = []
        self.stillness = bytearray()
        self.branches: dict[int, Branch] = {}
        self.landed: dict[int, int] = {}
        self.no_queue = space.queues.number(())
        faults = space.scenario.faults
        self.crashes = bool(faults.crashes or faults.recovery_crashes)
        self.wire_faults = any(
            getattr(faults, name)
            for name in (
                "lost_requests",
                "duplicated_requests",
                "delayed_requests",
                "lost_results",
                "duplicated_results",
            )
        )

    def entry(self, transit: int) -> Entry:
        """Return the entry of a transit."""
        self.look(transit)
        found = self.entries[transit]
        if found is None:
            found = self.entries[transit] = self._entry(transit, self.space.transits[transit])
        return found

    def is_up(self, transit: int) -> bool:
        """Tell whether the process is up."""
        return bool(self.space.transits[transit].mode % 2)

    def dispatches(self, transit: int) -> list[int]:
        """Return the differences that handing over makes."""
        return [self.space.transits.number(after) - transit for after in self._dispatches(self.space.transits[transit])]

    def look(self, transit: int) -> None:
        """Have `working` and `stillness` reach to a transit."""
        while len(self.entries) <= transit:
            here = self.space.transits[len(self.entries)]
            self.entries.append(None)
            self.working.append(self._working(here))
            self.stillness.append(self._stillness(here))

    def branch(self, key: int, ending: int) -> Branch:
        """Return where a slot leads with an ending, and remember it in `branches`."""
        before, used = key >> 2 * ITEM_BITS, key >> ITEM_BITS & (1 << ITEM_BITS) - 1
        found = self.branches[key + ending] = self._branch(before, used, self.endings[ending])
        return found

    def land(self, key: int, value: int) -> int:
        """Return the difference that a result on the wire makes, and remember it in `landed`."""
        space = self.space
        before, item = key >> 2 * ITEM_BITS, key >> ITEM_BITS & (1 << ITEM_BITS) - 1
        here = space.transits[before]
        requests = dict(space.on_wire(here.requests))[item]
        after = here._replace(requests=requests, results=space.with_result(here.results, item, value))
        found = self.landed[key + value] = space.transits.number(after) - before
        return found

    # Laying out an entry.

    def _wire(self, here: Transit) -> tuple[tuple[int, ...], ...]:
        space = self.space
        return space.queues[here.queue], space.request_sets[here.requests], space.result_sets[here.results]

    def _stillness(self, here: Transit) -> int:
        queued, requests, results = self._wire(here)
        if not here.mode % 2 or queued or requests:
            return 0
        return ONLY_RESULTS if results else QUIESCENT

    def _working(self, here: Transit) -> int:
        if not here.mode % 2:
            return -1
        space = self.space
        queued, requests, results = self._wire(here)
        actions = {space.queued[item][0] for item in queued}
        actions |= {space.requests[item][0] for item in requests} | {space.results[item][0] for item in results}
        return space.bits(actions)

    def _entry(self, transit: int, here: Transit) -> Entry:
        up = here.mode % 2
        alone = [*self._dispatches(here), *self._crashes(here)] if up else []
        if self.wire_faults:
            alone += self._wire_faults(here)
        lost, again = self._paid(here, "lost_inputs"), self._paid(here, "duplicated_inputs")
        number = self.space.transits.number
        return Entry(
            alone=tuple(number(after) - transit for after in alone),
            performs=self._performs(transit, here) if up or not self.reductions.no_perform_while_down else (),
            deliveries=tuple(self._deliveries(transit, here)) if up else (),
            fire=self._slot(transit, here, here) if up else None,
            again=self._slot(transit, again, again) if up and again else None,
            recover=None if up else self._slot(transit, here, here),
            lost_input=number(lost) - transit if up and lost else 0,
        )

    def _slot(self, transit: int, before: Transit, used: Transit) -> tuple[int, int]:
        """Return the difference that comes first, and the key under which `branches` has the rest."""
        number = self.space.transits.number(before)
        return number - transit, (number << ITEM_BITS | self.space.transits.number(used)) << ITEM_BITS

    def _performs(self, transit: int, here: Transit) -> tuple[tuple[int, int], ...]:
        space = self.space
        return tuple(
            (space.requests[item][0], self.perform_key(transit, item)) for item, _ in space.on_wire(here.requests)
        )

    @staticmethod
    def perform_key(transit: int, item: int) -> int:
        """Return the key of `landed` for a request on the wire."""
        return (transit << ITEM_BITS | item) << ITEM_BITS

    def _deliveries(self, transit: int, here: Transit) -> Iterator[tuple[int, int, int]]:
        for consumed, results, overtakes in self.space.deliveries(here.results):
            before = self._paid(here, "reordered_results") if overtakes else here
            if before is not None:
                yield (consumed, *self._slot(transit, before, before._replace(results=results)))

    def _dispatches(self, here: Transit) -> Iterator[Transit]:
        space = self.space
        hand_overs = space.hand_overs(here.queue)
        if self.reductions.oldest_dispatch:
            hand_overs = hand_overs[:1]
        for item, queue in hand_overs:
            yield here._replace(queue=queue, requests=space.with_request(here.requests, item))

    def _crashes(self, here: Transit) -> Iterator[Transit]:
        paid = self._crash_paid(here) if self.crashes else None
        if paid is not None:
            yield from self._death(paid, here.requests)

    def _wire_faults(self, here: Transit) -> Iterator[Transit]:
        space, up, life = self.space, here.mode % 2, here.mode // 2
        for item, requests in space.on_wire(here.requests):
            action, sent = space.requests[item]
            yield from self._costing("lost_requests", self._lost(here._replace(requests=requests), action, sent))
            twice = here._replace(requests=space.with_request(here.requests, item))
            yield from self._costing("duplicated_requests", twice)
            if up and sent == life:
                again = space.with_queued(here.queue, (action,), life, restored=False)
                yield from self._costing("delayed_requests", here._replace(queue=again))
        for item in dict.fromkeys(space.result_sets[here.results]):
            action, sent, _ = space.results[item]
            without = here._replace(results=space.without_result(here.results, item))
            yield from self._costing("lost_results", self._lost(without, action, sent))
            twice = here._replace(results=space.result_set([*space.result_sets[here.results], item]))
            yield from self._costing("duplicated_results", twice)

    def _lost(self, after: Transit, action: int, sent: int) -> Transit:
        """Return the transit after a loss: the executor that waits for what is lost queues it again, unless there is a copy."""
        space = self.space
        if not after.mode % 2 or sent != after.mode // 2:
            return after
        queued, requests, results = self._wire(after)
        copies = [space.queued[item][:2] for item in queued]
        copies += [space.requests[item] for item in requests]
        copies += [space.results[item][:2] for item in results]
        if (action, sent) in copies:
            return after
        return after._replace(queue=space.with_queued(after.queue, (action,), sent, restored=False))

    # Following a slot.

    def _branch(self, before: int, used: int, ending: Ending) -> Branch:
        was, taken = self.space.transits[before], self.space.transits[used]
        number = self.space.transits.number
        gone: list[Transit]
        others: list[tuple[bool, Transit]]
        if not was.mode % 2:
            gone, others = self._recovered(was, ending), []
        elif ending.budget:
            gone, others = self._ended_by_error(was, taken, ending)
        elif ending.refused:
            gone, others = [taken], []
        else:
            gone, others = self._committed(was, taken, ending), list(self._not_acknowledged(was))
        return (
            tuple(number(after) - before for after in gone),
            tuple((durable, number(after) - before) for durable, after in others),
        )

    def _recovered(self, was: Transit, ending: Ending) -> list[Transit]:
        """Return the transits after restore, which leaves the process down where it raises."""
        paid = self._paid(was, ending.budget) if ending.budget else was
        if paid is None or (ending.refused and not ending.budget):
            return []
        if ending.refused:
            return [paid]
        queue = self.space.with_queued(was.queue, ending.tracked, was.mode // 2, restored=True)
        return [paid._replace(mode=was.mode + 1, queue=queue)]

    def _committed(self, was: Transit, taken: Transit, ending: Ending) -> list[Transit]:
        """Return the transits after a commit: nothing goes wrong, or the process dies handing over."""
        crashed = self._crash_paid(was) if self.crashes else None
        deaths = [] if crashed is None else self._deaths(taken._replace(budgets=crashed.budgets), ending.tracked)
        return [self._with_queued(taken, was, ending), *deaths]

    def _not_acknowledged(self, was: Transit) -> Iterator[tuple[bool, Transit]]:
        """Yield the transits where the commit's outcome is unknown (it is durable) or the commit fails."""
        unknown, failed = self._paid(was, "unknown_commits"), self._paid(was, "commit_failures")
        if unknown is not None:
            yield from ((True, after) for after in self._deaths(unknown, ()))
        if failed is not None:
            yield False, failed

    def _ended_by_error(
        self, was: Transit, taken: Transit, ending: Ending
    ) -> tuple[list[Transit], list[tuple[bool, Transit]]]:
        paid = self._paid(was, ending.budget)
        if paid is None:
            return [], []
        if ending.refused:
            return [], [(False, paid)]
        return [self._with_queued(taken, was, ending)._replace(budgets=paid.budgets)], []

    def _with_queued(self, taken: Transit, was: Transit, ending: Ending) -> Transit:
        queue = self.space.with_queued(was.queue, ending.tracked, was.mode // 2, restored=False)
        return taken._replace(queue=queue)

    def _deaths(self, here: Transit, tracked: tuple[int, ...]) -> Iterator[Transit]:
        """Yield the transits after the process hands over none, one, ... all of `tracked`, and dies."""
        for count in range(len(tracked) + 1):
            yield from self._death(here, self.space.with_requests(here.requests, tracked[:count], here.mode // 2))

    def _death(self, here: Transit, requests: int) -> Iterator[Transit]:
        mode = here.mode // 2 * 2 + 2
        for left_requests, left_results in self.space.surviving(requests, here.results):
            yield Transit(self.no_queue, left_requests, left_results, mode, here.budgets)

    # Paying.

    def _paid(self, here: Transit, budget: str) -> Transit | None:
        budgets = self.space.spend(here.budgets, budget)
        return here._replace(budgets=budgets) if budgets >= 0 else None

    def _costing(self, budget: str, after: Transit) -> Iterator[Transit]:
        paid = self._paid(after, budget)
        if paid is not None:
            yield paid

    def _crash_paid(self, here: Transit) -> Transit | None:
        restored = self.space.has_restored(here.queue)
        paid = self._paid(here, "recovery_crashes") if restored else None
        return paid or self._paid(here, "crashes")
