"""The rules along one run say what a search says of it: the same rule, at the same step, in the same words."""

import random
from dataclasses import dataclass, field

import pytest

import phasm_lab as pl
from phasm_lab.checks.along import Asked, RulesAlong
from phasm_lab.checks.impure_restore import wrote_words
from phasm_lab.engine.enabled import enabled, survey
from phasm_lab.engine.events import Recover
from phasm_lab.engine.scenario import start
from phasm_lab.engine.step import step
from phasm_lab.trace.trace import Trace
from tests.quality import mutants, test_alone
from tests.quality.test_sound import CASES

SCENARIOS = [
    pytest.param(mutant.scenario, id=mutant.name) for mutant in (*mutants.STUCK, *mutants.MUTANTS, *test_alone.MUTANTS)
]
RULES = (
    "forgotten-action",
    "ignored-result",
    "impure-restore",
    "rejected-result",
    "reused-id",
    "stuck",
    "unwatched-action",
)


def asked(scenario, configuration):
    found = survey(scenario, configuration, Recover())
    return Asked(
        found.tracked, wrote_words(found) if found.wrote else "", "" if found.refusal is None else found.refusal.text
    )


def broken(trace):
    """Return what each configuration of a run breaks, the start first: (rule, sentence)."""
    rules, before = RulesAlong(trace.scenario), trace.start
    was_asked = asked(trace.scenario, trace.start)
    found = [rules.here(before, was_asked)]
    for number, taken in enumerate(trace):
        now_asked = asked(trace.scenario, taken.configuration)
        by_step = rules.after(number, before, taken, was_asked, now_asked)
        found.append([*by_step, *rules.here(taken.configuration, now_asked)])
        before, was_asked = taken.configuration, now_asked
    return found


def walk(scenario, seed, step_count=30):
    choose, configuration, steps = random.Random(seed), start(scenario), []
    first = configuration
    for _ in range(step_count):
        events = list(enabled(scenario, configuration))
        if not events:
            break
        steps.append(step(scenario, configuration, choose.choice(events)))
        configuration = steps[-1].configuration
    return Trace(scenario, first, tuple(steps))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_counterexample_breaks_its_rule_at_its_last_step_and_not_before(scenario):
    for finding in pl.check(scenario).findings:
        if finding.check in RULES and not met_an_error(finding.trace):
            *before, last = broken(finding.trace)
            assert (finding.check, finding.message) in last
            assert finding.check not in [breach.slug for each in before for breach in each]


def met_an_error(trace):
    return any(taken.record.result == "failed" for taken in trace)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_a_run_breaks_a_search_finds(scenario):
    in_runs = {breach.slug for seed in range(12) for each in broken(walk(scenario, seed)) for breach in each}
    assert in_runs <= {finding.check for finding in pl.check(scenario).findings}


@pytest.mark.parametrize(("scenario", "configuration_count"), CASES)
def test_nothing_is_said_of_a_sound_machine(scenario, configuration_count):
    del configuration_count
    assert [] == [breach for seed in range(6) for each in broken(walk(scenario, seed)) for breach in each]


@pytest.mark.parametrize("rule", RULES)
def test_each_of_these_rules_is_broken_by_a_run_of_some_mutant(rule):
    runs = (broken(walk(param.values[0], seed)) for param in SCENARIOS for seed in range(12))
    assert any(breach.slug == rule for run in runs for each in run for breach in each)


@pytest.mark.parametrize("seed", range(20))
def test_runs_that_branch_are_judged_like_runs_of_their_own(seed):
    scenario = mutants.MUTANTS[seed % len(mutants.MUTANTS)].scenario
    choose, rules = random.Random(seed), RulesAlong(scenario)
    runs, found = [Trace(scenario, start(scenario), ())], [[]]
    for _ in range(40):
        number = choose.randrange(len(runs))
        run = runs[number]
        before = run[-1].configuration if len(run) else run.start
        events = list(enabled(scenario, before))
        if events:
            taken = step(scenario, before, choose.choice(events))
            asked_before, now_asked = asked(scenario, before), asked(scenario, taken.configuration)
            by_step = rules.after(number, before, taken, asked_before, now_asked)
            runs.append(Trace(scenario, run.start, (*run, taken)))
            found.append([*by_step, *rules.here(taken.configuration, now_asked)])
    assert found[1:] == [broken(run)[-1] for run in runs[1:]]


@dataclass
class Marks:
    seen: set[object] = field(default_factory=set)


async def exchanges_equal_members(state, input, actions):
    match input:
        case pl.Normal(_):
            state.seen.add(1)
            actions.add(pl.Tracked("a", "do"))
        case _:
            state.seen.remove(1)
            state.seen.add(True)


async def asks_for_numbers(state, actions):
    if any(type(member) is int for member in state.seen):
        actions.add(pl.Tracked("a", "do"))


def test_a_member_that_becomes_an_equal_one_of_another_type_is_a_change():
    scenario = pl.Scenario(
        pl.Machine(Marks, exchanges_equal_members, asks_for_numbers),
        inputs=["x"],
        environment=pl.Environment(perform=lambda *_: "ok"),
    )
    lab = pl.Lab(scenario)
    lab.fire("x")
    lab.run()
    assert [] == [breach for each in broken(lab.trace) for breach in each]
