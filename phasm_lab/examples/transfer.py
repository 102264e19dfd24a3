"""A money transfer between two banks, kept in SQLite: withdraw at one, deposit at the other, refund if that fails."""

from __future__ import annotations

from dataclasses import dataclass, field

import phasm_lab as pl
from phasm_lab.examples.example import Example

__all__ = ["EXAMPLES", "transfer", "transfer_without_reference"]

TOTAL_CENTS = 10_000

SCHEMA = """
create table transfers (
    id integer primary key,
    cents integer not null check (cents > 0),
    stage text not null,
    request_id integer not null unique
)
"""


@dataclass(frozen=True)
class Transfer:
    """Move money from the account at the north bank to the one at the south bank."""

    cents: int


@dataclass(frozen=True)
class Withdraw:
    """Ask the north bank for the money; it recognises a repeated request by its reference."""

    reference: int | None
    cents: int


@dataclass(frozen=True)
class Deposit:
    """Ask the south bank to take the money."""

    reference: int | None
    cents: int


@dataclass(frozen=True)
class Refund:
    """Give the money back to the north bank."""

    reference: int | None
    cents: int


Request = Withdraw | Deposit | Refund

REQUEST_AT_STAGE: dict[str, type[Request]] = {"withdrawing": Withdraw, "depositing": Deposit, "refunding": Refund}

NEXT_STAGE = {
    ("withdrawing", "withdrawn"): "depositing",
    ("withdrawing", "refused"): "refused",
    ("depositing", "deposited"): "completed",
    ("depositing", "closed"): "refunding",
    ("refunding", "refunded"): "refunded",
}


async def stf(state, input, actions):
    """Begin a transfer, or take the next step of the one that a bank answers about."""
    match input:
        case pl.Normal(Transfer(cents)):
            request_id = await next_request_id(state)
            await state.execute(
                "insert into transfers (cents, stage, request_id) values (?, 'withdrawing', ?)", (cents, request_id)
            )
            actions.add(pl.Tracked(request_id, Withdraw(request_id, cents)))
        case pl.TrackedActionCompleted(request_id, answer):
            await take_next_step(state, request_id, answer, actions)


async def next_request_id(state):
    """Number requests from the table itself: a sequence would skip a number when a transition rolls back."""
    (newest,) = await state.fetch_one("select coalesce(max(request_id), 0) from transfers")
    return int(newest) + 1


async def take_next_step(state, request_id, answer, actions):
    """Move a transfer to its next stage; an answer to a request that is over finds no row or no next stage."""
    transfer_row = await state.fetch_one("select id, cents, stage from transfers where request_id = ?", (request_id,))
    if transfer_row is None:
        return
    transfer_id, cents, stage = transfer_row
    next_stage = NEXT_STAGE.get((stage, answer))
    if next_stage is None:
        return
    if next_stage in REQUEST_AT_STAGE:
        request_id = await next_request_id(state)
        actions.add(pl.Tracked(request_id, REQUEST_AT_STAGE[next_stage](request_id, cents)))
    await state.execute(
        "update transfers set stage = ?, request_id = ? where id = ?", (next_stage, request_id, transfer_id)
    )


async def unfinished(state):
    """List what is still asked of a bank, oldest request first: one (request_id, stage, cents) each."""
    return await state.fetch_all(
        "select request_id, stage, cents from transfers"
        " where stage in ('withdrawing', 'depositing', 'refunding') order by request_id"
    )


async def restore(state, actions):
    """Ask again under the same reference: a bank that knows it repeats its answer and moves no money."""
    for request_id, stage, cents in await unfinished(state):
        actions.add(pl.Tracked(request_id, REQUEST_AT_STAGE[stage](request_id, cents)))


async def restore_without_reference(state, actions):
    """Ask again without a reference: broken, since a bank takes that for a new request."""
    for request_id, stage, cents in await unfinished(state):
        actions.add(pl.Tracked(request_id, REQUEST_AT_STAGE[stage](None, cents)))


@dataclass
class Banks:
    """The account at each bank, and what the banks have answered to the references that they know."""

    north_cents: int = TOTAL_CENTS
    south_cents: int = 0
    answers: dict[int, str] = field(default_factory=dict)


def perform(banks, request, choose):
    """Answer a request; one whose reference is known already gets the same answer again."""
    if request.reference is None:
        return move_money(banks, request, choose)
    if request.reference not in banks.answers:
        banks.answers[request.reference] = move_money(banks, request, choose)
    return banks.answers[request.reference]


def move_money(banks, request, choose):
    """Move the money of one request, if the account allows."""
    match request:
        case Withdraw(_, cents):
            if cents > banks.north_cents:
                return "refused"
            banks.north_cents -= cents
            return "withdrawn"
        case Deposit(_, cents):
            if choose("deposited", "closed") == "closed":
                return "closed"
            banks.south_cents += cents
            return "deposited"
        case Refund(_, cents):
            banks.north_cents += cents
            return "refunded"


def bank_of(request):
    """Name the bank that performs a request."""
    return "south bank" if isinstance(request, Deposit) else "north bank"


@pl.always
def no_money_appears(here):
    """The banks never hold more than they began with."""
    return here.environment.north_cents + here.environment.south_cents <= TOTAL_CENTS


@pl.when_quiescent
def no_money_is_missing(here):
    """Once everything has come to rest, all the money is at one bank or the other."""
    missing = TOTAL_CENTS - here.environment.north_cents - here.environment.south_cents
    return missing == 0 or f"{missing} cents are missing"


@pl.when_quiescent
def what_is_completed_has_arrived(here):
    """The table and the south bank agree."""
    (completed,) = here.state.fetch_one("select coalesce(sum(cents), 0) from transfers where stage = 'completed'")
    arrived = here.environment.south_cents
    return completed == arrived or f"{completed} cents are completed, {arrived} have arrived"


@pl.sometimes
def a_transfer_is_completed(here):
    """Some money arrives."""
    return here.state.fetch_one("select 1 from transfers where stage = 'completed'") is not None


@pl.sometimes
def a_transfer_is_refunded(here):
    """Some money comes back."""
    return here.state.fetch_one("select 1 from transfers where stage = 'refunded'") is not None


INPUTS = [Transfer(6_000), Transfer(12_000)]
PROPERTIES = [
    no_money_appears,
    no_money_is_missing,
    what_is_completed_has_arrived,
    a_transfer_is_completed,
    a_transfer_is_refunded,
]

transfer = pl.Scenario(
    pl.Machine(initial=pl.sqlite(schema=SCHEMA), stf=stf, restore=restore),
    name="transfer",
    inputs=INPUTS,
    environment=pl.Environment(initial=Banks, perform=perform, system=bank_of),
    faults=pl.Faults(crashes=1),
    properties=PROPERTIES,
)

transfer_without_reference = pl.Scenario(
    pl.Machine(initial=pl.sqlite(schema=SCHEMA), stf=stf, restore=restore_without_reference),
    name="transfer without reference",
    inputs=INPUTS,
    environment=pl.Environment(initial=Banks, perform=perform, system=bank_of),
    faults=pl.Faults(crashes=1),
    properties=PROPERTIES,
)

EXAMPLES = (
    Example(
        name="transfer",
        scenario=transfer,
        sound=True,
        sentence="After a crash the machine asks again under the same reference, which a bank recognises.",
    ),
    Example(
        name="transfer_without_reference",
        scenario=transfer_without_reference,
        sound=False,
        sentence="After a crash restore() asks again without the reference, so a bank moves the money a second time.",
        finding="broken-property",
    ),
)
