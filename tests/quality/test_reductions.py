"""What a search may leave out hides no finding on any example or mutant; where it lengthens a run, by how much."""

import pytest

import phasm_lab as pl
from phasm_lab.checks.checking import Reductions
from phasm_lab.examples import all_examples
from tests.quality.jobs import Do, jobs
from tests.quality.sound_results import asks_first, closes_what_is_unknown, takes_void_for_an_end
from tests.quality.test_alone import MUTANTS as ALONE
from tests.quality.test_mutants import MUTANTS as TOGETHER
from tests.quality.test_twins import BROKEN
from tests.quality.twins import OnSQLite

SCENARIOS = {
    **{example.name: example.scenario for example in all_examples()},
    **{mutant.name: mutant.scenario for mutant in TOGETHER},
    **{mutant.name: mutant.scenario for mutant in ALONE},
    **{f"{machine.__name__} on SQLite": machine(OnSQLite()).scenario(**budgets) for machine, budgets, _ in BROKEN},
}
REDUCTIONS = {
    "oldest dispatch": Reductions(oldest_dispatch=True),
    "no perform while down": Reductions(no_perform_while_down=True),
}
LONGER = {
    ("ignores the second job", "oldest dispatch"): {"unwatched-action": 1, "ignored-result": 1},
    ("IgnoresTheSecond on SQLite", "oldest dispatch"): {"unwatched-action": 1, "ignored-result": 1},
    ("asks for ever, also when it is over", "oldest dispatch"): {"no-recovery": 1, "late-result": 1},
    ("bookings_overlooking_requests", "no perform while down"): {"no_two_door_codes_overlap is broken": 1},
    ("lease_without_fencing", "no perform while down"): {"no_stale_holder_writes is broken": 1},
}


def lengths(report):
    """Return the length of each run found, by rule, or by property and the first words about it."""
    return {
        finding.message.split(":")[0] if finding.check == "broken-property" else finding.check: len(finding.trace)
        for finding in report.findings
    }


@pytest.fixture(scope="module")
def whole():
    return {name: pl.check(scenario) for name, scenario in SCENARIOS.items()}


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_reduction_hides_nothing_and_lengthens_only_these_runs(name, reduction, whole):
    reduced = pl.check(SCENARIOS[name], reductions=REDUCTIONS[reduction])
    before, after = lengths(whole[name]), lengths(reduced)
    assert before.keys() == after.keys()
    assert LONGER.get((name, reduction), {}) == {
        key: after[key] - before[key] for key in before if after[key] != before[key]
    }
    assert (whole[name].complete, whole[name].goals_unreached) == (reduced.complete, reduced.goals_unreached)
    assert whole[name].configuration_count >= reduced.configuration_count


@pl.always
def the_first_is_handed_over_first(here):
    stages = {item.id: item.stage for item in here.in_flight}
    return (stages.get(1), stages.get(2)) != ("queued", "request")


@pl.always
def no_crash_parts_what_restore_emitted(here):
    """Never does a process die in its second life with the second job void and the first one open."""
    return here.up or here.life < 2 or here.state.status != {1: "open", 2: "void"}


def part_of_what_restore_emitted():
    return jobs(
        stf=takes_void_for_an_end,
        restore=asks_first,
        perform=closes_what_is_unknown,
        properties=[no_crash_parts_what_restore_emitted],
        inputs=[Do(1), Do(2)],
        crashes=1,
        recovery_crashes=1,
    )


@pytest.mark.xfail(reason="a property may tell what is queued from what is on the wire, whose order is left out")
def test_handing_over_the_oldest_alone_hides_no_property_of_what_is_in_flight():
    scenario = jobs(properties=[the_first_is_handed_over_first])
    reduced = pl.check(scenario, reductions=REDUCTIONS["oldest dispatch"])
    assert ["broken-property"] == [finding.check for finding in reduced.findings]


@pytest.mark.xfail(reason="a recovery crash may fall where only the newest of restore's actions was handed over")
def test_handing_over_the_oldest_alone_hides_no_crash_in_a_recovery():
    reduced = pl.check(part_of_what_restore_emitted(), reductions=REDUCTIONS["oldest dispatch"])
    assert "broken-property" in [finding.check for finding in reduced.findings]


def test_both_are_found_without_a_reduction():
    scenarios = jobs(properties=[the_first_is_handed_over_first]), part_of_what_restore_emitted()
    assert [3, 6] == [lengths(pl.check(scenario))[f"{scenario.properties[0].name} is broken"] for scenario in scenarios]
