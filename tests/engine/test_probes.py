"""Probes: results that nothing on the wire carries, tried to see what the machine does with them."""

from dataclasses import replace

import pytest

import phasm_lab as pl
from phasm_lab.engine import Crash, Deliver, Fault, Fire, enabled, step
from phasm_lab.errors import NotEnabledError
from phasm_lab.machine.data import same
from tests.engine.desk import (
    Ask,
    Desk,
    after,
    ask,
    budgets,
    deliver,
    desk,
    dispatch,
    last,
    restore,
    result,
    stf,
    wire,
)

ANSWERED = [Fire(Ask()), dispatch(1), ask(1), deliver(1)]


def probe(identity, value="yes", life=0):
    return replace(deliver(identity, value, life), probe=True)


def refusal(scenario, *events):
    with pytest.raises(NotEnabledError) as caught:
        step(scenario, after(scenario, *events[:-1]), events[-1])
    return str(caught.value).removeprefix(f"{events[-1]!r}: ")


def test_a_probe_reaches_the_machine_like_any_result():
    taken = last(desk(Ask()), *ANSWERED, probe(1, "no"))
    assert "committed" == taken.record.result
    assert Desk(2, {}, {1: ["yes", "no"]}) == taken.configuration.state.plain()


def test_a_probe_leaves_the_wire_as_it_is():
    scenario = desk(Ask(2))
    events = Fire(Ask(2)), dispatch(1), ask(1), dispatch(2)
    expected = ["request 2 of life 0", "result 1 yes of life 0"]
    assert expected == wire(after(scenario, *events))
    assert expected == wire(after(scenario, *events, probe(1)))


def test_a_probe_costs_no_budget_even_where_it_overtakes():
    scenario = desk(Ask(), faults=pl.Faults(reordered_results=1))
    assert {"reordered_results": 1} == budgets(after(scenario, *ANSWERED[:3], probe(1, "no")))


async def rejects_no(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, "no"):
            raise LookupError("that was not asked")
        case _:
            await stf(state, input, actions)


def test_a_probe_that_the_machine_rejects_changes_nothing():
    scenario = desk(Ask(), machine=pl.Machine(initial=Desk, stf=rejects_no, restore=restore))
    before = after(scenario, *ANSWERED)
    taken = step(scenario, before, probe(1, "no"))
    assert ("rejected", before) == (taken.record.result, taken.configuration)


def test_no_probe_reaches_a_process_that_is_down():
    scenario = desk(Ask(), faults=pl.Faults(crashes=1))
    assert "the process is down: recover first" == refusal(scenario, *ANSWERED, Crash(), probe(1))


def test_nothing_goes_wrong_in_a_probe():
    scenario = desk(Ask(), faults=pl.Faults(crashes=1))
    faulted = replace(probe(1), fault=Fault("before commit"))
    assert "nothing can go wrong in a probe" == refusal(scenario, *ANSWERED, faulted)


def test_a_life_that_has_not_begun_asked_for_nothing():
    assert "life 1 has not begun, so it asked for nothing" == refusal(desk(Ask()), *ANSWERED, probe(1, life=1))


def test_no_probe_is_among_the_enabled_events():
    scenario = desk(Ask(), faults=pl.Faults(crashes=1, duplicated_results=1))
    for count in range(len(ANSWERED) + 1):
        events = enabled(scenario, after(scenario, *ANSWERED[:count]))
        assert [] == [event for event in events if isinstance(event, Deliver) and event.probe]


def test_a_probe_is_another_event_than_a_delivery():
    assert not same(probe(1), Deliver(result(1)))
