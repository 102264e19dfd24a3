"""Values of the user's whose `repr` raises or does not return: what is said of them is said all the same."""

from dataclasses import dataclass, field
from typing import Any

import pytest

import phasm_lab as pl
from phasm_lab.engine.events import Perform
from phasm_lab.engine.memory import MemorySource
from phasm_lab.machine import text


@dataclass(frozen=True)
class Key:
    """A key whose text cannot be had."""

    name: str

    def __repr__(self):
        raise ValueError(self.name)


@dataclass(frozen=True)
class Endless:
    """A key whose text has no end."""

    name: str

    def __repr__(self):
        while True:
            pass


@dataclass
class Shop:
    table: dict[Any, Any] = field(default_factory=dict)
    queue: list[Any] = field(default_factory=list)


@pytest.fixture(autouse=True)
def _short_wait(monkeypatch):
    monkeypatch.setattr(text, "LONGEST_TEXT_MS", 50)
    yield
    text._ENDLESS.clear()


async def restore(state, actions):
    """Ask for nothing."""


def lab(stf, **more):
    return pl.Lab(pl.Scenario(pl.Machine(Shop, stf, restore), inputs=["go"], **more))


async def stocks(state, _input, _actions):
    state.table[Key("shelf")] = [1]
    state.queue.append(state.table.get(Key("shelf")))


def test_an_access_by_a_key_that_cannot_be_shown_is_recorded():
    record = lab(stocks, faults=pl.Faults(access_errors=1)).fire("go", fails="access", number=2).step.record
    assert (
        "StorageError: access 2 (read table[<Key, whose repr raised ValueError>]): the lab made it fail"
        == record.refusal.text
    )


def test_a_key_with_an_endless_text_is_put_into_a_state():
    version = MemorySource(Shop, "initial").start()
    version.begin(None).table[Endless("shelf")] = [1]
    assert {Endless("shelf"): [1]} == version.commit().plain().table


def test_a_value_that_cannot_be_rolled_back_is_named_by_a_key_that_cannot_be_shown():
    version = MemorySource(Shop, "initial").start()
    version.begin(None).table[Endless("shelf")] = [bytearray()]
    with pytest.raises(pl.DefinitionError) as caught:
        version.commit()
    assert "Shop.table[<Endless, whose repr does not return>][0]" == caught.value.asked


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (Key("x"), "<Key, whose repr raised ValueError>"),
        (Endless("x"), "<Endless, whose repr does not return>"),
    ],
)
def test_what_is_added_and_is_no_action_is_named(made, said):
    async def adds(_state, _input, actions):
        actions.add(made)

    with pytest.raises(pl.DefinitionError) as caught:
        lab(adds).fire("go")
    assert f"stf added {said}" == caught.value.asked


def test_an_initial_state_that_cannot_be_shown_is_named():
    class Silent:
        def __repr__(self):
            raise ValueError

    with pytest.raises(pl.DefinitionError) as caught:
        MemorySource(Silent, "initial").start()
    name = Silent.__qualname__
    assert f"it made <{name}, whose repr raised ValueError>, a {name}" == caught.value.case


def test_an_option_that_cannot_be_shown_is_named():
    async def asks(_state, _input, actions):
        actions.add(pl.Tracked(1, "ask"))

    asking = lab(asks, environment=pl.Environment(Shop, lambda _environment, _action, choose: choose(Key("a"))))
    asking.fire("go")
    asking.dispatch(1)
    with pytest.raises(pl.NotEnabledError) as caught:
        asking.take(Perform(asking.configuration.requests[0], ("other",)))
    assert "choose does not offer 'other'" == caught.value.case
    assert ("<Key, whose repr raised ValueError>",) == caught.value.choices
