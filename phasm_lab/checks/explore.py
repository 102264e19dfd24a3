"""The search: every configuration that the budgets allow, breadth first, so that the first way found is a shortest one.

Theory of operation. A *place* is a configuration with what the machine owes there and what the environment answered on
the way, packed into a single integer (`phasm_lab.checks.packing`). The search keeps the places in the order in which it
met them, and for each the place that it came from; nothing else. A run is built again afterwards, by stepping the real
engine along the places and choosing at each the event that leads to the next. So every counterexample was taken by
`step`, and the search's arithmetic is checked by it.

Rules of one transition are judged where a transition is first worked out (`phasm_lab.checks.accounts`), rules of a
configuration where it is expanded (`phasm_lab.checks.judging`), rules of all runs when the search has ended
(`phasm_lab.checks.conclusions`).
"""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.checks.conclusions import Conclusions
from phasm_lab.checks.growth import Growth
from phasm_lab.checks.interning import SearchEndedError
from phasm_lab.checks.judging import Judging
from phasm_lab.checks.packing import (
    ACCOUNT_SHIFT,
    OUTSIDE_SHIFT,
    PART_MASK,
    PHASE_SHIFT,
    REQUESTS_SHIFT,
    RESULTS_SHIFT,
)
from phasm_lab.checks.purity import Purity
from phasm_lab.checks.space import Space
from phasm_lab.checks.successors import FLIGHT_MASK, Successors

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from phasm_lab.checks.accounts import Failed
    from phasm_lab.checks.endings import Reductions
    from phasm_lab.checks.obligations import Breach
    from phasm_lab.engine.drive import Limits
    from phasm_lab.engine.scenario import Scenario

__all__ = ["Found", "Search"]

RESULTS_ONLY_MASK = (1 << RESULTS_SHIFT) - 1
"""Queue and requests: where they are 0, nothing is in flight but results."""

SLICE_COUNT = 32
"""Places expanded before whoever drives the search is asked whether to go on."""


class Found(NamedTuple):
    """Where a rule is broken.

    Attributes
    ----------
    place
        The last place of the run but for what follows.
    length
        Steps of the run.
    taking
        How stf takes the input of the transition that breaks the rule after that place, -1 where the place itself breaks it.
    is_probe
        Whether that is a probe: a result that nothing on the wire carries.
    failed
        The injected error that the transition meets, None for a clean run.
    """

    slug: str
    message: str
    place: int
    length: int
    taking: int = -1
    is_probe: bool = False
    failed: Failed | None = None


