"""What a search may leave out hides no finding on any example or mutant, and lengthens no run."""

from copy import copy

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
    "crash between steps": Reductions(crash_between_steps=True),
    "oldest dispatch": Reductions(oldest_dispatch=True),
    "no perform while down": Reductions(no_perform_while_down=True),
}


def lengths(report):
    """Return the length of each run found, by rule, or by property and the first words about it."""
    return {
        finding.message.split(":")[0] if finding.check == "broken-property" else finding.check: len(finding.trace)
        for finding in report.findings
    }


@pytest.fixture(scope="module")
def whole():
    return {name: pl.check(scenario, reductions=Reductions()) for name, scenario in SCENARIOS.items()}


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_reduction_hides_nothing_and_lengthens_nothing(name, reduction, whole):
    reduced = pl.check(SCENARIOS[name], reductions=REDUCTIONS[reduction])
    assert lengths(whole[name]) == lengths(reduced)
    assert (whole[name].complete, whole[name].goals_unreached) == (reduced.complete, reduced.goals_unreached)
    assert whole[name].configuration_count >= reduced.configuration_count


def is_on_a_database(name):
    return "SQLite" in name or "transfer" in name


def state_and_environment(here):
    return here.state, here.environment


@pytest.mark.parametrize("name", [name for name in SCENARIOS if not is_on_a_database(name)])
def test_an_outcome_of_ones_own_is_judged_like_the_default(name, whole):
    scenario = copy(SCENARIOS[name])
    scenario.outcome = scenario.outcome or state_and_environment
    report = pl.check(scenario)
    assert lengths(whole[name]) == lengths(report)
    assert whole[name].configuration_count == report.configuration_count


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


def test_handing_over_the_oldest_alone_hides_no_property_of_what_is_in_flight():
    scenario = jobs(properties=[the_first_is_handed_over_first])
    reduced = pl.check(scenario, reductions=REDUCTIONS["oldest dispatch"])
    assert ["broken-property"] == [finding.check for finding in reduced.findings]


def test_handing_over_the_oldest_alone_hides_no_crash_in_a_recovery():
    reduced = pl.check(part_of_what_restore_emitted(), reductions=REDUCTIONS["oldest dispatch"])
    assert "broken-property" in [finding.check for finding in reduced.findings]


def test_both_are_found_without_a_reduction():
    scenarios = jobs(properties=[the_first_is_handed_over_first]), part_of_what_restore_emitted()
    assert [3, 6] == [lengths(pl.check(scenario))[f"{scenario.properties[0].name} is broken"] for scenario in scenarios]
