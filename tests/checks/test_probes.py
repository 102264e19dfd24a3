"""What a probe found: its run ends in the probe, and opens in a lab that stands after it."""

import pytest

import phasm_lab as pl
from phasm_lab.engine import Deliver
from phasm_lab.trace.labels import labels
from tests.quality.alone_results import counts_every_result, prefers_good, reports_again, takes_the_last_result
from tests.quality.jobs import jobs
from tests.quality.mutants import asks_for_ever

PROBED = {
    "repeated-result": [jobs(stf=counts_every_result), jobs(stf=reports_again)],
    "late-result": [jobs(stf=takes_the_last_result), jobs(stf=prefers_good), jobs(stf=asks_for_ever)],
}
CASES = [(check, scenario) for check, scenarios in PROBED.items() for scenario in scenarios]


def finding_of(check, scenario):
    return next(finding for finding in pl.check(scenario).findings if finding.check == check)


@pytest.mark.parametrize(("check", "scenario"), CASES)
def test_the_run_ends_in_a_probe_that_does_something(check, scenario):
    *before, last = finding_of(check, scenario).trace
    assert [True] == [step.event.probe for step in (*before, last) if getattr(step.event, "probe", False)]
    assert isinstance(last.event, Deliver)
    assert "committed" == last.record.result
    assert (last.configuration.state.plain(), ()) != (before[-1].configuration.state.plain(), last.record.emitted)
    assert before[-1].configuration.budgets == last.configuration.budgets


def test_a_repeated_result_is_the_one_that_was_delivered():
    trace = finding_of("repeated-result", jobs(stf=counts_every_result)).trace
    assert [
        "fire Do(job_id=1)",
        "dispatch 1",
        "perform 1, 'good'",
        "deliver 1, 'good'",
        "deliver 1, 'good' (probe)",
    ] == labels(step.event for step in trace)


def test_a_late_result_is_another():
    trace = finding_of("late-result", jobs(stf=takes_the_last_result)).trace
    assert ["deliver 1, 'good'", "deliver 1, 'bad' (probe)"] == labels(step.event for step in trace[-2:])


@pytest.mark.parametrize(("check", "scenario"), CASES)
def test_a_finding_opens_after_its_probe(check, scenario):
    finding = finding_of(check, scenario)
    lab = finding.open()
    assert finding.trace == lab.trace
    assert [] == [judgement for judgement in lab.judgements() if judgement.holds is not None]


@pytest.mark.parametrize(("check", "scenario"), CASES)
def test_a_finding_is_stored_and_replayed_with_its_probe(check, scenario):
    trace = finding_of(check, scenario).trace
    found = pl.Trace.read(trace.to_json_lines()).replay(scenario)
    assert (None, (), len(trace)) == (found.problem, found.notes, len(found.steps))


def test_other_findings_have_no_probe():
    findings = pl.check(jobs(stf=asks_for_ever)).findings
    assert {"no-recovery": False, "late-result": True} == {
        finding.check: any(getattr(step.event, "probe", False) for step in finding.trace) for finding in findings
    }
