"""The same machine on a dataclass and on SQLite: the same findings, the same shortest lengths, as many configurations."""

import pytest

import phasm_lab as pl
from tests.quality import twins

SOUND_BUDGETS = [{}, {"crashes": 1, "recovery_crashes": 1}, {"access_errors": 1, "add_errors": 1, "commit_failures": 1}]
BROKEN = [
    (twins.ForgetsTheSecond, {}, {"forgotten-action": 2}),
    (twins.AsksForWhatIsOver, {}, {"unwatched-action": 4, "stuck": 4}),
    (twins.RejectsBad, {}, {"unwatched-action": 4, "stuck": 4, "rejected-result": 4}),
    (twins.IgnoresTheSecond, {}, {"unwatched-action": 5, "ignored-result": 5, "stuck": 8}),
    (twins.CountsEveryResult, {}, {"repeated-result": 5}),
    (twins.TakesTheLastResult, {}, {"late-result": 5}),
    (twins.HasOneIdForTwoJobs, {}, {"reused-id": 2}),
    (
        twins.GuessesWhenItCannotRead,
        {"access_errors": 1},
        {"swallowed-error": 4, "unwatched-action": 4, "stuck": 4, "ignored-result": 4, "changed-outcome": 4},
    ),
    (twins.GoesOnWithoutTheAction, {"add_errors": 1}, {"swallowed-error": 1, "changed-outcome": 1}),
    (twins.WritesInRestore, {}, {"impure-restore": 4}),
    (twins.ChokesOnBadWork, {}, {"impure-restore": 4, "forgotten-action": 5}),
    (twins.AsksForEver, {}, {"no-recovery": 3}),
    (twins.WorksTwice, {"crashes": 1}, {"changed-outcome": 7}),
    (twins.PromisesGoodWork, {}, {"broken-property": 4}),
]


def checked(machine, store, budgets):
    return pl.check(machine(store()).scenario(**budgets))


def shortest(report):
    return {finding.check: len(finding.trace) for finding in report.findings}


def size(report):
    return report.configuration_count, report.transition_count, report.depth, report.complete


@pytest.mark.parametrize("budgets", SOUND_BUDGETS, ids=" ".join)
def test_a_sound_machine_is_the_same_on_both(budgets):
    reports = [checked(twins.Sound, store, budgets) for store in (twins.OnDataclass, twins.OnSQLite)]
    assert ["holds", "holds"] == [report.verdict for report in reports]
    assert size(reports[0]) == size(reports[1])


@pytest.mark.parametrize(("machine", "budgets", "lengths"), BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_a_broken_machine_is_caught_alike_on_both(machine, budgets, lengths):
    reports = [checked(machine, store, budgets) for store in (twins.OnDataclass, twins.OnSQLite)]
    assert [lengths, lengths] == [shortest(report) for report in reports]
    assert size(reports[0]) == size(reports[1])


def test_a_database_is_never_torn_since_the_transaction_takes_back_what_was_written():
    reports = [checked(twins.RejectsAfterItWrote, store, {}) for store in (twins.OnDataclass, twins.OnSQLite)]
    assert [{"torn-transition": 2}, {}] == [shortest(report) for report in reports]
    assert size(reports[0]) == size(reports[1])
