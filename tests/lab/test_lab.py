"""The lab's verbs and nouns, on the run that charges a card twice."""

import pytest

import phasm_lab as pl


@pytest.fixture
def lab(scenario):
    return pl.Lab(scenario)


@pytest.fixture
def charged_twice(lab, ada):
    lab.fire(ada)
    lab.dispatch(1)
    lab.perform(1, "charged")
    lab.crash()
    lab.recover()
    lab.perform(1, "charged")
    return lab


def test_the_run_of_the_design_charges_twice_and_rejects_the_second_result(charged_twice):
    lab = charged_twice
    assert lab.environment.charged == {1: 2}
    lab.deliver(1, life=0)
    assert lab.state.paid == {1: 500}
    lab.deliver(1)
    assert lab.selected.step.record.result == "rejected"
    assert lab.selected.step.record.refusal.text == "KeyError: 1"
    assert len(lab.history) == 10


def test_the_property_breaks_at_the_step_where_the_card_is_charged_again(charged_twice):
    broken = [node.number for node in charged_twice.selected.path() if charged_twice.judgements(node)[0].holds is False]
    assert [7] == broken


def test_perform_does_the_hand_over_that_must_come_before(lab, ada):
    lab.fire(ada)
    lab.perform(1, "declined")
    assert ["Fire", "Dispatch", "Perform"] == [type(step.event).__name__ for step in lab.trace]


def test_deliver_does_everything_that_must_come_before(lab, ada):
    lab.fire(ada)
    lab.deliver(1, "charged")
    assert {1: 500} == lab.state.paid
    assert 4 == lab.selected.number


def test_a_call_is_refused_by_its_own_name_where_a_step_before_it_is_not_clear(lab, ada):
    lab.fire(ada)
    with pytest.raises(pl.AmbiguousError) as caught:
        lab.deliver(1)
    assert "deliver(1): ChargeCard(payment_id=1, cents=500) can go 2 ways; name one of: 'charged', 'declined'" == str(
        caught.value
    )


def test_a_refused_call_changes_nothing_although_earlier_steps_were_possible(lab, ada):
    lab.fire(ada)
    with pytest.raises(pl.AmbiguousError) as caught:
        lab.perform(1)
    assert "perform(1): ChargeCard(payment_id=1, cents=500) can go 2 ways; name one of: 'charged', 'declined'" == str(
        caught.value
    )
    assert (2, 1) == (len(lab.history), lab.selected.number)


def test_an_unknown_outcome_lists_the_outcomes(lab, ada):
    lab.fire(ada)
    with pytest.raises(pl.NotEnabledError) as caught:
        lab.perform(1, "maybe")
    assert "'charged', 'declined'" in str(caught.value)


def test_a_crash_beyond_the_budget_says_how_to_raise_it(charged_twice):
    with pytest.raises(pl.NotEnabledError) as caught:
        charged_twice.crash()
    assert "crash: crashes is 1 and used up (1 of 1): set Faults(crashes=2)" == str(caught.value)


def test_results_that_differ_in_more_than_life_must_be_told_apart(lab, ada):
    lab.fire(ada)
    lab.perform(1, "charged")
    lab.crash()
    lab.recover()
    lab.perform(1, "declined")
    with pytest.raises(pl.AmbiguousError) as caught:
        lab.deliver(1)
    assert [
        "result 'charged' of ChargeCard(payment_id=1, cents=500), life 0",
        "result 'declined' of ChargeCard(payment_id=1, cents=500), life 1",
    ] == list(caught.value.choices)
    lab.deliver(1, "declined")
    assert {} == lab.state.pending


def test_a_choice_at_an_earlier_step_starts_a_branch_and_deletes_nothing(charged_twice):
    lab = charged_twice
    lab.goto(3)
    lab.deliver(1)
    assert 8 == lab.selected.number
    assert [7, 8] == [node.number for node in lab.history.leaves()]


def test_the_same_choice_selects_the_step_there_is(charged_twice):
    charged_twice.goto(3)
    charged_twice.crash()
    assert 4 == charged_twice.selected.number
    assert 8 == len(charged_twice.history)


def test_forward_goes_along_the_branch_that_was_looked_at(charged_twice):
    lab = charged_twice
    lab.back(3)
    assert 4 == lab.selected.number
    lab.forward(3)
    assert 7 == lab.selected.number


