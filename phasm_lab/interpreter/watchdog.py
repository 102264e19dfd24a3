"""A watchdog that stops user code which does not return.

Theory of operation. Before user code runs, its thread and a serial number are posted; a daemon thread looks at the post a
few times a second and raises `EndlessError` inside a thread whose call has run for too long, again and again until it is
gone. `EndlessError` is no `Exception`, so code that catches what it can catches it only by accident. Where there are no
threads (Pyodide), calls are not watched.

What it does not stop: a single call into C that never returns.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from phasm_lab.errors import EndlessError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Watchdog"]

LOOK_EVERY_MS = 100


class Watchdog:
    """Calls user code and stops it after a while.

    Parameters
    ----------
    limit_ms
        How long one call may take.
    """

    def __init__(self, limit_ms: float = 2_000) -> None:
        self.limit_ms = limit_ms
        self._lock = threading.Lock()
        self._posted: dict[int, tuple[int, float]] = {}
        self._fired: set[int] = set()
        self._serial = 0
        self._thread: threading.Thread | None = None

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call `function`.

        Raises
        ------
        EndlessError
            If it does not return within the limit.
        """
        thread_id = threading.get_ident()
        if thread_id in self._posted or not self._start():
            return function(*arguments)
        with self._lock:
            self._serial += 1
            self._posted[thread_id] = (self._serial, time.monotonic())
        try:
            return function(*arguments)
        except EndlessError:
            raise EndlessError(f"stopped after {self.limit_ms / 1000:g} s") from None
        finally:
            self._leave(thread_id)

    def _leave(self, thread_id: int) -> None:
        """Take the post down, and take in a stop that is already under way so that it hits nobody else."""
        while thread_id in self._posted or thread_id in self._fired:
            try:
                with self._lock:
                    self._posted.pop(thread_id, None)
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

    def _start(self) -> bool:
        if self._thread is not None:
            return True
        if sys.platform == "emscripten":
            return False
        self._thread = threading.Thread(target=self._watch, name="phasm-lab-watchdog", daemon=True)
        self._thread.start()
        return True

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_EVERY_MS / 1000)
            with self._lock:
                now = time.monotonic()
                late = [key for key, (_, since) in self._posted.items() if (now - since) * 1000 > self.limit_ms]
                for thread_id in late:
                    self._fired.add(thread_id)
                    error = ctypes.py_object(EndlessError)
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), error)
