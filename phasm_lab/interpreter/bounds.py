"""Bounds on what a piece of long work may take: time, and the memory of the process."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from phasm_lab.errors import DefinitionError

__all__ = ["Bounds", "used_memory_mb"]

MEMORY_EVERY = 64
"""Questions after which the memory is looked at, which takes longer than the clock."""

_STATUS = Path("/proc/self/statm")


def used_memory_mb() -> float:
    """Return the megabytes that this process holds in memory; 0.0 where that cannot be told."""
    if _STATUS.exists():
        import resource

        return int(_STATUS.read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 2**20
    if sys.platform in ("emscripten", "win32"):
        return 0.0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 2**10


class Bounds:
    """Seconds and megabytes after which work ends, counted from when this is made.

    Parameters
    ----------
    max_seconds, max_memory_mb
        None for no bound.

    Raises
    ------
    DefinitionError
        If a bound is not a number above 0.

    Examples
    --------
    >>> Bounds(max_seconds=60).reached()
    ''
    """

    def __init__(self, *, max_seconds: float | None = None, max_memory_mb: float | None = None) -> None:
        self.max_seconds = _checked("max_seconds", max_seconds)
        self.max_memory_mb = _checked("max_memory_mb", max_memory_mb)
        self._end = None if max_seconds is None else time.monotonic() + max_seconds
        self._asked_count = 0

    def reached(self) -> str:
        """Return which bound is reached, in words, "" for none; cheap enough to ask often."""
        if self._end is not None and time.monotonic() > self._end:
            return f"{self.max_seconds:g} s were over"
        self._asked_count += 1
        if self.max_memory_mb is not None and self._asked_count % MEMORY_EVERY == 0:
            used = used_memory_mb()
            if used > self.max_memory_mb:
                return f"the process holds {used:,.0f} MB, more than {self.max_memory_mb:g} MB"
        return ""


def _checked(name: str, value: float | None) -> float | None:
    if value is not None and (type(value) not in (int, float) or not value > 0):
        raise DefinitionError(f"check({name}={value!r})", "a bound is a number above 0", f"write {name}=60, say")
    return value
