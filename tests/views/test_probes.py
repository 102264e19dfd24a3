"""A probe on the screen: a delivered result that comes from no wire, and what it breaks."""

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import Declined, payments
from phasm_lab.views.session import Session
from tests.quality.jobs import Do, Jobs, Work, jobs, stf


async def counts_every_result(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, result) if state.status[job_id] in ("open", result):
            state.status[job_id] = result
            state.done_count += 1
        case _:
            await stf(state, input, actions)


async def takes_the_last_result(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, result):
            state.status[job_id] = result
        case _:
            await stf(state, input, actions)


async def rejects_good(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, "good"):
            state.done_count += 1
            raise LookupError("too late")
        case _:
            await stf(state, input, actions)


async def asks_again_when_bad(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, "bad"):
            state.status[job_id] = "bad"
            actions.add(pl.Tracked(job_id, Work(job_id)))
        case _:
            await takes_the_last_result(state, input, actions)


async def asks_again_when_good(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, "good"):
            actions.add(pl.Tracked(job_id, Work(job_id)))
        case _:
            await stf(state, input, actions)


async def ignores_bad(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, "bad"):
            return
        case _:
            await stf(state, input, actions)


async def rejects_bad(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, "bad"):
            raise LookupError("work is good")
        case _:
            await stf(state, input, actions)


async def restores_nothing(_state, _actions):
    pass


async def opens_the_first_again(state, input, actions):
    match input:
        case pl.Normal(Do(2)):
            state.status[1] = "open"
        case _:
            await stf(state, input, actions)


@pl.sometimes
def both_jobs_are_done(here):
    return here.state.done_count == 2


@pl.always
def no_job_is_bad(here):
    return "bad" not in here.state.status.values()


@pytest.fixture
def session_of():
    """A session on a run in which job 1 was done badly and then a result is tried."""

    def session_of(value, *, perform_first="bad", **changed):
        lab = pl.Lab(jobs(**changed))
        lab.fire(lab.scenario.inputs[0])
        lab.perform(1, perform_first)
        lab.deliver(1)
        lab.deliver(1, value, probe=True)
        return Session(lab)

    return session_of


def row(session):
    return session.timeline()["rows"][-1]


def test_the_row_says_probe_and_no_thread_ends_in_it(session_of):
    session = session_of("good")
    shown = row(session)
    assert ("deliver", "committed", "probe #1", "probe #1") == tuple(
        shown[name] for name in ("kind", "result", "label", "short")
    )
    assert [] == [thread for thread in session.timeline()["threads"] if thread["to"] == 5]


def test_a_probe_that_changes_nothing_breaks_nothing(session_of):
    session = session_of("good")
    assert (0, None) == (row(session)["rules"], session.view()["header"]["verdict"])
    expected = "Step 5: probe, result good for 1, committed. Nothing on the wire carried it."
    assert expected == row(session)["say"]
    panel = session.view()["panel"]
    assert ("5 · deliver #1, good (probe)", "a probe, on no wire · committed") == (panel["title"], panel["subtitle"])


def test_the_same_result_again_that_changes_something_breaks_repeated_result(session_of):
    session = session_of("bad", stf=counts_every_result)
    assert 2 == row(session)["rules"]
    expected = "Step 5: probe, result bad for 1, committed. Nothing on the wire carried it. It breaks repeated-result."
    assert expected == row(session)["say"]
    subtitle = "a probe, on no wire · committed · breaks repeated-result"
    assert subtitle == session.view()["panel"]["subtitle"]
    assert {
        "kind": "broken",
        "text": "broken: repeated-result",
        "more": "at step 5",
        "label": "broken: repeated-result · at step 5, first in this run",
    } == session.view()["header"]["verdict"]


def test_another_result_that_changes_something_breaks_late_result(session_of):
    session = session_of("good", stf=takes_the_last_result)
    assert "It breaks late-result." == row(session)["say"][-22:]
    assert "SFDPVb" == session.timeline()["outline"]


def test_a_probe_before_the_result_was_delivered_breaks_nothing():
    lab = pl.Lab(jobs(stf=takes_the_last_result))
    lab.fire(lab.scenario.inputs[0])
    lab.deliver(1, "good", probe=True)
    assert {1: "good"} == lab.state.status
    assert 0 == row(Session(lab))["own"]


def test_a_probe_of_what_was_asked_for_once_more_breaks_nothing(session_of):
    session = session_of("good", stf=asks_again_when_bad)
    assert ("committed", 0) == (row(session)["result"], row(session)["own"])


def test_a_probe_that_writes_the_value_there_is_breaks_nothing(session_of):
    session = session_of("bad", stf=takes_the_last_result)
    assert ("committed", 0) == (row(session)["result"], row(session)["own"])


