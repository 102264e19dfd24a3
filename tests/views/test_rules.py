"""The rules beside the steps of a run: marks, cards, the verdict, and what is spoken."""

import pytest

import phasm_lab as pl
from phasm_lab.views.session import Session
from tests.quality.jobs import Do, Work, jobs
from tests.quality.mutants import rejects_bad_results


async def always_audits(state, actions):
    del state
    actions.add(pl.Tracked("audit", Work("audit")))


@pytest.fixture
def rejecting():
    """A session in which the first result is rejected, and another job is fired after that."""
    lab = pl.Lab(jobs(stf=rejects_bad_results))
    lab.fire(Do(1))
    lab.dispatch(1)
    lab.perform(1, "bad")
    lab.deliver(1)
    lab.fire(Do(2))
    return Session(lab)


def cards(session, step):
    session.lab.goto(step)
    return [(line["name"], line["kind"], line["since"]) for line in session.view()["panel"]["properties"]]


def test_a_step_is_marked_where_it_breaks_a_rule_and_while_it_stays_broken(rejecting):
    assert [1, 1, 1, 1, 2, 3] == [row["rules"] for row in rejecting.timeline()["rows"]]
    assert {0} == {row["own"] for row in rejecting.timeline()["rows"]}


def test_the_outline_tells_a_step_that_breaks_a_rule_from_a_rejected_one(rejecting):
    assert "SFDPbF" == rejecting.timeline()["outline"]


def test_the_verdict_counts_what_breaks_first(rejecting):
    verdict = rejecting.view()["header"]["verdict"]
    assert ("broken: 3 findings", "at step 4") == (verdict["text"], verdict["more"])
    assert verdict["label"].endswith("first in this run: rejected-result, unwatched-action, stuck")


def test_there_is_a_card_for_each_broken_rule_that_says_since_when(rejecting):
    assert [] == cards(rejecting, 3)
    assert [("rejected-result", "rule", 4), ("unwatched-action", "rule", 4), ("stuck", "rule", 4)] == cards(
        rejecting, 4
    )
    assert [("unwatched-action", "rule", 4)] == cards(rejecting, 5)


def test_the_sentence_of_a_step_names_the_rules(rejecting):
    expected = (
        "Step 4: result for 1 rejected, ValueError nobody told me that work can be bad. State unchanged. "
        "Rule rejected-result is broken. Rule unwatched-action is broken. Rule stuck is broken."
    )
    assert expected == rejecting.timeline()["rows"][4]["say"]


def test_a_rule_can_be_broken_from_the_start():
    lab = pl.Lab(jobs(restore=always_audits))
    assert [2] == [row["rules"] for row in Session(lab).timeline()["rows"]]


def test_a_branch_has_rules_of_its_own(rejecting):
    rejecting.lab.goto(2)
    rejecting.lab.perform(1, "good")
    rejecting.lab.deliver(1)
    assert [1, 1, 1, 1, 1] == [row["rules"] for row in rejecting.timeline()["rows"]]
    assert rejecting.view()["header"]["verdict"] is None


def test_a_preview_says_which_rule_a_choice_would_break(rejecting):
    rejecting.lab.goto(3)
    group = next(group for group in rejecting.view()["choices"]["groups"] if group["title"] == "Results")
    breaks = [chip["preview"]["breaks"] for item in group["items"] for chip in item["chips"] if chip["enabled"]]
    assert ["rejected-result and 2 more"] == breaks
    assert 6 == len(rejecting.lab.history.nodes)
