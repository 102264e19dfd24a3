"""Each seeded bug is caught by the rules that should catch it, by the shortest run; sound machines stay silent."""

import pytest

import phasm_lab as pl
from tests.quality.mutants import MUTANTS, SOUND


def shortest(report):
    found = {}
    for finding in report.findings:
        found.setdefault(finding.check, len(finding.trace))
    return found


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_caught(mutant):
    report = pl.check(mutant.scenario)
    assert mutant.shortest == shortest(report)
    assert mutant.configuration_count == report.configuration_count


@pytest.mark.parametrize("name", SOUND)
def test_the_sound_machine_is_silent(name):
    scenario, configuration_count = SOUND[name]
    report = pl.check(scenario)
    assert ("holds", (), configuration_count) == (report.verdict, report.findings, report.configuration_count)


@pytest.mark.parametrize(
    "check",
    [
        "broken-property",
        "changed-outcome",
        "forgotten-action",
        "late-result",
        "repeated-result",
        "reused-id",
        "torn-transition",
    ],
)
def test_some_mutant_is_caught_by_this_rule_alone(check):
    assert [check] in [list(mutant.shortest) for mutant in MUTANTS]
