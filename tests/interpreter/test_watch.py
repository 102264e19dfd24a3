"""A change of a watched value is seen by name, and can be put back."""

import array
import collections
import contextvars
import functools
import io
import itertools
import random
import types

import pytest

from phasm_lab.interpreter.reach import Reach
from phasm_lab.interpreter.watch import Watch


class Shelf:
    kind = "wood"

    def __init__(self):
        self.books = 1

    @functools.cached_property
    def height(self):
        return 7


class Slot:
    __slots__ = ("held",)

    def __init__(self):
        self.held = 1


def watching(*values):
    watch = Reach([("it", value) for value in values], lambda file: file == __file__).watch
    watch.begin()
    return watch


CHANGES = {
    "a list": ([1], lambda value: value.append(2)),
    "a dict": ({"a": 1}, lambda value: value.update(a=2)),
    "a set": ({1}, lambda value: value.add(2)),
    "a deque": (collections.deque([1], maxlen=2), lambda value: value.append(2)),
    "a defaultdict": (collections.defaultdict(int), lambda value: value["a"]),
    "a list in a tuple": (([1],), lambda value: value[0].clear()),
    "an attribute": (Shelf(), lambda value: setattr(value, "books", 2)),
    "a new attribute": (Shelf(), lambda value: setattr(value, "pens", 2)),
    "a slot": (Slot(), lambda value: setattr(value, "held", 2)),
    "a namespace": (types.SimpleNamespace(a=1), lambda value: setattr(value, "a", 2)),
    "bytes": (bytearray(b"a"), lambda value: value.append(1)),
    "an array": (array.array("i", [1]), lambda value: value.append(1)),
    "a generator of numbers": (random.Random(1), lambda value: value.random()),
    "a class": (Shelf, lambda value: setattr(value, "kind", "iron")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_seen_and_put_back(name):
    value, change = CHANGES[name]
    watch = watching(value)
    before = watch.look()
    assert "" == watch.changed()
    change(value)
    assert "it" == watch.changed().partition(".")[0].replace("Shelf", "it")
    watch.put_back()
    assert ("", before) == (watch.changed(), watch.look())


@pytest.mark.parametrize(
    ("value", "change"),
    [
        (itertools.count(), next),
        ((number for number in range(3)), next),
        (iter([1, 2]), next),
        (io.StringIO(), lambda value: value.write("a")),
        (contextvars.ContextVar("level", default=0), lambda value: value.set(object())),
    ],
)
def test_what_cannot_be_put_back_is_seen_all_the_same(value, change):
    watch = watching(value)
    change(value)
    assert "it" == watch.changed()
    watch.renew()
    assert "" == watch.changed()


def test_what_a_cached_property_keeps_does_not_count():
    shelf = Shelf()
    watch = watching(shelf)
    assert 7 == shelf.height
    assert "" == watch.changed()


def test_annotations_that_are_asked_for_the_first_time_do_not_count():
    watch = watching(Slot)
    assert {} == Slot.__annotations__
    assert "" == watch.changed()


def test_a_name_of_a_module_that_was_not_there_is_taken_away_again():
    names = {"a": 1}
    watch = Watch()
    watch.names(names, ["a", "b"])
    watch.begin()
    names["b"] = 2
    assert "b" == watch.changed()
    watch.put_back()
    assert {"a": 1} == names


def test_defaults_and_attributes_of_a_function_are_put_back():
    def function(first=1, *, second=2):
        return first, second

    watch = watching(function)
    function.__defaults__, function.calls = (7,), 1
    assert "the defaults of function" == watch.changed()
    watch.put_back()
    assert ((1,), {}) == (function.__defaults__, function.__dict__)
