"""Long work that goes on beside everything else, in slices, with or without threads."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["HAS_THREADS", "SLICE_MS", "go_on_beside", "in_turns"]

HAS_THREADS = sys.platform != "emscripten"

SLICE_MS = 40 if HAS_THREADS else 5
"""How long a slice should be: a thread is interrupted by the others anyhow, a task has to give way by itself."""

_TASKS: set[asyncio.Task[None]] = set()
"""An event loop holds its tasks weakly."""


def go_on_beside(work: Iterator[object], name: str) -> None:
    """Go on with `work`, a slice for each value that it yields, until it ends; return at once.

    Where there are threads, on one of its own, which ends with the process; else in turns with the event loop's other tasks.
    """
    if HAS_THREADS:
        threading.Thread(target=_exhaust, args=(work,), name=name, daemon=True).start()
    else:
        task = asyncio.get_running_loop().create_task(in_turns(work), name=name)
        _TASKS.add(task)
        task.add_done_callback(_TASKS.discard)


async def in_turns(work: Iterator[object]) -> None:
    """Go on with `work`, and let everybody else have a turn after each slice.

    Examples
    --------
    >>> asyncio.run(in_turns(print(each) for each in "ab"))
    a
    b
    """
    for _ in work:
        await asyncio.sleep(0)


def _exhaust(work: Iterator[object]) -> None:
    for _ in work:
        pass
