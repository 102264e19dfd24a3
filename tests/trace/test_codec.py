import datetime
import enum
import math
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import partial
from ipaddress import IPv4Address
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import phasm_lab as pl
from phasm_lab.engine import (
    Crash,
    Delay,
    Deliver,
    Dispatch,
    Duplicate,
    Fault,
    Fire,
    Lose,
    Perform,
    Recover,
    Request,
    Result,
)
from phasm_lab.machine.data import freeze
from phasm_lab.trace.codec import canonical, canonical_json, encode, encode_event, from_line, to_line
from phasm_lab.trace.rebuild import rebuild


class Color(enum.Enum):
    RED = 1


class Rank(enum.IntEnum):
    LOW = 1


class Right(enum.Flag):
    READ = 1
    WRITE = 2


class Point(NamedTuple):
    x: int
    y: int


class Pair(tuple):
    __slots__ = ()


@dataclass(frozen=True)
class Pay:
    user: str
    cents: int
    note: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Slotted:
    tags: frozenset


class UserId(str):
    __slots__ = ()


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __eq__(self, other):
        return isinstance(other, Money) and other.cents == self.cents

    def __hash__(self):
        return hash(self.cents)


class Slots:
    __slots__ = ("left", "right")

    def __init__(self):
        self.left, self.right = 1, 2


class Unreadable:
    def __reduce_ex__(self, protocol):
        raise TypeError


CLASSES = {cls.__name__: cls for cls in (Color, Rank, Right, Point, Pay, Slotted)}

ENCODED = [
    (None, None),
    (True, True),
    (1, 1),
    (1.0, 1.0),
    (-0.0, -0.0),
    ("a\u2028\ud800", "a\u2028\ud800"),
    (math.nan, {"$float": "nan"}),
    (math.inf, {"$float": "inf"}),
    (-math.inf, {"$float": "-inf"}),
    (b"\x00a", {"$bytes": "0061"}),
    (1 + 2j, {"$complex": "(1+2j)"}),
    (Decimal("1.10"), {"$Decimal": "1.10"}),
    (Fraction(1, 3), {"$Fraction": "1/3"}),
    (range(1, 9, 2), {"$range": [1, 9, 2]}),
    (UUID(int=1), {"$UUID": "00000000-0000-0000-0000-000000000001"}),
    (datetime.date(2024, 2, 29), {"$date": "2024-02-29"}),
    (datetime.time(1, 2), {"$time": "01:02:00"}),
    (datetime.timedelta(days=1, microseconds=2), {"$timedelta": [1, 0, 2]}),
    (datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC), {"$datetime": "2024-02-29T00:00:00+00:00"}),
    ([1, [2]], [1, [2]]),
    ((1, (2,)), {"$tuple": [1, {"$tuple": [2]}]}),
    ({"b", "a"}, {"$set": ["a", "b"]}),
    (frozenset({(2,), (1,)}), {"$frozenset": [{"$tuple": [1]}, {"$tuple": [2]}]}),
    ({"b": 1, "a": 2}, {"a": 2, "b": 1}),
    ({"$": 1}, {"$dict": [["$", 1]]}),
    ({2: "b", 1: "a"}, {"$dict": [[1, "a"], [2, "b"]]}),
    (Color.RED, {"$enum": "Color", "name": "RED"}),
    (Rank.LOW, {"$enum": "Rank", "name": "LOW"}),
    (Right(0), {"$enum": "Right", "value": 0}),
    (Point(1, 2), {"$": "Point", "x": 1, "y": 2}),
    (Pay("ada", 500, "n"), {"$": "Pay", "user": "ada", "cents": 500, "note": "n"}),
    (Slotted(frozenset({"a"})), {"$": "Slotted", "tags": {"$frozenset": ["a"]}}),
]

ONLY_ENCODED = [
    (Pair((1, 2)), {"$": "Pair", "$tuple": [1, 2]}),
    (UserId("ada"), {"$": "UserId", "$arguments": ["ada"]}),
    (Money(5), {"$": "Money", "cents": 5}),
    (Slots(), {"$": "Slots", "left": 1, "right": 2}),
    (IPv4Address("10.0.0.1"), {"$": "IPv4Address", "$arguments": [167772161]}),
    (PurePosixPath("a/b"), {"$": "PurePosixPath", "$arguments": ["a", "b"]}),
    (Counter("a"), {"a": 1}),
    (Pay, {"$type": "Pay"}),
    (len, {"$function": "builtins.len"}),
    (partial, {"$type": "partial"}),
    (
        Unreadable(),
        {"$": "Unreadable", "$text": f"<{Unreadable.__module__}.Unreadable object>"},
    ),
]


@pytest.mark.parametrize(("value", "encoded"), ENCODED + ONLY_ENCODED)
def test_a_value_has_this_form(value, encoded):
    assert canonical_json(encoded) == canonical(value)


@pytest.mark.parametrize(("value", "encoded"), ENCODED)
def test_what_is_written_is_read_and_built_again_in_value_and_type(value, encoded):
    built = rebuild(from_line(to_line(encoded)), CLASSES)
    assert canonical(value) == canonical(built)
    assert type(value) is type(built)


def test_an_int_that_python_would_not_read_as_a_number_is_text():
    large = 10**5_000
    assert {"$int": hex(large)} == encode(large)
    assert large == rebuild(encode(large), {})


def test_one_true_and_one_point_nought_differ():
    assert 3 == len({canonical(1), canonical(True), canonical(1.0)})


