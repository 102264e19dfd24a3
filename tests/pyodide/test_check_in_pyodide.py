"""A check runs in a browser's Python too, where there are neither threads nor other processes."""

import json
import subprocess
import sys

import pytest

from tests.pyodide import pyodide

SEARCHED = ("verdict", "complete", "configuration_count", "transition_count", "findings", "goals_unreached")
"""What must be the same; rules that need another process are not run there, and the report names them."""


def checked(command):
    done = subprocess.run(command, cwd=pyodide.ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    report = json.loads(done.stdout)
    return done.returncode, {name: report[name] for name in SEARCHED}


@pytest.mark.skipif(bool(pyodide.missing()), reason=pyodide.missing())
@pytest.mark.parametrize("name", ["payments", "payments_charging_again"])
def test_a_check_finds_the_same_there_as_here(name):
    arguments = ["phasm_lab.cli", "check", f"phasm_lab/examples/payments.py:{name}", "--json"]
    assert checked([sys.executable, "-m", *arguments]) == checked(pyodide.command(*arguments))
