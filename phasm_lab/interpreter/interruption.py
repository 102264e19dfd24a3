"""Ctrl-C that is answered between two pieces of work, so that it cuts none of them in two.

Theory of operation. By itself Python raises KeyboardInterrupt wherever the main thread happens to be: in a constructor, while a
report is made, in a `finally`. While an `Interruption` lasts, the first Ctrl-C only leaves a note, which whoever works looks
for often. Only where code of the user's runs, which may take its time, it is raised on the spot: there somebody waits for it.
Ctrl-C again within a second is taken for the same one, since programs that start others often pass it on as well; after a
second without an answer it is raised wherever the thread is.

What it does not do: other threads than the main one hear no signals, and a signal that is handled in C is left alone.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from phasm_lab.interpreter.watchdog import interrupt_call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, TracebackType

__all__ = ["Interruption", "UnbrokenLock"]

PATIENCE_MS = 1_000
"""How long the first Ctrl-C may wait for an answer."""

SAME_MS = 250
"""How long after the first another one is waited for that belongs to it, before the signal is given back."""


class Interruption:
    """Takes Ctrl-C while a ``with`` lasts.

    Attributes
    ----------
    asked
        Whether somebody pressed it.

    Examples
    --------
    >>> before = signal.signal(signal.SIGINT, signal.default_int_handler)
    >>> with Interruption() as interruption:
    ...     signal.raise_signal(signal.SIGINT)
    ...     interruption.asked
    True
    >>> signal.signal(signal.SIGINT, before) is signal.default_int_handler
    True
    """

    def __init__(self) -> None:
        self.asked = False
        self._asked_at_ms = 0.0
        self._before: Any = None
        self._is_users: Callable[[str], bool] | None = None

    def __enter__(self) -> Self:
        before = signal.getsignal(signal.SIGINT)
        if callable(before) and threading.current_thread() is threading.main_thread():
            # A second interpreter in this process has a main thread too, which hears no signals.
            with contextlib.suppress(ValueError):
                self._before = before
                signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            if self.asked:
                time.sleep(max(0.0, self._asked_at_ms + SAME_MS - _now_ms()) / 1_000)
            signal.signal(signal.SIGINT, self._before)

    @contextmanager
    def reaching(self, is_users: Callable[[str], bool]) -> Iterator[None]:
        """Raise it at once in a watched call, while this lasts, where the line that runs is in a file of the user's."""
        self._is_users = is_users
        try:
            yield
        finally:
            self._is_users = None

    def _hear(self, number: int, frame: FrameType | None) -> None:
        is_first, now_ms = not self.asked, _now_ms()
        if not is_first and now_ms - self._asked_at_ms > PATIENCE_MS:
            raise KeyboardInterrupt
        if self._before is not signal.default_int_handler:
            with contextlib.suppress(KeyboardInterrupt):
                self._before(number, frame)
        if is_first:
            self.asked, self._asked_at_ms = True, now_ms
            if self._is_users is not None and frame is not None and self._is_users(frame.f_code.co_filename):
                interrupt_call()


def _now_ms() -> float:
    return 1_000 * time.monotonic()


class UnbrokenLock:
    """A lock for one thread at a time, which may take it again, and in which Ctrl-C waits until the work is whole.

    Where code of the user's runs in a watched call, it does not wait.

    Parameters
    ----------
    is_users
        Tells of a file whether its code is the user's.
    """

    def __init__(self, is_users: Callable[[str], bool]) -> None:
        self._is_users = is_users
        self._lock = threading.RLock()
        self._depth = 0
        self._held = contextlib.ExitStack()
        self._interruption = Interruption()

    def __enter__(self) -> None:
        self._lock.acquire()
        self._depth += 1
        if self._depth == 1:
            self._held = contextlib.ExitStack()
            self._interruption = self._held.enter_context(Interruption())
            self._held.enter_context(self._interruption.reaching(self._is_users))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back.

        Raises
        ------
        KeyboardInterrupt
            If Ctrl-C was pressed meanwhile.
        """
        asked = False
        self._depth -= 1
        if self._depth == 0:
            asked = self._interruption.asked
            self._held.close()
        self._lock.release()
        if asked and not isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt
