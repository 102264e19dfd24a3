"""Two classes of one qualified name, from two modules: told apart in what is stored, and what was stored before is read."""

import enum
from dataclasses import dataclass

import pytest

from phasm_lab.engine import Fire, start
from phasm_lab.machine import naming
from phasm_lab.trace.codec import canonical, encode, encode_event, from_line, to_line, without_modules
from phasm_lab.trace.labels import label
from phasm_lab.trace.matching import resolve
from phasm_lab.trace.observed import differences
from phasm_lab.trace.rebuild import rebuild
from phasm_lab.trace.trace import Trace
from tests.trace import shop_named_alike
from tests.trace.shop import shop, take


@dataclass(frozen=True)
class Sale:
    cents: int


class Colour(enum.Enum):
    RED = 1


@dataclass(frozen=True)
class Once:
    cents: int


@pytest.fixture(autouse=True)
def forget():
    yield
    naming._WITH_MODULE.clear()


async def keeps_the_last(state, input, _actions):
    payload = getattr(input, "payload", None)
    state.last = {"module": type(payload).__module__}


def both():
    return shop(stf=keeps_the_last, inputs=[Sale(5), shop_named_alike.Sale(5)])


def stored(event):
    return from_line(to_line(encode_event(event)))


def test_each_is_named_with_its_module():
    both()
    assert [
        {"$": "tests.trace.test_module_names.Sale", "cents": 5},
        {"$": "tests.trace.shop_named_alike.Sale", "cents": 5},
        {"$enum": "tests.trace.shop_named_alike.Colour", "name": "RED"},
        {"$type": "tests.trace.shop_named_alike.Sale"},
    ] == [
        encode(value)
        for value in (Sale(5), shop_named_alike.Sale(5), shop_named_alike.Colour.RED, shop_named_alike.Sale)
    ]


def test_a_name_that_one_class_has_stays_as_it_is():
    both()
    assert {"$": "Once", "cents": 5} == encode(Once(5))


def test_a_class_that_was_made_again_in_one_module_is_the_same():
    again = type("Once", (), {"__module__": Once.__module__, "__qualname__": "Once"})
    naming.tell_apart([Once, again])
    assert "Once" == naming.name_of(again)


def test_a_label_tells_them_apart():
    both()
    assert "fire tests.trace.shop_named_alike.Sale(cents=5)" == label(Fire(shop_named_alike.Sale(5)))


def test_a_stored_input_is_the_one_of_its_own_class():
    scenario = both()
    for value in scenario.inputs:
        assert value is resolve(scenario, start(scenario), stored(Fire(value))).input


def test_a_run_with_both_replays_to_an_equal_run():
    scenario = both()
    trace = take(scenario, Fire(shop_named_alike.Sale(5)), Fire(Sale(5)))
    found = Trace.read(trace.to_json_lines()).replay(scenario)
    assert [{"module": shop_named_alike.__name__}, {"module": __name__}] == [
        step.configuration.state.plain().last for step in found.steps
    ]


def test_an_input_that_is_not_in_the_scenario_is_built_of_its_own_class():
    scenario = shop(stf=keeps_the_last, inputs=())
    for value in (Sale(7), shop_named_alike.Sale(7)):
        assert Fire(value) == resolve(scenario, start(scenario), stored(Fire(value)))


def test_what_was_stored_by_the_name_alone_is_still_read():
    before = stored(Fire(shop_named_alike.Sale(7)))
    scenario = shop(stf=keeps_the_last, inputs=[Sale(5), shop_named_alike.Sale(7)])
    assert {"$": "Sale", "cents": 7} == before["input"]
    assert scenario.inputs[1] is resolve(scenario, start(scenario), before).input


def test_what_was_observed_by_the_name_alone_is_no_difference():
    before = {"value": encode(Sale(5))}
    both()
    assert "" == differences(before, {"value": encode(Sale(5))})


def test_the_form_without_modules_is_the_one_of_before():
    before = canonical([Sale(5), Colour.RED])
    both()
    assert before != canonical([Sale(5), Colour.RED])
    assert before == canonical(rebuild_plain(without_modules(encode([Sale(5), Colour.RED]))))


def rebuild_plain(encoded):
    naming._WITH_MODULE.clear()
    return rebuild(encoded, {"Sale": Sale, "Colour": Colour})
