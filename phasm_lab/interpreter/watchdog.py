"""A watchdog that stops user code which does not return, or which takes memory without end.

Theory of operation. Each thread has a *post*; before user code runs it is numbered and marked, after it the mark is taken
away: two writes, since a search does this a hundred thousand times a second. A daemon thread looks at the posts a few times
a second. A mark with the same number as at the look before is the same call, still running; once it runs for too long, or
the process has grown by too much since, `EndlessError` is raised inside that thread, again and again until the call is gone.
`EndlessError` is no `Exception`, so code that catches what it can catches it only by accident. Where it lands in a
finalizer or in a callback of the garbage collector, Python drops it and says so on stderr; nobody is told of those. Where
there are no threads (Pyodide), calls are not watched.

What it does not stop: a single call into C that never returns, and a loop that spends its time in a `try` which catches
everything, `BaseException` included.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from phasm_lab.errors import EndlessError
from phasm_lab.interpreter.bounds import used_memory_mb

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Watchdog", "interrupt_call"]

LOOK_EVERY_MS = 100
QUIET_LOOK_COUNT = 50

LONGEST_LOOK_MS = 5 * LOOK_EVERY_MS
"""Milliseconds between two looks that count at most: a computer that slept meanwhile did not run the call either."""

MAX_GROWTH_MB = 500
"""Megabytes that the process may grow by while one call runs."""


class _Post:
    """What one thread is doing: `serial` numbers its calls, `busy` tells whether one runs, `fired` whether it is being stopped.

    `interrupted` tells whether somebody pressed Ctrl-C in it.
    """

    __slots__ = ("busy", "fired", "interrupted", "limit_ms", "looked_at", "memory_mb", "running_ms", "serial")

    def __init__(self) -> None:
        self.busy = self.interrupted = False
        self.fired = ""
        self.serial = self.looked_at = 0
        self.limit_ms = self.running_ms = self.memory_mb = 0.0

    def is_running(self) -> bool:
        """Tell whether the call is still running, now that it is marked."""
        return self.busy

    def forgive(self) -> None:
        """Take the mark away from a call that ended by itself."""
        self.fired = ""

    def overdue(self, passed_ms: float) -> str:
        """Return why the call that runs must be stopped, "" while it need not; so much time passed since the look before."""
        if self.serial != self.looked_at:
            self.looked_at, self.running_ms, self.memory_mb = self.serial, 0.0, used_memory_mb()
            return ""
        self.running_ms += min(passed_ms, LONGEST_LOOK_MS)
        if self.running_ms > self.limit_ms:
            return f"stopped after {self.limit_ms / 1000:g} s"
        if used_memory_mb() - self.memory_mb > MAX_GROWTH_MB:
            return f"stopped after it took {MAX_GROWTH_MB} MB of memory"
        return ""


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
            If it does not return within the limit, or takes memory without end.
        KeyboardInterrupt
            If it was interrupted, also where its own code caught that.
        """
        post = _WATCH.posts.get(threading.get_ident()) or _WATCH.post()
        if post.busy or not _HAS_THREADS:
            return function(*arguments)
        post.limit_ms = self.limit_ms
        post.serial += 1
        try:
            try:
                post.busy = True
                if _WATCH.thread is None:
                    _WATCH.begin()
                return function(*arguments)
            finally:
                post.busy = False
        except EndlessError as error:
            why = post.fired or f"stopped after {self.limit_ms / 1000:g} s"
            _WATCH.end(post)
            raise EndlessError(why).with_traceback(error.__traceback__) from None
        finally:
            if post.fired:
                _WATCH.end(post)
            if post.interrupted:
                post.interrupted = False
                raise KeyboardInterrupt


def interrupt_call() -> None:
    """Interrupt the watched call that this thread is making, if there is one; for a signal handler."""
    post = _WATCH.posts.get(threading.get_ident())
    if post is not None and post.busy:
        post.interrupted = True
        raise KeyboardInterrupt


class _Watch:
    """The posts of all threads, and the thread that looks at them."""

    def __init__(self) -> None:
        self.posts: dict[int, _Post] = {}
        self.thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._told_before: Callable[[Any], object] | None = None

    def post(self) -> _Post:
        """Return a post for this thread."""
        return self.posts.setdefault(threading.get_ident(), _Post())

    def begin(self) -> None:
        """Have somebody look on."""
        with self._lock:
            if self.thread is None:
                self.thread = threading.Thread(target=self._look_on, name="phasm-lab-watchdog", daemon=True)
                self.thread.start()

    def end(self, post: _Post) -> None:
        """Take in a stop that is already under way, so that it hits nobody else."""
        while post.busy or post.fired:
            try:
                post.busy = False
                with self._lock:
                    if post.fired:
                        self._take_in(post)
            except EndlessError:
                continue
        with self._lock:
            if self._told_before is not None and not any(post.fired for post in self.posts.values()):
                sys.unraisablehook, self._told_before = self._told_before, None

    def _take_in(self, post: _Post) -> None:
        """Have the stop arrive here. Calling it off would leave the interpreter looking for it for ever after."""
        post.fired = ""
        try:
            _raise_in(threading.get_ident())
            for _ in range(1_000):
                pass
        except EndlessError:
            return

    def _look_on(self) -> None:
        quiet_count, looked_at = 0, time.monotonic()
        while quiet_count < QUIET_LOOK_COUNT:
            time.sleep(LOOK_EVERY_MS / 1000)
            before, looked_at = looked_at, time.monotonic()
            with self._lock:
                quiet_count = 0 if self._is_any_busy() else quiet_count + 1
                for thread_id, post in list(self.posts.items()):
                    if post.busy:
                        self._look_at(thread_id, post, 1000 * (looked_at - before))
                if quiet_count == QUIET_LOOK_COUNT and not self._leave():
                    quiet_count = 0

    def _is_any_busy(self) -> bool:
        return any(post.busy for post in list(self.posts.values()))

    def _leave(self) -> bool:
        """Tell whether nobody needs to look on: whoever begins a call from here on finds no thread, and starts one."""
        self.thread = None
        if self._is_any_busy():
            self.thread = threading.current_thread()
            return False
        self.posts = {}
        return True

    def _look_at(self, thread_id: int, post: _Post, passed_ms: float) -> None:
        """Stop a call that is overdue. It is marked first: its thread, which unmarks itself first, sees one or the other."""
        why = post.fired or post.overdue(passed_ms)
        if why:
            post.fired = why
            if post.is_running():
                self._keep_quiet()
                _raise_in(thread_id)
            else:
                post.forgive()

    def _keep_quiet(self) -> None:
        """Say nothing of a stop that Python drops: the next one is on its way."""
        if self._told_before is None:
            self._told_before, sys.unraisablehook = sys.unraisablehook, self._tell

    def _tell(self, dropped: Any) -> None:
        if dropped.exc_type is not EndlessError and self._told_before is not None:
            self._told_before(dropped)


def _raise_in(thread_id: int) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), ctypes.py_object(EndlessError))


_HAS_THREADS = sys.platform != "emscripten"
_WATCH = _Watch()
if hasattr(os, "register_at_fork"):
    # A forked child has none of its parent's threads, and must not wait for a lock that one of them held.
    os.register_at_fork(after_in_child=_WATCH.__init__)  # type: ignore[misc]
