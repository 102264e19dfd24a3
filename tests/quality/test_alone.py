"""Each mutant here is caught by one rule and no other, by the shortest run and with this message."""

from collections import Counter

import pytest

import phasm_lab as pl
from tests.quality import alone_restores, alone_results, alone_runs, alone_transitions

MUTANTS = [
    mutant for module in (alone_restores, alone_results, alone_runs, alone_transitions) for mutant in module.MUTANTS
]
CHECKS = [
    "broken-property",
    "changed-outcome",
    "forgotten-action",
    "ignored-result",
    "impure-restore",
    "late-result",
    "no-recovery",
    "nondeterministic",
    "rejected-result",
    "repeated-result",
    "reused-id",
    "swallowed-error",
    "torn-transition",
    "unwatched-action",
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_caught_by_one_rule_alone(mutant):
    report = pl.check(mutant.scenario)
    found = [(finding.check, len(finding.trace), finding.message) for finding in report.findings]
    assert [(mutant.slug, mutant.length, mutant.message)] == found
    assert (mutant.configuration_count, True) == (report.configuration_count, report.complete)


@pytest.mark.parametrize("check", CHECKS)
def test_two_mutants_or_more_are_caught_by_this_rule_alone(check):
    assert Counter(mutant.slug for mutant in MUTANTS)[check] >= 2
