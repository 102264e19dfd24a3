"""A small machine with every kind of input, and a short way to write what a configuration holds."""

from dataclasses import dataclass, field

import phasm_lab as pl
from phasm_lab.engine import Crash, Deliver, Dispatch, Fire, Perform, Recover, Request, Result, start, step
from phasm_lab.engine.configuration import FAULT_NAMES


@dataclass(frozen=True)
class Ask:
    count: int = 1


@dataclass(frozen=True)
class Tell:
    text: str = "hello"


@dataclass(frozen=True)
class Refuse:
    text: str = "no"


@dataclass
class Desk:
    next_id: int = 1
    open: dict[int, str] = field(default_factory=dict)
    done: dict[int, list[str]] = field(default_factory=dict)


async def stf(state, input, actions):
    match input:
        case pl.Normal(Ask(count)):
            for _ in range(count):
                state.open[state.next_id] = "asked"
                actions.add(pl.Tracked(state.next_id, "question"))
                state.next_id += 1
        case pl.Normal(Tell(text)):
            actions.add(pl.Untracked(text))
        case pl.Normal(Refuse(text)):
            state.next_id += 100
            raise ValueError(text)
        case pl.TrackedActionCompleted(identity, result):
            state.open.pop(identity, None)
            state.done.setdefault(identity, []).append(result)


async def restore(state, actions):
    for identity in state.open:
        actions.add(pl.Tracked(identity, "question"))


@dataclass
class Outside:
    answered: list[int] = field(default_factory=list)


def perform(outside, _action, choose):
    answer = choose("yes", "no")
    outside.answered.append(answer)
    return answer


machine = pl.Machine(initial=Desk, stf=stf, restore=restore)


def desk(*inputs, order="given", faults=None, machine=machine, **more):
    return pl.Scenario(
        machine,
        inputs=inputs,
        order=order,
        environment=pl.Environment(initial=Outside, perform=perform),
        faults=faults or pl.Faults(),
        **more,
    )


def question(identity):
    return pl.Tracked(identity, "question")


def request(identity, life=0):
    return Request(question(identity), life)


def result(identity, value="yes", life=0):
    return Result(question(identity), life, value)


def dispatch(identity, life=0):
    return Dispatch(question(identity), life)


def ask(identity, value="yes", life=0):
    return Perform(request(identity, life), (value,))


def deliver(identity, value="yes", life=0):
    return Deliver(result(identity, value, life))


def after(scenario, *events):
    """Return the configuration after events."""
    configuration = start(scenario)
    for event in events:
        configuration = step(scenario, configuration, event).configuration
    return configuration


def last(scenario, *events):
    """Return the last step of events."""
    return step(scenario, after(scenario, *events[:-1]), events[-1])


def wire(configuration):
    """Return what is queued and on the wire, in words."""
    return [
        *(f"queued {item.action.id} of life {item.life}{' restored' * item.restored}" for item in configuration.queue),
        *(f"untracked {item.payload}" for item in configuration.untracked),
        *(f"request {item.action.id} of life {item.life}" for item in configuration.requests),
        *(f"result {item.action.id} {item.value} of life {item.life}" for item in configuration.results),
    ]


def budgets(configuration):
    """Return what is left of the budgets that are not used up."""
    return {name: left for name, left in zip(FAULT_NAMES, configuration.budgets, strict=True) if left}


__all__ = [
    "Ask",
    "Crash",
    "Deliver",
    "Desk",
    "Dispatch",
    "Fire",
    "Outside",
    "Perform",
    "Recover",
    "Refuse",
    "Tell",
    "after",
    "ask",
    "budgets",
    "deliver",
    "desk",
    "dispatch",
    "last",
    "perform",
    "question",
    "request",
    "restore",
    "result",
    "stf",
    "wire",
]
