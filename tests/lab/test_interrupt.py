"""Ctrl-C while a lab goes from step to step: nothing of the history changes."""

import signal
from dataclasses import dataclass, field

import pytest

import phasm_lab as pl
from tests.bytecodes import at_bytecode


@dataclass
class Box:
    count: int = 0
    items: list[int] = field(default_factory=list)
    by_name: dict[str, int] = field(default_factory=dict)


async def stf(state, input, actions):
    del actions
    state.count += input.payload
    state.items.append(input.payload)
    state.items[0] = state.count
    state.by_name["newest"] = input.payload
    state.by_name.setdefault(f"item {input.payload}", 1)


async def restore(state, actions):
    """Ask for nothing."""


@pytest.fixture
def lab():
    lab = pl.Lab(pl.Scenario(pl.Machine(Box, stf, restore), inputs=range(1, 5)))
    for number in range(1, 5):
        lab.fire(number)
    return lab


def press_ctrl_c():
    signal.raise_signal(signal.SIGINT)


def states(lab):
    found = []
    for number in range(5):
        lab.goto(number)
        found.append(repr(lab.state))
    return found


@pytest.mark.parametrize("count", range(1, 600, 43))
def test_a_jump_that_is_interrupted_changes_no_step(lab, count):
    expected = states(lab)
    with at_bytecode(count, press_ctrl_c) as pressed_in, pytest.raises(KeyboardInterrupt):
        states(lab)
    assert 1 == len(pressed_in)
    assert expected == states(lab)
    assert signal.default_int_handler is signal.getsignal(signal.SIGINT)
