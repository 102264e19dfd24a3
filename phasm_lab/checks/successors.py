"""What follows a place: every event of the search, each as an addition to the place's integer.

Theory of operation. An event changes some parts of a place and depends on few of them: handing over on the queue and the
requests, a perform on the environment and the requests, a delivery on the results and the state. What it does to a part
depends on these alone, is worked out once (`phases`, `flights`, `accounts`), and is kept as the difference of two packed
integers. A successor is the sum of a place and one to four such differences, so a configuration is expanded without
being looked at.

The events are those of `phasm_lab.engine.enabled`, crash classes once each. A test compares the two, configuration by
configuration, on every example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.checks.accounts import Accounts, Failed
from phasm_lab.checks.answers import Answers
from phasm_lab.checks.endings import COMMITTED_NOTHING, REFUSED, Reductions, no_endings
from phasm_lab.checks.flights import Flights
from phasm_lab.checks.interning import Remembered, Table
from phasm_lab.checks.packing import (
    ACCOUNT_SHIFT,
    OUTSIDE_SHIFT,
    PART_BITS,
    PART_MASK,
    PHASE_SHIFT,
    REQUESTS_SHIFT,
    RESULTS_SHIFT,
    Place,
    pack,
    pair,
    triple,
    unpack,
    unpair,
)
from phasm_lab.checks.parts import Node
from phasm_lab.checks.phases import Phases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from phasm_lab.checks.obligations import Breach
    from phasm_lab.checks.phases import PhaseEntry
    from phasm_lab.checks.space import Space
    from phasm_lab.engine.configuration import Configuration

__all__ = ["FLIGHT_MASK", "Successors"]

FLIGHT_MASK = (1 << PHASE_SHIFT) - 1
"""The parts of a place that are in flight: nothing is, where they are 0."""

WIRE_FAULTS = ("lost_requests", "duplicated_requests", "delayed_requests", "lost_results", "duplicated_results")


class Successors:
    """Expands places of a space.

    Parameters
    ----------
    space
        Runs the user's code and remembers it.
    reductions
        What to leave out.
    broke
        Called with a breach, the place that is being expanded or judged, the taking of the transition that breaks the rule
        (-1 for restore), and the error that it met.
    follows_answers
        Whether a place holds what the environment answered on the way.
    """

    def __init__(
        self,
        space: Space,
        reductions: Reductions,
        broke: Callable[[Breach, int, int, Failed | None], None],
        *,
        follows_answers: bool = True,
    ) -> None:
        self.space = space
        self.here = -1
        self.endings = no_endings()
        self.phases = Phases(space, dies_in_transitions=not reductions.crash_between_steps)
        self._dies_in_transitions = not reductions.crash_between_steps
        self.flights = Flights(space, self.endings, oldest_dispatch=reductions.oldest_dispatch)
        self.accounts = Accounts(space, self.endings, lambda *what: broke(what[0], self.here, *what[1:]))
        self.answers = Answers(space)
        self.outsides: Table[tuple[int, int]] = Table()
        self.performs = Remembered(self._perform)
        self._follows_answers = follows_answers
        self._performs_while_down = not reductions.no_perform_while_down
        faults = space.scenario.faults
        self._wire_faults = tuple(name for name in WIRE_FAULTS if getattr(faults, name))

    def start(self) -> int:
        """Return the place that every run begins with."""
        node = self.space.start
        account = self.accounts.number(node.state, self.accounts.obligations.none)
        outside = self.outsides.number((node.environment, self.answers.none))
        return pack(Place(account, outside, node.phase, node.results, node.requests, node.queue))

    def node(self, number: int) -> Node:
        """Return the configuration of a place, as the numbers of its parts."""
        place = unpack(number)
        state, environment = self.accounts.table[place.account].state, self.outsides[place.outside][0]
        return Node(state, environment, place.phase, place.results, place.requests, place.queue)

    def configuration(self, number: int) -> Configuration:
        """Return the configuration of a place."""
        return self.space.configuration(self.node(number))

    def is_up(self, number: int) -> bool:
        """Tell whether the process is up at a place."""
        return self.phases.entries[number >> PHASE_SHIFT & PART_MASK].up

    def is_quiescent(self, number: int) -> bool:
        """Tell whether the process is up, nothing is queued and nothing is on the wire."""
        return not number & FLIGHT_MASK and self.is_up(number)

    def of(self, number: int) -> list[int]:
        """Return the places that follow, one for each event; this is where a search spends its time."""
        self.here = number
        phase = self.phases.entries[number >> PHASE_SHIFT & PART_MASK]
        found: list[int] = []
        if phase.up:
            self._transitions(number, phase, found)
            queue = number & PART_MASK
            if queue:
                for change in self.flights.handing_over[queue << PART_BITS | number >> REQUESTS_SHIFT & PART_MASK]:
                    found.append(number + change)  # noqa: PERF401 - mostly one, for which a loop is quicker
            if phase.crash or phase.recovery_crash:
                self._die(number, phase, found)
        else:
            self._recover(number, phase, found)
        requests = number >> REQUESTS_SHIFT & PART_MASK
        if requests and (phase.up or self._performs_while_down):
            outside, results = number >> OUTSIDE_SHIFT & PART_MASK, number >> RESULTS_SHIFT & PART_MASK
            performs, landed = self.performs, self.flights.landed
            for request, action, taken in self.flights.performable[requests]:
                base, key = number + taken, (results << PART_BITS | request) << PART_BITS
                for change, value in performs[outside << PART_BITS | action]:
                    found.append(base + change + landed[key | value])
        if self._wire_faults and number & FLIGHT_MASK:
            self._fail_on_the_wire(number, found)
        return found

    def _transitions(self, number: int, phase: PhaseEntry, found: list[int]) -> None:
        account, results = number >> ACCOUNT_SHIFT << PART_BITS, number >> RESULTS_SHIFT & PART_MASK
        for taking, used_up in phase.firing:
            self._take(number, number + used_up, account | taking, found)
        for taking, paid in phase.again:
            self._take(number + paid, number + paid, account | taking, found)
        for lost in phase.losing:
            found.append(number + lost)  # noqa: PERF401 - mostly none
        if results:
            ways, is_plain = self.accounts.ways, phase.commits_plainly
            for taking, taken, overtakes in self.flights.deliverable[results]:
                if not overtakes:
                    used = number + taken
                    for way in ways[account | taking]:
                        if way[1] == REFUSED or (is_plain and way[1] == COMMITTED_NOTHING):
                            found.append(used + way[0])
                        else:
                            self._end(number, used, way, account | taking, found)
                elif phase.reordering:
                    paid = number + phase.reordering
                    self._take(paid, paid + taken, account | taking, found)

    def _take(self, was: int, used: int, key: int, found: list[int]) -> None:
        """Add what follows when stf takes an input: `was` is the place before, `used` the same without the input."""
        for way in self.accounts.ways[key]:
            if way[1] == REFUSED:
                found.append(used + way[0])
            else:
                self._end(was, used, way, key, found)

    def _end(self, was: int, used: int, way: tuple[int, int], key: int, found: list[int]) -> None:
        change, ending = way
        tracked, refused, budget = self.endings[ending]
        queue, before = was & PART_MASK, self.phases.entries[was >> PHASE_SHIFT & PART_MASK]
        queued = 0
        if tracked:
            queued = self.flights.queued[(queue << PART_BITS | ending) << PART_BITS | before.life]
        if budget:
            ended = was if refused else used + change + queued
            paid = self._error_paid(self.phases.entries[ended >> PHASE_SHIFT & PART_MASK], budget)
            if paid:
                found.append(ended + paid)
                self.accounts.note_error(key, ending)
            return
        found.append(used + change + queued)
        if before.commits_plainly:
            return
        after = self.phases.entries[used >> PHASE_SHIFT & PART_MASK]
        crash = self._crash(after, queue) if self._dies_in_transitions else 0
        if crash:
            requests = used >> REQUESTS_SHIFT & PART_MASK
            handed = self.flights.handed[triple(requests, ending, after.life)] if tracked else (requests,)
            self._deaths(used + change + crash - queue, handed, found)
        if before.unknown_commit:
            dead = was + change + before.unknown_commit - queue
            self._deaths(dead, (was >> REQUESTS_SHIFT & PART_MASK,), found)
        if before.commit_failure:
            found.append(was + before.commit_failure)

    @staticmethod
    def _error_paid(phase: PhaseEntry, budget: str) -> int:
        return phase.access_error if budget == "access_errors" else phase.add_error

    def _crash(self, phase: PhaseEntry, queue: int) -> int:
        """Return the difference that paying for a crash makes, 0 if there is no budget left."""
        if phase.recovery_crash and self.space.has_restored(queue):
            return phase.recovery_crash
        return phase.crash

    def _die(self, number: int, phase: PhaseEntry, found: list[int]) -> None:
        queue = number & PART_MASK
        crash = self._crash(phase, queue)
        if crash:
            self._deaths(number + crash - queue, (number >> REQUESTS_SHIFT & PART_MASK,), found)

    def _deaths(self, dead: int, handed: tuple[int, ...], found: list[int]) -> None:
        """Add what a crash leaves of the wire, for the requests after each number of actions handed over before it."""
        surviving = self.flights.surviving_requests
        from_results = self.flights.surviving_results[dead >> RESULTS_SHIFT & PART_MASK]
        requests = dead >> REQUESTS_SHIFT & PART_MASK
        for after in handed:
            there = dead + (after - requests << REQUESTS_SHIFT)
            for left_requests in surviving[after]:
                for left_results in from_results:
                    found.append(there + left_requests + left_results)  # noqa: PERF401 - mostly one or two

    def _recover(self, number: int, phase: PhaseEntry, found: list[int]) -> None:
        """Add what follows restore, which leaves the process down where it raises."""
        for change, ending in self.accounts.recoveries[number >> ACCOUNT_SHIFT]:
            tracked, refused, budget = self.endings[ending]
            if not budget:
                if not refused:
                    queued = self.flights.restored[triple(number & PART_MASK, ending, phase.life)] if tracked else 0
                    found.append(number + change + queued + phase.recovered)
                continue
            paid = self._error_paid(phase, budget)
            if paid and refused:
                found.append(number + paid)
            elif paid:
                queued = self.flights.restored[triple(number & PART_MASK, ending, phase.life)] if tracked else 0
                up = self.phases.entries[number + paid >> PHASE_SHIFT & PART_MASK].recovered
                found.append(number + paid + change + queued + up)

    def _fail_on_the_wire(self, number: int, found: list[int]) -> None:
        here = number >> PHASE_SHIFT & PART_MASK
        phase = self.space.phases[here]
        for budget, change in self.flights.wire_faults[number & FLIGHT_MASK | phase.mode << PHASE_SHIFT]:
            budgets = self.space.spend(phase.budgets, budget)
            if budgets >= 0:
                paid = self.space.phases.number(phase._replace(budgets=budgets)) - here
                found.append(number + change + (paid << PHASE_SHIFT))

    def _perform(self, key: int) -> tuple[tuple[int, int], ...]:
        """Work out how the environment may perform an action: (difference, value of the result)."""
        outside, action = unpair(key)
        environment, given = self.outsides[outside]
        ways = []
        for performed in self.space.performs(environment, action):
            answered = given
            if performed.choices and self._follows_answers:
                answered = self.answers.after(given, action, self.space.values.number(performed.choices))
            after = self.outsides.number((performed.environment, answered))
            ways.append(((after - outside) << OUTSIDE_SHIFT, performed.value))
        return tuple(ways)

    def takings(self, number: int) -> list[int]:
        """Return how stf may take what comes next: inputs, inputs sent again, results."""
        place = unpack(number)
        phase = self.phases.entries[place.phase]
        fired = [taking for taking, _ in (*phase.firing, *phase.again)]
        return fired + [taking for taking, _, _ in self.flights.deliverable[place.results]]

    # What a recovery may use.

    def without_faults(self, number: int) -> Iterator[int]:
        """Yield the places that follow without any fault or input."""
        self.here = number
        place, flights = unpack(number), self.flights
        phase = self.phases.entries[place.phase]
        if phase.up:
            yield from (number + change for change in flights.handing_over[pair(place.queue, place.requests)])
            for change, ending, taken in self._free_deliveries(place):
                queued = flights.queued[triple(place.queue, ending, phase.life)] if self.endings[ending].tracked else 0
                yield number + taken + change + queued
        else:
            change, ending = self.accounts.recoveries[place.account][0]
            if not self.endings[ending].refused:
                yield number + change + flights.restored[triple(place.queue, ending, phase.life)] + phase.recovered
        for request, action, taken in flights.performable[place.requests]:
            for change, value in self.performs[pair(place.outside, action)]:
                yield number + taken + change + flights.landed[triple(place.results, request, value)]

    def is_cornered(self, number: int) -> bool:
        """Tell whether the process is up, there is nothing but results, and each makes stf ask for more."""
        self.here = number
        deliveries = self._free_deliveries(unpack(number))
        return self.is_up(number) and all(self.endings[ending].tracked for _, ending, _ in deliveries)

    def _free_deliveries(self, place: Place) -> Iterator[tuple[int, int, int]]:
        for taking, taken, overtakes in self.flights.deliverable[place.results]:
            if not overtakes:
                yield (*self.accounts.ways[pair(place.account, taking)][0], taken)
