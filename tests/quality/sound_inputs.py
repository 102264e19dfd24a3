"""Sound machines that differ in their inputs: a client's keys, any order, leases that expire, refusals."""

from dataclasses import dataclass, field
from functools import partial

import phasm_lab as pl
from tests.quality.jobs import Do, Work, jobs
from tests.quality.sound import CLIENT, CRASHES, NOTHING, STORAGE, Sound, scenario


@dataclass(frozen=True)
class Buy:
    key: str
    cents: int


@dataclass(frozen=True)
class Debit:
    number: int
    cents: int


@dataclass
class Sales:
    """Sales by number, and the number that each client's key was given."""

    numbers: dict[str, int] = field(default_factory=dict)
    cents: dict[int, int] = field(default_factory=dict)
    over: dict[int, str] = field(default_factory=dict)


@dataclass
class Bank:
    debits: dict[int, int] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)


def debits(bank, action, choose):
    if action.number in bank.debits:
        return "paid"
    if action.number in bank.refused or choose("paid", "refused") == "refused":
        bank.refused.add(action.number)
        return "refused"
    bank.debits[action.number] = action.cents
    return "paid"


async def knows_the_clients_key(state, input, actions):
    """Answer a key that is known already by doing nothing: the client sent it again."""
    match input:
        case pl.Normal(Buy(key, cents)) if key not in state.numbers:
            number = len(state.numbers) + 1
            actions.add(pl.Tracked(number, Debit(number, cents)))
            state.numbers[key] = number
            state.cents[number] = cents
        case pl.TrackedActionCompleted(number, answer) if number not in state.over:
            state.over[number] = answer


async def debits_what_is_not_over(state, actions):
    for number, cents in state.cents.items():
        if number not in state.over:
            actions.add(pl.Tracked(number, Debit(number, cents)))


def clients_keys(*, stf=knows_the_clients_key, inputs=(Buy("a", 5), Buy("b", 7)), **faults):
    return scenario(Sales, stf, debits_what_is_not_over, perform=debits, environment=Bank, inputs=inputs, **faults)


@dataclass(frozen=True)
class Approve:
    job_id: int


async def takes_any_order(state, input, actions):
    """Work on a job once it was both asked for and approved, whichever comes first."""
    match input:
        case pl.Normal(Do(job_id)):
            if state.status.get(job_id) == "approved":
                actions.add(pl.Tracked(job_id, Work(job_id)))
                state.status[job_id] = "open"
            else:
                state.status.setdefault(job_id, "asked for")
        case pl.Normal(Approve(job_id)):
            if state.status.get(job_id) == "asked for":
                actions.add(pl.Tracked(job_id, Work(job_id)))
                state.status[job_id] = "open"
            else:
                state.status.setdefault(job_id, "approved")
        case pl.TrackedActionCompleted(job_id, result):
            if state.status[job_id] == "open":
                state.status[job_id] = result


async def asks_for_what_is_open(state, actions):
    for job_id, status in state.status.items():
        if status == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))


APPROVED = (Do(1), Approve(1))


def any_order(*, inputs=APPROVED, **faults):
    return jobs(stf=takes_any_order, restore=asks_for_what_is_open, inputs=inputs, order="any", **faults)


@dataclass(frozen=True)
class Acquire:
    holder: str


@dataclass(frozen=True)
class Expire:
    token: int


@dataclass(frozen=True)
class Write:
    token: int


@dataclass
class Lease:
    """The current holder's token, and whose writes are not answered."""

    token: int = 0
    holder: str = ""
    unanswered: list[int] = field(default_factory=list)
    written: list[int] = field(default_factory=list)


@dataclass
class Disk:
    """Takes writes with a token that is not older than any it saw; a write is repeated without harm."""

    highest: int = 0
    answers: dict[int, str] = field(default_factory=dict)


def writes(disk, action, _choose):
    if action.token not in disk.answers:
        disk.answers[action.token] = "written" if action.token >= disk.highest else "stale"
        disk.highest = max(disk.highest, action.token)
    return disk.answers[action.token]


async def leases(state, input, actions):
    """Time comes as an input: a lease that expired is free, and what its holder still does is turned away by its token."""
    match input:
        case pl.Normal(Acquire(holder)):
            if state.holder:
                raise ValueError(f"{state.holder} holds the lease; wait until it expires")
            token = state.token + 1
            actions.add(pl.Tracked(token, Write(token)))
            state.unanswered.append(token)
            state.token, state.holder = token, holder
        case pl.Normal(Expire(token)):
            if token != state.token:
                raise ValueError(f"lease {token} is not the current one")
            state.holder = ""
        case pl.TrackedActionCompleted(token, answer) if token in state.unanswered:
            state.unanswered.remove(token)
            if answer == "written":
                state.written.append(token)


async def writes_what_is_unanswered(state, actions):
    for token in state.unanswered:
        actions.add(pl.Tracked(token, Write(token)))


def lease(**faults):
    inputs = [Acquire("ada"), Expire(1), Acquire("bob")]
    return scenario(Lease, leases, writes_what_is_unanswered, perform=writes, environment=Disk, inputs=inputs, **faults)


async def refuses_before_it_writes(state, input, actions):
    """Refuse with an exception, by name, what cannot be done; nothing was written until then."""
    match input:
        case pl.Normal(Do(job_id)):
            if job_id < 1:
                raise ValueError(f"job {job_id}: jobs are numbered from 1")
            if len(state.status) == 1:
                raise RuntimeError("one job is all that fits")
            actions.add(pl.Tracked(job_id, Work(job_id)))
            state.status[job_id] = "open"
        case pl.TrackedActionCompleted(job_id, result):
            if state.status.get(job_id) != "open":
                raise LookupError(f"nobody waits for job {job_id}")
            state.status[job_id] = result


def refusals(**faults):
    return jobs(stf=refuses_before_it_writes, restore=asks_for_what_is_open, inputs=(Do(0), Do(1), Do(2)), **faults)


SOUND = [
    Sound("client's keys", clients_keys, ((NOTHING, 43), (CRASHES, 7_028), (CLIENT, 2_478))),
    Sound(
        "one client's key",
        partial(clients_keys, inputs=[Buy("a", 5)]),
        ((CLIENT | CRASHES, 983), (CLIENT | STORAGE, 632)),
    ),
    Sound("any order", partial(any_order, inputs=(*APPROVED, Do(2))), ((NOTHING, 18), (CRASHES, 184), (STORAGE, 136))),
    Sound(
        "any order, one job",
        any_order,
        ((CRASHES | CLIENT, 1_719), (STORAGE | CLIENT, 1_164)),
    ),
    Sound("lease", lease, ((NOTHING, 30), (CRASHES, 3_886), (STORAGE, 240))),
    Sound("refusals", refusals, ((NOTHING, 14), (CRASHES, 172), (STORAGE | CRASHES, 1_357))),
]
