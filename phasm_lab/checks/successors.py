"""What follows a place: the events of its transit, completed by its state, environment and inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.checks.answers import Answers
from phasm_lab.checks.interning import Table
from phasm_lab.checks.ledgers import Ledgers
from phasm_lab.checks.packing import (
    CONSUMED_BITS,
    INPUTS_SHIFT,
    LEDGER_SHIFT,
    MAX_COUNTS,
    OUTSIDE_SHIFT,
    Place,
    pack,
    unpack,
)
from phasm_lab.checks.parts import Node
from phasm_lab.checks.transits import Reductions, Transits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from phasm_lab.checks.ledgers import Failed, Ways
    from phasm_lab.checks.obligations import Breach
    from phasm_lab.checks.space import Space
    from phasm_lab.engine.configuration import Configuration

__all__ = ["Successors"]

Firing = tuple[tuple[int, int], ...]
INPUTS_MASK = (1 << OUTSIDE_SHIFT - INPUTS_SHIFT) - 1
OUTSIDE_MASK = (1 << LEDGER_SHIFT - OUTSIDE_SHIFT) - 1
TRANSIT_MASK = (1 << INPUTS_SHIFT) - 1


class Successors:
    """Expands places of a space.

    Parameters
    ----------
    space
        Runs the user's code and remembers it.
    reductions
        What to leave out.
    broke
        Called with a breach, the place whose transition it is, the input, and the error that the transition met, if any.
    """

    def __init__(
        self, space: Space, reductions: Reductions, broke: Callable[[Breach, int, int, Failed | None], None]
    ) -> None:
        self.space = space
        self.transits = Transits(space, reductions)
        self.ledgers = Ledgers(space, self.transits.endings)
        self.answers = Answers(space)
        self.outsides: Table[tuple[int, int]] = Table(lambda outside: outside, MAX_COUNTS["outside"])
        self.broke = broke
        self.judge: Callable[[int, int], tuple[Breach, ...]] = lambda _state, _consumed: ()
        self._performs: dict[int, tuple[tuple[int, int], ...]] = {}
        self._firing: dict[int, Firing] = {}

    def start(self) -> int:
        """Return the place that every run begins with."""
        node = self.space.start
        ledger = self.ledgers.number(node.state, self.ledgers.obligations.none)
        outside = self.outsides.number((node.environment, self.answers.none))
        return pack(Place(ledger, outside, node.inputs, node.transit))

    def node(self, number: int) -> Node:
        """Return the configuration of a place, as the numbers of its parts."""
        place = unpack(number)
        state, environment = self.ledgers.table[place.ledger].state, self.outsides[place.outside][0]
        return Node(state, environment, place.inputs, place.transit)

    def configuration(self, number: int) -> Configuration:
        """Return the configuration of a place."""
        return self.space.configuration(self.node(number))

    def of(self, number: int) -> list[int]:  # noqa: C901, PLR0912 - one call for each place; see below
        """Return the places that follow, one for each event.

        The loops are written out, and look up before they call: this is where a search spends its time.
        """
        transit, ledger = number & TRANSIT_MASK, number >> LEDGER_SHIFT
        entries, branches, ways_of = self.transits.entries, self.transits.branches, self.ledgers.ways
        entry = (entries[transit] if transit < len(entries) else None) or self.transits.entry(transit)
        alone, performs, deliveries, fire, again, recover, lost_input = entry
        found: list[int] = []
        if fire is not None:
            inputs = number >> INPUTS_SHIFT & INPUTS_MASK
            firing = self._firing.get(inputs)
            for consumed, used_up in self.firing(inputs) if firing is None else firing:
                base = number + fire[0]
                for change, ending in ways_of.get(ledger << CONSUMED_BITS | consumed) or self._take(number, consumed):
                    used, others = branches.get(fire[1] + ending) or self.transits.branch(fire[1], ending)
                    ended = base + change + used_up
                    for delta in used:
                        found.append(ended + delta)  # noqa: PERF401 - mostly one, for which a loop is quicker
                    for durable, delta in others:
                        found.append(base + delta + (change if durable else 0))
            if lost_input:
                found += [number + lost_input + lost for lost in self._losing(inputs)]
            if again is not None:
                for consumed in self.space.answered_inputs(inputs):
                    self._follow(number, consumed, again, found)
        for consumed, paid, slot in deliveries:
            base = number + paid
            for change, ending in ways_of.get(ledger << CONSUMED_BITS | consumed) or self._take(number, consumed):
                used, others = branches.get(slot + ending) or self.transits.branch(slot, ending)
                for delta in used:
                    found.append(base + change + delta)
                for durable, delta in others:
                    found.append(base + delta + (change if durable else 0))
        if recover is not None:
            for change, ending in self.ledgers.recoveries.get(ledger) or self.ledgers.recover(ledger):
                used, _ = branches.get(recover[1] + ending) or self.transits.branch(recover[1], ending)
                for delta in used:
                    found.append(number + change + delta)
        for delta in alone:
            found.append(number + delta)
        if performs:
            outside, landed = number >> OUTSIDE_SHIFT & OUTSIDE_MASK, self.transits.landed
            for action, key in performs:
                ways = self._performs.get(outside << CONSUMED_BITS | action) or self.perform(outside, action)
                for change, value in ways:
                    found.append(number + change + (landed.get(key + value) or self.transits.land(key, value)))
        return found

    def without_faults(self, number: int) -> Iterator[int]:
        """Yield the places that follow without any fault or input: what a recovery may use."""
        place = unpack(number)
        here, transits = self.space.transits[place.transit], self.transits
        entry = transits.entry(place.transit)
        if entry.recover is not None:
            change, ending = (self.ledgers.recoveries.get(place.ledger) or self.ledgers.recover(place.ledger))[0]
            yield from (number + change + delta for delta in transits.branch(entry.recover[1], ending)[0])
        else:
            yield from (number + after for after in transits.dispatches(place.transit))
            for consumed, paid, slot in entry.deliveries:
                if not paid:
                    ways = self.ledgers.ways.get(self.ledgers.key(place.ledger, consumed))
                    change, ending = (ways or self._take(number, consumed))[0]
                    yield number + change + transits.branch(slot, ending)[0][0]
        for item, _ in self.space.on_wire(here.requests):
            key = transits.perform_key(place.transit, item)
            for change, value in self.perform(place.outside, self.space.requests[item][0]):
                yield number + change + transits.land(key, value)

    def is_cornered(self, number: int) -> bool:
        """Tell whether every result on the wire, where there is nothing else, makes stf ask for more."""
        place = unpack(number)
        for consumed, paid, _ in self.transits.entry(place.transit).deliveries:
            if not paid:
                ways = self.ledgers.ways.get(self.ledgers.key(place.ledger, consumed)) or self._take(number, consumed)
                if not self.transits.endings[ways[0][1]].tracked:
                    return False
        return True

    def _follow(self, number: int, consumed: int, slot: tuple[int, int], found: list[int]) -> None:
        base = number + slot[0]
        key = self.ledgers.key(number >> LEDGER_SHIFT, consumed)
        for change, ending in self.ledgers.ways.get(key) or self._take(number, consumed):
            used, others = self.transits.branches.get(slot[1] + ending) or self.transits.branch(slot[1], ending)
            found += [base + change + delta for delta in used]
            found += [base + delta + (change if durable else 0) for durable, delta in others]

    # Worked out once for each different argument.

    def firing(self, inputs: int) -> Firing:
        """Return the inputs that may be fired next: (input, difference of having used it up)."""
        found = tuple(
            (consumed, (after - inputs) << INPUTS_SHIFT) for consumed, after in self.space.next_inputs(inputs)
        )
        self._firing[inputs] = found
        return found

    def _losing(self, inputs: int) -> list[int]:
        return [(after - inputs) << INPUTS_SHIFT for _, after in self.space.lost_inputs(inputs)]

    def perform(self, outside: int, action: int) -> tuple[tuple[int, int], ...]:
        """Return how the environment may perform an action: (difference made to the place, value of the result)."""
        environment, given = self.outsides[outside]
        ways = []
        for performed in self.space.performs(environment, action):
            answered = given
            if performed.choices:
                answered = self.answers.after(given, action, self.space.values.number(performed.choices))
            after = self.outsides.number((performed.environment, answered))
            ways.append(((after - outside) << OUTSIDE_SHIFT, performed.value))
        found = self._performs[outside << CONSUMED_BITS | action] = tuple(ways)
        return found

    def _take(self, number: int, consumed: int) -> Ways:
        """Work out a transition that was not met before, and tell which rules it breaks."""
        ledger = number >> LEDGER_SHIFT
        ways, breaches = self.ledgers.take(ledger, consumed)
        breaches += [(breach, None) for breach in self.judge(self.ledgers.table[ledger].state, consumed)]
        for breach, failed in breaches:
            self.broke(breach, number, consumed, failed)
        return ways
