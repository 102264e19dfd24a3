"""A `print` in Python for the time of a run, so that a profile function sees in its frame where it prints to."""

from __future__ import annotations

import builtins
import io
import sys
import threading
from contextlib import contextmanager
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["PRINTING", "prints_outside", "prints_seen"]

_PRINT = builtins.print
_LOCK = threading.Lock()
_RUNS: list[object] = []
"""Those that go on, of all threads: the last one puts `print` back."""


def _print(*values: Any, file: Any = None, **options: Any) -> None:
    _PRINT(*values, file=file, **options)


PRINTING = _print.__code__
"""The code of the `print` that is there while `prints_seen` lasts."""


@contextmanager
def prints_seen() -> Iterator[None]:
    """Have `print` run in a frame of its own; one that somebody else put there has one already."""
    me = object()
    with _LOCK:
        _RUNS.append(me)
        if builtins.print is _PRINT:
            builtins.print = _print
    try:
        yield
    finally:
        with _LOCK:
            _RUNS.remove(me)
            if not _RUNS and builtins.print is _print:
                builtins.print = _PRINT


def prints_outside(frame: FrameType) -> bool:
    """Tell from the frame of a `print` whether it writes outside; a `write` in Python is code that is heard itself.

    Examples
    --------
    >>> def stands(file):
    ...     return prints_outside(sys._getframe())
    >>> stands(None), stands(sys.stderr), stands(io.StringIO())
    (True, True, False)
    """
    file = frame.f_locals["file"]
    if file is None or file is sys.stdout or file is sys.stderr:
        return True
    return not isinstance(file, io.StringIO) and not isinstance(getattr(type(file), "write", None), FunctionType)
