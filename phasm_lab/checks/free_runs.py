"""The runs of a scenario in which nothing goes wrong, searched by themselves: which outcomes they have, and by what answers."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from phasm_lab.checks.answers import CONTRADICTED, explained
from phasm_lab.checks.endings import Reductions
from phasm_lab.checks.packing import unpack
from phasm_lab.machine.definition import Faults
from phasm_lab.machine.values import kind_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from phasm_lab.checks.answers import Given
    from phasm_lab.checks.explore import Search
    from phasm_lab.engine.scenario import Scenario

__all__ = ["FreeRuns", "without_faults"]


class FreeRuns:
    """Searches the same scenario with every budget 0, `lost_inputs` excepted."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self._runs: dict[Hashable, list[Given]] = {}
        self._seen: dict[Hashable, set[int]] = {}
        self._complete = False

    def run(self) -> Iterator[None]:
        """Search them; yields often."""
        whole = self.search
        free = type(whole)(
            without_faults(whole.scenario),
            whole.space.limits,
            limit=whole.limit,
            reductions=Reductions(),
            pure=False,
        )
        yield from free.run()
        self._complete = free.complete
        for number in free.quiescent:
            given = free.successors.outsides[unpack(number).outside][1]
            if given != CONTRADICTED:
                self._runs.setdefault(free.conclusions.outcome(number), []).append(self._translated(free, given))
        self._seen = self._choices()

    def has_always(self, outcome: Hashable) -> bool:
        """Tell whether free runs have an outcome whatever the environment answers."""
        runs = self._runs.get(outcome, [])
        return self._complete and bool(runs) and explained((), runs, self._seen)

    def _translated(self, free: Search, given: int) -> Given:
        """Return answers with the numbers of the whole search."""
        space, known = self.search.space, free.space
        return tuple(
            sorted(
                (
                    (space.identities.number(known.identities[identity]), kind),
                    space.values.number(known.values[choices]),
                )
                for (identity, kind), choices in free.successors.answers.table[given]
            )
        )

    def _choices(self) -> dict[Hashable, set[int]]:
        """Return the choices that the environment was seen to make for each key, anywhere in the whole search."""
        space = self.search.space
        seen: dict[Hashable, set[int]] = {}
        for (_, action), ways in space.performed():
            key = (space.identity(action), kind_of(space.actions[action].payload))
            seen.setdefault(key, set()).update(space.values.number(way.choices) for way in ways if way.choices)
        return seen


def without_faults(scenario: Scenario) -> Scenario:
    """Return the scenario without faults, `lost_inputs` excepted (`semantics.md` §8), and without claims."""
    free = copy(scenario)
    free.faults = Faults(lost_inputs=scenario.faults.lost_inputs)
    free.properties = ()
    return free
