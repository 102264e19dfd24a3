import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest

from phasm_lab.machine.text import text_of


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
    ("value", "text"),
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
def test_sets_are_shown_in_the_order_of_their_members_text(value, text):
    assert text == text_of(value)


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
