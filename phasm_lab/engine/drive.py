"""Driving a coroutine by hand: no event loop, each suspension answered or told apart.

Theory of operation. An access to a database suspends only where the process is to die (it yields `DIES`); everything
else that suspends is something foreign. A crash *abandons* the coroutine: closing it, throwing into it or letting the
garbage collector have it would run the user's `except` and `finally`, which a dead process does not do. So a dead
coroutine is kept for ever.
"""

from __future__ import annotations

import ctypes
import inspect
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any, Protocol

from phasm_lab.engine.accesses import is_users
from phasm_lab.errors import DefinitionError, OutsideEffectError
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import Tracked, Untracked

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import TracebackType

__all__ = ["DIES", "Limits", "NoLimits", "ProcessDied", "abandon", "drive"]


class _Dies:
    """What an access yields at which the process dies."""

    def __repr__(self) -> str:
        return "the process dies here"


DIES = _Dies()


class ProcessDied(BaseException):
    """The coroutine reached the access at which the process dies; never raised inside user code."""


class Limits(Protocol):
    """Calls user code and stops it when it takes too long."""

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call `function`; raise `EndlessError` where it does not return in time."""


class NoLimits:
    """Calls user code and waits for as long as it takes."""

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call `function`."""
        return function(*arguments)


def drive(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Run a coroutine to its end.

    Raises
    ------
    ProcessDied
        If it suspended where the process dies; the coroutine is abandoned.
    OutsideEffectError
        If it awaits something that is not its state.
    """
    try:
        signal = coroutine.send(None)
    except StopIteration as ended:
        if ended.value is not None:
            _refuse_returned(getattr(coroutine, "__name__", "it"), ended.value)
        return
    except RuntimeError as error:
        if str(error) == "no running event loop":
            raise _foreign("asyncio", _line_of(error.__traceback__)) from error
        raise
    if signal is DIES:
        abandon(coroutine)
        raise ProcessDied
    foreign = _foreign("..." if signal is None else type(signal).__name__, _awaiting_line(coroutine))
    _close(coroutine)
    raise foreign


def _foreign(awaited: str, where: str) -> OutsideEffectError:
    return OutsideEffectError(
        f"await {awaited}{where}",
        "stf and restore may await their state only",
        "emit an action instead; its result comes back as an input",
    )


def _close(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Let a coroutine that awaits something foreign clean up; one that cannot is abandoned."""
    try:
        coroutine.close()
    except Exception:  # noqa: BLE001 - what it awaited is what there is to say
        abandon(coroutine)


def _refuse_returned(name: str, value: Any) -> None:
    """Refuse actions and states that were returned: nobody would hand them over or keep them."""
    asked, case = f"{name} returned {line_of(value)}", "what it returns is not used"
    items = value if isinstance(value, list | tuple) else (value,)
    if any(isinstance(item, Tracked | Untracked) for item in items):
        raise DefinitionError(asked, case, "call actions.add(...) for each")
    if any(_is_copy_of_a_state(item) for item in items):
        raise DefinitionError(asked, case, "change state in place, and return nothing")


def _is_copy_of_a_state(value: Any) -> bool:
    """Tell whether a value may be a state that was made anew; the state itself does no harm."""
    return is_dataclass(value) and not isinstance(value, type) and not hasattr(type(value), "__phasm_journaled__")


def abandon(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Keep a suspended coroutine alive for ever, so that none of its code runs again."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(coroutine))


def _awaiting_line(coroutine: Coroutine[Any, Any, Any]) -> str:
    frame = getattr(coroutine, "cr_frame", None)
    inner = getattr(coroutine, "cr_await", None)
    while inspect.iscoroutine(inner) and inner.cr_frame is not None and is_users(inner.cr_code.co_filename):
        frame, inner = inner.cr_frame, inner.cr_await
    return "" if frame is None else f" at {frame.f_code.co_filename}:{frame.f_lineno}"


def _line_of(traceback: TracebackType | None) -> str:
    where = ""
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if is_users(file):
            where = f" at {file}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return where
