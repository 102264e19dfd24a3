"""A search posted for by a screen goes on beside everything else, ends when nobody waits for it, and opens what it found."""

import asyncio
import copy
import json
import threading

import pytest

import phasm_lab as pl
from phasm_lab.examples.lease import lease
from phasm_lab.examples.payments import payments, payments_charging_again
from phasm_lab.examples.transfer import transfer_without_reference
from phasm_lab.interpreter import worker
from phasm_lab.views.search import search_of
from phasm_lab.views.session import Session
from tests.views.machines import scenario_of
from tests.views.searches import LONG, wait_for_workers, workers

TWICE = "broken-property: no_card_is_charged_twice"


def post(session, kind, **fields):
    return session.handle({"serial": 1, "kind": kind, **fields})["problem"]


@pytest.fixture
def session():
    return Session(pl.Lab(payments_charging_again))


@pytest.fixture
def searched(session):
    post(session, "check")
    wait_for_workers()
    return session


@pytest.fixture
def searching():
    """A session whose search has told that it is under way."""
    session = Session(pl.Lab(LONG))
    begun = threading.Event()
    session.searching.observe(lambda: session.search()["progress"]["count"] and begun.set())
    post(session, "check")
    begun.wait()
    yield session
    session.searching.stop()
    wait_for_workers()


def test_there_is_none_before_it_is_asked_for(session):
    assert session.search() is None


def test_it_ends_with_the_verdict_and_the_findings_shortest_first(searched):
    search = searched.search()
    assert ("ended", "broken: 2 findings") == (search["state"], search["verdict"]["text"])
    assert [("broken-property", 5, -1), ("changed-outcome", 7, -1)] == [
        (finding["title"], finding["step_count"], finding["step"]) for finding in search["findings"]
    ]


def test_what_is_shown_of_it_is_plain_json(searched):
    assert searched.search() == json.loads(json.dumps(searched.search()))


def test_its_worker_ends_with_it(searched):
    assert [] == workers()
    assert "ended" == searched.search()["state"]


def test_a_finding_opens_as_a_named_branch_that_ends_where_it_breaks(searched):
    lab = searched.lab
    lab.fire(lab.scenario.inputs[0])
    assert post(searched, "open", run=TWICE) is None
    assert (5, {lab.selected.number: TWICE}) == (lab.selected.depth, lab.history.names)
    assert [False] == [judgement.holds for judgement in lab.judgements()]
    assert lab.selected.number == searched.search()["findings"][0]["step"]


def test_an_opened_finding_says_which_numbers_its_steps_have_in_the_history(searched):
    lab = searched.lab
    lab.take(searched.searching.work.findings[0].trace[0].event)
    lab.goto(0)
    lab.crash()
    assert post(searched, "open", run=TWICE) is None
    assert ["1, 3 to 6", ""] == [finding["numbers"] for finding in searched.search()["findings"]]


def test_the_last_step_of_a_run_whose_outcome_differs_says_so(searched):
    assert post(searched, "open", run="changed-outcome") is None
    last = searched.timeline()["rows"][-1]
    (line,) = [line for line in searched.view()["panel"]["properties"] if line["kind"] == "rule"]
    assert (2, True) == (last["rules"], last["say"].endswith(" Rule changed-outcome is broken."))
    assert ("changed-outcome", "broken", last["step"]) == (line["name"], line["state"], line["since"])


def test_a_step_that_breaks_a_property_says_nothing_of_a_rule(searched):
    assert post(searched, "open", run=TWICE) is None
    assert [1] * 6 == [row["rules"] for row in searched.timeline()["rows"]]


def test_a_run_that_was_not_found_is_refused_with_those_that_were(searched):
    problem = post(searched, "open", run="stuck")
    assert "open 'stuck': there is no such run" == problem["title"]
    assert [f"there is {TWICE}, changed-outcome"] == problem["lines"]


def test_its_verdict_is_the_same_at_every_step(searched):
    before = searched.search()["verdict"]
    searched.lab.fire(searched.lab.scenario.inputs[0])
    assert before == searched.search()["verdict"]


def test_a_finding_about_a_database_opens_on_another_thread_than_it_was_found_on():
    session = Session(pl.Lab(transfer_without_reference))
    post(session, "check")
    wait_for_workers()
    finding = session.search()["findings"][0]
    assert post(session, "open", run=finding["id"]) is None
    assert finding["step_count"] == session.lab.selected.depth


def test_other_posts_are_done_while_it_goes_on(searching):
    assert post(searching, "take", at=0, choice=first_choice(searching), loses=[]) is None
    assert (1, "searching") == (searching.lab.selected.number, searching.search()["state"])


