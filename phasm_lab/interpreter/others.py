"""Other interpreters of the same Python, each with a hash seed and a time zone of its own, which answer one question."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SEEDS", "OtherInterpreters", "reason_for_none"]

SEEDS = (15, 19, 36, 44, 45)
"""Hash seeds: fixed, so that every search of a machine finds the same.

Of two strings in a set either comes first under half of all seeds, so some pairs have one order under all five. Of the pairs
of fifty short words, one in seventy has, under these; under five seeds taken blindly it is one in sixteen.
"""

_BEGIN = "from {module} import main; import sys; sys.path[:] = {paths!r}; main()"
"""Its own modules come first: a file of the user's may be called like one that they need, as `json.py`."""

_PACKAGE = Path(__file__).parents[2]

LONGEST_ANSWER_MS = 20_000
LOOK_EVERY_MS = 40


def reason_for_none() -> str:
    """Say why no other interpreter can be started here, or return ""."""
    if sys.platform in ("emscripten", "wasi"):
        return "there are no processes here"
    return "" if sys.executable else "it is not known where Python is"


class OtherInterpreters:
    """Processes that run one function of a module: it reads what it is asked from stdin, and answers to stdout.

    They are started at once, so that they are ready by the time they are asked.

    Parameters
    ----------
    module
        A module with a function ``main()``.

    Attributes
    ----------
    answers
        What each answered.
    """

    def __init__(self, module: str) -> None:
        self.answers: list[bytes] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._end = weakref.finalize(self, _end, self._processes)
        self._processes += (_start(module, seed) for seed in SEEDS)

    def ask(self, question: bytes) -> Iterator[None]:
        """Ask them all; yields every few hundredths of a second, until each has answered.

        Raises
        ------
        subprocess.TimeoutExpired
            If one does not answer in time.
        """
        for process in self._processes:
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(question)
                process.stdin.close()
            process.stdin = None
        for process in self._processes:
            yield from self._wait_for(process)

    def _wait_for(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        for _ in range(LONGEST_ANSWER_MS // LOOK_EVERY_MS):
            try:
                self.answers.append(process.communicate(timeout=LOOK_EVERY_MS / 1_000)[0])
            except subprocess.TimeoutExpired:
                yield
            else:
                return
        raise subprocess.TimeoutExpired(process.args, LONGEST_ANSWER_MS / 1_000)

    def close(self) -> None:
        """End them all."""
        self._end()


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.kill()
    for process in processes:
        process.communicate()
    processes.clear()


def _start(module: str, seed: int) -> subprocess.Popen[bytes]:
    environment = dict(os.environ)
    environment["PYTHONHASHSEED"] = str(seed)
    environment["PYTHONPATH"] = str(_PACKAGE)
    environment["TZ"] = f"LAB{seed % 24 - 12:+d}"
    return subprocess.Popen(  # noqa: S603 - this very Python, and a module of the package's own
        [sys.executable, "-P", "-W", "ignore", "-c", _BEGIN.format(paths=list(_paths()), module=module)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        # A Ctrl-C at the terminal is for the process that asks.
        process_group=0,
    )


def _paths() -> Iterator[str]:
    for path in sys.path:
        yield os.path.abspath(path)  # noqa: PTH100 - "" is the working folder
