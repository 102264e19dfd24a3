"""A check tells how far it is where somebody looks on, and is silent in a pipe."""

import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

import phasm_lab
from phasm_lab.checks.checking import Checking, Progress
from phasm_lab.examples.lease import lease
from phasm_lab.terminal import CLEAR_LINE, progress_words, search_to_the_end

LEASE = f"{Path(phasm_lab.__file__).with_name('examples')}/lease.py:lease"


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def start_check(*arguments, stderr):
    command = [sys.executable, "-m", "phasm_lab.cli", "check", LEASE, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)


def read_to_end(terminal):
    """Read what was written to a terminal; on Linux its end is an error."""
    texts = []
    while True:
        try:
            texts.append(os.read(terminal, 4096))
        except OSError:
            return b"".join(texts).decode()


def test_on_a_terminal_one_line_is_rewritten_and_cleared_at_the_end():
    terminal, its_other_end = pty.openpty()
    with start_check("--json", stderr=its_other_end) as started:
        os.close(its_other_end)
        told = read_to_end(terminal)
        printed = started.stdout.read()
    os.close(terminal)
    assert re.match(rf"{re.escape(CLEAR_LINE)}\d+ configurations · \d+ steps? deep · nothing broken so far", told)
    assert told.endswith(CLEAR_LINE)
    assert "\n" not in told
    assert printed.startswith('{"scenario":"lease"')


def test_in_a_pipe_nothing_is_told():
    with start_check(stderr=subprocess.PIPE) as started:
        printed, told = started.communicate()
    assert "" == told
    assert printed.startswith("lease: holds")


def test_the_line_is_cleared_also_where_the_search_raises():
    screen = Screen()
    checking = Checking(lease)
    checking._run = iter(lambda: 1 / 0, None)
    with pytest.raises(ZeroDivisionError):
        search_to_the_end(checking, screen)
    assert screen.getvalue().endswith(CLEAR_LINE)
    assert checking.finished


@pytest.mark.parametrize(
    ("progress", "elapsed_s", "words"),
    [
        (Progress(1, 300, 0, 1, 0, ()), 0.1, "1 configuration · 0 steps deep · nothing broken so far"),
        (
            Progress(100, 300, 1, 1, 0, (("stuck", "it waits"),)),
            2.0,
            "100 configurations · 1 step deep · 50/s · at most 4 s left · 1 finding so far",
        ),
        (
            Progress(300, 300, 9, 1, 0, (("stuck", "it waits"), ("reused-id", "1 twice"))),
            2.0,
            "300 configurations · 9 steps deep · 150/s · at most 0 s left · 2 findings so far",
        ),
    ],
)
def test_the_words_say_what_is_seen_and_how_long_it_may_take(progress, elapsed_s, words):
    assert words == progress_words(progress, elapsed_s)
