"""The answer of a command where its output is full, closed, left early or of another encoding."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import phasm_lab

EXAMPLES = Path(phasm_lab.__file__).with_name("examples")
SOUND, BROKEN = f"{EXAMPLES / 'outbox.py'}:outbox", f"{EXAMPLES / 'outbox.py'}:outbox_losing_retries"
CHECK = [sys.executable, "-m", "phasm_lab.cli", "check"]
COMPARE = [sys.executable, "-m", "phasm_lab.cli", "compare"]
FULL = "phasm-lab: standard output: it cannot be written: No space left on device; make room, or send it elsewhere\n"

commands = pytest.mark.parametrize(
    ("command", "code"),
    [([*CHECK, SOUND], 0), ([*CHECK, BROKEN], 1), ([*COMPARE, BROKEN, SOUND], 0), ([*COMPARE, SOUND, BROKEN], 1)],
    ids=["check sound", "check broken", "compare better", "compare worse"],
)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no output here that is always full")
@pytest.mark.parametrize("command", [[*CHECK, SOUND], [*COMPARE, BROKEN, SOUND]], ids=["check", "compare"])
def test_an_answer_that_cannot_be_written_is_no_verdict(command):
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (2, FULL) == (ended.returncode, ended.stderr)


@commands
def test_a_reader_that_leaves_early_does_not_change_the_exit_code(command, code):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as left:
        ended = subprocess.run(command, check=False, stdout=left, stderr=subprocess.PIPE, text=True)
    assert (code, "") == (ended.returncode, ended.stderr)


@commands
def test_an_output_that_is_closed_does_not_change_the_exit_code(command, code):
    closing = ["sh", "-c", 'exec "$@" >&-', "sh"]
    ended = subprocess.run([*closing, *command], check=False, stderr=subprocess.PIPE, text=True)
    assert (code, "") == (ended.returncode, ended.stderr)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@commands
def test_a_character_that_the_encoding_has_not_is_escaped(command, code, encoding):
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    ended = subprocess.run(command, check=False, capture_output=True, encoding=encoding, env=environment)
    assert (code, "") == (ended.returncode, ended.stderr)
    assert ended.stdout.startswith("outbox")
