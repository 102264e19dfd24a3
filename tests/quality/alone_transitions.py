"""Mutants of one transition: an id used twice, writes that stay, an error that is swallowed, another result next time."""

from dataclasses import dataclass, field

import phasm_lab as pl
from tests.quality.alone import Alone
from tests.quality.jobs import Do, Work, jobs, perform, restore, stf
from tests.quality.sound import ONE, scenario


async def emits_twice(state, input, actions):
    match input:
        case pl.Normal(Do(1)):
            actions.add(pl.Tracked(1, Work(1)))
            await stf(state, input, actions)
        case _:
            await stf(state, input, actions)


async def has_one_id_for_two_jobs(state, input, actions):
    match input:
        case pl.Normal(Do(2)):
            actions.add(pl.Tracked(1, Work(2)))
            state.status[1] = "open"
        case _:
            await stf(state, input, actions)


async def writes_and_then_raises(state, input, actions):
    match input:
        case pl.Normal(Do(2)):
            state.done_count += 1
            raise ValueError("one job is enough")
        case _:
            await stf(state, input, actions)


async def writes_before_it_adds(state, input, actions):
    match input:
        case pl.Normal(Do(job_id)):
            state.status[job_id] = "open"
            actions.add(pl.Tracked(job_id, Work(job_id)))
        case _:
            await stf(state, input, actions)


async def writes_before_it_reads(state, input, actions):
    match input:
        case pl.Normal(Do(job_id)):
            actions.add(pl.Tracked(job_id, Work(job_id)))
            state.status[job_id] = "open"
            state.done_count = state.done_count
        case _:
            await stf(state, input, actions)


async def drops_the_notice(state, input, actions):
    await stf(state, input, actions)
    if isinstance(input, pl.Normal):
        try:
            actions.add(pl.Untracked(f"tell them: {input.payload!r}"))
        except pl.AddError:
            return


@dataclass(frozen=True)
class Errand:
    job_id: int
    urgent: bool = False


async def runs_errands(state, input, actions):
    match input:
        case pl.Normal(Do(job_id)):
            actions.add(pl.Tracked(job_id, Errand(job_id)))
            state.status[job_id] = "open"
        case _:
            await stf(state, input, actions)


async def hurries_where_it_cannot_read(state, actions):
    """Ask with a word that changes nothing outside, but is not what restore asks without the error."""
    for job_id, status in state.status.items():
        try:
            urgent = state.done_count > 0
        except pl.StorageError:
            urgent = True
        if status == "open":
            actions.add(pl.Tracked(job_id, Errand(job_id, urgent)))


async def guesses_that_it_is_urgent(state, input, actions):
    match input:
        case pl.Normal(Do(job_id)):
            try:
                urgent = state.done_count > 0
            except pl.StorageError:
                urgent = True
            actions.add(pl.Tracked(job_id, Errand(job_id, urgent)))
            state.status[job_id] = "open"
        case _:
            await stf(state, input, actions)


async def restores_errands(state, actions):
    for job_id, status in state.status.items():
        if status == "open":
            actions.add(pl.Tracked(job_id, Errand(job_id)))


@dataclass
class Labelled:
    """Jobs, each with a label while it is open."""

    status: dict[int, str] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)


CURE_OF_CHANCE = "take it from the input or the state, not from a clock, chance, an address (id, hash, repr) or what is kept elsewhere"


async def labels_with_an_address(state, input, actions):
    match input:
        case pl.Normal(Do(job_id)):
            action = pl.Tracked(job_id, Work(job_id))
            actions.add(action)
            state.labels[job_id] = f"job at {id(action)}"
            state.status[job_id] = "open"
        case _:
            await stf(state, input, actions)


@dataclass(frozen=True)
class Ticket:
    work: Work
    number: int


async def numbers_tickets_by_address(state, input, actions):
    match input:
        case pl.Normal(Do(job_id)):
            work = Work(job_id)
            actions.add(pl.Tracked(job_id, Ticket(work, id(work))))
            state.status[job_id] = "open"
        case _:
            await stf(state, input, actions)


async def restores_tickets(state, actions):
    for job_id, status in state.status.items():
        if status == "open":
            actions.add(pl.Tracked(job_id, Ticket(Work(job_id), 0)))


def works_on_tickets(workshop, action, choose):
    return perform(workshop, action.work, choose)


MUTANTS = [
    Alone(
        "emits twice",
        "reused-id",
        jobs(stf=emits_twice, inputs=ONE),
        configuration_count=18,
        length=1,
        message="1 is emitted twice in one transition",
    ),
    Alone(
        "has one id for two jobs",
        "reused-id",
        jobs(stf=has_one_id_for_two_jobs),
        configuration_count=57,
        length=2,
        message="1 was emitted for Work(job_id=1) and is emitted again for Work(job_id=2)",
    ),
    Alone(
        "writes and then raises",
        "torn-transition",
        jobs(stf=writes_and_then_raises),
        configuration_count=13,
        length=2,
        message="stf raises ValueError: one job is enough for Normal(payload=Do(job_id=2)) after it changed the state",
    ),
    Alone(
        "writes before it adds",
        "torn-transition",
        jobs(stf=writes_before_it_adds, add_errors=1),
        configuration_count=86,
        length=1,
        message="Normal(payload=Do(job_id=1)) changes the state, then add 1 fails, and the change stays",
    ),
    Alone(
        "writes before it reads",
        "torn-transition",
        jobs(stf=writes_before_it_reads, access_errors=1),
        configuration_count=86,
        length=1,
        message="Normal(payload=Do(job_id=1)) changes the state, then access 2 fails, and the change stays",
    ),
    Alone(
        "drops the notice",
        "swallowed-error",
        jobs(stf=drops_the_notice, add_errors=1),
        configuration_count=86,
        length=1,
        message="Normal(payload=Do(job_id=1)): add 2 fails, and yet it commits something else than without the error",
    ),
    Alone(
        "guesses that it is urgent",
        "swallowed-error",
        jobs(stf=guesses_that_it_is_urgent, restore=restores_errands, access_errors=1),
        configuration_count=138,
        length=1,
        message="Normal(payload=Do(job_id=1)): access 1 fails, and yet it commits something else than without the error",
    ),
    Alone(
        "hurries where it cannot read",
        "swallowed-error",
        jobs(stf=runs_errands, restore=hurries_where_it_cannot_read, inputs=ONE, crashes=1, access_errors=1),
        configuration_count=118,
        length=1,
        message="restore: access fails at 2, and yet it emits something else",
    ),
    Alone(
        "labels with an address",
        "nondeterministic",
        scenario(Labelled, labels_with_an_address, restore),
        configuration_count=7,
        length=1,
        message="alone_transitions.py:127, in labels_with_an_address: Normal(payload=Do(job_id=1)) run again on the same state "
        f"gives another state; {CURE_OF_CHANCE}",
    ),
    Alone(
        "numbers tickets by address",
        "nondeterministic",
        jobs(stf=numbers_tickets_by_address, restore=restores_tickets, perform=works_on_tickets, inputs=ONE),
        configuration_count=7,
        length=1,
        message="alone_transitions.py:143, in numbers_tickets_by_address: Normal(payload=Do(job_id=1)) run again on the same "
        f"state gives other actions; {CURE_OF_CHANCE}",
    ),
]