def test_a_dataclass_keeps_the_order_of_its_fields_in_a_line():
    assert '{"$":"Pay","user":"ada","cents":500,"note":null}\n' == to_line(encode(Pay("ada", 500)))


def test_a_line_is_plain_ascii_whatever_the_text():
    assert b'"\\u202e\\ud800<b>\\n"\n' == to_line(encode("\u202e\ud800<b>\n")).encode("ascii")


@pytest.mark.parametrize("line", ["", "{", "NaN", '{"a": Infinity}', "[" * 100_000, b"\xff", "1" * 5_000])
def test_a_line_that_is_not_json_is_read_as_nothing(line):
    assert from_line(line) is None


def hashables():
    atoms = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.text(),
        st.binary(),
        st.decimals(allow_nan=False),
    )
    return st.recursive(
        atoms, lambda inner: st.one_of(st.tuples(inner, inner), st.frozensets(inner, max_size=3)), max_leaves=6
    )


def values():
    return st.recursive(
        hashables(),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.sets(hashables(), max_size=3),
            st.dictionaries(hashables(), inner, max_size=3),
            st.builds(Pay, inner, inner),
        ),
        max_leaves=8,
    )


@given(values())
def test_any_value_comes_back_from_its_line(value):
    built = rebuild(from_line(to_line(encode(value))), CLASSES)
    assert freeze(value) == freeze(built)
    assert canonical(value) == canonical(built)


@given(values(), values())
def test_values_with_one_text_are_the_same(first, second):
    assert canonical(first) != canonical(second) or freeze(first) == freeze(second)


REQUEST = Request(pl.Tracked(1, "charge"), 0)
RESULT = Result(pl.Tracked(1, "charge"), 0, "ok")
TRACKED_JSON = {"$": "Tracked", "id": 1, "payload": "charge"}
REQUEST_JSON = {"$": "Request", "action": TRACKED_JSON, "life": 0}
RESULT_JSON = {"$": "Result", "action": TRACKED_JSON, "life": 0, "value": "ok"}


@pytest.mark.parametrize(
    ("event", "encoded"),
    [
        (Fire("open"), {"event": "Fire", "input": "open"}),
        (Fire(None, again=True), {"event": "Fire", "input": None, "again": True}),
        (Fire(False), {"event": "Fire", "input": False}),
        (Dispatch(pl.Tracked(1, "charge"), 0), {"event": "Dispatch", "action": TRACKED_JSON, "life": 0}),
        (
            Dispatch(pl.Untracked("hi"), 2),
            {"event": "Dispatch", "action": {"$": "Untracked", "payload": "hi"}, "life": 2},
        ),
        (Perform(REQUEST), {"event": "Perform", "request": REQUEST_JSON}),
        (Perform(REQUEST, ("a", 1)), {"event": "Perform", "request": REQUEST_JSON, "choices": ["a", 1]}),
        (Deliver(RESULT), {"event": "Deliver", "result": RESULT_JSON}),
        (Lose(REQUEST), {"event": "Lose", "message": REQUEST_JSON}),
        (Lose(Fire("open")), {"event": "Lose", "message": {"event": "Fire", "input": "open"}}),
        (Duplicate(RESULT), {"event": "Duplicate", "message": RESULT_JSON}),
        (Delay(REQUEST), {"event": "Delay", "request": REQUEST_JSON}),
        (Crash(), {"event": "Crash"}),
        (Crash((REQUEST, RESULT)), {"event": "Crash", "lose": [REQUEST_JSON, RESULT_JSON]}),
        (Recover(), {"event": "Recover"}),
        (
            Recover(Fault("access fails", 2, sticky=True)),
            {"event": "Recover", "fault": {"kind": "access fails", "number": 2, "sticky": True}},
        ),
        (
            Deliver(RESULT, Fault("after commit", 0, lose=(REQUEST,))),
            {
                "event": "Deliver",
                "result": RESULT_JSON,
                "fault": {"kind": "after commit", "lose": [REQUEST_JSON]},
            },
        ),
    ],
)
def test_an_event_is_stored_by_label_and_arguments(event, encoded):
    assert encoded == encode_event(event)


def test_a_new_class_is_not_built_unless_the_scenario_names_it():
    with pytest.raises(pl.TraceError) as raised:
        rebuild({"$": "Popen", "args": ["true"]}, {"Pay": Pay})
    assert "Popen(args=['true']): no input is a Popen, and stf's module has no such class; define it beside stf" == str(
        raised.value
    )


def test_a_class_that_lost_a_field_is_named_with_what_it_says():
    with pytest.raises(pl.TraceError) as raised:
        rebuild({"$": "Pay", "user": "ada", "amount": 5}, CLASSES)
    assert (
        "Pay(user='ada', amount=5): it cannot be built: TypeError: Pay.__init__() got an unexpected keyword argument 'amount'"
        == str(raised.value)
    )


@pytest.mark.parametrize("encoded", [{"$UUID": "x"}, {"$tuple": 5}, {"$date": None}, {"$Decimal": "x"}, {"$dict": [1]}])
def test_a_form_that_was_damaged_is_refused(encoded):
    with pytest.raises(pl.TraceError, match="it cannot be built: "):
        rebuild(encoded, CLASSES)


@pytest.mark.parametrize("encoded", [encode(UserId("a")), encode(Pay), encode(len), encode(Pair((1,)))])
def test_what_only_the_user_could_make_is_not_built(encoded):
    with pytest.raises(pl.TraceError, match="it cannot be built from what is stored; fire it once more"):
        rebuild(encoded, CLASSES | {"UserId": UserId, "Pair": Pair})
