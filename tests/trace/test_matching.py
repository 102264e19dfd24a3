from dataclasses import dataclass

import pytest

import phasm_lab as pl
from phasm_lab.engine import (
    Crash,
    Deliver,
    Dispatch,
    Fault,
    Fire,
    Lose,
    Perform,
    Recover,
    Request,
    Result,
    enabled,
    start,
    step,
)
from phasm_lab.machine.text import line_of
from phasm_lab.trace.codec import encode, encode_event, from_line, to_line
from phasm_lab.trace.matching import possible, resolve
from tests.trace.shop import ADA, BOB, Charge, Order, Refund, deliver, dispatch, perform_request, shop, stf, take

CHARGED = [dispatch(), perform_request("charged", "north")]


def stored(event):
    """An event as it comes back from a file."""
    return from_line(to_line(encode_event(event)))


def after(scenario, *events):
    trace = take(scenario, *events)
    return trace.steps[-1].configuration if events else trace.start


def refusal(scenario, configuration, event):
    with pytest.raises(pl.TraceError) as raised:
        resolve(scenario, configuration, event)
    return raised.value


def test_every_event_that_can_happen_means_itself_once_stored():
    scenario = shop()
    events = [Fire(ADA), dispatch(), perform_request("charged", "north"), Crash(), Recover(), dispatch()]
    configuration = start(scenario)
    for event in events:
        for possible_event in enabled(scenario, configuration):
            assert possible_event == resolve(scenario, configuration, stored(possible_event))
        configuration = step(scenario, configuration, event(configuration) if callable(event) else event).configuration


def test_a_declared_input_is_the_scenarios_own():
    scenario = shop()
    event = resolve(scenario, start(scenario), stored(Fire(Order("ada", frozenset({"pot", "cup", "tea"})))))
    assert event.input is scenario.inputs[0]


def test_an_input_that_is_not_in_the_scenario_is_built_from_a_class_that_an_input_has():
    scenario = shop()
    event = Fire(Order("eve", frozenset({"jam"})))
    assert event == resolve(scenario, start(scenario), stored(event))


def test_an_input_that_is_not_in_the_scenario_is_built_from_a_class_that_stf_names():
    scenario = shop()
    assert Fire(Refund("ada-1")) == resolve(scenario, start(scenario), stored(Fire(Refund("ada-1"))))


@pytest.mark.parametrize("value", ["text", ("open", 1), None, frozenset({1}), {"a": [1]}])
def test_an_input_of_plain_data_is_built(value):
    scenario = shop()
    assert Fire(value) == resolve(scenario, start(scenario), stored(Fire(value)))


def test_an_input_of_an_unknown_class_means_nothing():
    scenario = shop(inputs=[ADA], faults={})
    event = {"event": "Fire", "input": {"$": "Cancel", "id": 1}}
    assert (
        "fire Cancel(id=1): no input is a Cancel, and stf's module has no such class; "
        "possible here: fire Order(user='ada', items=frozenset({'cup', 'pot', 'tea'}))"
        == str(refusal(scenario, start(scenario), event))
    )


def test_a_class_that_gained_a_field_with_a_default_still_fits():
    scenario = shop()
    event = {"event": "Fire", "input": {"$": "Order", "items": encode(ADA.items), "user": "ada"}}
    assert Fire(ADA) == resolve(scenario, start(scenario), event)


def test_the_first_choices_alone_name_a_perform():
    scenario = shop()
    here = after(scenario, Fire(ADA), dispatch())
    assert Perform(here.requests[0], ("charged",)) == resolve(
        scenario, here, stored(Perform(here.requests[0], ("charged",)))
    )
    assert Perform(here.requests[0]) == resolve(scenario, here, stored(Perform(here.requests[0])))


def test_a_choice_that_is_not_offered_means_nothing():
    scenario = shop(inputs=[ADA], faults={})
    here = after(scenario, Fire(ADA), dispatch())
    assert (
        "perform 'ada-1', 'lost': perform does not offer that choice; possible here: perform 'ada-1', 'charged', 'north', "
        "perform 'ada-1', 'declined', perform 'ada-1', 'charged', 'south', dispatch ('ada-1', 'parcel'), "
        "dispatch untracked 'tell ada: processing'"
        == str(refusal(scenario, here, stored(Perform(here.requests[0], ("lost",)))))
    )


def test_a_crash_may_take_what_its_own_transition_sent():
    scenario = shop()
    here = start(scenario)
    sent = Request(pl.Tracked("ada-1", Charge("ada-1", ADA.items)), 0)
    event = Fire(ADA, fault=Fault("after commit", 1, lose=(sent,)))
    assert event == resolve(scenario, here, stored(event))


def test_a_crash_cannot_take_what_was_not_handed_over():
    scenario = shop()
    sent = Request(pl.Tracked("ada-1", Charge("ada-1", ADA.items)), 0)
    error = refusal(scenario, start(scenario), stored(Fire(ADA, fault=Fault("after commit", 0, lose=(sent,)))))
    assert (
        "request 'ada-1' (Charge(order_id='ada-1', items=frozenset({'cup', 'pot', 'tea'})), life 0) is not on the wire"
        == error.case
    )


