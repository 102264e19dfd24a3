"""A machine that depends on the order of a dict is named, since a search takes states that differ in it alone for one."""

from dataclasses import dataclass, field

import pytest

import phasm_lab as pl


@dataclass
class Waiting:
    names: dict[str, int] = field(default_factory=dict)
    served: list[str] = field(default_factory=list)


async def serves_the_first(state, input, _):
    if input.payload == "serve":
        name = next(iter(state.names))
        del state.names[name]
        state.served.append(name)
    else:
        state.names[input.payload] = 1


async def serves_the_smallest(state, input, _):
    if input.payload == "serve":
        name = min(state.names)
        del state.names[name]
        state.served.append(name)
    else:
        state.names[input.payload] = 1


async def asks_in_order(state, input, actions):
    if input.payload == "serve":
        for name in state.names:
            actions.add(pl.Untracked(name))
    else:
        state.names[input.payload] = 1


async def nothing(*_):
    pass


async def asks_for_all(state, actions):
    for name in state.names:
        actions.add(pl.Tracked(name, "ask"))


async def asks_for_the_first(state, actions):
    for name in list(state.names)[:1]:
        actions.add(pl.Tracked(name, "ask"))


def not_run(stf, restore=nothing):
    machine = pl.Machine(Waiting, stf, restore)
    scenario = pl.Scenario(machine, inputs=["ada", "bob", "serve"], order="any")
    return pl.check(scenario, limit=500).not_run


def told(who):
    return (
        f"what depends on the order of a dict: {who} does something else on a state that differs in it alone, "
        "and a search takes such states for one; keep what has an order in a list"
    )


@pytest.mark.parametrize("stf", [serves_the_first, asks_in_order])
def test_a_transition_that_depends_on_it_is_named(stf):
    assert (told("Normal(payload='serve')"),) == not_run(stf)


def test_a_restore_that_depends_on_it_is_named():
    assert (told("restore"),) == not_run(serves_the_smallest, asks_for_the_first)


@pytest.mark.parametrize("restore", [nothing, asks_for_all], ids=["nothing", "all"])
def test_a_machine_to_which_it_is_all_one_is_not_named(restore):
    assert () == not_run(serves_the_smallest, restore)
