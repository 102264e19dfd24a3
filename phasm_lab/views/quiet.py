"""Muting what user code prints while it is only tried: a preview is no step, so it says nothing.

Theory of operation. While any thread is muted, `sys.stdout` is a `_Gate`: it drops what a muted thread writes and hands
on what others write. The one that was there is put back when the last is done, unless somebody else has replaced it.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["muted"]

_LOCK = threading.Lock()
_DEPTHS: Counter[int] = Counter()


class _Gate:
    """A text stream that is closed to muted threads."""

    def __init__(self, outer: Any) -> None:
        self.outer = outer

    def write(self, text: str) -> int:
        """Write `text`, unless this thread is muted."""
        if _DEPTHS[threading.get_ident()]:
            return len(text)
        return int(self.outer.write(text) or 0)

    def writelines(self, lines: Any) -> None:
        """Write several texts, unless this thread is muted."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.outer, name)


@contextmanager
def muted() -> Iterator[None]:
    """Drop what this thread prints until the end of the block; blocks may lie inside one another.

    Examples
    --------
    >>> with muted():
    ...     print("not shown")
    >>> print("shown")
    shown
    """
    thread = threading.get_ident()
    with _LOCK:
        if not isinstance(sys.stdout, _Gate):
            sys.stdout = _Gate(sys.stdout)
        _DEPTHS[thread] += 1
    try:
        yield
    finally:
        with _LOCK:
            _DEPTHS[thread] -= 1
            if not _DEPTHS[thread]:
                del _DEPTHS[thread]
            if not _DEPTHS and isinstance(sys.stdout, _Gate):
                sys.stdout = sys.stdout.outer
