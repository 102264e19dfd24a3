"""The line is named from which two runs of one transition go different ways, whatever it is that differs."""

# ruff: noqa: ARG001 - stf takes what it is given

import functools
import itertools
import sys
import threading
from dataclasses import dataclass, field

import pytest

import phasm_lab as pl
from phasm_lab.checks.divergence import divergence
from phasm_lab.engine.drive import NoLimits
from phasm_lab.engine.scenario import start
from phasm_lab.engine.transition import attempt

NUMBERS = itertools.count()
LOCAL = threading.local()
CURE = "take it from the input or the state, not from a clock, chance, an address (id, hash, repr) or what is kept elsewhere"


@dataclass
class Notes:
    count: int = 0
    lines: list[str] = field(default_factory=list)


class Thing:
    pass


def number():
    return next(NUMBERS)


async def writes_a_number(state, input, actions):
    state.count += 1
    state.lines.append(str(next(NUMBERS)))
    state.count += 1


async def has_a_number_from_a_helper(state, input, actions):
    state.count += 1
    found = number()
    state.count += found


async def emits_a_number(state, input, actions):
    thing = [Thing()]
    state.count = len(thing)
    actions.add(pl.Tracked("a", next(NUMBERS)))
    state.count += 1


async def takes_another_way(state, input, actions):
    state.count += 1
    if next(NUMBERS) % 3 == 0:
        state.count += 1


async def raises_sometimes(state, input, actions):
    state.count += 1
    if next(NUMBERS) % 3 == 0:
        raise ValueError


async def is_steady(state, input, actions):
    for thing in {Thing(), Thing()}:
        state.lines.append(type(thing).__name__)


async def counts_in_its_thread(state, input, actions):
    LOCAL.count = getattr(LOCAL, "count", 0) + 1
    state.count = LOCAL.count


@functools.cache
def first_number():
    return next(NUMBERS)


async def keeps_a_number(state, input, actions):
    state.count = first_number()


async def restore(state, actions):
    pass


async def writes_a_row(state, input, actions):
    await state.execute("insert into notes values ('a')")
    await state.execute("insert into notes values (?)", (next(NUMBERS),))
    await state.execute("insert into notes values ('b')")


def located(stf, initial=Notes):
    version = start(pl.Scenario(pl.Machine(initial=initial, stf=stf, restore=restore), inputs=["a"])).state

    def run(limits):
        return attempt("stf", stf, version, (pl.Normal("a"),), limits, keep=False)

    place = divergence(run, version, NoLimits(), lambda file: file == __file__)
    return place and (place.function, place.line - globals()[place.function].__code__.co_firstlineno)


@pytest.mark.parametrize(
    ("stf", "expected"),
    [
        (writes_a_number, ("writes_a_number", 2)),
        (has_a_number_from_a_helper, ("number", 1)),
        (emits_a_number, ("emits_a_number", 3)),
        (takes_another_way, ("takes_another_way", 2)),
        (raises_sometimes, ("raises_sometimes", 2)),
        (is_steady, None),
    ],
)
def test_the_line_before_the_first_difference_is_found(stf, expected):
    assert expected == located(stf)


def test_what_a_database_is_told_is_compared():
    assert ("writes_a_row", 2) == located(writes_a_row, pl.sqlite("create table notes (line text)"))


def test_another_trace_function_is_there_again():
    def trace(*_):
        return None

    before = sys.gettrace()
    sys.settrace(trace)
    located(writes_a_number)
    after = sys.gettrace()
    sys.settrace(before)
    assert trace is after


@pytest.mark.parametrize("pure", [True, False])
def test_a_finding_names_the_line_and_what_to_do(pure):
    scenario = pl.Scenario(pl.Machine(initial=Notes, stf=counts_in_its_thread, restore=restore), inputs=["a"])
    found = [
        finding.message for finding in pl.check(scenario, pure=pure).findings if finding.check == "nondeterministic"
    ]
    line = counts_in_its_thread.__code__.co_firstlineno + 2
    told = "Normal(payload='a') run again on the same state gives another state"
    assert [f"test_divergence.py:{line}, in counts_in_its_thread: {told}; {CURE}"] == found


def test_what_a_function_keeps_is_made_again_so_that_its_line_is_found():
    scenario = pl.Scenario(pl.Machine(initial=Notes, stf=keeps_a_number, restore=restore), inputs=["a", "b"])
    found = {finding.check: finding.message.partition(":")[2] for finding in pl.check(scenario).findings}
    line = first_number.__wrapped__.__code__.co_firstlineno + 2
    assert f"{line}, in first_number" == found["nondeterministic"].partition(":")[0]
