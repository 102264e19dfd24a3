"""A machine whose state has text as keys and members, with two kinds of tracked actions and every fault budgeted."""

import random
from dataclasses import dataclass, field, fields

import phasm_lab as pl
from phasm_lab.engine import Deliver, Dispatch, Perform, enabled, start, step
from phasm_lab.trace.trace import Trace


@dataclass(frozen=True)
class Order:
    user: str
    items: frozenset


@dataclass(frozen=True)
class Refund:
    order_id: str


@dataclass(frozen=True)
class Charge:
    order_id: str
    items: frozenset


@dataclass
class Shop:
    next_number: int = 1
    orders: dict = field(default_factory=dict)
    sold: set = field(default_factory=set)
    seen: frozenset = frozenset()
    last: dict = field(default_factory=dict)


async def stf(state, input, actions):
    match input:
        case pl.Normal(Order(user, items)):
            order_id = f"{user}-{state.next_number}"
            state.next_number += 1
            state.orders[order_id] = items
            state.seen |= items
            actions.add(pl.Tracked(order_id, Charge(order_id, items)))
            actions.add(pl.Tracked((order_id, "parcel"), ("pack", items)))
            actions.add(pl.Untracked(f"tell {user}: processing"))
        case pl.Normal(Refund(order_id)):
            del state.orders[order_id]
        case pl.TrackedActionCompleted(str(order_id), ("charged", bank)):
            state.sold |= state.orders[order_id]
            state.last = {"order": order_id, "bank": bank, "items": set(state.orders.pop(order_id))}
        case pl.TrackedActionCompleted(str(order_id), "declined"):
            del state.orders[order_id]


async def restore(state, actions):
    for order_id, items in state.orders.items():
        actions.add(pl.Tracked(order_id, Charge(order_id, items)))


@dataclass
class Network:
    charged: dict = field(default_factory=dict)


def perform(network, action, choose):
    if not isinstance(action, Charge):
        return None
    if choose("charged", "declined") == "declined":
        return "declined"
    network.charged[action.order_id] = network.charged.get(action.order_id, 0) + 1
    return ("charged", choose("north", "south"))


ADA = Order("ada", frozenset({"tea", "cup", "pot"}))
BOB = Order("bob", frozenset({"tea", "jam"}))
EVERY_FAULT = {budget.name: 1 for budget in fields(pl.Faults)} | {"crashes": 3}


def shop(*, stf=stf, restore=restore, perform=perform, inputs=(ADA, BOB), faults=EVERY_FAULT, order="any"):
    return pl.Scenario(
        pl.Machine(initial=Shop, stf=stf, restore=restore),
        inputs=inputs,
        environment=pl.Environment(initial=Network, perform=perform),
        faults=pl.Faults(**faults),
        order=order,
    )


def take(scenario, *events):
    """The trace that these events make from the start; a function among them is given the configuration before."""
    first = configuration = start(scenario)
    steps = []
    for event in events:
        taken = step(scenario, configuration, event(configuration) if callable(event) else event)
        steps.append(taken)
        configuration = taken.configuration
    return Trace(scenario, first, steps)


def random_trace(scenario, seed, step_count):
    """A walk that takes any enabled event with equal chance, until nothing can happen."""
    rng = random.Random(seed)
    first = configuration = start(scenario)
    steps = []
    while len(steps) < step_count and (events := enabled(scenario, configuration)):
        steps.append(step(scenario, configuration, rng.choice(events)))
        configuration = steps[-1].configuration
    return Trace(scenario, first, steps)


def dispatch(index=0):
    """Hand over the queued action at an index."""
    return lambda here: Dispatch(here.queue[index].action, here.queue[index].life)


def perform_request(*choices, index=0):
    """Perform the request at an index."""
    return lambda here: Perform(here.requests[index], choices)


def deliver(fault=None, index=0):
    """Deliver the result at an index."""
    return lambda here: Deliver(here.results[index], fault)
