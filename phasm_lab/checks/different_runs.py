"""A few runs that differ in kind: one for each goal, each fault, each outcome; what to look at when nothing is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.checks.packing import unpack
from phasm_lab.checks.runs import run_through
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.machine.text import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.checks.explore import Search
    from phasm_lab.trace.trace import Trace

__all__ = ["different_runs"]

LONGEST_OUTCOME = 60


def different_runs(search: Search, count: int) -> list[tuple[str, Trace]]:
    """Return at most `count` runs that a search went through: (what is particular about it, run), none twice."""
    chosen: dict[int, str] = {}
    for title, number in _candidates(search):
        if number != search.start:
            chosen.setdefault(number, title)
        if len(chosen) == count:
            break
    return [(title, run_through(search, number)) for number, title in chosen.items()]


def _candidates(search: Search) -> Iterator[tuple[str, int]]:
    """Yield goals, then faults, each at the first place where it is met and all is quiet; then outcomes."""
    for index, claim in enumerate(search.scenario.properties):
        if index in search.judging.reached:
            yield f"goal: {claim.words}", search.judging.reached[index][0]
    yield from _with_faults(search)
    yield from _outcomes(search)


def _with_faults(search: Search) -> Iterator[tuple[str, int]]:
    space = search.space
    whole = space.budgets[space.phases[space.start.phase].budgets]
    found: dict[str, int] = {}
    for number in search.quiescent:
        left = space.budgets[space.phases[unpack(number).phase].budgets]
        spent = [name for name, before, after in zip(FAULT_NAMES, whole, left, strict=True) if after < before]
        if len(spent) == 1:
            found.setdefault(spent[0], number)
    for name, number in found.items():
        yield f"fault: {name.replace('_', ' ')}", number


def _outcomes(search: Search) -> Iterator[tuple[str, int]]:
    """Yield the first place of each quiescent state and environment, the furthest of them first, since it shows most."""
    first: dict[tuple[int, int], int] = {}
    for number in search.quiescent:
        node = search.successors.node(number)
        first.setdefault((node.state, node.environment), number)
    for number in reversed(first.values()):
        state = search.successors.configuration(number).state.view()
        yield f"ends with {text_of(state)[:LONGEST_OUTCOME]}", number
