from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import phasm_lab as pl
from phasm_lab.engine import (
    Crash,
    Delay,
    Deliver,
    Dispatch,
    Duplicate,
    Fault,
    Fire,
    Lose,
    Recover,
    enabled,
    start,
    step,
)
from phasm_lab.engine.enabled import crash_points, error_points, losses, survey
from phasm_lab.engine.events import CRASH_KINDS, ERROR_KINDS
from phasm_lab.engine.rules import RECOVER_FAULTS
from phasm_lab.errors import NotEnabledError
from tests.engine.desk import Ask, Refuse, Tell, after, ask, deliver, desk, dispatch, question, request, result

EVERY_FAULT = pl.Faults(
    crashes=1,
    recovery_crashes=1,
    lost_requests=1,
    duplicated_requests=1,
    delayed_requests=1,
    lost_results=1,
    duplicated_results=1,
    reordered_results=1,
    access_errors=1,
    add_errors=1,
    commit_failures=1,
    unknown_commits=1,
    duplicated_inputs=1,
    lost_inputs=1,
)
INPUTS = (Ask(2), Refuse(), Tell(), Ask(2))


def candidates(configuration):
    """Yield events of every kind, whether they can happen here or not, in the form in which a search lists them."""
    ids, lives, values = (1, 2, 9), (0, 1), ("yes", "no")
    for identity, life in product(ids, lives):
        yield dispatch(identity, life)
        yield from (Lose(request(identity, life)), Duplicate(request(identity, life)), Delay(request(identity, life)))
        yield Crash((request(identity, life),))
        for value in values:
            yield ask(identity, value, life)
            for fault in (None, Fault("commit fails"), Fault("commit unknown"), Fault("after commit", 0)):
                yield Deliver(result(identity, value, life), fault)
            yield Lose(result(identity, value, life))
            yield Duplicate(result(identity, value, life))
            yield Crash((result(identity, value, life),))
    for text in ("hello", "nothing"):
        yield Dispatch(pl.Untracked(text), configuration.life)
        yield Dispatch(pl.Untracked(text), configuration.life + 1)
    for value in (Ask(2), Refuse(), Tell()):
        yield from (Fire(value), Fire(value, again=True), Lose(Fire(value)))
        for number, sticky, kind in product((0, 1, 3, 5, 8, 9), (False, True), ("access fails", "add fails")):
            if number or sticky:
                yield Fire(value, fault=Fault(kind, number, sticky))
        yield Fire(value, fault=Fault("commit fails"))
        yield Fire(value, fault=Fault("commit unknown"))
        yield from (Fire(value, fault=Fault("after commit", count)) for count in range(4))
    yield from (Crash(), Recover(), Recover(Fault("access fails", 1)), Recover(Fault("add fails", 2)))


def works(scenario, configuration, event):
    try:
        step(scenario, configuration, event)
    except NotEnabledError:
        return False
    return True


@given(st.data())
def test_what_is_listed_can_be_stepped_and_what_is_not_listed_is_refused(data):
    scenario = desk(*INPUTS, order=data.draw(st.sampled_from(["given", "any"])), faults=EVERY_FAULT)
    configuration = start(scenario)
    for _ in range(data.draw(st.integers(0, 12))):
        configuration = step(
            scenario, configuration, data.draw(st.sampled_from(enabled(scenario, configuration)))
        ).configuration
    listed = enabled(scenario, configuration)
    assert [] == [event for event in listed if not works(scenario, configuration, event)]
    assert [] == [
        event for event in candidates(configuration) if event not in listed and works(scenario, configuration, event)
    ]


@given(st.data())
def test_looking_at_what_is_enabled_changes_nothing(data):
    scenario = desk(*INPUTS, faults=EVERY_FAULT)
    configuration = start(scenario)
    for _ in range(data.draw(st.integers(0, 8))):
        configuration = step(
            scenario, configuration, data.draw(st.sampled_from(enabled(scenario, configuration)))
        ).configuration
    key = configuration.key()
    first = enabled(scenario, configuration)
    assert (key, first) == (configuration.key(), enabled(scenario, configuration))


@given(st.data())
def test_the_same_events_lead_to_the_same_configuration(data):
    scenario = desk(*INPUTS, faults=EVERY_FAULT)
    configuration, events = start(scenario), []
    for _ in range(data.draw(st.integers(0, 12))):
        events.append(data.draw(st.sampled_from(enabled(scenario, configuration))))
        configuration = step(scenario, configuration, events[-1]).configuration
    assert configuration.key() == after(scenario, *events).key()
    assert repr(configuration[2:]) == repr(after(scenario, *events)[2:])


