"""What no run got to: goals of the user's, inputs rejected or without effect, results never delivered, faults never hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.checks.inert_inputs import inert_inputs
from phasm_lab.checks.packing import PART_MASK, PHASE_SHIFT, REQUESTS_SHIFT, RESULTS_SHIFT, unpair
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import TrackedActionCompleted, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.checks.explore import Search

__all__ = ["goals_unreached"]


def goals_unreached(search: Search) -> Iterator[str]:
    """Yield what no run got to, as sentences; first what is likely the reason for the rest."""
    yield from inert_inputs(search)
    yield from _claims(search)
    yield from _results(search)
    yield from _faults(search)
    yield from _crash_points(search)


def _claims(search: Search) -> Iterator[str]:
    for index, claim in enumerate(search.scenario.properties):
        if claim.kind == "sometimes" and index not in search.judging.reached:
            yield f"sometimes {claim.name}"


def _results(search: Search) -> Iterator[str]:
    """Yield results that the environment may give, or the scenario declares, and that never reach the machine."""
    space = search.space
    delivered = set()
    for _, taking in map(unpair, search.successors.accounts.ways):
        completed = space.consumed[space.takings[taking][0]]
        if isinstance(completed, TrackedActionCompleted):
            delivered.add((space.identities.number(completed.id), space.values.number(completed.result)))
    reached: dict[tuple[str, int], bool] = {}
    for (_, action), ways in space.performed():
        kind = kind_of(space.actions[action].payload)
        for way in ways:
            was = (space.identity(action), way.value) in delivered
            reached[kind, way.value] = reached.get((kind, way.value), False) or was
    for (kind, value), was in reached.items():
        if not was:
            yield f"result {line_of(space.values[value])} of {kind} is never delivered"


def _faults(search: Search) -> Iterator[str]:
    """Yield each fault that has a budget which no run spends."""
    counts = search.scenario.faults.counts()
    spent = {
        search.space.phases[phase].budgets for phase in {number >> PHASE_SHIFT & PART_MASK for number in search.seen}
    }
    for index, name in enumerate(FAULT_NAMES):
        if counts[index] and all(search.space.budgets[budgets][index] == counts[index] for budgets in spent):
            yield f"{name}: {counts[index]} allowed, never hit"


def _crash_points(search: Search) -> Iterator[str]:
    """Yield what a crash never meets: it may find a request or a result on the wire and leave it there."""
    is_up = search.successors.is_up
    if not search.scenario.faults.crashes or all(map(is_up, search.seen)):
        return
    if not any(number >> REQUESTS_SHIFT & PART_MASK and not is_up(number) for number in search.seen):
        yield "no crash meets a request on the wire"
    if not any(number >> RESULTS_SHIFT & PART_MASK and not is_up(number) for number in search.seen):
        yield "no crash meets a result on the wire"
