"""Audit events of one thread, while somebody listens to them.

An audit hook cannot be taken out of an interpreter again. So there is one for the whole process, put in when somebody
listens for the first time; from then on it does nothing but look whether anybody does.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["listening"]

_LISTENERS: dict[int, Callable[[str, tuple[Any, ...]], None]] = {}
_INSTALLED: list[bool] = []


@contextmanager
def listening(listener: Callable[[str, tuple[Any, ...]], None]) -> Iterator[None]:
    """Have `listener` called at every audit event of this thread; who listened before listens again afterwards."""
    _install()
    thread_id = threading.get_ident()
    before = _LISTENERS.get(thread_id)
    _LISTENERS[thread_id] = listener
    try:
        yield
    finally:
        if before is None:
            _LISTENERS.pop(thread_id, None)
        else:
            _LISTENERS[thread_id] = before


def _install() -> None:
    if not _INSTALLED:
        _INSTALLED.append(True)
        sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _LISTENERS:
        listener = _LISTENERS.get(threading.get_ident())
        if listener is not None:
            listener(event, arguments)