@pytest.mark.parametrize("changed", [{"stf": ignores_bad}, {"stf": rejects_bad, "restore": restores_nothing}])
def test_a_probe_of_what_no_result_discharged_breaks_nothing(session_of, changed):
    session = session_of("good", **changed)
    assert {1: "good"} == session.lab.state.status
    assert 0 == row(session)["own"]


def test_what_restore_emits_is_no_new_obligation():
    lab = pl.Lab(jobs(stf=opens_the_first_again, crashes=1))
    lab.fire(lab.scenario.inputs[0])
    lab.perform(1, "bad")
    lab.deliver(1)
    lab.fire(lab.scenario.inputs[1])
    lab.crash()
    lab.recover()
    lab.deliver(1, "bad", probe=True)
    assert "It breaks repeated-result." == row(Session(lab))["say"][-26:]


def test_a_probe_after_a_probe_breaks_nothing(session_of):
    session = session_of("bad", stf=counts_every_result)
    session.lab.deliver(1, "bad", probe=True)
    assert 3 == session.lab.state.done_count
    assert [2, 0] == [each["rules"] for each in session.timeline()["rows"][-2:]]


def test_a_rejected_probe_breaks_nothing(session_of):
    session = session_of("good", stf=rejects_good)
    said = "probe, result good for 1, rejected, LookupError too late. State unchanged. Nothing on the wire carried it."
    assert (0, f"Step 5: {said}") == (row(session)["own"], row(session)["say"])


def test_a_result_delivered_after_a_probe_is_the_first_that_came():
    lab = pl.Lab(jobs())
    lab.fire(lab.scenario.inputs[0])
    lab.deliver(1, "good", probe=True)
    lab.perform(1, "bad")
    lab.deliver(1)
    assert "Step 5: result for 1 committed." == row(Session(lab))["say"]


def test_a_probe_under_a_life_before_the_crash_has_its_row():
    lab = pl.Lab(jobs(crashes=1))
    lab.fire(lab.scenario.inputs[0])
    lab.crash()
    lab.recover()
    lab.deliver(1, "good", life=0, probe=True)
    assert (-1, "probe #1") == (row(Session(lab))["late"], row(Session(lab))["label"])


def test_properties_are_not_judged_at_a_probe_nor_previewed_after_it(session_of):
    session = session_of("good", perform_first="good", properties=[no_job_is_bad])
    assert [("not judged", "")] == [(line["state"], line["sentence"]) for line in session.view()["panel"]["properties"]]
    session.lab.fire(session.lab.scenario.inputs[1])
    session.lab.perform(2, "bad")
    session.lab.deliver(2)
    assert {1: "good", 2: "bad"} == session.lab.state.status
    assert [] == session.book.broken_after(session.lab.selected, session.lab.configuration)


def test_a_goal_is_not_judged_at_a_probe(session_of):
    session = session_of("good", properties=[both_jobs_are_done])
    states = [session.view()["panel"]["properties"][0]["state"]]
    session.lab.back()
    states.append(session.view()["panel"]["properties"][0]["state"])
    assert ["not judged", "not reached"] == states


def test_a_copied_run_ends_in_what_should_be_true_after_its_probe(session_of):
    session = session_of("good", stf=takes_the_last_result)
    lines = session.view()["test"].splitlines()
    assert [
        '    lab.deliver(1, result="good", probe=True)',
        """    assert lab.state == Jobs({1: "bad"}, 0), 'late-result'""",
    ] == lines[-2:]


def test_a_copied_run_asks_for_no_action_after_a_probe_that_emits_one(session_of):
    session = session_of("good", stf=asks_again_when_good)
    emitted = "[action for action in lab.trace[-1].record.emitted if isinstance(action, pl.Tracked)]"
    lines = session.view()["test"].splitlines()
    assert [
        """    assert lab.state == Jobs({1: "bad"}, 0), 'late-result'""",
        f"    assert not {emitted}, 'late-result'",
    ] == lines[-2:]


def test_a_copied_run_runs_and_fails_until_the_machine_is_mended(session_of):
    test = session_of("good", stf=takes_the_last_result).view()["test"]
    names = {"Jobs": Jobs, "Do": Do, "scenario": jobs(stf=takes_the_last_result)}
    exec(test, names)
    run = next(value for name, value in names.items() if name.startswith("test_"))
    with pytest.raises(AssertionError, match="late-result"):
        run()
    names["scenario"] = jobs()
    run()


def test_a_copied_run_brings_the_class_of_the_result_that_it_tries():
    lab = pl.Lab(payments)
    lab.fire(payments.inputs[0])
    lab.deliver(1, Declined("late"), probe=True)
    assert "from phasm_lab.examples.payments import Declined" in Session(lab).view()["test"].splitlines()
