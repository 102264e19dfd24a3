"""Seeded bugs that several rules catch, each by its own shortest run."""

from dataclasses import dataclass

import phasm_lab as pl
from tests.quality.alone import ADVICE
from tests.quality.jobs import Do, Work, jobs, restore, stf
from tests.quality.sound import ONE


async def rejects_bad_results(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, "bad"):
            raise ValueError("nobody told me that work can be bad")
        case _:
            await stf(state, input, actions)


async def ignores_bad_results(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, "bad"):
            return
        case _:
            await stf(state, input, actions)


async def ignores_the_second_job(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(2, _):
            return
        case _:
            await stf(state, input, actions)


async def goes_on_without_the_action(state, input, actions):
    match input:
        case pl.Normal(Do(job_id)):
            try:
                actions.add(pl.Tracked(job_id, Work(job_id)))
            except pl.AddError:
                state.status[job_id] = "given up"
            else:
                state.status[job_id] = "open"
        case _:
            await stf(state, input, actions)


async def guesses_when_it_cannot_read(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, result):
            try:
                is_open = state.status[job_id] == "open"
            except pl.StorageError:
                is_open = False
            if is_open:
                state.status[job_id] = result
        case _:
            await stf(state, input, actions)


async def chokes_on_bad_work(state, actions):
    for job_id, status in state.status.items():
        if status == "bad":
            raise ValueError(f"job {job_id} is bad")
        if status == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))


async def asks_for_ever(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(2, "bad"):
            actions.add(pl.Tracked(2, Work(2)))
        case _:
            await stf(state, input, actions)


# What is stuck is unwatched, too: at quiescence nobody works on anything, so whatever restore still asks for is an
# action on which nobody works. The rules leave no machine on which `stuck` speaks alone; these two say the same at once.


async def never_emits(state, input, actions):
    match input:
        case pl.Normal(Do(job_id)):
            state.status[job_id] = "open"
        case _:
            await stf(state, input, actions)


async def asks_for_what_is_over(state, actions):
    for job_id in state.status:
        actions.add(pl.Tracked(job_id, Work(job_id)))


async def asks_for_what_nobody_asked(state, actions):
    await restore(state, actions)
    if state.status:
        actions.add(pl.Tracked("audit", Work(0)))


@dataclass(frozen=True)
class Mutant:
    """A scenario, how many configurations it has, and what each rule that catches it says after how many steps."""

    name: str
    scenario: pl.Scenario
    configuration_count: int
    found: dict[str, tuple[int, str]]


STUCK = [
    Mutant(
        "never emits",
        jobs(stf=never_emits),
        3,
        {
            "unwatched-action": (1, "Work 1 is what restore asks for, and nobody is working on it"),
            "stuck": (1, "nothing is left to do, and restore still asks for 1"),
        },
    ),
    Mutant(
        "asks for what is over",
        jobs(restore=asks_for_what_is_over),
        43,
        {
            "unwatched-action": (4, "Work 1 is what restore asks for, and nobody is working on it"),
            "stuck": (4, "nothing is left to do, and restore still asks for 1"),
        },
    ),
    Mutant(
        "asks for what nobody asked",
        jobs(restore=asks_for_what_nobody_asked),
        43,
        {
            "unwatched-action": (1, "Work 'audit' is what restore asks for, and nobody is working on it"),
            "stuck": (4, "nothing is left to do, and restore still asks for 'audit'"),
        },
    ),
]
MUTANTS = [
    *STUCK,
    Mutant(
        "rejects bad results",
        jobs(stf=rejects_bad_results),
        43,
        {
            "rejected-result": (
                4,
                "the first result for 1, 'bad', is rejected: ValueError: nobody told me that work can be bad",
            ),
            "unwatched-action": (4, "Work 1 is what restore asks for, and nobody is working on it"),
            "stuck": (4, "nothing is left to do, and restore still asks for 1"),
        },
    ),
    Mutant(
        "ignores bad results",
        jobs(stf=ignores_bad_results),
        43,
        {
            "ignored-result": (4, "the first result for 1, 'bad', changes nothing and emits nothing"),
            "unwatched-action": (4, "Work 1 is what restore asks for, and nobody is working on it"),
            "stuck": (4, "nothing is left to do, and restore still asks for 1"),
        },
    ),
    Mutant(
        "ignores the second job",
        jobs(stf=ignores_the_second_job),
        43,
        {
            "ignored-result": (5, "the first result for 2, 'good', changes nothing and emits nothing"),
            "unwatched-action": (5, "Work 2 is what restore asks for, and nobody is working on it"),
            "stuck": (8, "nothing is left to do, and restore still asks for 2"),
        },
    ),
    Mutant(
        "goes on without the action",
        jobs(stf=goes_on_without_the_action, add_errors=1),
        56,
        {
            "swallowed-error": (
                1,
                "Normal(payload=Do(job_id=1)): add 1 fails, and yet it commits something else than without the error",
            ),
            "changed-outcome": (
                1,
                "a faulted run ends with Jobs(status={1: 'given up'}, done_count=0) and Workshop(answers={}); no run without faults ends so",
            ),
        },
    ),
    Mutant(
        "guesses when it cannot read",
        jobs(stf=guesses_when_it_cannot_read, access_errors=1),
        112,
        {
            "ignored-result": (4, "the first result for 1, 'good', changes nothing and emits nothing"),
            "swallowed-error": (
                4,
                "TrackedActionCompleted(id=1, result='good'): access 1 fails, and yet it commits something else than without the error",
            ),
            "unwatched-action": (4, "Work 1 is what restore asks for, and nobody is working on it"),
            "stuck": (4, "nothing is left to do, and restore still asks for 1"),
            "changed-outcome": (
                4,
                "a faulted run ends with Jobs(status={1: 'open'}, done_count=0) and Workshop(answers={1: 'good'}); no run without faults ends so",
            ),
        },
    ),
    Mutant(
        "chokes on bad work, after a crash",
        jobs(restore=chokes_on_bad_work, inputs=ONE, crashes=1),
        47,
        {
            "impure-restore": (4, "restore fails on a reachable state: ValueError: job 1 is bad"),
            "no-recovery": (4, "without further faults, no run from here becomes quiescent"),
        },
    ),
    Mutant(
        "chokes on bad work, with one open",
        jobs(restore=chokes_on_bad_work),
        43,
        {
            "impure-restore": (4, "restore fails on a reachable state: ValueError: job 1 is bad"),
            "forgotten-action": (5, "restore emits nothing for 2, whose Work is outstanding"),
        },
    ),
    Mutant(
        "asks for ever, also when it is over",
        jobs(stf=asks_for_ever),
        49,
        {
            "no-recovery": (4, "without further faults, no run from here becomes quiescent"),
            "late-result": (
                6,
                f"2 was already answered; another result, 'bad', still emits a tracked action; {ADVICE}",
            ),
        },
    ),
]
