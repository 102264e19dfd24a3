"""The checker agrees: what a cell says about its runs is what a whole search says about the same outcomes."""

import pytest

import phasm_lab as pl
from phasm_lab.examples import all_examples
from phasm_lab.machine.data import freeze
from phasm_lab.recoveries.running import with_faults
from tests.recoveries import seeded

EXAMPLES = {example.name: example for example in all_examples()}
OTHERWISE = {"A", "2", "L", "F"}


def ending(configuration):
    return configuration.state.frozen(), configuration.environment.frozen()


def runs_ending_so(scenario, wanted, faults):
    """Search for a run whose quiescent end is the wanted one, the outside world giving first answers; None if none is."""

    def ends_otherwise(here):
        return ending(here.configuration) != wanted

    def perform(environment, action, _choose):
        return scenario.environment.perform(environment, action, lambda *options: options[0])

    environment = pl.Environment(initial=scenario.environment.initial, perform=perform)
    claims = [pl.when_quiescent(ends_otherwise)]
    report = pl.check(with_faults(scenario, faults, environment=environment, properties=claims))
    assert report.complete
    return any(finding.check == "broken-property" for finding in report.findings)


def different(recoveries):
    """Return a recovery for each different end, in each class."""
    found = {}
    for recovery in recoveries:
        end = recovery.trace[-1].configuration
        found.setdefault((recovery.outcome.letter, ending(end)), recovery)
    return [(letter, end, recovery) for (letter, end), recovery in found.items()]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_run_without_a_crash_ends_so_exactly_where_the_cell_allows_it(name):
    scenario = EXAMPLES[name].scenario
    matrix = pl.crash_matrix(scenario)
    for letter, end, _ in different(matrix.recoveries):
        if letter in OTHERWISE:
            assert (letter == "A") == runs_ending_so(scenario, end, pl.Faults())


@pytest.mark.parametrize("name", [name for name, example in EXAMPLES.items() if not example.sound])
def test_a_run_with_one_crash_ends_so_in_the_search_too(name):
    scenario = EXAMPLES[name].scenario
    recoveries = [r for r in pl.crash_matrix(scenario).recoveries if r.outcome.letter in OTHERWISE]
    for letter, end, recovery in different(recoveries):
        assert runs_ending_so(scenario, end, pl.Faults(crashes=1)), (letter, recovery)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_property_is_broken_in_the_run_of_each_cell_that_says_so(name):
    matrix = pl.crash_matrix(EXAMPLES[name].scenario)
    for recovery in matrix.recoveries:
        lab = recovery.open()
        broken = {
            claim.name
            for node in lab.selected.path()
            for claim, judged in zip(lab.scenario.properties, lab.judgements(node), strict=True)
            if judged.holds is False and claim.kind != "sometimes"
        }
        if recovery.outcome.letter in "SA":
            assert set() == broken
        elif recovery.outcome.letter == "B":
            assert all(name in recovery.sentence for name in broken)
            assert broken


@pytest.mark.parametrize("name", [name for name, example in EXAMPLES.items() if example.sound])
def test_where_the_search_is_silent_no_cell_is_bad(name):
    scenario = EXAMPLES[name].scenario
    pl.check(scenario).assert_passed()
    assert [] == [recovery for recovery in pl.crash_matrix(scenario).recoveries if recovery.outcome.is_bad]


async def stf_deaf(state, input, actions):
    if not isinstance(input, pl.TrackedActionCompleted) or input.result != "never seen":
        await seeded.stf(state, input, actions)


async def restore_failing(state, actions):
    if state.pending:
        raise KeyError(len(actions))


async def stf_swallowing(state, input, actions):
    try:
        await seeded.stf(state, input, actions)
    except pl.AddError:
        state.next_id += 1


@pytest.mark.parametrize(
    ("letter", "slug", "parts"),
    [
        ("2", "changed-outcome", {"restore": seeded.restore_charging}),
        ("L", "forgotten-action", {"stf": seeded.stf_storing_late}),
        ("T", "stuck", {"stf": stf_deaf}),
        ("R", "impure-restore", {"restore": restore_failing}),
        ("F", "swallowed-error", {"stf": stf_swallowing, "perform": seeded.perform_by_key}),
    ],
)
def test_each_bad_class_goes_with_a_finding_of_the_search(letter, slug, parts):
    scenario = seeded.scenario(**parts, faults=pl.Faults(crashes=1, add_errors=1))
    assert slug in [finding.check for finding in pl.check(scenario).findings]
    matrix = pl.crash_matrix(scenario, storage_faults=True)
    assert letter in {recovery.outcome.letter for recovery in matrix.recoveries}


def test_memory_outside_the_state_goes_with_a_finding_of_the_search():
    scenario = seeded.scenario(stf=seeded.stf_remembering_outside)
    seeded.SEEN.clear()
    found = [finding.check for finding in pl.check(scenario).findings]
    seeded.SEEN.clear()
    matrix = pl.crash_matrix(scenario)
    assert "nondeterministic" in found
    assert "nondeterministic" in {recovery.slug for recovery in matrix.recoveries}


def test_every_order_of_a_surviving_request_is_a_run_of_the_search():
    scenario = seeded.scenario()
    recovery = pl.crash_matrix(scenario)[2, "request on wire"].worst
    assert "2" == recovery.outcome.letter
    assert {1: 2} == recovery.trace[-1].configuration.environment.view().charged
    wanted = ending(recovery.trace[-1].configuration)
    assert runs_ending_so(scenario, wanted, pl.Faults(crashes=1))
    assert freeze({1: 2}) == freeze(dict(recovery.trace[-1].configuration.environment.view().charged))
