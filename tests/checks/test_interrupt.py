"""Ctrl-C at any moment of a check returns the report so far: real signals, each in a process of its own."""

import json
import subprocess
import sys

import pytest

MACHINE = '''
import os
import signal
import sys
from dataclasses import dataclass, field

import phasm_lab as pl

count_to_come = {}


def press(moment):
    """Press Ctrl-C as often as is asked for, if this is the moment."""
    if moment in count_to_come:
        count_to_come[moment] -= 1
        if not count_to_come[moment]:
            for _ in range(int(press_count)):
                os.kill(os.getpid(), signal.SIGINT)


@dataclass
class Seen:
    names: list[str] = field(default_factory=list)

    def __post_init__(self):
        press("the start")


async def stf(state, input, actions):
    press("a transition")
    state.names = [*state.names, *sorted({"ada", "bob", str(input.payload)})]


async def swallows(state, input, actions):
    state.names.append(sorted({"ada", "bob"}))
    try:
        press("a transition")
        while True:
            pass
    except BaseException:
        raise ValueError("no")


async def restore(state, actions):
    pass


@pl.always
def claim(here):
    press("a property")
    return True


options = {"order": "any", "limit": 9_000_000, "properties": [claim]}
scenario = pl.Scenario(pl.Machine(Seen, stf, restore), inputs=range(9), **options)
swallowing = pl.Scenario(pl.Machine(Seen, swallows, restore), inputs=range(9), **options)

signal.signal(signal.SIGINT, signal.default_int_handler)
moment, nth, press_count = sys.argv[-3:]
count_to_come[moment] = int(nth)
sys.addaudithook(lambda event, _: press(event))
if __name__ == "__main__":
    report = pl.check(swallowing if "swallows" in sys.argv else scenario)
    print(report.stopped, [finding.check for finding in report.findings if finding.check != "hidden-state"])
'''

MOMENTS = [
    ("the start", "1"),
    ("subprocess.Popen", "1"),
    ("subprocess.Popen", "4"),
    ("a property", "1"),
    ("a transition", "1"),
    ("a transition", "500"),
]
"""What the process does when the signal comes, and for the how manieth time since the check began."""


@pytest.fixture
def run(tmp_path):
    def run_machine(*arguments):
        ended = subprocess.run([sys.executable, *arguments], cwd=tmp_path, capture_output=True, check=False, text=True)
        return ended.returncode, ended.stdout, ended.stderr

    (tmp_path / "machine.py").write_text(MACHINE)
    return run_machine


@pytest.mark.parametrize("press_count", ["1", "2"], ids=["once", "twice"])
@pytest.mark.parametrize(("moment", "nth"), MOMENTS, ids=[" ".join(each) for each in MOMENTS])
def test_a_check_returns_the_report_so_far(run, moment, nth, press_count):
    assert (0, "it was interrupted []\n", "") == run("machine.py", moment, nth, press_count)


def test_a_machine_that_swallows_it_is_not_judged_by_that(run):
    assert (0, "it was interrupted []\n", "") == run("machine.py", "swallows", "a transition", "1", "2")


def test_the_command_prints_the_whole_report(run):
    code = "import sys; from phasm_lab.cli import main; sys.exit(main(sys.argv[1:4]))"
    exit_code, printed, said = run("-c", code, "check", "machine.py:scenario", "--json", "subprocess.Popen", "3", "2")
    assert (3, "", "10 configurations, up to the limit: it was interrupted") == (
        exit_code,
        said,
        json.loads(printed)["bound"],
    )


def test_the_command_ends_without_a_traceback_before_there_is_anything(run, tmp_path):
    (tmp_path / "endless.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code += "from phasm_lab.cli import main; sys.exit(main(['check', 'endless.py:scenario']))"
    assert (130, "", "phasm-lab: interrupted\n") == run("-c", code)
