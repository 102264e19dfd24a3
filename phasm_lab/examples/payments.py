"""The payment system of PHASM's core concepts: a card is charged once, wherever the process dies."""

from __future__ import annotations

from dataclasses import dataclass, field

import phasm_lab as pl
from phasm_lab.examples.example import Example

__all__ = ["EXAMPLES", "payments", "payments_charging_again"]


@dataclass(frozen=True)
class Pay:
    """A user pays."""

    user: str
    cents: int


@dataclass(frozen=True)
class ChargeCard:
    """Ask the card network for the money; the payment's id is the idempotency key."""

    payment_id: int
    cents: int


@dataclass(frozen=True)
class CheckPaymentStatus:
    """Ask the card network what became of a payment."""

    payment_id: int


@dataclass(frozen=True)
class NotifyUser:
    """Tell the user how it goes; nobody waits for it."""

    user: str
    message: str


@dataclass(frozen=True)
class Charged:
    """The card was charged."""

    transaction_id: str


@dataclass(frozen=True)
class Declined:
    """The card was not charged and never will be for this payment."""

    reason: str


@dataclass(frozen=True)
class NeverSeen:
    """The card network has no answer for this payment, so far."""


@dataclass
class Payment:
    """One payment: its status is pending, then confirmed or failed."""

    user: str
    cents: int
    status: str = "pending"
    detail: str = ""


@dataclass
class PaymentSystem:
    """The state: every payment by its id, and the confirmed ones in the order of confirmation."""

    next_id: int = 1
    payments: dict[int, Payment] = field(default_factory=dict)
    confirmed: list[int] = field(default_factory=list)


async def stf(state, input, actions):
    """Accept a payment, or take in what the card network says about one."""
    match input:
        case pl.Normal(Pay(user, cents)):
            if cents <= 0:
                raise ValueError(f"Pay({user!r}, {cents}): nothing to charge; pay 1 cent or more")
            payment_id = state.next_id
            actions.add(pl.Tracked(payment_id, ChargeCard(payment_id, cents)))
            actions.add(pl.Untracked(NotifyUser(user, "processing")))
            # What can fail stands above; from here on there are only writes, so nothing is ever half done.
            state.payments[payment_id] = Payment(user, cents)
            state.next_id = payment_id + 1
        case pl.TrackedActionCompleted(payment_id, result):
            take_in(state, payment_id, result, actions)


def take_in(state, payment_id, result, actions):
    """Move a pending payment on; a late or repeated result finds it no longer pending and changes nothing."""
    payment = state.payments[payment_id]
    if payment.status != "pending":
        return
    match result:
        case Charged(transaction_id):
            actions.add(pl.Untracked(NotifyUser(payment.user, "confirmed")))
            payment.status, payment.detail = "confirmed", transaction_id
            state.confirmed.append(payment_id)
        case Declined(reason):
            actions.add(pl.Untracked(NotifyUser(payment.user, "failed")))
            payment.status, payment.detail = "failed", reason
        case NeverSeen():
            # The first request may be lost or still on its way: asking again under the same key is safe in both cases.
            actions.add(pl.Tracked(payment_id, ChargeCard(payment_id, payment.cents)))


async def restore(state, actions):
    """Ask about every pending payment, since whether its card was charged is not known."""
    for payment_id, payment in state.payments.items():
        if payment.status == "pending":
            actions.add(pl.Tracked(payment_id, CheckPaymentStatus(payment_id)))


@dataclass
class CardNetworkWithKeys:
    """A card network that keeps its answer to each payment id, and how often it charged for it."""

    answers: dict[int, Charged | Declined] = field(default_factory=dict)
    charged: dict[int, int] = field(default_factory=dict)


