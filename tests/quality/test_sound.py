"""Machines of careful authors, in every style: all rules stay silent on them, and the search is complete."""

import pytest

import phasm_lab as pl
from phasm_lab.machine.definition import FAULT_NAMES
from tests.quality import sound_asking, sound_inputs, sound_pollers, sound_processes, sound_results, sound_styles

MACHINES = [
    machine
    for module in (sound_asking, sound_inputs, sound_pollers, sound_processes, sound_results, sound_styles)
    for machine in module.SOUND
]
CASES = [
    pytest.param(machine.scenario(**budgets), count, id=f"{machine.name} under {' '.join(budgets) or 'no fault'}")
    for machine in MACHINES
    for budgets, count in machine.counts
]


@pytest.mark.parametrize(("scenario", "configuration_count"), CASES)
def test_a_sound_machine_is_silent(scenario, configuration_count):
    report = pl.check(scenario)
    assert ("holds", (), configuration_count) == (report.verdict, report.findings, report.configuration_count)


# A client that sends again, or hears nothing of a commit and so fires again, asks twice. A machine whose inputs carry no
# key, and which remembers nothing of what was asked, does it twice. And one that counts on its second request is lost
# where a fault takes that one.
ASKED_TWICE = {"unknown_commits": ["reused-id"], "duplicated_inputs": ["reused-id"]}
DONE_TWICE = {"unknown_commits": ["changed-outcome"], "duplicated_inputs": ["changed-outcome"]}
WAITING = ["changed-outcome", "stuck", "unwatched-action"]
NOT_BORNE = {
    "guards": ASKED_TWICE,
    "guards, one job": ASKED_TWICE,
    "lease": {"duplicated_inputs": ["changed-outcome"]},
    "nudged once": dict.fromkeys(["crashes", "lost_requests", "lost_results", "unknown_commits"], WAITING),
    "one at a time": ASKED_TWICE,
    "outbox": DONE_TWICE,
}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_a_sound_machine_bears_each_fault_alone_that_it_is_written_for(machine):
    reports = {fault: pl.check(machine.scenario(**{fault: 1})) for fault in FAULT_NAMES}
    assert {True} == {report.complete for report in reports.values()}
    loud = {
        fault: sorted(finding.check for finding in report.findings)
        for fault, report in reports.items()
        if report.findings
    }
    assert NOT_BORNE.get(machine.name, {}) == loud


def test_each_machine_meets_two_kinds_of_budgets_or_more():
    assert [] == [machine.name for machine in MACHINES if len(machine.counts) < 2]


def test_each_fault_is_among_the_budgets():
    assert set(FAULT_NAMES) == {name for machine in MACHINES for budgets, _ in machine.counts for name in budgets}
