"""The commands of the command line, run as a person runs them."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

import phasm_lab

PAYMENTS = Path(phasm_lab.__file__).with_name("examples") / "payments.py"


def run(*arguments, folder=None):
    return subprocess.run(
        [sys.executable, "-m", "phasm_lab.cli", *arguments],
        capture_output=True,
        check=False,
        cwd=folder,
        encoding="utf-8",
        timeout=60,
    )


def test_it_says_its_version():
    assert f"phasm-lab {phasm_lab.__version__}\n" == run("--version").stdout


def test_without_a_command_it_shows_the_usage_and_ends_with_2():
    done = run()
    assert 2 == done.returncode
    assert done.stderr.startswith("usage: phasm-lab")


@pytest.mark.parametrize("command", [["app"], ["html", "out.html"]])
def test_a_wrong_target_ends_with_2_and_a_message_without_a_traceback(command, tmp_path):
    done = run(command[0], "pong.py:ping", *command[1:], folder=tmp_path)
    assert (
        2,
        "",
        "phasm-lab: 'pong.py:ping': there is no file 'pong.py'; there are no Python files there\n",
    ) == (done.returncode, done.stdout, done.stderr)


def test_html_writes_a_page_and_says_so(tmp_path):
    done = run("html", f"{PAYMENTS}:payments", "out.html", folder=tmp_path)
    assert (0, "", "out.html: 13 steps of payments\n") == (done.returncode, done.stderr, done.stdout)
    assert (tmp_path / "out.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_page_that_cannot_be_written_ends_with_2(tmp_path):
    done = run("html", f"{PAYMENTS}:payments", "nowhere/out.html", folder=tmp_path)
    assert 2 == done.returncode
    assert (
        "phasm-lab: nowhere/out.html: it cannot be written: No such file or directory; "
        "name a file in a folder that exists\n"
    ) == done.stderr


def test_examples_are_listed_with_what_opens_them():
    lines = run("examples").stdout.splitlines()
    assert f"{PAYMENTS}:payments" in [str(Path(line).resolve()) for line in lines[::2]]
    assert "    sound: After a crash the machine asks before it charges again." == lines[1]


def test_a_port_that_is_taken_ends_with_2(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("app", f"{PAYMENTS}:payments", "--address", "127.0.0.1", "--port", str(port), folder=tmp_path)
    assert 2 == done.returncode
    assert (
        f"phasm-lab: --address 127.0.0.1 --port {port}: nothing can listen there: Address already in use; "
        "name another, or leave --port out\n"
    ) == done.stderr
