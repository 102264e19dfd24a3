"""Mutants whose restore emits too little, too much, or does more than emit."""

import phasm_lab as pl
from tests.quality.alone import Alone
from tests.quality.jobs import Work, jobs, restore
from tests.quality.sound import ONE
from tests.quality.sound_pollers import Poll, poller, waits_for_the_phase
from tests.quality.sound_processes import Release, asks_for_the_current, one_at_a_time, repeats_the_stage, saga


async def forgets_the_second(state, actions):
    for job_id, status in state.status.items():
        if status == "open" and job_id != 2:
            actions.add(pl.Tracked(job_id, Work(job_id)))


async def forgets_everything(state, actions):
    del state, actions


async def asks_for_the_waiting_ones_too(state, actions):
    await asks_for_the_current(state, actions)
    for job_id in state.waiting:
        actions.add(pl.Tracked(job_id, Work(job_id)))


async def polls_while_the_timer_runs(state, actions):
    await waits_for_the_phase(state, actions)
    if state.phase == "waiting":
        actions.add(pl.Tracked(("polling", state.turn), Poll(state.turn)))


async def compensates_before_it_must(state, actions):
    await repeats_the_stage(state, actions)
    for trip, stage in state.stage.items():
        if stage == "charging":
            actions.add(pl.Tracked((trip, "releasing"), Release(trip)))


async def tidies_up(state, actions):
    await restore(state, actions)
    state.done_count = len(state.status)


async def chokes_on_bad_work(state, actions):
    for job_id, status in state.status.items():
        if status == "bad":
            raise ValueError(f"job {job_id} is bad")
        if status == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))


async def looks_for_the_newest_job(state, actions):
    newest = max(state.status)
    for job_id in range(1, newest + 1):
        if state.status[job_id] == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))


MUTANTS = [
    Alone(
        "forgets the second",
        "forgotten-action",
        jobs(restore=forgets_the_second),
        configuration_count=43,
        length=2,
        message="restore emits nothing for 2, whose Work is outstanding",
    ),
    Alone(
        "forgets everything",
        "forgotten-action",
        jobs(restore=forgets_everything),
        configuration_count=43,
        length=1,
        message="restore emits nothing for 1, whose Work is outstanding",
    ),
    Alone(
        "asks for the waiting ones too",
        "unwatched-action",
        one_at_a_time(restore=asks_for_the_waiting_ones_too),
        configuration_count=23,
        length=2,
        message="Work 2 is what restore asks for, and nobody is working on it",
    ),
    Alone(
        "polls while the timer runs",
        "unwatched-action",
        poller(restore=polls_while_the_timer_runs),
        configuration_count=19,
        length=4,
        message="Poll ('polling', 1) is what restore asks for, and nobody is working on it",
    ),
    Alone(
        "compensates before it must",
        "unwatched-action",
        saga(restore=compensates_before_it_must),
        configuration_count=15,
        length=4,
        message="Release (1, 'releasing') is what restore asks for, and nobody is working on it",
    ),
    Alone(
        "tidies up",
        "impure-restore",
        jobs(restore=tidies_up),
        configuration_count=43,
        length=0,
        message=f"restore writes to the state: alone_restores.py:{tidies_up.__code__.co_firstlineno + 2}",
    ),
    Alone(
        "chokes on bad work",
        "impure-restore",
        jobs(restore=chokes_on_bad_work, inputs=ONE),
        configuration_count=7,
        length=4,
        message="restore fails on a reachable state: ValueError: job 1 is bad",
    ),
    Alone(
        "looks for the newest job",
        "impure-restore",
        jobs(restore=looks_for_the_newest_job),
        configuration_count=43,
        length=0,
        message="restore fails on a reachable state: ValueError: max() arg is an empty sequence",
    ),
]