class Search:
    """Explores a scenario level by level.

    Attributes
    ----------
    seen
        By place, in the order in which they were met: the place that it was met from; -1 for the start.
    level_sizes
        How many places are as many steps away from the start.
    found
        What is broken, by slug, or by slug and property.
    stopped
        Why the search ended early, else "".
    quiescent
        The quiescent places that were expanded.
    purity
        Looks for what is impure, None where nobody asked for it.
    follows_answers, needs_answers
        Whether places hold what the environment answered; whether `changed-outcome` cannot be judged without.
    """

    def __init__(
        self,
        scenario: Scenario,
        limits: Limits,
        *,
        limit: int,
        reductions: Reductions,
        follows_answers: bool = True,
        pure: bool = True,
    ) -> None:
        self.scenario = scenario
        self.space = Space(scenario, limits)
        self.successors = Successors(self.space, reductions, self._broke, follows_answers=follows_answers)
        self.follows_answers = follows_answers
        self.needs_answers = False
        self.limit = limit
        self.stopped = ""
        self.depth = 0
        self.transition_count = 0
        self.found: dict[Hashable, Found] = {}
        self.quiescent: list[int] = []
        self.cornered: list[int] = []
        self.start = self.successors.start()
        self.seen: dict[int, int] = {self.start: -1}
        self.level_sizes = [1]
        self.judging = Judging(self)
        self.conclusions = Conclusions(self)
        self.growth = Growth(self.space)
        self.purity = Purity(self.space) if pure else None
        self.successors.accounts.rules.purity = self.purity
        self._level = [self.start]
        self._begun: tuple[list[int], int] = ([], 0)
        self._counted = (0, 0)

    # Going on.

    def run(self) -> Iterator[None]:
        """Search until everything is seen or a limit is reached; yields often, so that whoever drives it stays free."""
        try:
            yield from self._levels()
            yield from self.conclusions.judge()
        except SearchEndedError as error:
            self.stopped = str(error)
            level, begin = self._begun
            yield from self._judge_rest(level[begin:])

    def close(self) -> None:
        """End what was started beside the search; it may be looked at still."""
        if self.purity is not None:
            self.purity.close()

    def _levels(self) -> Iterator[None]:
        while self._level:
            level, self._level = self._level, []
            self.depth += 1
            for begin in range(0, len(level), SLICE_COUNT):
                self._begun = (level, begin)
                expanded = self._expand(level[begin : begin + SLICE_COUNT])
                if self.stopped:
                    yield from self._judge_rest(level[begin + expanded :])
                    return
                yield
            if self._level:
                self.level_sizes.append(len(self._level))
            self.growth.note()
        self.depth = len(self.level_sizes) - 1

    def _expand(self, places: list[int]) -> int:
        """Expand places and judge them; return how many could be. Written out, since every place comes through here."""
        of, seen, reach, judging = self.successors.of, self.seen, self._level.append, self.judging
        restored, decided, limit, count = self.successors.accounts.restored, judging.decided, self.limit, 0
        phases, has_claims, flights = self.successors.phases.entries, judging.has_claims, self.successors.flights
        queued, requested, answered = flights.queue_ids, flights.request_ids, flights.result_ids
        for index, number in enumerate(places):
            following = of(number)
            count += len(following)
            for after in following:
                if after not in seen:
                    seen[after] = number
                    reach(after)
            if phases[number >> PHASE_SHIFT & PART_MASK].up:
                asked = restored[number >> ACCOUNT_SHIFT]
                if asked & ~(
                    queued[number & PART_MASK]
                    | requested[number >> REQUESTS_SHIFT & PART_MASK]
                    | answered[number >> RESULTS_SHIFT & PART_MASK]
                ):
                    judging.waiting(number)
                if not number & RESULTS_ONLY_MASK:
                    self._still(number)
            if has_claims and number >> OUTSIDE_SHIFT not in decided:
                judging.claims(number)
            if len(seen) > limit:
                self._cut()
                self.transition_count += count
                return index + 1
        self.transition_count += count
        return len(places)

    def _still(self, number: int) -> None:
        """Note places without a move that brings quiescence nearer for sure: `no-recovery` looks at these alone."""
        if not number & FLIGHT_MASK:
            self.quiescent.append(number)
            self.judging.quiescent_claims(number)
        elif self.successors.is_cornered(number):
            self.cornered.append(number)

    def _cut(self) -> None:
        """Forget what was met beyond the limit."""
        while len(self.seen) > self.limit:
            self.seen.popitem()
            self._level.pop()
        configurations = "1 configuration" if self.limit == 1 else f"{self.limit:,} configurations"
        self.stopped = f"the limit of {configurations} was reached{self.growth.sentence()}"

    def _judge_rest(self, places: list[int]) -> Iterator[None]:
        """Judge what was met and cannot be expanded any more."""
        for at_depth, numbers in ((self.depth, places), (self.depth + 1, self._level)):
            self.depth = at_depth
            for index, number in enumerate(numbers):
                with suppress(SearchEndedError):
                    self.judging.all_of(number)
                if index % SLICE_COUNT == 0:
                    yield
        if self._level:
            self.level_sizes.append(len(self._level))
        self.depth = len(self.level_sizes) - 1

    # Noting.

    def note(self, found: Found, key: Hashable = None) -> None:
        """Keep what is broken, unless a run as short breaks the same."""
        name = found.slug if key is None else (found.slug, key)
        known = self.found.get(name)
        if known is None or found.length < known.length:
            self.found[name] = found

    def note_here(self, breach: Breach, number: int, key: Hashable = None) -> None:
        """Keep what the place that is being expanded breaks."""
        self.note(Found(breach.slug, breach.message, number, self.depth - 1), key)

    def _broke(self, breach: Breach, number: int, taking: int, failed: Failed | None) -> None:
        """Keep what a transition breaks (its step is the last of the run), or restore where the place is."""
        length = self.depth if taking >= 0 else self.depth - 1
        self.note(Found(breach.slug, breach.message, number, length, taking, failed=failed))

    # Looking back.

    @property
    def complete(self) -> bool:
        """Whether every reachable configuration was seen."""
        return not self.stopped and not self._level

    @property
    def place_count(self) -> int:
        """How many different places were met."""
        return len(self.seen)

    @property
    def waiting_count(self) -> int:
        """How many places are met and not yet expanded."""
        return len(self._level)

    @property
    def configuration_count(self) -> int:
        """How many different configurations were seen."""
        if self._counted[0] != len(self.seen):
            self._counted = (len(self.seen), self._count())
        return self._counted[1]

    def _count(self) -> int:
        """Count places that differ in more than what is owed and answered: each by the first of its kind."""
        accounts = _firsts([account.state for account in self.successors.accounts.table])
        outsides = _firsts([environment for environment, _ in self.successors.outsides])
        to_account = [first - index << ACCOUNT_SHIFT for index, first in enumerate(accounts)]
        to_outside = [first - index << OUTSIDE_SHIFT for index, first in enumerate(outsides)]
        if not any(to_account) and not any(to_outside):
            return len(self.seen)
        others, count = set(), 0
        for number in self.seen:
            change = to_account[number >> ACCOUNT_SHIFT] + to_outside[number >> OUTSIDE_SHIFT & PART_MASK]
            if not change:
                count += 1
            elif number + change not in self.seen:
                others.add(number + change)
        return count + len(others)

    def places(self) -> Iterator[tuple[int, int]]:
        """Yield every place met, in order, with its fewest steps from the start: (depth, place)."""
        numbers = iter(list(self.seen))
        for depth, size in enumerate(self.level_sizes):
            yield from ((depth, number) for number in islice(numbers, size))

    def path(self, number: int) -> list[int]:
        """Return the places from the start to one."""
        found = []
        while number >= 0:
            found.append(number)
            number = self.seen[number]
        return found[::-1]


def _firsts(values: list[int]) -> list[int]:
    """Return for each index that of the first equal value.

    Examples
    --------
    >>> _firsts([7, 8, 7])
    [0, 1, 0]
    """
    first: dict[int, int] = {}
    return [first.setdefault(value, index) for index, value in enumerate(values)]
