"""Properties that could not be judged: they raise, or return neither a truth nor a sentence."""

import pytest

import phasm_lab as pl
from phasm_lab.views.session import Session
from tests.views.machines import scenario_of


@pl.always
def nothing_is_wrong(here):
    return here.up in (True, False)


@pl.always
def raises(here):
    return not here.state.pending or here.state.missing


@pl.always
def returns_a_list(here):
    return [here] if here.state.pending else True


@pl.sometimes
def goal_raises(here):
    return bool(here.state.pending) and here.state.missing


@pytest.mark.parametrize("claim", [raises, returns_a_list, goal_raises])
def test_a_property_that_cannot_be_judged_gives_no_tick_and_says_why(claim):
    lab = pl.Lab(scenario_of(properties=[nothing_is_wrong, claim]))
    lab.fire(lab.scenario.inputs[0])
    session = Session(lab)
    line = session.view()["panel"]["properties"][1]

    assert 0 == session.timeline()["rows"][1]["own"]
    assert ("not judged", lab.judgements()[1].sentence) == (line["state"], line["sentence"])
    assert line["sentence"]


def test_properties_that_are_judged_give_a_tick():
    session = Session(pl.Lab(scenario_of(properties=[nothing_is_wrong])))

    assert 1 == session.timeline()["rows"][0]["own"]
