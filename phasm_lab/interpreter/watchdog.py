"""A watchdog that stops user code which does not return.

Theory of operation. Before user code runs, its thread and a serial number are posted; a daemon thread looks at the post a
few times a second and raises `EndlessError` inside a thread whose call has run for too long, again and again until it is
gone. `EndlessError` is no `Exception`, so code that catches what it can catches it only by accident. Where there are no
threads (Pyodide), calls are not watched.

What it does not stop: a single call into C that never returns.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from phasm_lab.errors import EndlessError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Watchdog"]

LOOK_EVERY_MS = 100
QUIET_LOOK_COUNT = 50


class Watchdog:
    """Calls user code and stops it after a while; all watchdogs share one thread, which ends when there is nothing to watch.

    Parameters
    ----------
    limit_ms
        How long one call may take.
    """

    def __init__(self, limit_ms: float = 2_000) -> None:
        self.limit_ms = limit_ms

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call `function`.

        Raises
        ------
        EndlessError
            If it does not return within the limit.
        """
        thread_id = threading.get_ident()
        if not _WATCH.post(thread_id, self.limit_ms):
            return function(*arguments)
        try:
            return function(*arguments)
        except EndlessError:
            raise EndlessError(f"stopped after {self.limit_ms / 1000:g} s") from None
        finally:
            _WATCH.take_down(thread_id)


class _Watch:
    """The posts of all threads that are in user code, and the thread that looks at them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._deadlines: dict[int, float] = {}
        self._fired: set[int] = set()
        self._thread: threading.Thread | None = None

    def post(self, thread_id: int, limit_ms: float) -> bool:
        """Have a thread's call watched from now on; tell whether it is, which inside a watched call or without threads it is not."""
        if thread_id in self._deadlines or sys.platform == "emscripten":
            return False
        with self._lock:
            self._deadlines[thread_id] = time.monotonic() + limit_ms / 1000
            if self._thread is None:
                self._thread = threading.Thread(target=self._look_on, name="phasm-lab-watchdog", daemon=True)
                self._thread.start()
        return True

    def take_down(self, thread_id: int) -> None:
        """Take the post down, and take in a stop that is already under way so that it hits nobody else."""
        while thread_id in self._deadlines or thread_id in self._fired:
            try:
                with self._lock:
                    self._deadlines.pop(thread_id, None)
                    if thread_id in self._fired:
                        self._take_in(thread_id)
            except EndlessError:
                continue

    def _take_in(self, thread_id: int) -> None:
        """Have the stop arrive here. Calling it off would leave the interpreter looking for it for ever after."""
        self._fired.discard(thread_id)
        try:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), ctypes.py_object(EndlessError))
            for _ in range(1_000):
                pass
        except EndlessError:
            return

    def _look_on(self) -> None:
        quiet_count = 0
        while quiet_count < QUIET_LOOK_COUNT:
            time.sleep(LOOK_EVERY_MS / 1000)
            with self._lock:
                quiet_count = 0 if self._deadlines else quiet_count + 1
                self._stop_late(time.monotonic())
                if quiet_count == QUIET_LOOK_COUNT:
                    self._thread = None

    def _stop_late(self, now: float) -> None:
        for thread_id, deadline in self._deadlines.items():
            if now > deadline:
                self._fired.add(thread_id)
                error = ctypes.py_object(EndlessError)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), error)


_WATCH = _Watch()
if hasattr(os, "register_at_fork"):
    # A forked child has none of its parent's threads, and must not wait for a lock that one of them held.
    os.register_at_fork(after_in_child=_WATCH.__init__)  # type: ignore[misc]
