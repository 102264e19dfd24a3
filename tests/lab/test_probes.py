"""Probes in the lab: a result that nothing on the wire carries, tried for an id that was asked for."""

import pytest

import phasm_lab as pl
from phasm_lab.engine import Deliver, Request, Result


@pytest.fixture
def lab(scenario, ada):
    lab = pl.Lab(scenario)
    lab.fire(ada)
    lab.perform(1, "charged")
    lab.deliver(1)
    return lab


def probe_of(lab, value, life=0):
    action = next(step for step in lab.trace if step.record.emitted).record.emitted[0]
    return Deliver(Result(action, life, value), probe=True)


def refusal(call, *arguments, **named):
    with pytest.raises(pl.NotEnabledError) as caught:
        call(*arguments, **named)
    return str(caught.value)


def test_a_probe_is_told_by_its_id_and_its_result(lab):
    assert "step 5: deliver 1, 'charged' (probe)" == repr(lab.deliver(1, result="charged", probe=True))
    assert "KeyError: 1" == lab.trace[-1].record.refusal.text


def test_a_probe_may_be_taken_as_it_is(lab):
    event = probe_of(lab, "declined")
    assert event == lab.take(event).step.event


def test_the_same_probe_again_selects_the_step_there_is(lab):
    assert lab.deliver(1, "charged", probe=True) is lab.back().children[0]
    assert 5 == lab.deliver(1, "charged", probe=True).number


def test_a_probe_is_made_by_this_line(lab):
    assert 'lab.deliver(1, result="charged", probe=True)' == lab.python_line(lab.selected, probe_of(lab, "charged"))


def test_the_line_of_a_probe_makes_it_again_where_an_id_was_asked_for_twice(scenario, ada):
    lab = pl.Lab(scenario)
    lab.fire(ada)
    lab.crash()
    lab.recover()
    for event in (probe_of(lab, "declined"), probe_of(lab, "declined", life=1)):
        line = lab.python_line(lab.selected, event)
        eval(line, {"lab": lab})  # noqa: S307 - the lab's own line
        assert event == lab.trace[-1].event
        lab.back()
    assert 'lab.deliver(1, result="declined", life=0, probe=True)' == lab.python_line(
        lab.selected, probe_of(lab, "declined")
    )


def test_of_two_kinds_asked_under_one_id_the_last_is_meant_and_the_other_may_be_named():
    from phasm_lab.examples.payments import ChargeCard, CheckPaymentStatus, Declined, payments

    lab = pl.Lab(payments)
    lab.fire(payments.inputs[0])
    lab.crash()
    lab.recover()
    lab.deliver(1, Declined("late"), probe=True)
    assert Request(pl.Tracked(1, CheckPaymentStatus(1)), 1).action == lab.trace[-1].event.result.action
    lab.back()
    lab.deliver(1, Declined("late"), action=ChargeCard, probe=True)
    assert Result(pl.Tracked(1, ChargeCard(1, 500)), 0, Declined("late")) == lab.trace[-1].event.result
    assert 'lab.deliver(1, result=Declined("late"), action="ChargeCard", probe=True)' == lab.python_line(
        lab.selected.parent, lab.trace[-1].event
    )


def test_a_probe_needs_a_result(lab):
    assert "deliver(1, probe=True): a probe brings a result of its own; write result=..." == refusal(
        lab.deliver, 1, probe=True
    )


def test_a_probe_of_what_nobody_asked_is_refused_with_what_was(lab):
    expected = "deliver(7, probe=True): nothing like it was asked for on the way here; asked for were: 1"
    assert expected == refusal(lab.deliver, 7, "charged", probe=True)
    lab.goto(0)
    expected = "deliver(1, probe=True): nothing like it was asked for on the way here; asked for were: nothing"
    assert expected == refusal(lab.deliver, 1, "charged", probe=True)


def test_a_probe_given_as_it_is_must_be_of_what_was_asked_for_too(lab):
    event = probe_of(lab, "charged")
    lab.goto(0)
    expected = (
        "deliver 1, 'charged' (probe): no action 1 like this was asked for on the way here; probe what was asked for"
    )
    assert expected == refusal(lab.take, event)
    assert 5 == len(lab.history)


@pytest.mark.parametrize("wrong", [{"crash": "before commit"}, {"fails": "commit"}])
def test_nothing_can_be_made_to_go_wrong_in_a_probe(lab, wrong):
    expected = "deliver 1, 'charged' (probe): nothing can go wrong in a probe; leave out crash= and fails="
    assert expected == refusal(lab.deliver, 1, "charged", probe=True, **wrong)


def test_no_probe_reaches_a_process_that_is_down(lab):
    lab.crash()
    expected = "deliver 1, 'charged' (probe): the process is down: recover first"
    assert expected == refusal(lab.deliver, 1, "charged", probe=True)


def test_the_result_of_a_probe_is_plain_data(lab):
    with pytest.raises(pl.DefinitionError, match="a result: it holds a object"):
        lab.deliver(1, result=object(), probe=True)
    itself = []
    itself.append(itself)
    with pytest.raises(pl.DefinitionError, match="a result: it is nested too deeply, or holds itself"):
        lab.deliver(1, result=itself, probe=True)


def test_the_lab_never_offers_a_probe(lab):
    assert [] == [line for line in lab.enabled.lines if "probe" in line]


def test_no_property_judges_a_probe_or_what_follows_it(lab):
    assert [True] == [judgement.holds for judgement in lab.judgements()]
    lab.deliver(1, "charged", probe=True)
    assert [(None, "")] == [(judgement.holds, judgement.sentence) for judgement in lab.judgements()]
    lab.fire(lab.scenario.inputs[1])
    assert [None] == [judgement.holds for judgement in lab.judgements()]
    assert "  property     no card is charged twice: not judged here" in repr(lab).splitlines()


def test_beside_a_probe_properties_are_judged_as_ever(lab):
    lab.deliver(1, "charged", probe=True)
    lab.back()
    lab.fire(lab.scenario.inputs[1])
    assert [True] == [judgement.holds for judgement in lab.judgements()]


def test_a_reopened_journal_has_its_probes(scenario, ada, tmp_path):
    path = tmp_path / "lab.journal"
    lab = pl.Lab(scenario, journal=path)
    lab.fire(ada)
    lab.deliver(1, "declined", probe=True)
    lab.close()
    again = pl.Lab(scenario, journal=path)
    assert ((), "step 2: deliver 1, 'declined' (probe)") == (again.problems, repr(again.selected))
    assert {} == again.state.pending
    assert [None] == [judgement.holds for judgement in again.judgements()]


def test_a_trace_with_a_probe_is_a_frame_with_its_id_and_value(lab):
    lab.deliver(1, "charged", probe=True)
    row = lab.trace.to_frame().iloc[-1]
    assert ("ChargeCard", 1, "charged") == (row["kind"], row["id"], row["value"])
