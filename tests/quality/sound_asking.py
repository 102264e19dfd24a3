"""Sound machines that ask more than once: nudged by a client, or of an environment that answers as it likes."""

from dataclasses import dataclass, field

import phasm_lab as pl
from tests.quality.jobs import Do, Jobs, Work, jobs, restore
from tests.quality.sound import CRASHES, NOTHING, STORAGE, WIRE, Sound, scenario
from tests.quality.sound_results import (
    Ask,
    answers_queries,
    asks_first,
    rejects_what_is_over,
    works_again_where_nothing_is_known,
)


@dataclass(frozen=True)
class Nudge:
    job_id: int


@dataclass
class Queue:
    """The workshop's side of a queue: a job is accepted the first time, and answered from then on."""

    accepted: set[int] = field(default_factory=set)


def accepts_first(queue, action, _choose):
    if action.job_id in queue.accepted:
        return "good"
    queue.accepted.add(action.job_id)
    return "accepted"


async def asks_until_answered(state, input, actions):
    """Ask again when nudged and whenever a job is only accepted so far: always the same request, so it is safe."""
    match input:
        case pl.Normal(Nudge(job_id)) if state.status.get(job_id) == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))
            state.done_count += 1
        case pl.Normal(Nudge(job_id)):
            raise LookupError(f"job {job_id} is over")
        case pl.TrackedActionCompleted(job_id, "accepted") if state.status[job_id] == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))
        case _:
            await rejects_what_is_over(state, input, actions)


def nudged(*, stf=asks_until_answered, restore=restore, **faults):
    return scenario(
        Jobs,
        stf,
        restore,
        perform=accepts_first,
        environment=Queue,
        inputs=[Do(1), Nudge(1)],
        outcome=lambda here: here.state.status,
        **faults,
    )


async def waits_for_the_nudge(state, input, actions):
    """Once nudged, what is only accepted needs no third request: note it, and leave a second such answer alone."""
    match input:
        case pl.TrackedActionCompleted(job_id, "accepted") if state.done_count:
            if state.status[job_id] == "open":
                state.status[job_id] = "accepted"
        case pl.TrackedActionCompleted(job_id, "good") if state.status[job_id] == "accepted":
            state.status[job_id] = "good"
        case _:
            await asks_until_answered(state, input, actions)


async def asks_for_what_is_accepted(state, actions):
    for job_id, status in state.status.items():
        if status in ("open", "accepted"):
            actions.add(pl.Tracked(job_id, Work(job_id)))


def nudged_once(**faults):
    return nudged(stf=waits_for_the_nudge, restore=asks_for_what_is_accepted, **faults)


async def asks_what_became_of_it(state, input, actions):
    """A nudge asks what restore would ask: about the job, under the job's id."""
    match input:
        case pl.Normal(Nudge(job_id)) if state.status.get(job_id) == "open":
            actions.add(pl.Tracked(job_id, Ask(job_id)))
        case pl.Normal(Nudge()):
            return
        case _:
            await works_again_where_nothing_is_known(state, input, actions)


def nudged_to_ask(**faults):
    inputs = [Do(1), Nudge(1)]
    return jobs(stf=asks_what_became_of_it, restore=asks_first, perform=answers_queries, inputs=inputs, **faults)


@dataclass
class Oracle:
    """Remembers nothing, so that it may answer otherwise when it is asked again."""


def answers_as_it_likes(_oracle, _action, choose):
    return choose("good", "bad")


def fickle(**faults):
    return scenario(Jobs, rejects_what_is_over, restore, perform=answers_as_it_likes, environment=Oracle, **faults)


RESULTS_AGAIN = {"duplicated_results": 1, "reordered_results": 1}
SOUND = [
    Sound("nudged", nudged, ((NOTHING, 25), (CRASHES, 546), (STORAGE, 200), (WIRE, 4_452))),
    Sound("nudged once", nudged_once, ((NOTHING, 28), (RESULTS_AGAIN, 106))),
    Sound("nudged to ask", nudged_to_ask, ((NOTHING, 44), (CRASHES, 1_534), (STORAGE, 352))),
    Sound("fickle environment", fickle, ((NOTHING, 7), (CRASHES, 86), (WIRE, 1_729))),
]
