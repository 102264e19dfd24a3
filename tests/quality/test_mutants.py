"""Each seeded bug that several rules catch is caught by exactly these, each by its own shortest run."""

import pytest

import phasm_lab as pl
from tests.quality.mutants import MUTANTS, STUCK


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_caught_by_these_rules(mutant):
    report = pl.check(mutant.scenario)
    assert mutant.found == {finding.check: (len(finding.trace), finding.message) for finding in report.findings}
    assert (mutant.configuration_count, True) == (report.configuration_count, report.complete)


@pytest.mark.parametrize("mutant", STUCK, ids=lambda mutant: mutant.name)
def test_what_is_stuck_is_unwatched_and_nothing_else(mutant):
    assert ["stuck", "unwatched-action"] == sorted(mutant.found)
