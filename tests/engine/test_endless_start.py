"""What never returns where a run begins is named, and hangs nobody."""

import pytest

import phasm_lab as pl
from phasm_lab.engine import scenario, start
from tests.engine.desk import Desk, restore, stf


@pytest.fixture(autouse=True)
def short_start(monkeypatch):
    monkeypatch.setattr(scenario, "LONGEST_START_MS", 50)


def never_returns(*_):
    while True:
        pass


def error_of(initial=Desk, **named):
    with pytest.raises(pl.DefinitionError) as caught:
        pl.Scenario(pl.Machine(initial, stf, restore), **named)
    return str(caught.value)


@pytest.mark.parametrize(
    ("named", "asked"),
    [
        ({"properties": [never_returns]}, "property never_returns"),
        ({"initial": never_returns}, "Machine(initial=never_returns)"),
        ({"environment": pl.Environment(initial=never_returns)}, "Environment(initial=never_returns)"),
    ],
    ids=["property", "state", "environment"],
)
def test_it_is_named_when_the_scenario_is_made(named, asked):
    assert f"{asked}: it does not return: stopped after 0.05 s; let it come to an end" == error_of(**named)


def test_it_is_named_also_where_it_did_return_the_first_time():
    made = []

    def once():
        made.append(1)
        return Desk() if len(made) == 1 else never_returns()

    scenario = pl.Scenario(pl.Machine(once, stf, restore))
    with pytest.raises(pl.DefinitionError, match=r"Machine\(initial=once\): it does not return"):
        start(scenario)
