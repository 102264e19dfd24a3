"""What a command says: its answer on standard output, and how far a search is on one line of a terminal.

That line is written again and again; where there is no terminal, nothing is told of the search.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from phasm_lab.errors import PhasmLabError
from phasm_lab.views.words import count_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from phasm_lab.checks.checking import Checking, Progress
    from phasm_lab.interpreter.interruption import Interruption

__all__ = ["let_any_text_be_told", "progress_words", "search_to_the_end", "tell"]

TOLD_EVERY_S = 0.1
FIRST_RATE_AFTER_S = 0.5
"""Before that, a rate says more about the start than about the search."""

CLEAR_LINE = "\r\x1b[K"


def let_any_text_be_told() -> None:
    """Let a character that the output's encoding has not be escaped, and an output that is closed take anything."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open as long as the process
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def tell(answer: object) -> None:
    """Print an answer and have it written; a reader that left early has read enough.

    Raises
    ------
    PhasmLabError
        If it cannot be written.
    """
    try:
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_output()
    except OSError as error:
        _leave_output()
        raise PhasmLabError(
            "standard output", f"it cannot be written: {error.strerror}", "make room, or send it elsewhere"
        ) from None


def _leave_output() -> None:
    """Write what is still held back nowhere: Python would complain once more when it closes the output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def search_to_the_end(checking: Checking, stream: TextIO, interruption: Interruption | None = None) -> None:
    """Let a search go on until it ends, and tell meanwhile how far it is if the stream is a terminal."""
    try:
        checking.go_on(_teller(checking, stream) if stream.isatty() else lambda: False, interruption)
    finally:
        checking.stop()
        if stream.isatty():
            stream.write(CLEAR_LINE)
            stream.flush()


def _teller(checking: Checking, stream: TextIO) -> Callable[[], bool]:
    began = monotonic()
    told = began - TOLD_EVERY_S

    def tell() -> bool:
        nonlocal told
        now = monotonic()
        if now - told >= TOLD_EVERY_S:
            told = now
            words = progress_words(checking.progress, now - began)
            stream.write(CLEAR_LINE + words[: shutil.get_terminal_size().columns - 1])
            stream.flush()
        return False

    return tell


def progress_words(progress: Progress, elapsed_s: float) -> str:
    """Say how far a search is: what was seen, how fast, and how long it may still take to its limit.

    Examples
    --------
    >>> from phasm_lab.checks.checking import Progress
    >>> progress_words(Progress(12_000, 300_000, 9, 800, 40_000, ()), 0.5)
    '12,000 configurations · 9 steps deep · 24,000/s · at most 12 s left · nothing broken so far'
    """
    count = progress.configuration_count
    said = [count_of(count, "configuration"), f"{count_of(progress.depth, 'step')} deep"]
    if elapsed_s >= FIRST_RATE_AFTER_S and count:
        rate = count / elapsed_s
        said += [f"{rate:,.0f}/s", f"at most {max(progress.limit - count, 0) / rate:,.0f} s left"]
    found = len(progress.found)
    said.append(f"{count_of(found, 'finding')} so far" if found else "nothing broken so far")
    return " · ".join(said)
