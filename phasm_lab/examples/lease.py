"""A lease: one holder at a time, expiry arrives as an input, and a fencing token keeps stale holders out."""

from __future__ import annotations

from dataclasses import dataclass, field

import phasm_lab as pl
from phasm_lab.examples.example import Example

__all__ = ["EXAMPLES", "lease", "lease_without_fencing"]


@dataclass(frozen=True)
class Acquire:
    """Somebody wants the lease."""

    holder: str


@dataclass(frozen=True)
class Renew:
    """The holder wants to keep it; the renewed lease has a new id, so the old one's expiry no longer counts."""

    lease_id: int


@dataclass(frozen=True)
class Release:
    """The holder gives it back."""

    lease_id: int


@dataclass(frozen=True)
class Expire:
    """A timer outside says that the time of a lease is up: stf reads no clock."""

    lease_id: int


@dataclass(frozen=True)
class Grant:
    """Tell the holder that the lease is theirs: it writes to the storage at once, showing its fencing token."""

    lease_id: int
    holder: str
    fencing_token: int | None


@dataclass(frozen=True)
class Lease:
    """The right to write; lease ids only ever grow."""

    lease_id: int
    holder: str


@dataclass
class LeaseService:
    """The state: the current lease, and the grants not yet answered, those of leases that are over included."""

    next_id: int = 1
    lease: Lease | None = None
    outstanding: dict[int, Grant] = field(default_factory=dict)


async def stf(state, input, actions):
    """Give the lease to one holder at a time; its id is the fencing token."""
    match input:
        case pl.Normal(Acquire(holder)):
            acquire(state, holder, state.next_id, actions)
        case pl.Normal(Renew(lease_id)):
            grant(state, current_lease(state, lease_id).holder, state.next_id, actions)
        case pl.Normal(Release(lease_id) | Expire(lease_id)):
            current_lease(state, lease_id)
            state.lease = None
        case pl.TrackedActionCompleted(lease_id, _) if lease_id in state.outstanding:
            del state.outstanding[lease_id]


def current_lease(state, lease_id):
    """Find the current lease, and reject whoever speaks of another one."""
    if state.lease is None or state.lease.lease_id != lease_id:
        raise ValueError(f"lease {lease_id} is not the current one; acquire it anew")
    return state.lease


def acquire(state, holder, fencing_token, actions):
    """Grant the lease, if nobody has it."""
    if state.lease is not None:
        raise ValueError(f"Acquire({holder!r}): {state.lease.holder!r} holds the lease; wait until it is over")
    grant(state, holder, fencing_token, actions)


def grant(state, holder, fencing_token, actions):
    """Make the holder's lease the current one and tell them."""
    lease_id = state.next_id
    message = Grant(lease_id, holder, fencing_token)
    actions.add(pl.Tracked(lease_id, message))
    state.outstanding[lease_id] = message
    state.lease = Lease(lease_id, holder)
    state.next_id = lease_id + 1


async def restore(state, actions):
    """Send again every grant that is not answered; one whose lease is over is still waited for."""
    for lease_id, message in state.outstanding.items():
        actions.add(pl.Tracked(lease_id, message))


async def stf_without_fencing(state, input, actions):
    """Grant without a fencing token: broken, since the storage cannot tell a stale holder from the current one."""
    match input:
        case pl.Normal(Acquire(holder)):
            acquire(state, holder, None, actions)
        case pl.Normal(Renew(lease_id)):
            grant(state, current_lease(state, lease_id).holder, None, actions)
        case _:
            await stf(state, input, actions)


@dataclass
class Storage:
    """What holders write to: the leases under which it was written, in order, and those it turned away."""

    writes: list[int] = field(default_factory=list)
    turned_away: set[int] = field(default_factory=set)
    highest_token: int = 0


def perform(storage, message, _choose):
    """Let the holder write once under its lease, unless a higher token has been seen; without one, always."""
    lease_id, token = message.lease_id, message.fencing_token
    if lease_id in storage.writes:
        return "written"
    if token is not None and token < storage.highest_token:
        storage.turned_away.add(lease_id)
        return "turned away"
    storage.highest_token = max(storage.highest_token, token or 0)
    storage.writes.append(lease_id)
    return "written"


@pl.always
def no_stale_holder_writes(here):
    """After a write under a newer lease, none under an older one follows."""
    writes = list(here.environment.writes)
    return writes == sorted(writes) or f"written under the leases {writes}, in this order"


@pl.when_quiescent
def the_holder_has_the_last_word(here):
    """Once everything has come to rest, the last write is the current holder's."""
    current = here.state.lease
    return current is None or list(here.environment.writes[-1:]) == [current.lease_id]


@pl.sometimes
def a_stale_holder_is_turned_away(here):
    """The fencing token is needed."""
    return bool(here.environment.turned_away)


@pl.sometimes
def both_get_their_turn(here):
    """The lease goes from one holder to the next."""
    return len(here.environment.writes) == 2


INPUTS = [Acquire("ada"), Expire(1), Acquire("bob")]

lease = pl.Scenario(
    pl.Machine(initial=LeaseService, stf=stf, restore=restore),
    name="lease",
    inputs=INPUTS,
    environment=pl.Environment(initial=Storage, perform=perform),
    faults=pl.Faults(crashes=1),
    properties=[
        no_stale_holder_writes,
        the_holder_has_the_last_word,
        a_stale_holder_is_turned_away,
        both_get_their_turn,
    ],
)

lease_without_fencing = pl.Scenario(
    pl.Machine(initial=LeaseService, stf=stf_without_fencing, restore=restore),
    name="lease without fencing",
    inputs=INPUTS,
    environment=pl.Environment(initial=Storage, perform=perform),
    faults=pl.Faults(crashes=1),
    properties=[no_stale_holder_writes, the_holder_has_the_last_word, both_get_their_turn],
)

EXAMPLES = (
    Example(
        name="lease",
        scenario=lease,
        sound=True,
        sentence="Each grant carries a token that only grows, so the storage turns a stale holder away.",
    ),
    Example(
        name="lease_without_fencing",
        scenario=lease_without_fencing,
        sound=False,
        sentence="The grant carries no fencing token, so a stale holder's late write lands after the current holder's.",
        finding="broken-property",
    ),
)
