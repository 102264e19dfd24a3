"""C code that writes to a list of the state without asking it is named; on a list of one's own it is left alone."""

# ruff: noqa: ARG001 - stf takes what it is given

import heapq
from dataclasses import dataclass, field

import pytest

import phasm_lab as pl
from tests.purity.drive import judge, scenario_of


@dataclass
class Waiting:
    numbers: list[int] = field(default_factory=lambda: [3, 1, 2])
    seen: list[int] = field(default_factory=list)


def line_of(function, offset):
    return f"test_past_journal.py:{function.__code__.co_firstlineno + offset}, in {function.__name__}"


async def pushes(state, input, actions):
    heapq.heappush(state.numbers, 0)


async def pushes_and_writes(state, input, actions):
    state.seen.append(len(state.numbers))
    heapq.heappush(state.numbers, 0)


async def pops(state, input, actions):
    state.seen.append(heapq.heappop(state.numbers))


async def sorts(state, input, actions):
    heapq.heapify(state.numbers)


async def replaces(state, input, actions):
    heapq.heapreplace(state.numbers, 9)


async def sorts_in_restore(state, actions):
    heapq.heapify(state.numbers)


@pytest.mark.parametrize(
    ("function", "offset", "name"),
    [
        (pushes, 1, "heappush"),
        (pushes_and_writes, 2, "heappush"),
        (pops, 1, "heappop"),
        (sorts, 1, "heapify"),
        (replaces, 1, "heapreplace"),
    ],
)
def test_a_heap_in_the_state_is_refused_by_its_line(function, offset, name):
    with pytest.raises(pl.DefinitionError) as refused:
        judge(scenario_of(function, initial=Waiting, restore=nothing))
    assert (
        f"{line_of(function, offset)}: heapq.{name}() on a list of the state: C code writes to the list without asking it, "
        "and no rollback would undo that; use bisect.insort, or keep the heap in a list of its own: "
        "heap = list(state.heap), and state.heap = heap"
    ) == str(refused.value)


async def nothing(*_):
    pass


def test_one_in_restore_is_refused_too():
    with pytest.raises(pl.DefinitionError) as refused:
        judge(scenario_of(nothing, initial=Waiting, restore=sorts_in_restore))
    assert f"{line_of(sorts_in_restore, 1)}: heapq.heapify() on a list of the state" == refused.value.asked


def test_where_several_lines_may_have_done_it_all_are_named():
    async def sorts_two(state, input, actions):
        heapq.heapify([2, 1])
        heapq.heapify(state.numbers)

    with pytest.raises(pl.DefinitionError) as refused:
        judge(scenario_of(sorts_two, initial=Waiting, restore=nothing))
    lines = [f"{line_of(sorts_two, offset)}: heapq.heapify()" for offset in (1, 2)]
    assert " or ".join(lines) + " on a list of the state" == refused.value.asked


async def keeps_its_own(state, input, actions):
    heap = list(state.numbers)
    heapq.heapify(heap)
    heapq.heappush(heap, len(heap))
    state.seen.append(heapq.heappop(heap))
    state.numbers = heap


async def merges(state, input, actions):
    state.seen = list(heapq.merge(state.seen, state.numbers))[:4]
    state.numbers = heapq.nsmallest(2, state.numbers)


@pytest.mark.parametrize("function", [keeps_its_own, merges])
def test_a_heap_of_its_own_is_left_alone(function):
    assert ([], []) == judge(scenario_of(function, initial=Waiting, restore=nothing))


def test_a_search_ends_with_it():
    machine = pl.Machine(Waiting, sorts, nothing)
    with pytest.raises(pl.DefinitionError, match="heapify"):
        pl.check(pl.Scenario(machine, inputs=["go"]))
