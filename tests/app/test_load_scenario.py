"""What FILE.py:NAME names, and what is said where it names nothing."""

import importlib

import pytest

from phasm_lab.app import load_scenario
from phasm_lab.errors import PhasmLabError

PING = """\
from dataclasses import dataclass
import phasm_lab as pl

@dataclass
class Count:
    value: int = 0

async def stf(state, input, actions):
    state.value += 1

async def restore(state, actions):
    pass

ping = pl.Scenario(pl.Machine(initial=Count, stf=stf, restore=restore), inputs=["ping"])
pong = pl.Scenario(pl.Machine(initial=Count, stf=stf, restore=restore), inputs=["pong"])
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(target):
    with pytest.raises(PhasmLabError) as raised:
        load_scenario(target)
    return str(raised.value)


def test_a_scenario_is_found_by_its_name(folder):
    (folder / "ping.py").write_text(PING)
    assert ("pong",) == load_scenario("ping.py:pong").inputs


def test_a_file_may_import_what_lies_beside_it(folder):
    (folder / "ping_machine.py").write_text(PING)
    (folder / "scenarios.py").write_text("from ping_machine import ping\n")
    assert ("ping",) == load_scenario("scenarios.py:ping").inputs


def test_a_file_named_like_a_module_does_not_hide_it(folder):
    (folder / "json.py").write_text(PING)
    load_scenario("json.py:ping")
    assert "{}" == importlib.import_module("json").dumps({})


@pytest.mark.parametrize("target", ["ping.py", ":ping", "ping.py:", ""])
def test_a_target_without_file_or_name_is_told_the_form(target):
    assert f"{target!r}: it does not name a scenario; write FILE.py:NAME" == refusal(target)


def test_a_file_that_there_is_not_is_answered_with_those_there_are(folder):
    (folder / "ping.py").write_text(PING)
    assert ("'pong.py:ping': there is no file 'pong.py'; name one of the Python files here: ping.py") == refusal(
        "pong.py:ping"
    )


@pytest.mark.usefixtures("folder")
def test_where_there_are_no_files_the_answer_says_so():
    assert "'pong.py:ping': there is no file 'pong.py'; there are no Python files there" == refusal("pong.py:ping")


def test_a_name_that_there_is_not_is_answered_with_the_scenarios(folder):
    (folder / "ping.py").write_text(PING)
    assert ("'ping.py:pang': ping.py has no 'pang'; name one of its scenarios: ping, pong") == refusal("ping.py:pang")


def test_what_is_no_scenario_is_called_by_its_type(folder):
    (folder / "ping.py").write_text(PING)
    assert ("'ping.py:stf': stf in ping.py is of type function; name one of its scenarios: ping, pong") == refusal(
        "ping.py:stf"
    )


def test_a_file_without_scenarios_is_told_how_to_write_one(folder):
    (folder / "empty.py").write_text("")
    assert (
        "'empty.py:ping': empty.py has no 'ping'; "
        "there is no Scenario in this file; write one: scenario = pl.Scenario(...)"
    ) == refusal("empty.py:ping")


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("\n1 / 0\n", "ZeroDivisionError in line 2: division by zero; mend the file"),
        ("def f(:\n", "SyntaxError in line 1: invalid syntax (bad.py, line 1); mend the file"),
        ("raise SystemExit(3)\n", "SystemExit in line 1: 3; mend the file"),
        (
            "import phasm_lab as pl\npl.Faults(crashes=-1)\n",
            "DefinitionError in line 2: Faults(crashes=-1): a budget is a whole number of 0 or more; write crashes=1, say",
        ),
    ],
)
def test_what_the_file_raises_is_one_line_and_no_traceback(folder, text, raised):
    (folder / "bad.py").write_text(text)
    assert f"'bad.py:ping': running the file raised {raised}" == refusal("bad.py:ping")