def test_an_obstacle_is_named_with_the_budget_that_would_allow_it():
    scenario = shop(inputs=[ADA], faults={})
    error = refusal(scenario, start(scenario), stored(Crash()))
    assert ("crash", "crashes is 0: set Faults(crashes=1)") == (error.asked, error.case)
    assert ("fire Order(user='ada', items=frozenset({'cup', 'pot', 'tea'}))",) == error.choices


def test_what_happened_already_cannot_happen_again():
    scenario = shop(order="given", faults={})
    here = after(scenario, Fire(ADA))
    assert f"{line_of(ADA)} was fired already" == refusal(scenario, here, stored(Fire(ADA))).case


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (Dispatch(pl.Tracked(7, "x"), 0), "7 ('x', life 0) is not queued"),
        (Dispatch(pl.Untracked("x"), 0), "untracked 'x' is not queued"),
        (
            Perform(Request(pl.Tracked(7, "x"), 0)),
            "request 7 ('x', life 0) is not on the wire",
        ),
        (
            Deliver(Result(pl.Tracked(7, "x"), 0, 1)),
            "result 7 ('x', life 0), 1 is not on the wire",
        ),
        (
            Lose(Request(pl.Tracked(7, "x"), 0)),
            "request 7 ('x', life 0) is not on the wire",
        ),
        (Recover(), "the process is up"),
    ],
)
def test_what_is_not_there_is_named(event, why):
    scenario = shop()
    assert why == refusal(scenario, start(scenario), stored(event)).case


def test_nothing_is_handed_over_while_the_process_is_down():
    scenario = shop()
    here = after(scenario, Fire(ADA), Crash())
    assert "the process is down" == refusal(scenario, here, stored(Dispatch(pl.Tracked(7, "x"), 0))).case


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (None, "that is not a stored event"),
        ([], "that is not a stored event"),
        ({"event": "Jump"}, "that is not a stored event"),
        ({"event": []}, "that is not a stored event"),
        ({"event": "Fire"}, "its 'input' is missing"),
        ({"event": "Recover", "input": 1}, "it has 'input', which a Recover has not"),
        ({"event": "Fire", "input": 1, "fault": {"kind": "flood"}}, "there is no such fault"),
        ({"event": "Fire", "input": 1, "fault": {"kind": ["at access"]}}, "there is no such fault"),
        ({"event": "Fire", "input": 1, "fault": {"kind": "at access", "number": "1"}}, "there is no such fault"),
        ({"event": "Fire", "input": 1, "fault": 3}, "there is no such fault"),
        ({"event": "Lose", "message": {"event": "Fire"}}, "its 'input' is missing"),
        ({"event": "Lose", "message": 3}, "3 is not on the wire"),
        ({"event": "Crash", "lose": 3}, "its 'lose' is not a list"),
        ({"event": "Perform", "request": 3, "choices": None}, "its 'choices' is not a list"),
    ],
)
def test_what_is_no_event_is_refused(event, why):
    scenario = shop()
    assert why == refusal(scenario, start(scenario), event).case


def test_what_can_happen_instead_begins_with_events_of_the_same_kind():
    scenario = shop(inputs=[ADA, BOB], faults={"lost_inputs": 1})
    assert [
        "lose input Order(user='ada', items=frozenset({'cup', 'pot', 'tea'}))",
        "lose input Order(user='bob', items=frozenset({'jam', 'tea'}))",
        "fire Order(user='ada', items=frozenset({'cup', 'pot', 'tea'}))",
        "fire Order(user='bob', items=frozenset({'jam', 'tea'}))",
    ] == possible(scenario, start(scenario), stored(Lose(Fire("x"))))


def test_a_result_is_found_with_a_fault_in_its_transition():
    scenario = shop()
    here = after(scenario, Fire(ADA), *CHARGED)
    event = deliver(Fault("access fails", 1))(here)
    assert event == resolve(scenario, here, stored(event))


def test_a_class_that_stf_names_from_around_it_is_known():
    @dataclass(frozen=True)
    class Cancel:
        order_id: str

    async def stf_with_cancel(state, input, _actions):
        match input:
            case pl.Normal(Cancel(order_id)):
                del state.orders[order_id]

    scenario = shop(stf=stf_with_cancel)
    assert Fire(Cancel("ada-1")) == resolve(scenario, start(scenario), stored(Fire(Cancel("ada-1"))))


def test_an_stf_that_is_a_method_knows_the_classes_of_its_module_too():
    class Machine:
        async def stf(self, state, input, actions):
            await stf(state, input, actions)

    scenario = shop(stf=Machine().stf)
    assert Fire(Refund("ada-1")) == resolve(scenario, start(scenario), stored(Fire(Refund("ada-1"))))
