"""The difference of two states: applied to the left one it gives the right one, exactly."""

import random
from dataclasses import dataclass, field

import pytest

import phasm_lab as pl
from phasm_lab.examples import all_examples
from phasm_lab.machine.data import freeze, same, thaw
from phasm_lab.recoveries.differences import Difference, apply, difference, plain_state

LEAVES = [0, 1, True, False, 1.0, 0.0, -0.0, float("nan"), None, "", "a", "b", (1, "a"), frozenset({1})]
KEYS = [0, 1, True, "a", "b", (1, 2), 2.5, None]


@dataclass
class Inner:
    name: str = ""
    items: list = field(default_factory=list)


@dataclass
class Bare:
    name: str


@dataclass(frozen=True)
class Fixed:
    name: str


@dataclass
class State:
    count: int = 0
    table: dict = field(default_factory=dict)
    line: list = field(default_factory=list)
    members: set = field(default_factory=set)
    inner: object = None


def value(draw, depth):
    shape = draw.choice(["leaf", "leaf", "dict", "list", "set", "inner", "fixed"] if depth else ["leaf"])
    count = draw.randrange(4)
    if shape == "dict":
        return {draw.choice(KEYS): value(draw, depth - 1) for _ in range(count)}
    if shape == "list":
        return [value(draw, depth - 1) for _ in range(count)]
    if shape == "set":
        return {draw.choice(KEYS) for _ in range(count)}
    if shape == "inner":
        return Inner(draw.choice("ab"), [value(draw, depth - 1) for _ in range(count)])
    return Fixed(draw.choice("ab")) if shape == "fixed" else draw.choice(LEAVES)


def state(draw):
    return State(
        draw.randrange(3),
        {draw.choice(KEYS): value(draw, 2) for _ in range(draw.randrange(4))},
        [value(draw, 2) for _ in range(draw.randrange(4))],
        {draw.choice(KEYS) for _ in range(draw.randrange(4))},
        value(draw, 2),
    )


def nearly(draw, whole):
    """Return a copy of a state with a few things changed."""
    copy = thaw(whole)
    copy.table[draw.choice(KEYS)] = value(draw, 1)
    copy.line.insert(draw.randrange(len(copy.line) + 1), value(draw, 1))
    copy.members ^= {draw.choice(KEYS)}
    return copy


@pytest.mark.parametrize("seed", range(20))
def test_applied_to_the_left_it_gives_the_right(seed):
    draw = random.Random(seed)
    for _ in range(100):
        left = state(draw)
        right = nearly(draw, left) if draw.random() < 0.5 else state(draw)
        before = freeze(left)
        made = apply(difference(left, right), left)
        assert same(right, made), (left, right, difference(left, right))
        assert before == freeze(left)


@pytest.mark.parametrize("seed", range(5))
def test_there_is_no_difference_exactly_where_the_values_are_equal(seed):
    draw = random.Random(seed)
    for _ in range(100):
        left, right = state(draw), state(draw)
        assert same(left, right) != bool(difference(left, right))
        assert Difference() == difference(left, thaw(left))


def changes(left, right):
    return [(c.sign, c.path, c.old, c.new) for c in difference(left, right).changes]


def test_it_names_the_place_and_both_values():
    left = State(1, {1: Inner("a", [1])}, [1, 2], {"x"})
    right = State(2, {1: Inner("a", [1, 2]), 2: "b"}, [2], {"y"})
    assert [
        ("~", "count", "1", "2"),
        ("+", "table[1].items[1]", "", "2"),
        ("+", "table[2]", "", "'b'"),
        ("-", "line[0]", "1", ""),
        ("-", "members", "'x'", ""),
        ("+", "members", "", "'y'"),
    ] == changes(left, right)


def test_a_key_that_is_another_in_type_only_differs():
    assert [("-", "[1]", "'a'", ""), ("+", "[True]", "", "'a'")] == changes({1: "a"}, {True: "a"})


def test_the_order_of_a_dict_does_not_count():
    assert [] == changes({1: "a", 2: "b"}, {2: "b", 1: "a"})


def test_a_field_that_is_gone_is_missing():
    left, right = Bare("a"), Bare("a")
    del right.name
    assert [("-", "name", "'a'", "")] == changes(left, right)
    assert not hasattr(apply(difference(left, right), left), "name")


def test_a_whole_value_of_another_shape_is_replaced():
    assert [("~", "", "[1]", "{1}")] == changes([1], {1})
    assert {1} == apply(difference([1], {1}), [1])


def test_classes_of_two_versions_of_a_program_count_by_their_names():
    one, other = (
        {"Fixed": dataclass(frozen=True)(type("Fixed", (), {"__annotations__": {"name": str}}))} for _ in "12"
    )
    assert [] == changes({"a": one["Fixed"]("x")}, {"a": other["Fixed"]("x")})
    assert 1 == len(changes({"a": one["Fixed"]("x")}, {"a": other["Fixed"]("y")}))


def test_a_database_differs_by_table_key_and_column():
    scenario = next(example.scenario for example in all_examples() if example.name == "transfer")
    lab = pl.Lab(scenario)
    lab.fire(scenario.inputs[0])
    before = plain_state(lab.configuration.state)
    lab.deliver(1)
    after = plain_state(lab.configuration.state)
    assert [
        ("~", "transfers[1].stage", "'withdrawing'", "'depositing'"),
        ("~", "transfers[1].request_id", "1", "2"),
    ] == changes(before, after)
    assert freeze(after) == freeze(apply(difference(before, after), before))


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ({"a": 1}, {}, "['a'] is 1 on the left and missing on the right"),
        ({}, {"a": 1}, "['a'] is 1 on the right and missing on the left"),
        ({"a": 1}, {"a": 2}, "['a'] is 1 on the left and 2 on the right"),
        ({"a": {1}}, {"a": set()}, "['a'] has 1 on the left only"),
        (1, 2, "it is 1 on the left and 2 on the right"),
    ],
)
def test_an_edit_reads_as_a_phrase(left, right, words):
    assert [words] == [edit.words for edit in difference(left, right).edits]


def test_a_long_value_is_shown_from_shortly_before_the_place_where_it_differs():
    found = difference({"body": "x" * 200 + "a"}, {"body": "x" * 200 + "b"})
    assert "['body'] is …xxxxxxxxxxxxa' on the left and …xxxxxxxxxxxxb' on the right" == found.edits[0].words


def test_the_line_ends_of_a_long_value_are_not_shown_as_code():
    body = "\n".join(f'  "name {number}": {number}' for number in range(12))
    [edit] = difference({}, {"body": body}).edits
    assert (
        """['body'] is '  "name 0": 0 ⏎ "name 1": 1 ⏎ "name 2": 2 ⏎ "name 3"…e 10": 10 ⏎ "name 11": 11'"""
        " on the right and missing on the left" == edit.words
    )


def test_which_side_has_a_value_is_said_however_long_the_value():
    [edit] = difference({}, {"k": "v" * 1000}).edits
    assert edit.words.endswith("v' on the right and missing on the left")
    assert 150 > len(edit.words)
