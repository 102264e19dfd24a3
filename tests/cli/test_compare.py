"""`phasm-lab compare`: its exit codes, JSON that is the same whatever the hash seed, and two files that import alike."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import phasm_lab

EXAMPLES = Path(phasm_lab.__file__).with_name("examples")
BESIDE = "def cents():\n    return {cents}\n"
MACHINE = """
from dataclasses import dataclass
import phasm_lab as pl
from beside import cents

@dataclass
class Till:
    total: int = 0

async def stf(state, input, actions):
    state.total += cents()

async def restore(state, actions):
    {restore}

till = pl.Scenario(pl.Machine(initial=Till, stf=stf, restore=restore), inputs=["pay"], faults=pl.Faults(crashes=1))
"""


def compare(*arguments, seed="0"):
    return subprocess.run(
        [sys.executable, "-m", "phasm_lab.cli", "compare", *map(str, arguments)],
        capture_output=True,
        check=False,
        text=True,
        env=os.environ | {"PYTHONHASHSEED": seed},
    )


@pytest.mark.parametrize(
    ("old", "new", "arguments", "exit_code", "says"),
    [
        ("lease.py:lease", "lease.py:lease", [], 0, "lease: nothing got worse, nothing got better"),
        ("outbox.py:outbox", "outbox.py:outbox_losing_retries", [], 1, "new: forgotten-action after 4 steps"),
        ("outbox.py:outbox_losing_retries", "outbox.py:outbox", [], 0, "8 cells and 3 findings better"),
        ("lease.py:lease", "lease.py:nothing", [], 2, "lease.py has no 'nothing'"),
        ("lease.py:lease", "lease.py:lease", ["--limit", "0"], 2, "a limit is a whole number of 1 or more"),
        ("lease.py:lease", "lease.py:lease", ["--limit", "50"], 3, "not all was searched"),
    ],
)
def test_the_exit_code_says_whether_anything_got_worse(old, new, arguments, exit_code, says):
    ended = compare(EXAMPLES / old, EXAMPLES / new, *arguments)
    assert exit_code == ended.returncode
    assert says in ended.stdout + ended.stderr


def test_json_is_all_that_is_printed_and_the_same_with_another_hash_seed():
    targets = EXAMPLES / "payments.py:payments", EXAMPLES / "payments.py:payments_charging_again"
    first, second = (compare(*targets, "--json", seed=seed).stdout for seed in ("1", "2"))
    assert first == second
    told = json.loads(first)
    assert told["got_worse"]
    assert 14 == len(told["cells"])
    assert told["examples"]["worse"]["verdict"].endswith("The right breaks no_card_is_charged_twice.")


def write(folder, cents, restore):
    folder.mkdir()
    (folder / "beside.py").write_text(BESIDE.format(cents=cents))
    (folder / "till.py").write_text(MACHINE.format(restore=restore))
    return folder / "till.py:till"


def test_each_file_imports_what_lies_beside_it(tmp_path):
    old, new = write(tmp_path / "old", 1, "pass"), write(tmp_path / "new", 2, "raise KeyError(state.total)")
    ended = compare(old, new, "--json")
    assert 1 == ended.returncode
    assert "the process stays down: KeyError: 2" in ended.stdout
    assert "KeyError: 1" not in ended.stdout


def test_second_crashes_and_storage_faults_are_tried_when_asked_for():
    target = EXAMPLES / "lease.py:lease"
    told = json.loads(compare(target, target, "--second-crashes", "--storage-faults", "--json").stdout)
    assert ([], [], False) == (told["cells"], told["findings"], told["got_worse"])


def test_a_page_shows_both_versions_and_what_changed(tmp_path):
    old, new = EXAMPLES / "outbox.py:outbox", EXAMPLES / "outbox.py:outbox_losing_retries"
    assert 1 == compare(old, new, "--html", tmp_path / "out.html").returncode
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "<b>new: forgotten-action after 4 steps: restore emits nothing for 2" in page
    headings = ["Worse", "New findings", "Crash matrix, old", "Crash matrix, new", "Scenario and source, new"]
    assert headings == [heading for heading in headings if f"<h2>{heading}</h2>" in page]
