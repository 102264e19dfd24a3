"""A search meets exactly the configurations that TLC finds in a TLA+ model written from the rules alone.

4 payments with 2 crashes have some 95 million, too many to be searched to the end by either.
"""

import pytest

import phasm_lab as pl
from phasm_lab.checks.endings import Reductions
from tests.tla import tlc
from tests.tla.payments import scenario

pytestmark = pytest.mark.timeout(300)

CASES = [
    (1, 0, 7),
    (1, 1, 49),
    (1, 2, 190),
    (2, 0, 43),
    (2, 1, 1_069),
    (2, 2, 12_589),
    (3, 0, 259),
    (3, 1, 27_701),
    (3, 2, 1_053_800),
    (4, 0, 1_555),
    (4, 1, 759_269),
]


@pytest.mark.skipif(bool(tlc.missing()), reason=tlc.missing())
@pytest.mark.parametrize(("payment_count", "crash_count", "configuration_count"), CASES)
def test_tlc_finds_as_many_states(payment_count, crash_count, configuration_count, tmp_path):
    assert configuration_count == tlc.search(payment_count, crash_count, tmp_path)


@pytest.mark.parametrize(("payment_count", "crash_count", "configuration_count"), CASES)
def test_a_search_meets_as_many_configurations(payment_count, crash_count, configuration_count):
    report = pl.check(scenario(payment_count, crash_count), reductions=Reductions())
    assert ("holds", configuration_count) == (report.verdict, report.configuration_count)
