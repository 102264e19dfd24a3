"""A whole run taken at once becomes a branch of the history."""

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments, payments_charging_again


@pytest.fixture
def lab():
    lab = pl.Lab(payments_charging_again)
    lab.fire(lab.scenario.inputs[0])
    lab.dispatch(1)
    lab.crash()
    return lab


@pytest.fixture
def charged_twice():
    return pl.check(payments_charging_again).findings[0].trace


def events(lab):
    return [step.event for step in lab.trace]


def test_the_last_step_of_the_run_is_selected(lab, charged_twice):
    node = lab.branch(charged_twice)
    assert node is lab.selected
    assert [step.event for step in charged_twice] == events(lab)


def test_nothing_of_the_history_is_lost_and_what_is_shared_is_taken_once(lab, charged_twice):
    before = list(lab.history.nodes)
    lab.branch(charged_twice)
    assert before == lab.history.nodes[: len(before)]
    shared = sum(node in before for node in lab.selected.path())
    assert len(before) + len(charged_twice) + 1 - shared == len(lab.history)


def test_a_run_that_the_history_holds_is_selected(lab, charged_twice):
    end = lab.branch(charged_twice)
    count = len(lab.history)
    lab.goto(0)
    assert (end, count) == (lab.branch(charged_twice), len(lab.history))


def test_its_end_is_named_unless_it_has_a_name(lab, charged_twice):
    end = lab.branch(charged_twice, "broken-property").number
    assert {end: "broken-property"} == lab.history.names
    lab.branch(charged_twice, "another name")
    assert {end: "broken-property"} == lab.history.names


def test_it_is_told_once(lab, charged_twice):
    told = []
    lab.observe(lambda: told.append(lab.selected.number))
    end = lab.branch(charged_twice, "broken-property").number
    assert [end] == told


def test_a_run_that_does_not_fit_changes_nothing(lab):
    other = pl.Lab(payments)
    other.fire(payments.inputs[0])
    other.fire(payments.inputs[1])
    selected, count = lab.selected, len(lab.history)
    trace = pl.Trace(payments, other.trace.start, other.trace.steps[1:])
    with pytest.raises(pl.TraceError) as raised:
        lab.branch(trace)
    assert str(raised.value).startswith("branch(...): step 1, fire Pay(")
    assert (selected, count) == (lab.selected, len(lab.history))


def test_what_is_no_trace_is_refused(lab):
    with pytest.raises(pl.DefinitionError) as raised:
        lab.branch(7)
    assert "branch(7): it is not a Trace; give it the trace of a finding or of a lab" == str(raised.value)


def test_a_run_is_found_where_the_history_holds_it_whole(lab, charged_twice):
    assert lab.place_of(charged_twice) is None
    assert lab.branch(charged_twice) is lab.place_of(charged_twice)


def test_a_branch_is_in_the_journal(tmp_path, charged_twice):
    path = tmp_path / "lab.jsonl"
    lab = pl.Lab(payments_charging_again, journal=path)
    end = lab.branch(charged_twice, "broken-property").number
    lab.close()
    again = pl.Lab(payments_charging_again, journal=path)
    assert (end, {end: "broken-property"}) == (again.selected.number, again.history.names)
    again.close()
