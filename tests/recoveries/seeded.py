"""One sound machine and three with a mistake sown in: forgotten before it is stored, charging again, memory outside."""

from dataclasses import dataclass, field

import phasm_lab as pl

SEEN = set()
"""What the machine with memory outside its state remembers."""


@dataclass(frozen=True)
class Charge:
    payment_id: int


@dataclass(frozen=True)
class AskStatus:
    payment_id: int


@dataclass
class Till:
    next_id: int = 1
    pending: set = field(default_factory=set)
    paid: set = field(default_factory=set)


@dataclass
class Bank:
    charged: dict = field(default_factory=dict)


def perform(bank, action, _choose):
    if isinstance(action, AskStatus):
        return "charged" if action.payment_id in bank.charged else "never seen"
    bank.charged[action.payment_id] = bank.charged.get(action.payment_id, 0) + 1
    return "charged"


def perform_by_key(bank, action, _choose):
    if isinstance(action, Charge) and action.payment_id in bank.charged:
        return "charged"
    return perform(bank, action, _choose)


async def stf(state, input, actions):
    match input:
        case pl.Normal(_):
            actions.add(pl.Tracked(state.next_id, Charge(state.next_id)))
            state.pending.add(state.next_id)
            state.next_id += 1
        case pl.TrackedActionCompleted(payment_id, answer) if payment_id in state.pending:
            if answer == "never seen":
                actions.add(pl.Tracked(payment_id, Charge(payment_id)))
            else:
                state.pending.remove(payment_id)
                state.paid.add(payment_id)


async def restore(state, actions):
    for payment_id in sorted(state.pending):
        actions.add(pl.Tracked(payment_id, AskStatus(payment_id)))


async def stf_storing_late(state, input, actions):
    match input:
        case pl.Normal(_):
            actions.add(pl.Tracked(state.next_id, Charge(state.next_id)))
            state.next_id += 1
        case pl.TrackedActionCompleted(payment_id, _):
            state.paid.add(payment_id)


async def restore_charging(state, actions):
    for payment_id in sorted(state.pending):
        actions.add(pl.Tracked(payment_id, Charge(payment_id)))


async def stf_remembering_outside(state, input, actions):
    if isinstance(input, pl.Normal):
        if input.payload in SEEN:
            return
        SEEN.add(input.payload)
    await stf(state, input, actions)


def scenario(stf=stf, restore=restore, perform=perform, **more):
    return pl.Scenario(
        pl.Machine(initial=Till, stf=stf, restore=restore),
        inputs=["pay"],
        environment=pl.Environment(initial=Bank, perform=perform),
        **more,
    )
