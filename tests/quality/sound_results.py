"""Sound machines that differ in how they take in results: guards, exceptions, status queries, tombstones, new ids."""

from dataclasses import dataclass
from functools import partial

import phasm_lab as pl
from tests.quality.jobs import Do, Jobs, Work, jobs, stf
from tests.quality.sound import CLIENT, CRASHES, NOTHING, ONE, STORAGE, WIRE, Sound, scenario


async def rejects_what_is_over(state, input, actions):
    """Raise for a job that exists already and for a result that nobody waits for."""
    match input:
        case pl.Normal(Do(job_id)) if job_id in state.status:
            raise ValueError(f"job {job_id} exists already")
        case pl.TrackedActionCompleted(job_id, _) if state.status.get(job_id) != "open":
            raise LookupError(f"nobody waits for job {job_id}")
        case _:
            await stf(state, input, actions)


def with_exceptions(**faults):
    return jobs(stf=rejects_what_is_over, inputs=ONE, **faults)


@dataclass(frozen=True)
class Ask:
    job_id: int


async def works_again_where_nothing_is_known(state, input, actions):
    """Where the status query knows nothing, send the work again: it may be lost or late, and the id is its key."""
    match input:
        case pl.TrackedActionCompleted(job_id, "unknown") if state.status[job_id] == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))
        case _:
            await rejects_what_is_over(state, input, actions)


async def asks_first(state, actions):
    for job_id, status in state.status.items():
        if status == "open":
            actions.add(pl.Tracked(job_id, Ask(job_id)))


def answers_queries(workshop, action, choose):
    if isinstance(action, Ask):
        return workshop.answers.get(action.job_id, "unknown")
    if action.job_id not in workshop.answers:
        workshop.answers[action.job_id] = choose("good", "bad")
    return workshop.answers[action.job_id]


def with_a_status_query(**faults):
    return jobs(
        stf=works_again_where_nothing_is_known, restore=asks_first, perform=answers_queries, inputs=ONE, **faults
    )


async def takes_void_for_an_end(state, input, actions):
    """A job that was asked about before it arrived is void for ever, whichever of the two answers comes first."""
    match input:
        case pl.TrackedActionCompleted(job_id, "void" | "unknown") if state.status[job_id] == "open":
            state.status[job_id] = "void"
        case _:
            await rejects_what_is_over(state, input, actions)


def closes_what_is_unknown(workshop, action, choose):
    """A query about a job that never arrived closes it: when it arrives after all, it is void."""
    if action.job_id in workshop.answers:
        return workshop.answers[action.job_id]
    if isinstance(action, Ask):
        workshop.answers[action.job_id] = "void"
        return "unknown"
    workshop.answers[action.job_id] = choose("good", "bad")
    return workshop.answers[action.job_id]


def how_jobs_end(here):
    """Return whether each job has an end, since a crash may make void what would have been good."""
    return {job_id: status == "open" for job_id, status in here.state.status.items()}


def with_a_query_that_closes(*, stf=takes_void_for_an_end, **faults):
    return scenario(Jobs, stf, asks_first, perform=closes_what_is_unknown, outcome=how_jobs_end, **faults)


@dataclass(frozen=True)
class AskAll:
    job_ids: tuple[int, ...]


async def asks_about_all_at_once(state, actions):
    """One question about everything that is open, asked under each open id: what is waited for is never out of sight."""
    job_ids = tuple(job_id for job_id, status in sorted(state.status.items()) if status == "open")
    for job_id in job_ids:
        actions.add(pl.Tracked(job_id, AskAll(job_ids)))


def answers_about_all(workshop, action, choose):
    if isinstance(action, AskAll):
        return tuple((job_id, workshop.answers.get(job_id, "unknown")) for job_id in action.job_ids)
    return ((action.job_id, answers_queries(workshop, action, choose)),)


async def takes_its_own_part(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, answers) if job_id in dict(answers):
            own = pl.TrackedActionCompleted(job_id, dict(answers)[job_id])
            await works_again_where_nothing_is_known(state, own, actions)
        case pl.TrackedActionCompleted():
            raise LookupError("no part of the answer is about this job")
        case _:
            await rejects_what_is_over(state, input, actions)


def with_a_batching_restore(**faults):
    return jobs(stf=takes_its_own_part, restore=asks_about_all_at_once, perform=answers_about_all, **faults)


@dataclass(frozen=True)
class Cancel:
    job_id: int


@dataclass(frozen=True)
class Stop:
    job_id: int


