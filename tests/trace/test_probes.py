"""Probes in a trace: named, stored, read back, and given up where a changed machine asks for nothing any more."""

from dataclasses import dataclass

import pytest

import phasm_lab as pl
from phasm_lab.engine import Crash, Deliver, Fault, Fire, Recover, Request, Result, start, step
from phasm_lab.trace.asked import asked_for, not_asked
from phasm_lab.trace.codec import encode_event, from_line, to_line
from phasm_lab.trace.labels import label, shorten_label
from phasm_lab.trace.matching import resolve
from phasm_lab.trace.replay import replay
from phasm_lab.trace.trace import Trace
from tests.trace.shop import ADA, Charge, deliver, dispatch, perform_request, shop, take

CHARGE = pl.Tracked("ada-1", Charge("ada-1", ADA.items))
CHARGED_ONCE = [Fire(ADA), dispatch(), perform_request("charged", "north"), deliver()]
PROBE = Deliver(Result(CHARGE, 0, ("charged", "south")), probe=True)


def stored(event):
    return from_line(to_line(encode_event(event)))


def refusal(scenario, events, probe):
    trace = take(scenario, *events)
    here = trace[-1].configuration if events else trace.start
    with pytest.raises(pl.TraceError) as raised:
        resolve(scenario, here, stored(probe), asked=asked_for(trace))
    return raised.value.case


def test_a_probe_is_named_one():
    assert "deliver 'ada-1', ('charged', 'south') (probe)" == label(PROBE)


def test_a_label_that_is_too_long_still_says_probe():
    assert "deliver 'ada-1', (…uth') (probe)" == shorten_label(label(PROBE), 32)


def test_a_probe_is_stored_with_its_mark():
    assert stored(Deliver(PROBE.result)) | {"probe": True} == stored(PROBE)


def test_a_trace_with_a_probe_is_written_read_and_replayed():
    trace = take(shop(), *CHARGED_ONCE, PROBE)
    found = Trace.read(trace.to_json_lines()).replay(shop())
    assert (None, ()) == (found.problem, found.notes)
    assert [step.event for step in trace] == [step.event for step in found.steps]


def test_a_table_says_which_step_is_a_probe():
    trace = take(shop(), *CHARGED_ONCE, PROBE)
    expected = "   5  deliver 'ada-1', ('charged', 'south') (probe)  rejected · KeyError: 'ada-1'"
    assert expected == str(trace).splitlines()[-1]


def test_a_run_asked_for_what_stf_and_restore_emitted_each_in_its_life():
    parcel = pl.Tracked(("ada-1", "parcel"), ("pack", ADA.items))
    trace = take(shop(), Fire(ADA), Crash(), Recover())
    assert [Request(CHARGE, 0), Request(parcel, 0), Request(CHARGE, 1)] == list(asked_for(trace))


def test_what_was_emitted_before_a_crash_in_the_transition_was_asked_for_in_the_life_before_it():
    trace = take(shop(), Fire(ADA, fault=Fault("after commit", 0)), Recover())
    assert [0, 0, 1] == [request.life for request in asked_for(trace)]


def test_what_was_taken_back_was_not_asked_for():
    trace = take(shop(), Fire(ADA, fault=Fault("commit fails")))
    assert [] == list(asked_for(trace))


def test_only_a_probe_must_be_asked_for():
    assert "" == not_asked(Deliver(PROBE.result), [])
    assert "" == not_asked(PROBE, [Request(CHARGE, 0)])
    assert "no action 'ada-1' like this was asked for on the way here" == not_asked(PROBE, [Request(CHARGE, 1)])


def test_a_stored_probe_of_what_nobody_asked_means_nothing():
    asked = "request 'ada-1' (Charge(order_id='ada-1', items=frozenset({'cup', 'pot', 'tea'})), life 0)"
    assert f"{asked} was not asked for on the way here" == refusal(shop(), [], PROBE)


def test_a_stored_probe_that_was_hit_by_a_fault_means_nothing():
    faulted = Deliver(PROBE.result, Fault("commit fails"), probe=True)
    assert "nothing can go wrong in a probe" == refusal(shop(), CHARGED_ONCE, faulted)


@pytest.mark.parametrize("result", [3, {"action": 1}, {"$": "Result", "action": 1, "life": 0}])
def test_a_stored_probe_without_a_whole_result_means_nothing(result):
    scenario = shop()
    with pytest.raises(pl.TraceError) as raised:
        resolve(scenario, start(scenario), {"event": "Deliver", "result": result, "probe": True})
    assert "its 'result' is not a stored result" == raised.value.case


async def stf_with_numbers(state, input, actions):
    match input:
        case pl.Normal(order):
            state.orders["1"] = order.items
            actions.add(pl.Tracked("1", Charge("1", order.items)))


def test_a_changed_machine_replays_up_to_the_probe_of_what_it_asks_no_more():
    trace = take(shop(faults={}), Fire(ADA), PROBE)
    found = replay(shop(stf=stf_with_numbers, faults={}), [encode_event(step.event) for step in trace])
    assert 1 == len(found.steps)
    assert (1, "deliver 'ada-1', ('charged', 'south') (probe)") == (found.problem.index, found.problem.wanted)


@dataclass(frozen=True)
class Receipt:
    bank: str


def perform_with_receipt(_network, _action, _choose):
    return Receipt("north")


def test_the_result_of_a_probe_is_built_from_a_class_that_perform_names():
    scenario = shop(perform=perform_with_receipt)
    probe = Deliver(Result(CHARGE, 0, Receipt("south")), probe=True)
    trace = take(scenario, Fire(ADA))
    assert probe == resolve(scenario, trace[-1].configuration, stored(probe), asked=asked_for(trace))


def test_a_history_keeps_a_probe_apart_from_the_delivery_of_the_same_result():
    scenario = shop()
    before = take(scenario, *CHARGED_ONCE[:3])[-1].configuration
    delivery = deliver()(before)
    probe = Deliver(delivery.result, probe=True)
    assert 0 == len(step(scenario, before, delivery).configuration.results)
    assert 1 == len(step(scenario, before, probe).configuration.results)