def test_without_a_step_what_comes_after_is_taken_again_where_it_fits(charged_twice):
    lab = charged_twice
    lab.without(4)
    assert [0, 1, 2, 3] == [node.number for node in lab.selected.path()]
    assert {1: 1} == lab.environment.charged


def test_run_goes_on_to_quiescence(lab, ada):
    lab.fire(ada)
    lab.crash()
    lab.run()
    assert lab.configuration.quiescent
    assert {1: 500} == lab.state.paid


def test_run_hands_untracked_actions_over(lab, ada):
    lab.fire(ada)
    assert 1 == len(lab.configuration.untracked)
    lab.run()
    assert () == lab.configuration.untracked


def test_untracked_actions_are_dispatched_by_payload(lab, ada):
    lab.fire(ada)
    lab.dispatch("tell ada: processing")
    assert () == lab.configuration.untracked


def test_a_crash_loses_what_it_is_told_to(lab, ada):
    lab.fire(ada)
    lab.dispatch(1)
    lab.crash(lose=[1])
    assert () == lab.configuration.requests


def test_a_crash_inside_a_transition_leaves_the_input_unfired(lab, ada):
    lab.fire(ada, crash="at access", number=2)
    record = lab.selected.step.record
    assert ("down", "read next_id") == (record.result, str(record.access))
    assert not lab.configuration.up
    assert 0 == lab.configuration.inputs.next_index


def test_a_crash_after_the_commit_hands_over_as_many_as_told(lab, ada):
    lab.fire(ada, crash="after commit", number=1)
    assert 1 == len(lab.configuration.requests)
    assert {1: 500} == lab.state.pending


def test_an_input_that_is_not_in_the_scenario_is_marked(lab, ada):
    other = type(ada)("eve", 1)
    lab.fire(other)
    assert lab.selected.step.record.declared is False
    assert {1: 1} == lab.state.pending


def test_what_the_state_was_given_out_as_does_not_change_later(lab, ada):
    before = lab.state
    lab.fire(ada)
    assert {} == before.pending


@pytest.mark.parametrize("name", ["somewhere", "before"])
def test_an_unknown_crash_point_lists_the_known_ones(lab, ada, name):
    with pytest.raises(pl.NotEnabledError, match="name one of: 'before accept', 'at access'"):
        lab.fire(ada, crash=name)


def test_every_python_line_makes_the_step_it_stands_for(scenario, charged_twice):
    lab, again = charged_twice, pl.Lab(scenario)
    namespace = {"lab": again, "Pay": type(scenario.inputs[0])}
    for node in lab.selected.path()[1:]:
        exec(lab.python_line(node.parent, node.step.event), namespace)
    assert again.configuration.key() == lab.configuration.key()
    assert [step.event for step in again.trace] == [step.event for step in lab.trace]


def test_the_lab_prints_where_it_stands(charged_twice):
    text = repr(charged_twice)
    assert "PHASM Lab, payments charging again: step 7 of 7" in text
    assert ">    7  perform 1, 'charged'" in text
    assert "property     no card is charged twice: broken" in text


def test_a_single_input_is_left(lab, ada):
    assert "next         2 inputs left · " in repr(lab)
    lab.fire(ada)
    assert "next         1 input left · " in repr(lab)


def test_enabled_prints_as_calls(lab):
    assert 'lab.fire(Pay("ada", 500))' in repr(lab.enabled).splitlines()
    assert "lab.crash()" in repr(lab.enabled).splitlines()


def test_only_a_scenario_makes_a_lab():
    with pytest.raises(pl.DefinitionError, match="it is not a Scenario"):
        pl.Lab("payments")


def test_back_and_forward_stop_at_the_ends_however_many_steps_are_asked_for(lab, ada):
    lab.fire(ada)
    assert 0 == lab.back(10**12).number
    assert 1 == lab.forward(10**12).number


@pytest.mark.parametrize("verb", ["back", "forward"])
@pytest.mark.parametrize("count", [-1, 1.0, "x", None, True])
def test_back_and_forward_take_whole_numbers_only(lab, ada, verb, count):
    lab.fire(ada)
    lab.goto(0)
    with pytest.raises(pl.NotEnabledError) as caught:
        getattr(lab, verb)(count)
    assert f"{verb}({count!r}): steps are counted in whole numbers from 0 on; write {verb}(1)" == str(caught.value)
    assert 0 == lab.selected.number
