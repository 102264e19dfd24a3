"""A restore that writes is told so, also where the values come out as they were: what it writes is never kept."""

# ruff: noqa: ARG001 - stf and restore take what they are given

from dataclasses import dataclass

import pytest

import phasm_lab as pl

TABLE = "create table notes (is_up integer); insert into notes values (1)"


@dataclass
class Notes:
    count: int = 0
    is_up: bool = True


async def stf(state, input, actions):
    pass


async def sets_what_is_set(state, actions):
    state.is_up = True


async def counts_up_and_down(state, actions):
    state.count += 1
    state.count -= 1


async def updates_to_what_is_there(state, actions):
    await state.execute("update notes set is_up = 1")


@pytest.mark.parametrize(
    ("restore", "initial"),
    [(sets_what_is_set, Notes), (counts_up_and_down, Notes), (updates_to_what_is_there, pl.sqlite(TABLE))],
)
def test_a_write_counts_whether_or_not_a_value_differs(restore, initial):
    report = pl.check(pl.Scenario(pl.Machine(initial, stf, restore), inputs=["a"]))
    told = f"restore writes to the state: test_impure_restore.py:{restore.__code__.co_firstlineno + 1}"
    assert [("impure-restore", told)] == [(finding.check, finding.message) for finding in report.findings]
