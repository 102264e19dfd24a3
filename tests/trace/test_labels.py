import datetime
import enum
from decimal import Decimal

import pytest

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
from phasm_lab.trace.codec import encode, encode_event
from phasm_lab.trace.labels import label, labels, one_line, shorten, shorten_label, stored_label, value_text
from tests.trace.shop import ADA, Charge, random_trace, shop

CHARGE = pl.Tracked(1, "charge")
QUERY = pl.Tracked(1, "query")
REQUEST = Request(CHARGE, 0)
RESULT = Result(CHARGE, 0, "charged")
ADA_TEXT = "fire Order(user='ada', items=frozenset({'cup', 'pot', 'tea'}))"


class Color(enum.Enum):
    RED = 1


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (Fire(ADA), ADA_TEXT),
        (Fire(ADA, again=True), f"{ADA_TEXT} again"),
        (Dispatch(CHARGE, 0), "dispatch 1"),
        (Dispatch(pl.Tracked(("ada", 1), "x"), 0), "dispatch ('ada', 1)"),
        (Dispatch(pl.Untracked("hello"), 0), "dispatch untracked 'hello'"),
        (Perform(REQUEST), "perform 1"),
        (Perform(REQUEST, ("charged",)), "perform 1, 'charged'"),
        (Perform(REQUEST, ("charged", 2)), "perform 1, 'charged', 2"),
        (Deliver(RESULT), "deliver 1, 'charged'"),
        (Lose(REQUEST), "lose request 1"),
        (Lose(RESULT), "lose result 1, 'charged'"),
        (Lose(Fire("open")), "lose input 'open'"),
        (Duplicate(REQUEST), "duplicate request 1"),
        (Duplicate(RESULT), "duplicate result 1, 'charged'"),
        (Delay(REQUEST), "delay request 1"),
        (Crash(), "crash"),
        (Crash((REQUEST,)), "crash, losing request 1"),
        (Crash((REQUEST, RESULT)), "crash, losing request 1 and result 1, 'charged'"),
        (Recover(), "recover"),
        (Fire("open", fault=Fault("access fails", 2)), "fire 'open', access 2 fails"),
        (Fire("open", fault=Fault("access fails", 2, sticky=True)), "fire 'open', access 2 fails (and all after it)"),
        (Deliver(RESULT, Fault("add fails", 1)), "deliver 1, 'charged', add 1 fails"),
        (Fire("open", fault=Fault("commit fails")), "fire 'open', the commit fails"),
        (Fire("open", fault=Fault("before accept")), "crash in fire 'open' before accept"),
        (Fire("open", fault=Fault("at access", 3)), "crash in fire 'open' at access 3"),
        (Fire("open", fault=Fault("before commit")), "crash in fire 'open' before commit"),
        (Fire("open", fault=Fault("commit unknown")), "crash in fire 'open' with the commit's outcome unknown"),
        (Fire("open", fault=Fault("after commit", 1)), "crash in fire 'open' after commit, 1 handed over"),
        (
            Deliver(RESULT, Fault("after commit", 0, lose=(REQUEST,))),
            "crash in deliver 1, 'charged' after commit, 0 handed over, losing request 1",
        ),
        (Recover(Fault("at access", 1)), "crash in recover at access 1"),
        (Recover(Fault("after commit", 2)), "crash in recover after restore returned, 2 handed over"),
    ],
)
def test_an_event_is_called(event, text):
    assert text == label(event)


def test_two_requests_of_one_id_are_told_apart_by_action_and_life():
    events = [Perform(REQUEST, ("charged",)), Perform(Request(QUERY, 1), ("charged",)), Crash()]
    assert ["perform 1 ('charge', life 0), 'charged'", "perform 1 ('query', life 1), 'charged'", "crash"] == labels(
        events
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([1, (2,), ()], "[1, (2,), ()]"),
        ({"b": {1}, "a": set()}, "{'a': set(), 'b': {1}}"),
        ({1: frozenset()}, "{1: frozenset()}"),
        (b"a\x00", "b'a\\x00'"),
        (Decimal("1.10"), "Decimal('1.10')"),
        (datetime.timedelta(1, 2), "timedelta(1, 2, 0)"),
        (float("inf"), "inf"),
        (Color.RED, "Color.RED"),
        (int, "int"),
        (type("<b>", (), {"__eq__": lambda *_: True, "__hash__": lambda _: 0})(), "'<b>'()"),
    ],
)
def test_a_value_is_shown_as_python_shows_it(value, text):
    assert text == value_text(encode(value))


@pytest.mark.parametrize(
    "damaged", [{"$bytes": "x"}, {"$tuple": 1}, {"$dict": [1]}, {"$enum": 1}, {"$": None}, {"$set": None}]
)
def test_a_damaged_value_is_shown_somehow(damaged):
    assert isinstance(value_text(damaged), str)


@pytest.mark.parametrize(
    "damaged", [None, 1, [], {}, {"event": "Jump"}, {"event": "Fire"}, {"event": "Crash", "lose": [1]}]
)
def test_a_damaged_event_is_called_what_is_there(damaged):
    assert shorten(repr(damaged)) == stored_label(damaged)


def test_a_long_value_loses_its_middle():
    text = label(Fire("a" * 100_000))
    assert f"fire '{'a' * 52}…{'a' * 25}'" == text


def test_a_label_is_one_line_that_no_sign_can_break():
    assert "fire '\\u202e\\n<b>\\x00'" == label(Fire("\u202e\n<b>\x00"))
    assert "a\\u2028b" == one_line("a\u2028b")


def test_the_events_of_a_walk_are_called_the_same_before_and_after_they_are_stored():
    for step in random_trace(shop(), 1, 40):
        assert label(step.event) == stored_label(encode_event(step.event))


def test_an_action_is_shown_with_its_payload_where_two_share_an_id():
    events = [Dispatch(pl.Tracked(1, Charge("a", frozenset())), 0), Dispatch(CHARGE, 0)]
    assert ["dispatch 1 (Charge(order_id='a', items=frozenset()), life 0)", "dispatch 1 ('charge', life 0)"] == labels(
        events
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "crash in fire Pay('ada', 500) after commit, 1 handed over",
            "crash in fire Pay('ada', 500) after commit, 1 handed over",
        ),
        ("crash in deliver 1, 'charged and so on' at access 12", "crash in deliver 1, 'charge…o on' at access 12"),
        ("fire Pay('ada', 500, 'monthly') again, access 2 fails", "fire Pay('ada', 500, …) again, access 2 fails"),
        (
            "crash in fire Pay(user='ada, or=', note='none at all', cents=500) after commit, 1 handed over",
            "crash in fire Pay('ada, …) after commit, 1 handed over",
        ),
        (
            "crash in recover at access 3, losing request 1 and result 2",
            "crash in recover at access 3, losing re…sult 2",
        ),
        (
            "crash in recover after restore returned, 1 handed over",
            "crash in recover after restore returned, 1 handed over",
        ),
        ("deliver 1, 'charged'", "deliver 1, 'charged'"),
    ],
)
def test_a_label_is_shortened_where_it_says_what_it_is_about(text, shown):
    assert shown == shorten_label(text, 46)
