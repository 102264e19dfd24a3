"""Ctrl-C while a lab goes from step to step: nothing of the history changes."""

import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

import phasm_lab as pl


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


@contextmanager
def interrupted_after(count):
    """Press Ctrl-C after so many bytecodes of the engine; yields whether it was pressed."""
    left, pressed = count, []

    def trace(frame, event, _argument):
        nonlocal left
        if "/phasm_lab/engine/" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            left -= 1
            if left == 0:
                pressed.append(True)
                signal.raise_signal(signal.SIGINT)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield pressed
    finally:
        sys.settrace(before)


def states(lab):
    found = []
    for number in range(5):
        lab.goto(number)
        found.append(repr(lab.state))
    return found


@pytest.mark.parametrize("count", range(1, 600, 43))
def test_a_jump_that_is_interrupted_changes_no_step(lab, count):
    expected = states(lab)
    with interrupted_after(count) as pressed, pytest.raises(KeyboardInterrupt):
        states(lab)
    assert [True] == pressed
    assert expected == states(lab)
    assert signal.default_int_handler is signal.getsignal(signal.SIGINT)
