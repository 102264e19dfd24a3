"""The payments machine of the README, its state made as large as wanted."""

from dataclasses import dataclass, field

import phasm_lab as pl


@dataclass(frozen=True)
class Pay:
    """An input: charge a user's card."""

    user: str
    cents: int


@dataclass(frozen=True)
class ChargeCard:
    """An action: charge the card once."""

    payment_id: int
    cents: int


@dataclass
class Payments:
    """The state: what is charged and what was paid."""

    next_id: int = 1
    pending: dict[int, int] = field(default_factory=dict)
    paid: dict[int, int] = field(default_factory=dict)


@dataclass
class CardNetwork:
    """The outside: how often each payment was charged."""

    charged: dict[int, int] = field(default_factory=dict)


async def stf(state, input, actions):
    """Charge, or note what came of a charge."""
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


async def restore(state, actions):
    """Charge again what is pending."""
    for payment_id, cents in state.pending.items():
        actions.add(pl.Tracked(payment_id, ChargeCard(payment_id, cents)))


def perform(network, action, choose):
    """Charge or decline."""
    if choose("charged", "declined") == "declined":
        return "declined"
    network.charged[action.payment_id] = network.charged.get(action.payment_id, 0) + 1
    return "charged"


def state_of(entry_count):
    """Return a state with so many entries: one payment in a hundred is pending."""
    pending_count = entry_count // 100
    return Payments(
        next_id=entry_count + 1,
        pending=dict.fromkeys(range(entry_count - pending_count + 1, entry_count + 1), 500),
        paid=dict.fromkeys(range(1, entry_count - pending_count + 1), 500),
    )


def scenario_of(entry_count):
    """Return the scenario without faults that begins with so many entries."""
    machine = pl.Machine(initial=lambda: state_of(entry_count), stf=stf, restore=restore, name="payments")
    return pl.Scenario(machine, environment=pl.Environment(initial=CardNetwork, perform=perform))