def perform(network, action, choose):
    """Charge a card or tell what became of it; one payment id has one answer for ever."""
    payment_id = action.payment_id
    if payment_id in network.answers:
        return network.answers[payment_id]
    if isinstance(action, CheckPaymentStatus):
        return NeverSeen()
    if choose("charged", "declined") == "declined":
        network.answers[payment_id] = Declined("insufficient funds")
    else:
        network.answers[payment_id] = Charged(f"tx-{payment_id}")
        network.charged[payment_id] = network.charged.get(payment_id, 0) + 1
    return network.answers[payment_id]


@pl.always
def no_card_is_charged_twice(here):
    """Each payment charges its card at most once."""
    return all(times == 1 for times in here.environment.charged.values())


@pl.when_quiescent
def every_charge_is_confirmed(here):
    """Once everything has come to rest, who was charged has been told so."""
    charged = sorted(here.environment.charged)
    confirmed = sorted(here.state.confirmed)
    return charged == confirmed or f"charged {charged}, confirmed {confirmed}"


@pl.sometimes
def a_payment_fails(here):
    """Some card is declined."""
    return any(payment.status == "failed" for payment in here.state.payments.values())


@pl.sometimes
def all_payments_are_confirmed(here):
    """Both users get through."""
    return len(here.state.confirmed) == 2


payments = pl.Scenario(
    pl.Machine(initial=PaymentSystem, stf=stf, restore=restore),
    name="payments",
    inputs=[Pay("ada", 500), Pay("bob", 120)],
    environment=pl.Environment(initial=CardNetworkWithKeys, perform=perform),
    faults=pl.Faults(crashes=1),
    properties=[no_card_is_charged_twice, every_charge_is_confirmed, a_payment_fails, all_payments_are_confirmed],
)


@dataclass
class Payments:
    """The broken twin's state: what is asked for, and what is paid."""

    next_id: int = 1
    pending: dict[int, int] = field(default_factory=dict)
    paid: dict[int, int] = field(default_factory=dict)


async def stf_charging_again(state, input, actions):
    """Accept a payment, or take in what the card network says about one."""
    match input:
        case pl.Normal(Pay(user, cents)):
            payment_id = state.next_id
            state.next_id += 1
            state.pending[payment_id] = cents
            actions.add(pl.Tracked(payment_id, ChargeCard(payment_id, cents)))
            actions.add(pl.Untracked(f"tell {user}: processing"))
        case pl.TrackedActionCompleted(payment_id, "charged"):
            state.paid[payment_id] = state.pending.pop(payment_id)
        case pl.TrackedActionCompleted(payment_id, "declined"):
            del state.pending[payment_id]


async def restore_charging_again(state, actions):
    """Charge again: broken, since the card may have been charged before the crash."""
    for payment_id, cents in state.pending.items():
        actions.add(pl.Tracked(payment_id, ChargeCard(payment_id, cents)))


@dataclass
class CardNetwork:
    """A card network that charges as often as it is asked."""

    charged: dict[int, int] = field(default_factory=dict)


def perform_each_time(network, action, choose):
    """Charge the card or decline, without a look at what was asked before."""
    if choose("charged", "declined") == "declined":
        return "declined"
    network.charged[action.payment_id] = network.charged.get(action.payment_id, 0) + 1
    return "charged"


payments_charging_again = pl.Scenario(
    pl.Machine(initial=Payments, stf=stf_charging_again, restore=restore_charging_again),
    name="payments charging again",
    inputs=[Pay("ada", 500), Pay("bob", 120)],
    environment=pl.Environment(initial=CardNetwork, perform=perform_each_time),
    faults=pl.Faults(crashes=1),
    properties=[no_card_is_charged_twice],
)

EXAMPLES = (
    Example(
        name="payments",
        scenario=payments,
        sound=True,
        sentence="After a crash the machine asks before it charges again.",
    ),
    Example(
        name="payments_charging_again",
        scenario=payments_charging_again,
        sound=False,
        sentence="After a crash restore() charges every pending card again, although it may have been charged before.",
        finding="broken-property",
    ),
)
