"""Two classes of one name in a scenario: told apart in what is stored, and traces that name a class alone stay readable."""

import enum
from dataclasses import dataclass

import pytest

import phasm_lab as pl
from phasm_lab.engine import Fire, start
from phasm_lab.trace.codec import canonical, encode, encode_event, from_line, last_names, to_line
from phasm_lab.trace.labels import label
from phasm_lab.trace.matching import resolve
from phasm_lab.trace.observed import differences
from phasm_lab.trace.rebuild import classes_of
from phasm_lab.trace.trace import Trace
from tests.trace.shop import shop, take


class Card:
    @dataclass(frozen=True)
    class Pay:
        cents: int

    class Color(enum.Enum):
        RED = 1


class Bank:
    @dataclass(frozen=True)
    class Pay:
        cents: int

    @dataclass(frozen=True)
    class Hold:
        cents: int


async def keeps_the_last(state, input, _actions):
    match input:
        case pl.Normal(payment):
            state.last = {"kind": type(payment).__qualname__}


def stored(event):
    return from_line(to_line(encode_event(event)))


def by_last_names(event):
    return last_names(stored(event))


def test_two_classes_of_one_name_have_two_texts():
    assert {"$": "Card.Pay", "cents": 5} == encode(Card.Pay(5))
    assert canonical(Card.Pay(5)) != canonical(Bank.Pay(5))


def test_a_member_is_stored_with_the_class_around_its_enum():
    assert {"$enum": "Card.Color", "name": "RED"} == encode(Card.Color.RED)


def test_a_label_names_the_class_around_and_not_the_function():
    @dataclass(frozen=True)
    class Pay:
        cents: int

    assert "fire Card.Pay(cents=5)" == label(Fire(Card.Pay(5)))
    assert "fire Pay(cents=5)" == label(Fire(Pay(5)))
    assert "fire Card.Color.RED" == label(Fire(Card.Color.RED))


def test_a_stored_input_is_the_one_of_its_own_class():
    scenario = shop(stf=keeps_the_last, inputs=[Card.Pay(5), Bank.Pay(5)])
    for value in scenario.inputs:
        assert value is resolve(scenario, start(scenario), stored(Fire(value))).input


def test_a_run_with_both_replays_to_an_equal_run():
    scenario = shop(stf=keeps_the_last, inputs=[Card.Pay(5), Bank.Pay(5)])
    trace = take(scenario, Fire(Bank.Pay(5)), Fire(Card.Pay(5)))
    found = Trace.read(trace.to_json_lines()).replay(scenario)
    assert [{"kind": "Bank.Pay"}, {"kind": "Card.Pay"}] == [s.configuration.state.plain().last for s in found.steps]


def test_a_last_name_alone_is_enough_where_one_input_has_it():
    scenario = shop(stf=keeps_the_last, inputs=[Card.Pay(5), Bank.Hold(5)])
    for value in scenario.inputs:
        assert value is resolve(scenario, start(scenario), by_last_names(Fire(value))).input


def test_of_two_inputs_a_last_name_alone_names_neither():
    scenario = shop(stf=keeps_the_last, inputs=[Card.Pay(5), Bank.Pay(5)], order="given")
    with pytest.raises(pl.TraceError) as raised:
        resolve(scenario, start(scenario), by_last_names(Fire(Bank.Pay(5))))
    assert "more than one class is named so" == raised.value.case


def test_an_input_that_is_not_in_the_scenario_is_built_from_a_class_in_a_class():
    scenario = shop(stf=keeps_the_last, inputs=())
    for value in (Bank.Hold(7), Card.Pay(7), Bank.Pay(7)):
        assert Fire(value) == resolve(scenario, start(scenario), stored(Fire(value)))
    assert Fire(Bank.Hold(7)) == resolve(scenario, start(scenario), by_last_names(Fire(Bank.Hold(7))))


def test_classes_are_known_by_both_names():
    known = classes_of(shop(stf=keeps_the_last, inputs=[Bank.Hold(5)]))
    assert [Bank.Hold, Bank.Hold] == [known["Bank.Hold"], known["Hold"]]


@pytest.mark.parametrize(
    ("now", "text"), [(Card.Pay(5), ""), (Card.Pay(6), "value was Pay(cents=5), is Card.Pay(cents=6)")]
)
def test_a_value_recorded_by_its_last_name_is_no_difference(now, text):
    assert text == differences({"value": {"$": "Pay", "cents": 5}}, {"value": encode(now)})
