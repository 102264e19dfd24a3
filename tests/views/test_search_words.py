"""What is said of a search never claims more than was searched."""

import pytest

import phasm_lab as pl
from phasm_lab.checks.checking import Progress
from phasm_lab.examples.payments import payments, payments_charging_again
from phasm_lab.views.search_words import branch_name, ended, goals, goals_note, not_searched, under_way

REPORT = pl.check(payments)
LIMITED = pl.check(payments, limit=500)


def words(verdict):
    return verdict["kind"], verdict["text"], verdict["more"]


def progress(*found):
    return Progress(12_431, 50_000, 18, 3_870, 40_000, found)


@pytest.mark.parametrize(
    ("given", "ending", "expected"),
    [
        (None, False, ("run", "starting to search", "")),
        (progress(), False, ("run", "nothing broken so far", "12,431 configurations")),
        (progress(), True, ("run", "nothing broken so far", "12,431 configurations · stopping")),
        (progress(("stuck", "")), False, ("broken", "1 finding so far", "12,431 configurations · search not finished")),
    ],
)
def test_while_it_goes_on(given, ending, expected):
    assert expected == words(under_way(given, ending=ending))


def test_it_holds_only_after_a_complete_search():
    expected = ("ok", "holds", "3,189 configurations · complete for 1 crash")
    assert expected == words(ended(REPORT, was_stopped=False, at_limit=False))


def test_broken_says_how_many_findings():
    report = pl.check(payments_charging_again)
    expected = ("broken", "broken: 2 findings", "1,583 configurations · complete for 1 crash")
    assert expected == words(ended(report, was_stopped=False, at_limit=False))


def test_at_the_limit_it_speaks_of_the_steps_after_which_everything_was_met():
    assert not LIMITED.complete
    whole = pl.check(payments, limit=10_000)
    depth = LIMITED.depth - 1
    text = f"nothing broken up to {depth} steps"
    assert ("run", text, f"{LIMITED.configuration_count} configurations") == words(
        ended(LIMITED, was_stopped=False, at_limit=True)
    )
    assert depth < whole.depth


def test_stopped_it_says_so():
    expected = ("run", "nothing broken so far", f"{LIMITED.configuration_count} configurations · stopped")
    assert expected == words(ended(LIMITED, was_stopped=True, at_limit=False))


def test_its_name_is_the_whole_sentence():
    label = ended(REPORT, was_stopped=False, at_limit=False)["label"]
    assert "Holds. 3,189 configurations, complete for 1 crash. Open the findings." == label


def test_the_goals_of_the_user_are_listed_with_whether_they_were_reached():
    assert [("a_payment_fails", True), ("all_payments_are_confirmed", True)] == [
        (goal["name"], goal["reached"]) for goal in goals(REPORT)
    ]
    assert "2 of 2 reached" == goals_note(REPORT)


def test_what_else_no_run_got_to_is_never_reached():
    report = pl.check(payments, limit=1)
    assert [False] * len(report.goals_unreached) == [goal["reached"] for goal in goals(report)]
    assert f"0 of 2 reached, {len(report.goals_unreached) - 2} more not reached" == goals_note(report)


def test_what_holds_says_first_how_much_was_not_reached():
    report = pl.check(pl.Scenario(payments.machine, inputs=["nothing matches this"]))
    expected = ("ok", "holds", "1 goal not reached · 2 configurations · complete without faults")
    assert expected == words(ended(report, was_stopped=False, at_limit=False))
    assert "1 goal not reached" == goals_note(report)


def test_without_budgets_every_fault_is_left_out():
    scenario = pl.Scenario(payments.machine, inputs=[], environment=payments.environment)
    (sentence,) = not_searched(scenario, ())
    assert sentence == (
        "Budget 0: crashes; crashes during recovery; lost, duplicated or delayed requests; "
        "lost, duplicated or reordered results; lost or duplicated inputs; storage faults."
    )


def test_a_branch_is_named_after_the_finding_and_the_property():
    twice, outcome = pl.check(payments_charging_again).findings
    assert ("broken-property: no_card_is_charged_twice", "changed-outcome") == (
        branch_name(twice),
        branch_name(outcome),
    )