def first_choice(session):
    return session.view()["choices"]["groups"][0]["forms"][0]["chip"]["id"]


def test_stopped_it_keeps_what_it_has_and_claims_no_more(searching):
    post(searching, "stop")
    assert "ending" == searching.search()["state"]
    wait_for_workers()
    search = searching.search()
    assert ("ended", "run", "nothing broken so far") == (
        search["state"],
        search["verdict"]["kind"],
        search["verdict"]["text"],
    )
    assert search["verdict"]["more"].endswith(" configurations · stopped")


def test_asked_for_twice_it_is_one_search(searching):
    work = searching.searching.work
    post(searching, "check")
    assert work is searching.searching.work
    assert 1 == len(workers())


def test_it_ends_when_its_last_observer_leaves():
    search = search_of(pl.Lab(LONG))
    leave = search.observe(lambda: None)
    search.start()
    leave()
    wait_for_workers()
    assert "ended" == search.work.state


def test_it_ends_unheard_when_the_scenario_is_exchanged(searching):
    searching.lab.scenario = payments
    wait_for_workers()
    assert searching.search() is None


def test_it_lets_every_post_before_until_the_last_is_done(session):
    search = session.searching
    with search.let_before():
        with search.let_before():
            pass
        assert not search._turn.is_set()
    assert search._turn.is_set()


def test_all_screens_of_a_lab_share_it(session):
    assert session.searching is Session(session.lab).searching


def told_of(**changes):
    scenario = scenario_of()
    vars(scenario).update(changes)
    session = Session(pl.Lab(scenario))
    post(session, "check")
    wait_for_workers()
    return session.search()


def test_a_scenario_that_cannot_be_searched_is_told_as_a_problem():
    search = told_of(properties=(pl.always(lambda here: not here.untracked),))
    assert ("ended", "could not be searched") == (search["state"], search["verdict"]["text"])
    assert "here.untracked" in search["problem"]["title"]


def test_why_a_search_ended_early_is_said():
    def outcome(here):
        return 1 // (1 - len(here.environment.charged))

    search = told_of(outcome=outcome)
    assert ("ended", "nothing broken so far") == (search["state"], search["verdict"]["text"])
    assert search["verdict"]["more"].endswith(
        "outcome=outcome raised ZeroDivisionError: integer division or modulo by zero"
    )


def test_what_the_machine_prints_meanwhile_is_dropped(capsys):
    async def talking(shop, value, actions):  # noqa: ARG001 - stf is given them
        print("transition")  # noqa: T201 - it is dropped

    session = Session(pl.Lab(scenario_of(stf=talking)))
    post(session, "check")
    wait_for_workers()
    assert "ended" == session.search()["state"]
    assert "" == capsys.readouterr().out


def test_without_threads_it_takes_turns_with_the_event_loop(monkeypatch, session):
    monkeypatch.setattr(worker, "HAS_THREADS", False)

    async def check():
        ended = asyncio.Event()
        session.searching.observe(lambda: session.search()["state"] == "ended" and ended.set())
        post(session, "check")
        assert [] == workers()
        assert "searching" == session.search()["state"]
        await ended.wait()

    asyncio.run(check())
    assert "broken: 2 findings" == session.search()["verdict"]["text"]


def test_different_runs_are_refused_before_a_search_has_ended(session):
    assert "show different runs: no search has ended" == post(session, "list_runs")["title"]


def listed(scenario, limit=None):
    scenario = scenario if limit is None else with_limit(scenario, limit)
    session = Session(pl.Lab(scenario))
    for kind in ("check", "list_runs"):
        post(session, kind)
        wait_for_workers()
    return session.search()


def with_limit(scenario, limit):
    changed = copy.copy(scenario)
    vars(changed)["limit"] = limit
    return changed


@pytest.mark.parametrize(
    ("scenario", "limit", "note"),
    [
        (payments_charging_again, None, "8, and there are more"),
        (payments, None, "8, there are no more"),
        (lease, None, "7, there are no more"),
        (payments, 200, "3, no others were met so far"),
        (payments, 2, "none were met so far"),
    ],
)
def test_of_different_runs_it_is_said_whether_there_are_others(scenario, limit, note):
    search = listed(scenario, limit)
    count = int(note[0]) if note[0].isdigit() else 0
    assert (note, count) == (search["runs_note"], len(search["runs"]))


def test_different_runs_have_different_titles():
    titles = [run["title"] for run in listed(payments_charging_again)["runs"]]
    assert (8, 8) == (len(titles), len(set(titles)))
