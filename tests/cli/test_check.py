"""`phasm-lab check`: its exit codes, and JSON that is the same whatever the hash seed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import phasm_lab

EXAMPLES = Path(phasm_lab.__file__).with_name("examples")


def check(target, *arguments, seed="0"):
    return subprocess.run(
        [sys.executable, "-m", "phasm_lab.cli", "check", target, *arguments],
        capture_output=True,
        check=False,
        text=True,
        env=os.environ | {"PYTHONHASHSEED": seed},
    )


@pytest.mark.parametrize(
    ("target", "arguments", "exit_code", "says"),
    [
        ("lease.py:lease", [], 0, "lease: holds · 559 configurations, complete for Faults(crashes=1)"),
        ("lease.py:lease_without_fencing", [], 1, "broken-property after 6 steps"),
        ("lease.py:nothing", [], 2, "lease.py has no 'nothing'"),
        ("lease.py:lease", ["--limit", "0"], 2, "a limit is a whole number of 1 or more"),
        ("lease.py:lease", ["--limit", "100"], 3, "lease: nothing found"),
        ("lease.py:lease", ["--max-seconds", "1e-9"], 3, "up to the limit: 1e-09 s were over"),
        ("outbox.py:outbox", ["--max-memory-mb", "1"], 3, "MB, more than 1 MB"),
        ("lease.py:lease", ["--max-seconds", "0"], 2, "check(max_seconds=0.0): a bound is a number above 0"),
        ("lease.py:lease", ["--html", "nowhere/out.html"], 2, "nowhere/out.html: it cannot be written"),
    ],
)
def test_the_exit_code_says_how_it_ended(target, arguments, exit_code, says):
    ended = check(f"{EXAMPLES}/{target}", *arguments)
    assert exit_code == ended.returncode
    assert says in ended.stdout + ended.stderr


def test_json_is_all_that_is_printed_and_the_same_with_another_hash_seed():
    target = f"{EXAMPLES}/outbox.py:outbox_losing_retries"
    first, second = (check(target, "--json", seed=seed).stdout for seed in ("1", "2"))
    assert first == second
    assert "broken" == json.loads(first)["verdict"]


@pytest.mark.parametrize(("name", "exit_code"), [("outbox", 0), ("outbox_losing_retries", 1)])
def test_a_page_is_written_beside_what_is_printed(tmp_path, name, exit_code):
    ended = check(f"{EXAMPLES}/outbox.py:{name}", "--html", str(tmp_path / "out.html"))
    assert exit_code == ended.returncode
    assert ended.stdout.startswith("outbox")
    assert (tmp_path / "out.html").read_text(encoding="utf-8").startswith("<!doctype html>")
