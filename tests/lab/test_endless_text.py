"""A value whose repr does not return hangs nothing that shows it."""

from dataclasses import dataclass, field

import pytest

import phasm_lab as pl
from phasm_lab.machine import text


@dataclass(frozen=True)
class Order:
    number: int

    def __repr__(self):
        while True:
            pass


@dataclass
class Shop:
    orders: list = field(default_factory=list)


async def stf(state, input, actions):
    if isinstance(input, pl.Normal):
        state.orders.append(input.payload)
        actions.add(pl.Tracked(1, Order(9)))


async def restore(state, actions):
    if state.orders:
        actions.add(pl.Tracked(1, Order(9)))


NEVER = "<Order, whose repr does not return>"


@pytest.fixture
def lab(monkeypatch):
    monkeypatch.setattr(text, "LONGEST_TEXT_MS", 50)
    lab = pl.Lab(pl.Scenario(pl.Machine(Shop, stf, restore), inputs=[Order(1), Order(2)], faults=pl.Faults(crashes=1)))
    lab.fire(Order(1))
    yield lab
    text._ENDLESS.clear()


def test_a_lab_at_a_prompt_names_the_class(lab):
    assert f"state        {NEVER}" in repr(lab)


def test_a_message_names_the_class(lab):
    with pytest.raises(pl.NotEnabledError) as refused:
        lab.take(pl.Lab(lab.scenario).enabled[0])
    # Where an assertion fails, pytest shows the names in it, and must not show a value.
    message = str(refused.value)
    assert NEVER in message


def test_a_page_and_a_report_are_written(lab):
    assert NEVER.replace("<", "&lt;").replace(">", "&gt;") in pl.check(lab.scenario).to_html()
    assert "<!doctype html>" == lab.to_html()[:15]
