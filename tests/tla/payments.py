"""The machine that `Payments.tla` models: after a crash it asks what became of each payment, and the answer is final."""

from dataclasses import dataclass, field

import phasm_lab as pl


@dataclass(frozen=True)
class Pay:
    """A user pays; the number tells one payment from the next."""

    number: int


@dataclass(frozen=True)
class ChargeCard:
    """Ask the card network for the money."""

    payment_id: int


@dataclass(frozen=True)
class CheckPayment:
    """Ask the card network what became of a payment."""

    payment_id: int


@dataclass
class Payments:
    """The state: what is known of each payment that was accepted."""

    statuses: dict[int, str] = field(default_factory=dict)


@dataclass
class CardNetwork:
    """The environment: the answer to each payment, for ever."""

    answers: dict[int, str] = field(default_factory=dict)


async def stf(state, input, actions):
    """Accept a payment, or take in the first answer about one."""
    match input:
        case pl.Normal(Pay()):
            payment_id = len(state.statuses) + 1
            actions.add(pl.Tracked(payment_id, ChargeCard(payment_id)))
            state.statuses[payment_id] = "pending"
        case pl.TrackedActionCompleted(payment_id, answer):
            if state.statuses[payment_id] == "pending":
                state.statuses[payment_id] = answer


async def restore(state, actions):
    """Ask about every payment that has no answer, and charge none again."""
    for payment_id, status in state.statuses.items():
        if status == "pending":
            actions.add(pl.Tracked(payment_id, CheckPayment(payment_id)))


def perform(network, action, choose):
    """Answer once and for all; a status query that comes before the charge rules the charge out."""
    if action.payment_id not in network.answers:
        asked_to_charge = isinstance(action, ChargeCard)
        network.answers[action.payment_id] = choose("charged", "declined") if asked_to_charge else "declined"
    return network.answers[action.payment_id]


def books_agree(here):
    """Tell whether machine and network say the same: that is the outcome, whichever way the network decided."""
    return here.state.statuses == here.environment.answers


def scenario(payment_count, crash_count):
    """Return the scenario of so many payments and crashes, to be searched to its end."""
    return pl.Scenario(
        pl.Machine(initial=Payments, stf=stf, restore=restore, name="payments that ask"),
        inputs=[Pay(number) for number in range(1, payment_count + 1)],
        environment=pl.Environment(initial=CardNetwork, perform=perform),
        faults=pl.Faults(crashes=crash_count),
        outcome=books_agree,
        limit=200_000_000,
    )
