"""A small sound machine, made so that one part can be exchanged by a broken one."""

from dataclasses import dataclass, field

import phasm_lab as pl


@dataclass(frozen=True)
class Do:
    job_id: int


@dataclass(frozen=True)
class Work:
    job_id: int


@dataclass
class Jobs:
    status: dict[int, str] = field(default_factory=dict)
    done_count: int = 0


@dataclass
class Workshop:
    answers: dict[int, str] = field(default_factory=dict)


async def stf(state, input, actions):
    match input:
        case pl.Normal(Do(job_id)):
            actions.add(pl.Tracked(job_id, Work(job_id)))
            state.status[job_id] = "open"
        case pl.TrackedActionCompleted(job_id, result):
            if state.status[job_id] == "open":
                state.status[job_id] = result


async def restore(state, actions):
    for job_id, status in state.status.items():
        if status == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))


def perform(workshop, action, choose):
    if action.job_id not in workshop.answers:
        workshop.answers[action.job_id] = choose("good", "bad")
    return workshop.answers[action.job_id]


def jobs(*, stf=stf, restore=restore, perform=perform, properties=(), inputs=(Do(1), Do(2)), order="given", **faults):
    """Return the scenario with some of its parts exchanged."""
    return pl.Scenario(
        pl.Machine(initial=Jobs, stf=stf, restore=restore),
        inputs=inputs,
        order=order,
        environment=pl.Environment(initial=Workshop, perform=perform),
        faults=pl.Faults(**faults),
        properties=properties,
    )