def test_without_budgets_only_the_run_itself_is_enabled():
    scenario = desk(Ask(), Tell())
    assert [Fire(Ask())] == enabled(scenario, start(scenario))
    assert [Fire(Tell()), dispatch(1)] == enabled(scenario, after(scenario, Fire(Ask())))
    events = Fire(Ask()), Fire(Tell()), dispatch(1)
    assert [Dispatch(pl.Untracked("hello"), 0), ask(1, "yes"), ask(1, "no")] == enabled(
        scenario, after(scenario, *events)
    )
    assert [deliver(1, "no"), Dispatch(pl.Untracked("hello"), 0)] == enabled(
        scenario, after(scenario, *events, ask(1, "no"))
    )


def test_a_crash_branches_over_every_part_of_the_wire():
    scenario = desk(Ask(2), faults=pl.Faults(crashes=1))
    configuration = after(scenario, Fire(Ask(2)), dispatch(1), dispatch(2), ask(2))
    crashes = [event for event in enabled(scenario, configuration) if isinstance(event, Crash)]
    assert [Crash(), Crash((result(2),)), Crash((request(1),)), Crash((request(1), result(2)))] == crashes


def test_equal_messages_are_lost_by_number():
    two_and_one = (request(1), request(1), request(2))
    assert [
        (),
        (request(2),),
        (request(1),),
        (request(1), request(2)),
        (request(1), request(1)),
        (request(1), request(1), request(2)),
    ] == losses(two_and_one)


def test_a_search_meets_each_crash_inside_a_transition_once():
    scenario = desk(Ask(2), faults=pl.Faults(crashes=1))
    crashes = [event for event in enabled(scenario, start(scenario)) if isinstance(event, Fire) and event.fault]
    assert [
        Fault("after commit", 0),
        Fault("after commit", 1),
        Fault("after commit", 1, lose=(request(1),)),
        Fault("after commit", 2),
        Fault("after commit", 2, lose=(request(2),)),
        Fault("after commit", 2, lose=(request(1),)),
        Fault("after commit", 2, lose=(request(1), request(2))),
    ] == [event.fault for event in crashes]


@pytest.mark.parametrize(
    ("event", "events", "access_count", "tracked_count"),
    [
        (Fire(Ask(0)), (), 0, 0),
        (Fire(Ask(1)), (), 5, 1),
        (Fire(Ask(2)), (), 10, 2),
        (Deliver(result(1)), (Fire(Ask(1)), dispatch(1), ask(1)), 2, 0),
    ],
)
def test_crash_points_are_accesses_and_boundaries(event, events, access_count, tracked_count):
    scenario = desk(*INPUTS, order="any", faults=pl.Faults(crashes=1))
    points = crash_points(survey(scenario, after(scenario, *events), event), event)
    assert [
        Fault("before accept"),
        *(Fault("at access", number + 1) for number in range(access_count)),
        Fault("before commit"),
        Fault("commit unknown"),
        *(Fault("after commit", count) for count in range(tracked_count + 1)),
    ] == points


def test_a_rejected_transition_has_no_commit_to_crash_at():
    scenario = desk(Refuse())
    tried = survey(scenario, start(scenario), Fire(Refuse()))
    assert [Fault("before accept"), Fault("at access", 1), Fault("at access", 2)] == crash_points(tried, Fire(Refuse()))


def test_crash_points_of_restore():
    scenario = desk(Ask(2), faults=pl.Faults(crashes=1))
    tried = survey(scenario, after(scenario, Fire(Ask(2)), Crash()), Recover())
    assert [Fault("at access", 1), *(Fault("after commit", count) for count in range(3))] == crash_points(
        tried, Recover()
    )


def test_errors_hit_each_access_and_add_once_and_from_then_on():
    scenario = desk(Ask(1))
    tried = survey(scenario, start(scenario), Fire(Ask(1)))
    assert [
        *(Fault("access fails", number, sticky) for number in (1, 2, 3, 4, 5) for sticky in (False, True)),
        Fault("add fails", 1),
        Fault("add fails", 1, sticky=True),
        Fault("commit fails"),
    ] == error_points(tried, Fire(Ask(1)))


def test_a_survey_leaves_nothing_behind():
    scenario = desk(Ask())
    configuration = start(scenario)
    key = configuration.key()
    tried = survey(scenario, configuration, Fire(Ask()))
    assert ((question(1),), True, key) == (tried.actions, tried.wrote, configuration.key())


def test_the_kinds_of_faults_are_told_apart():
    assert [True] * 5 == [Fault(kind).is_crash for kind in CRASH_KINDS]
    assert [False] * 3 == [Fault(kind).is_crash for kind in ERROR_KINDS]
    assert set() == set(RECOVER_FAULTS) - set(CRASH_KINDS + ERROR_KINDS)
