import pytest

import phasm_lab as pl
from phasm_lab.engine import Crash, Fire, Recover
from phasm_lab.trace.codec import encode_event
from phasm_lab.trace.replay import replay
from tests.trace.shop import ADA, Charge, deliver, dispatch, perform_request, random_trace, shop, take

CHARGED_ONCE = [Fire(ADA), dispatch(), perform_request("charged", "north"), deliver()]


def events_of(trace):
    return [encode_event(step.event) for step in trace]


@pytest.mark.parametrize("seed", range(20))
def test_a_walk_replays_to_the_same_configurations(seed):
    trace = random_trace(shop(), seed, 30)
    found = replay(shop(), events_of(trace))
    assert found.problem is None
    assert [step.event for step in trace] == [step.event for step in found.steps]
    assert [step.configuration.key() for step in trace] == [step.configuration.key() for step in found.steps]


def test_no_events_are_no_steps():
    found = replay(shop(), [])
    assert ((), None) == (found.steps, found.problem)


async def stf_with_one_action(state, input, actions):
    """Emit the charge alone, under another payload."""
    match input:
        case pl.Normal(order):
            state.orders["ada-1"] = order.items
            actions.add(pl.Tracked("ada-1", Charge("ada-1", frozenset())))


def test_a_changed_machine_replays_to_the_last_step_that_makes_sense():
    trace = take(shop(faults={}), *CHARGED_ONCE)
    found = replay(shop(stf=stf_with_one_action, inputs=[ADA], faults={}), events_of(trace))
    assert [Fire(ADA)] == [step.event for step in found.steps]
    assert (1, "dispatch 'ada-1'", ("dispatch 'ada-1'",)) == (
        found.problem.index,
        found.problem.wanted,
        found.problem.enabled,
    )
    assert (
        "Step 2 cannot happen in this version of the machine: wanted dispatch 'ada-1', but "
        "'ada-1' (Charge(order_id='ada-1', items=frozenset({'cup', 'pot', 'tea'})), life 0) is not queued; "
        "possible here: dispatch 'ada-1'" == found.problem.message
    )


def test_a_choice_that_is_gone_is_the_problem_and_others_are_named():
    def perform_declined(_network, action, choose):
        return choose("declined", "unknown") if isinstance(action, Charge) else None

    trace = take(shop(inputs=[ADA], faults={}), *CHARGED_ONCE)
    found = replay(shop(inputs=[ADA], faults={}, perform=perform_declined), events_of(trace))
    assert (
        "Step 3 cannot happen in this version of the machine: wanted perform 'ada-1', 'charged', 'north', but perform does not "
        "offer that choice; possible here: perform 'ada-1', 'declined', perform 'ada-1', 'unknown', "
        "dispatch ('ada-1', 'parcel'), dispatch untracked 'tell ada: processing'" == found.problem.message
    )


def test_a_budget_that_was_taken_away_is_the_problem():
    trace = take(shop(inputs=[ADA]), Fire(ADA), Crash(), Recover())
    found = replay(shop(inputs=[ADA], faults={}), events_of(trace))
    assert (
        "Step 2 cannot happen in this version of the machine: wanted crash, but crashes is 0: set Faults(crashes=1); possible "
        "here: dispatch 'ada-1', dispatch ('ada-1', 'parcel'), dispatch untracked 'tell ada: processing'"
        == found.problem.message
    )


def test_a_machine_that_turned_out_ill_formed_is_the_problem():
    def perform_that_raises(_network, _action, _choose):
        raise ValueError("no bank")

    trace = take(shop(inputs=[ADA], faults={}), *CHARGED_ONCE)
    found = replay(shop(inputs=[ADA], faults={}, perform=perform_that_raises), events_of(trace))
    assert 2 == found.problem.index
    assert "it raised ValueError: no bank" in found.problem.message
    assert found.problem.message.endswith("possible here: nothing")


def test_a_fault_that_the_changed_machine_never_meets_is_the_problem():
    async def stf_that_does_nothing(state, input, actions):
        pass

    stored = [
        {"event": "Fire", "input": encode_event(Fire(ADA))["input"], "fault": {"kind": "access fails", "number": 3}}
    ]
    assert replay(shop(), stored).problem is None
    found = replay(shop(stf=stf_that_does_nothing, inputs=[ADA], faults={"access_errors": 1}), stored)
    assert (
        "Step 1 cannot happen in this version of the machine: wanted fire Order(user='ada', "
        "items=frozenset({'cup', 'pot', 'tea'})), access 3 fails, but it makes 0 accesses; possible here: "
        "fire Order(user='ada', items=frozenset({'cup', 'pot', 'tea'}))" == found.problem.message
    )


def test_long_lists_of_what_is_possible_are_counted():
    found = replay(shop(), [{"event": "Recover"}])
    assert found.problem.message.endswith(f", and {len(found.problem.enabled) - 8} more")


def test_limits_are_those_that_were_given():
    class Counting:
        called = 0

        def call(self, function, *arguments):
            Counting.called += 1
            return function(*arguments)

    replay(shop(faults={}), events_of(take(shop(faults={}), Fire(ADA))), Counting())
    assert 1 == Counting.called
