import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest

import phasm_lab as pl
from phasm_lab.machine import text
from phasm_lab.machine.text import message_of, text_of


class Point(NamedTuple):
    x: int
    tags: Any


@dataclass
class Box:
    tags: set
    secret: set = field(default_factory=set, repr=False)


@dataclass
class Loud:
    tags: set

    def __repr__(self):
        return "LOUD"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b", "a"}, "{'a', 'b'}"),
        (set(), "set()"),
        (frozenset(), "frozenset()"),
        (frozenset({2, 1}), "frozenset({1, 2})"),
        (({"a"},), "({'a'},)"),
        ([set()], "[set()]"),
        ({frozenset({"b", "a"}): 1}, "{frozenset({'a', 'b'}): 1}"),
        (Box({"b", "a"}), "Box(tags={'a', 'b'})"),
        (Point(1, frozenset({"b", "a"})), "Point(x=1, tags=frozenset({'a', 'b'}))"),
        (Loud({"b", "a"}), "LOUD"),
        ({"b": 1, "a": 2}, "{'b': 1, 'a': 2}"),
    ],
)
def test_sets_are_shown_in_the_order_of_their_members_text(value, expected):
    assert expected == text_of(value)


def test_the_text_is_the_same_under_another_hash_seed():
    code = "from phasm_lab.machine.text import text_of; print(text_of({'x': [frozenset('abcdefgh')]}))"
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert 1 == len(texts)


def test_a_value_whose_repr_raises_is_named():
    box = Box({"a"})
    del box.tags
    assert "<Box, whose repr raised AttributeError>" == text_of(box)
    assert "<list, whose repr raised AttributeError>" == text_of([box])


class EndlessText:
    def __repr__(self):
        while True:
            pass


class EndlessMessageError(Exception):
    def __str__(self):  # noqa: PLE0307 - it does not return at all
        while True:
            pass


class WithoutMessageError(Exception):
    def __str__(self):
        raise OSError


@pytest.fixture
def short(monkeypatch):
    """Have a text end after a moment, as it does where the package has handed in a watchdog."""
    pl.__getattr__("Scenario")
    monkeypatch.setattr(text, "LONGEST_TEXT_MS", 50)
    yield
    text._ENDLESS.clear()


NEVER = "<EndlessText, whose repr does not return>"


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (EndlessText, NEVER),
        (lambda: [EndlessText()], NEVER),
        (lambda: Point(1, EndlessText()), NEVER),
        (lambda: Box({EndlessText()}), f"Box(tags={{{NEVER}}})"),
    ],
    ids=["itself", "in a list", "in a field", "in a set"],
)
def test_the_class_is_named_whose_repr_does_not_return(make, expected):
    # Where the assertion fails, pytest shows the names in it, and must not show the value.
    told = text_of(make())
    assert expected == told


@pytest.mark.usefixtures("short")
def test_what_does_not_return_is_not_waited_for_again():
    asked = []

    class Asked:
        def __repr__(self):
            asked.append(1)
            while True:
                pass

    values = [Asked(), [Asked()], {"a": (Asked(),)}, Point(1, Asked()), Asked()]
    assert 1 == len({text_of(value) for value in values})
    assert [1] == asked


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("no money"), "no money"),
        (WithoutMessageError(), "its message cannot be shown, since __str__ raised OSError"),
        (EndlessMessageError(), "its message cannot be shown, since __str__ does not return"),
    ],
    ids=["plain", "raises", "endless"],
)
def test_the_message_of_an_exception_is_told_whatever_it_does(error, message):
    assert message == message_of(error)
