import enum
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasm_lab.errors import DefinitionError
from phasm_lab.machine.data import detach, freeze, same, thaw


@dataclass(frozen=True)
class Point:
    x: int
    y: object = 0


@dataclass
class Box:
    items: list = field(default_factory=list)
    note: str = field(default="", compare=False)


@dataclass(eq=False)
class ByIdentity:
    cents: int


class Colour(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    ONE = 1


class Opaque:
    pass


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __eq__(self, other):
        return isinstance(other, Money) and self.cents == other.cents

    def __hash__(self):
        return hash(self.cents)


class Pair(NamedTuple):
    left: object
    right: object


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["", "a", 0.0, 1.0, -1.0, Colour.RED, Level.ONE, b"a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.integers(0, 3) | st.sampled_from(["a", True, 1.0]), inner, max_size=3)
        | st.sets(st.integers(0, 9), max_size=3)
        | st.builds(Point, st.integers(0, 2), inner)
        | st.builds(Box, st.lists(inner, max_size=2))
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (1, True),
        (1, 1.0),
        (True, 1.0),
        (0, False),
        (1, Level.ONE),
        ("a", b"a"),
        ((1,), [1]),
        ({1}, frozenset({1})),
        ({1: "a"}, {True: "a"}),
        ([1, 2], [2, 1]),
        (Pair(1, 2), (1, 2)),
        (Point(1), Point(True)),
        (Point(1), Box([1])),
        (-1, -2),
        ({"a": 1}, (("a", 1),)),
        (None, 0),
        (0.0, -0.0),
        ([0.0], [-0.0]),
        (0j, -0j),
    ],
)
def test_values_that_differ(first, second):
    assert not same(first, second)
    assert freeze(first) != freeze(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1, 9}, {9, 1}),
        (Box([1], "x"), Box([1], "y")),
        (ByIdentity(3), ByIdentity(3)),
        (Money(3), Money(3)),
        (Pair(1, [2]), Pair(1, [2])),
        (float("nan"), float("nan")),
        ({"a": float("nan")}, {"a": float("nan")}),
        (complex("nan"), complex("nan")),
    ],
)
def test_values_that_are_the_same(first, second):
    assert same(first, second)
    assert freeze(first) == freeze(second)


@given(PLAIN, PLAIN)
def test_a_frozen_value_is_equal_exactly_where_the_values_are(first, second):
    assert same(first, second) == (freeze(first) == freeze(second))
    assert hash(freeze(first)) == hash(freeze(thaw(first)))


@given(PLAIN)
def test_a_copy_is_the_same_and_shares_nothing_that_changes(value):
    for copy in (thaw(value), detach(value, "a value")):
        assert same(value, copy)
        assert repr(value) == repr(copy)
        assert set() == mutable_parts(value) & mutable_parts(copy)


def mutable_parts(value):
    if isinstance(value, dict):
        return {id(value), *(part for item in value.values() for part in mutable_parts(item))}
    if isinstance(value, list):
        return {id(value), *(part for item in value for part in mutable_parts(item))}
    if isinstance(value, set):
        return {id(value)}
    if isinstance(value, tuple):
        return {part for item in value for part in mutable_parts(item)}
    if isinstance(value, Point):
        return mutable_parts(value.y)
    return {id(value), *mutable_parts(value.items)} if isinstance(value, Box) else set()


def test_what_cannot_change_is_not_copied():
    for value in (3, "a", Point(1, (2, Colour.RED)), frozenset({1}), Money(3), Colour.RED):
        assert value is detach(value, "a value")


def test_a_dict_that_is_more_than_a_dict_arrives_as_one():
    assert [dict, dict] == [type(detach(value, "a value")) for value in (Counter("a"), OrderedDict(a=1))]


@pytest.mark.parametrize("value", [Opaque(), [Opaque()], {"a": (Opaque(),)}, Point(1, Opaque()), (item for item in ())])
def test_what_cannot_be_compared_is_refused_by_the_name_of_its_class(value):
    with pytest.raises(DefinitionError) as caught:
        detach(value, "input 0")
    kind = "generator" if "generator" in repr(value) else "Opaque"
    assert (
        f"input 0: it holds a {kind}, which cannot be compared by value; "
        "use plain data: numbers, text, tuples, frozen dataclasses, or a class with __eq__ and __hash__"
    ) == str(caught.value)


def holding_itself(value, put):
    put(value)
    return value


@pytest.mark.parametrize(
    "value",
    [
        holding_itself([], lambda value: value.append(value)),
        holding_itself({}, lambda value: value.update(a=(value,))),
        holding_itself(Box(), lambda value: value.items.append(value)),
    ],
    ids=["list", "dict", "dataclass"],
)
def test_what_holds_itself_is_refused(value):
    with pytest.raises(DefinitionError) as caught:
        detach(value, "an input")
    assert "an input: it is nested too deeply, or holds itself; keep ids instead of references" == str(caught.value)


@pytest.mark.parametrize("value", [bytearray(b"a"), [bytearray(b"a")]])
def test_bytes_that_change_are_refused(value):
    with pytest.raises(DefinitionError, match=r"^an input: it holds a bytearray, which cannot be compared by value; "):
        detach(value, "an input")
