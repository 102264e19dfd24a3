"""Small machines for the views: a payment that restore asks about, and what a test changes in it."""

from dataclasses import dataclass, field

import phasm_lab as pl


@dataclass(frozen=True)
class Pay:
    user: str


@dataclass(frozen=True)
class Charge:
    number: int


@dataclass(frozen=True)
class Check:
    number: int


@dataclass
class Shop:
    pending: list[int] = field(default_factory=list)
    restored_count: int = 0


@dataclass
class Network:
    charged: list[int] = field(default_factory=list)


async def stf(shop, value, actions):
    match value:
        case pl.Normal(Pay()):
            shop.pending.append(1)
            actions.add(pl.Tracked(1, Charge(1)))
        case pl.TrackedActionCompleted(number, _):
            shop.pending.remove(number)


async def asking_restore(shop, actions):
    for number in shop.pending:
        actions.add(pl.Tracked(number, Check(number)))


def perform(network, action, choose):  # noqa: ARG001 - a perform is given it
    if isinstance(action, Charge):
        network.charged.append(action.number)
    return "charged"


def scenario_of(*, stf=stf, restore=asking_restore, perform=perform, properties=()):
    return pl.Scenario(
        pl.Machine(initial=Shop, stf=stf, restore=restore, name="shop"),
        inputs=[Pay("ada")],
        environment=pl.Environment(initial=Network, perform=perform),
        faults=pl.Faults(crashes=1),
        properties=list(properties),
    )
