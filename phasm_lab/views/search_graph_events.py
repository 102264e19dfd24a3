"""Which event leads from one place of a search to the next: told from what it changed, since a search keeps no events."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from phasm_lab.checks.interning import Remembered
from phasm_lab.checks.packing import (
    ACCOUNT_SHIFT,
    OUTSIDE_SHIFT,
    PART_BITS,
    PART_MASK,
    PHASE_SHIFT,
    REQUESTS_SHIFT,
    RESULTS_SHIFT,
)
from phasm_lab.views.search_graph_changes import DEATHS, Change

if TYPE_CHECKING:
    from phasm_lab.checks.explore import Search
    from phasm_lab.views.search_graph_changes import Move

__all__ = ["Moves"]

QUEUE = PART_MASK
REQUESTS = PART_MASK << REQUESTS_SHIFT
RESULTS = PART_MASK << RESULTS_SHIFT
PHASES = PART_MASK << PHASE_SHIFT
OUTSIDES = PART_MASK << OUTSIDE_SHIFT
STATES = -1 << ACCOUNT_SHIFT


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
        self._plain: dict[tuple[int, int], bool] = {}
        space = search.space
        self.requests = Remembered(lambda number: Counter(map(space.requests.__getitem__, space.request_sets[number])))
        self.results = Remembered(lambda number: Counter(map(space.results.__getitem__, space.result_sets[number])))

    def between(self, source: int, target: int) -> Move:
        """Return the event that leads from a place to one that follows."""
        mask = self._mask(source, target)
        key = source & mask, target & mask
        found = self._known.get(key)
        if found is None:
            node = self.search.successors.node
            found = self._known[key] = Change(self, node(source), node(target)).move()
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
        """Return the parts of the places that the event is told from: the environment's of a perform alone."""
        changed = source ^ target
        if changed & PHASES:
            if not changed >> OUTSIDE_SHIFT and self._is_plain_crash(source, target):
                return PHASES | REQUESTS | RESULTS
            phases = self.space.phases
            old, new = phases[source >> PHASE_SHIFT & PART_MASK], phases[target >> PHASE_SHIFT & PART_MASK]
            return (
                PHASES if old.budgets == new.budgets else STATES | PHASES | RESULTS | REQUESTS | QUEUE * (new.mode % 2)
            )
        if not changed & REQUESTS:
            return RESULTS
        return REQUESTS if changed & QUEUE else REQUESTS | RESULTS | OUTSIDES

    def _is_plain_crash(self, source: int, target: int) -> bool:
        """Tell whether a crash explains it, where neither state nor environment has changed: nothing is handed over."""
        phases, requests = (source & PHASES, target & PHASES), (source & REQUESTS, target & REQUESTS)
        for pair in (phases, requests):
            if pair not in self._plain:
                node = self.search.successors.node
                change = Change(self, node(source), node(target))
                self._plain[phases] = change.is_only_a_crash()
                self._plain[requests] = not change.gained_requests()
        return self._plain[phases] and self._plain[requests]
