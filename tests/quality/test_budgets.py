"""A fault that has no budget does not happen, also not where another fault of the same place has one."""

import pytest

import phasm_lab as pl
from tests.quality.jobs import Do, Work, jobs, stf
from tests.quality.mutants import goes_on_without_the_action, guesses_when_it_cannot_read
from tests.quality.sound import ONE


@pytest.mark.parametrize(
    ("stf", "budgets", "configuration_count"),
    [
        (guesses_when_it_cannot_read, {}, 43),
        (guesses_when_it_cannot_read, {"add_errors": 1}, 86),
        (goes_on_without_the_action, {}, 43),
        (goes_on_without_the_action, {"access_errors": 1}, 86),
    ],
)
def test_a_bug_that_only_one_fault_shows_is_silent_under_the_other(stf, budgets, configuration_count):
    report = pl.check(jobs(stf=stf, **budgets))
    assert ((), configuration_count) == (report.findings, report.configuration_count)


def test_a_bug_of_one_fault_is_silent_where_another_fault_leads_to_it():
    budgets = {"access_errors": 1, "duplicated_inputs": 1}
    report = pl.check(jobs(stf=goes_on_without_the_action, inputs=ONE, **budgets))
    assert ["reused-id"] == [finding.check for finding in report.findings]


async def ignores_a_result_after_two_errors(state, input, actions):
    """Mark a job where one read fails; of a marked job, ignore the result where another read fails."""
    match input:
        case pl.Normal(Do(job_id)):
            try:
                state.done_count  # noqa: B018 - the read is what may fail
                mark = "open"
            except pl.StorageError:
                mark = "open, marked"
            actions.add(pl.Tracked(job_id, Work(job_id)))
            state.status[job_id] = mark
        case pl.TrackedActionCompleted(job_id, result) if state.status[job_id] == "open, marked":
            try:
                state.done_count  # noqa: B018 - the same
            except pl.StorageError:
                return
            state.status[job_id] = result
        case _:
            await stf(state, input, actions)


async def asks_for_marked_jobs_too(state, actions):
    for job_id, status in state.status.items():
        if status.startswith("open"):
            actions.add(pl.Tracked(job_id, Work(job_id)))


@pytest.mark.parametrize(("access_errors", "lengths"), [(1, {}), (2, {"ignored-result": 4})])
def test_a_bug_that_takes_two_faults_is_silent_under_a_budget_of_one(access_errors, lengths):
    scenario = jobs(
        stf=ignores_a_result_after_two_errors,
        restore=asks_for_marked_jobs_too,
        inputs=ONE,
        access_errors=access_errors,
    )
    found = {finding.check: len(finding.trace) for finding in pl.check(scenario).findings}
    assert lengths == {check: length for check, length in found.items() if check == "ignored-result"}
