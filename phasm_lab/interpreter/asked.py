"""The side of a process that is asked one question: from stdin to stdout, and then it is gone."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["answer_stdin"]


def answer_stdin(answer: Callable[[bytes], bytes]) -> NoReturn:
    """Answer what stands on stdin and end the process at once; what user code prints meanwhile goes elsewhere."""
    question = sys.stdin.buffer.read()
    stdout, sys.stdout = sys.stdout, sys.stderr
    stdout.buffer.write(answer(question))
    stdout.buffer.flush()
    # Taking an interpreter down properly takes longer than the answer did.
    os._exit(0)
