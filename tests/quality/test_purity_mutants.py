"""Seeded impurity: each machine differs from the sound one in one place, and one rule alone catches it."""

import time
from pathlib import Path

import pytest

import phasm_lab as pl
from tests.quality.jobs import Do, jobs, restore, stf

LINES = []


def note(text):
    print(text, end="")  # noqa: T201  # here: tells about the second


async def tells_about_the_second(state, input, actions):
    await stf(state, input, actions)
    if input == pl.Normal(Do(2)):
        note("the second job is taken")


async def looks_at_the_clock_while_it_restores(state, actions):
    if state.status:
        time.monotonic()  # here: looks at the clock
    await restore(state, actions)


async def keeps_bad_results(state, input, actions):
    await stf(state, input, actions)
    match input:
        case pl.TrackedActionCompleted(job_id, "bad"):
            LINES.append(job_id)  # here: keeps bad results


class Clerk:
    def __init__(self):
        self.restored_count = 0

    async def restore(self, state, actions):
        await restore(state, actions)
        if state.status:
            self.restored_count += 1  # here: counts its recoveries


async def tells_everybody(state, input, actions):
    await stf(state, input, actions)
    match input:
        case pl.Normal(Do(job_id)):
            for name in {"ada", "bob", "cyd"}:  # noqa: PLC0208  # here: tells everybody
                actions.add(pl.Untracked((name, job_id)))


async def labels_its_first_result(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, result) if state.status[job_id] == "open":
            state.done_count = hash(result)  # here: labels its first result
    await stf(state, input, actions)


ELSEWHERE = "in another interpreter; sort what comes out of a set, and use neither hash() nor id() nor the local time"
MUTANTS = {
    "tells about the second": (
        jobs(stf=tells_about_the_second),
        43,
        ("outside-effect", 2, "in note: print() reaches outside; emit an Untracked action instead"),
    ),
    "looks at the clock": (
        jobs(restore=looks_at_the_clock_while_it_restores),
        43,
        (
            "outside-effect",
            1,
            "in looks_at_the_clock_while_it_restores: time.monotonic() reaches outside; take the time as an input",
        ),
    ),
    "keeps bad results": (
        jobs(stf=keeps_bad_results),
        43,
        (
            "hidden-state",
            4,
            "in keeps_bad_results: it changes LINES, which is no part of the state; keep it in the state",
        ),
    ),
    "counts its recoveries": (
        jobs(restore=Clerk().restore),
        43,
        (
            "hidden-state",
            1,
            "in restore: it changes self.restored_count, which is no part of the state; keep it in the state",
        ),
    ),
    "tells everybody": (
        jobs(stf=tells_everybody),
        43,
        (
            "nondeterministic",
            1,
            "in tells_everybody: Normal(payload=Do(job_id=1)) on the same state gives the same actions in another order "
            + ELSEWHERE,
        ),
    ),
    "labels its first result": (
        jobs(stf=labels_its_first_result),
        45,
        (
            "nondeterministic",
            4,
            "in labels_its_first_result: TrackedActionCompleted(id=1, result='good') on the same state gives another state "
            + ELSEWHERE,
        ),
    ),
}


def place(name):
    """Return file name and line of the mark of a bug."""
    path = Path(__file__)
    marked = [line.endswith(f"# here: {name}") for line in path.read_text().splitlines()]
    return f"{path.name}:{marked.index(True) + 1}, "


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_caught_by_one_rule_alone(name):
    scenario, configuration_count, (slug, length, message) = MUTANTS[name]
    report = pl.check(scenario)
    assert [(slug, length, place(name) + message)] == [
        (finding.check, len(finding.trace), finding.message) for finding in report.findings
    ]
    assert (configuration_count, ()) == (report.configuration_count, report.not_run)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_finding_opens_where_it_happens(name):
    [finding] = pl.check(MUTANTS[name][0]).findings
    assert len(finding.trace) == len(finding.open().trace)


def test_the_twin_that_sorts_what_it_tells_is_sound():
    async def tells_everybody_in_order(state, input, actions):
        await stf(state, input, actions)
        match input:
            case pl.Normal(Do(job_id)):
                for name in sorted({"ada", "bob", "cyd"}):
                    actions.add(pl.Untracked((name, job_id)))

    report = pl.check(jobs(stf=tells_everybody_in_order))
    assert ("holds", (), ()) == (report.verdict, report.findings, report.not_run)