async def keeps_tombstones(state, input, actions):
    """A cancelled job is still waited for; then it stays as a tombstone, which no late result brings back."""
    match input:
        case pl.Normal(Cancel(job_id)) if state.status.get(job_id) == "open":
            actions.add(pl.Tracked(("stop", job_id), Stop(job_id)))
            state.status[job_id] = "stopping"
        case pl.Normal(Cancel(job_id)):
            raise LookupError(f"job {job_id} cannot be cancelled any more")
        case pl.TrackedActionCompleted(("stop", job_id), _) if state.status[job_id] == "stopping":
            state.status[job_id] = "stopped"
        case pl.TrackedActionCompleted(("stop", job_id), _) if state.status[job_id] == "ended while stopping":
            state.status[job_id] = "tombstone"
        case pl.TrackedActionCompleted(int(job_id), result) if state.status[job_id] == "open":
            state.status[job_id] = result
        case pl.TrackedActionCompleted(int(job_id), _) if state.status[job_id] == "stopping":
            state.status[job_id] = "ended while stopping"
        case pl.TrackedActionCompleted(int(job_id), _) if state.status[job_id] == "stopped":
            state.status[job_id] = "tombstone"
        case pl.TrackedActionCompleted():
            return
        case _:
            await rejects_what_is_over(state, input, actions)


async def waits_for_both(state, actions):
    for job_id, status in state.status.items():
        if status in ("open", "stopping", "stopped"):
            actions.add(pl.Tracked(job_id, Work(job_id)))
        if status in ("stopping", "ended while stopping"):
            actions.add(pl.Tracked(("stop", job_id), Stop(job_id)))


def stops(workshop, action, choose):
    if isinstance(action, Stop):
        workshop.answers.setdefault(action.job_id, "stopped")
        return "seen"
    if action.job_id not in workshop.answers:
        workshop.answers[action.job_id] = choose("good", "bad")
    return workshop.answers[action.job_id]


def with_tombstones(**faults):
    return jobs(stf=keeps_tombstones, restore=waits_for_both, perform=stops, inputs=[Do(1), Cancel(1)], **faults)


@dataclass(frozen=True)
class Attempt:
    number: int


@dataclass
class Attempts:
    """One job, worked on in attempts; each has an id of its own, and at most three are made."""

    number: int = 0
    status: str = "new"


def has_a_bad_day(workshop, action, choose):
    if action.number not in workshop.answers:
        workshop.answers[action.number] = choose("good", "bad")
    return workshop.answers[action.number]


async def tries_with_a_new_id(state, input, actions):
    match input:
        case pl.Normal() if state.status == "new":
            actions.add(pl.Tracked(("attempt", 1), Attempt(1)))
            state.number, state.status = 1, "open"
        case pl.TrackedActionCompleted(("attempt", number), "bad") if (number, "open") == (state.number, state.status):
            if number == 3:
                state.status = "given up"
            else:
                actions.add(pl.Tracked(("attempt", number + 1), Attempt(number + 1)))
                state.number = number + 1
        case pl.TrackedActionCompleted(("attempt", number), "good") if (number, "open") == (state.number, state.status):
            state.status = "good"


async def tries_the_last_attempt(state, actions):
    if state.status == "open":
        actions.add(pl.Tracked(("attempt", state.number), Attempt(state.number)))


def with_new_ids(**faults):
    return scenario(Attempts, tries_with_a_new_id, tries_the_last_attempt, perform=has_a_bad_day, **faults)


SOUND = [
    Sound("guards", jobs, ((NOTHING, 43), ({"crashes": 2}, 13_321), (CRASHES, 7_028), (STORAGE, 344))),
    Sound(
        "guards, one job",
        partial(jobs, inputs=ONE),
        ((WIRE, 746), (CRASHES | STORAGE, 688), (CRASHES | {"duplicated_results": 1, "reordered_results": 1}, 208)),
    ),
    Sound("exceptions", with_exceptions, ((NOTHING, 7), (CRASHES | CLIENT, 705), (STORAGE | CLIENT, 408), (WIRE, 746))),
    Sound("status query", with_a_status_query, ((NOTHING, 7), (CRASHES | CLIENT, 2_755), (STORAGE | CLIENT, 504))),
    Sound("query that closes", with_a_query_that_closes, ((NOTHING, 7), (CRASHES, 95), (STORAGE, 56))),
    Sound("batching restore", with_a_batching_restore, ((NOTHING, 43), ({"crashes": 1}, 4_255), (STORAGE, 344))),
    Sound("tombstones", with_tombstones, ((NOTHING, 37), (CRASHES, 4_764), (STORAGE, 296))),
    Sound("new ids", with_new_ids, ((NOTHING, 17), (CRASHES, 438), (STORAGE | CLIENT, 2_456))),
]
