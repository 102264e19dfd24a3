"""The search on every example: sound ones are silent and complete, each twin is caught by the shortest run."""

import pytest

import phasm_lab as pl
from phasm_lab.checks.endings import Reductions
from phasm_lab.examples import all_examples

EXAMPLES = {example.name: example for example in all_examples()}
SOUND = [name for name, example in EXAMPLES.items() if example.sound]
BROKEN = [name for name, example in EXAMPLES.items() if not example.sound]
COUNTS = {
    "payments": (3_189, 9_227),
    "transfer": (4_068, 11_483),
    "bookings": (405, 756),
    "outbox": (10_566, 32_560),
    "lease": (559, 1_381),
}
SHORTEST = {
    "payments_charging_again": {"broken-property": 5, "changed-outcome": 7},
    "transfer_without_reference": {"broken-property": 7, "changed-outcome": 7},
    "bookings_overlooking_requests": {"broken-property": 3},
    "outbox_losing_retries": {"forgotten-action": 4, "broken-property": 5, "changed-outcome": 5},
    "lease_without_fencing": {"broken-property": 6},
}


def shortest(report):
    found = {}
    for finding in report.findings:
        found.setdefault(finding.check, len(finding.trace))
    return found


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_example_is_silent_and_complete(name):
    report = pl.check(EXAMPLES[name].scenario)
    assert ("holds", ()) == (report.verdict, report.findings)
    assert COUNTS[name] == (report.configuration_count, report.transition_count)
    report.assert_passed()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_twin_is_caught_by_the_shortest_run(name):
    report = pl.check(EXAMPLES[name].scenario)
    assert "broken" == report.verdict
    assert EXAMPLES[name].finding in [finding.check for finding in report.findings]
    assert SHORTEST[name] == shortest(report)
    with pytest.raises(pl.CheckFailedError):
        report.assert_passed()


def test_a_search_of_one_configuration_says_so():
    report = pl.check(EXAMPLES["payments"].scenario, limit=1)
    assert "1 configuration, up to the limit: the limit of 1 configuration was reached" == report.bound


@pytest.mark.parametrize("reductions", [Reductions(oldest_dispatch=True), Reductions(no_perform_while_down=True)])
@pytest.mark.parametrize("name", EXAMPLES)
def test_what_a_search_may_leave_out_hides_no_finding_and_lengthens_no_run(name, reductions):
    whole = pl.check(EXAMPLES[name].scenario)
    reduced = pl.check(EXAMPLES[name].scenario, reductions=reductions)
    assert shortest(whole) == shortest(reduced)
    assert whole.configuration_count >= reduced.configuration_count


@pytest.mark.parametrize("name", BROKEN)
def test_a_finding_opens_in_a_lab_where_it_breaks(name):
    finding = next(f for f in pl.check(EXAMPLES[name].scenario).findings if f.check == "broken-property")
    lab = finding.open()
    assert False in [judgement.holds for judgement in lab.judgements()]
    lab.back()
    assert len(finding.trace) - 1 == lab.selected.depth


def test_a_partial_search_never_says_holds():
    report = pl.check(EXAMPLES["payments"].scenario, limit=100)
    assert ("nothing found", False) == (report.verdict, report.complete)
    assert "100 configurations, up to the limit: the limit of 100 configurations was reached" == report.bound
    with pytest.raises(pl.CheckFailedError):
        report.assert_passed()


def test_a_search_that_is_stopped_keeps_what_it_found():
    report = pl.check(
        EXAMPLES["bookings_overlooking_requests"].scenario, pause=iter([False] * 50 + [True] * 9).__next__
    )
    assert "it was stopped" == report.stopped
    assert "broken" == report.verdict


def test_only_a_scenario_is_checked():
    with pytest.raises(pl.DefinitionError, match="it is not a Scenario"):
        pl.check("payments")
