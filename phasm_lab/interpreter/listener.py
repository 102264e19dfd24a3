"""Calls user code and hears what of it reaches outside: a call profile and audit events, both put back afterwards.

Theory of operation. A `Listener` calls code like any other limit does. While it runs, a profile function is told of every
call, also of functions in C, which raise no audit event for the clock; and the audit hook is told what C code does on its
own. A profile function that was there before (a coverage tool's, a debugger's) is told everything as well, and is there
again afterwards; one that is written in C cannot be told, so then only audit events are heard. A trace function is not
touched. What the lab does for the code, and what an import does, is not heard. The garbage collector waits meanwhile.
"""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from phasm_lab.interpreter.audit import listening
from phasm_lab.interpreter.outside import call_name, is_silent_below, outside_call, outside_event, outside_frame
from phasm_lab.interpreter.places import Place, place_of
from phasm_lab.interpreter.printing import PRINTING, prints_seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

__all__ = ["Heard", "Listener"]

_QUIET_OWNERS = frozenset({dict, list, set, str, tuple, frozenset, int, bytes, type(None)})
_QUIET: set[Any] = set()
"""Functions of modules that were found not to reach outside, whatever they are given."""

_ANSWER_BY_CALL = frozenset({"_thread", "time"})
"""Modules with functions that reach outside or not by what they are given, or by who calls them."""


class Caller(Protocol):
    """Calls user code."""

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call `function`."""


class Heard(NamedTuple):
    """What reached outside, and the line of the user's that did it."""

    what: str
    place: Place


class Listener:
    """Calls user code and keeps the first thing that reached outside.

    Parameters
    ----------
    inner
        Who really calls it.
    files
        The files that the machine is written in.
    is_users
        Tells from a file name whether code in it is the user's.

    Attributes
    ----------
    heard
        The first thing that reached outside, else None.
    deaf
        Whether a profiler written in C was on, so that calls of C functions could not be heard.
    in_c
        The calls of C code that writes to a list without asking it: harmless where the list is no part of the state.
    """

    def __init__(self, inner: Caller, files: frozenset[str], is_users: Callable[[str], bool]) -> None:
        self.inner = inner
        self.heard: Heard | None = None
        self.in_c: dict[Heard, None] = {}
        self.deaf = False
        self._files = files
        self._is_users = is_users
        self._before: Any = None

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call `function` and hear what it does."""
        before = sys.getprofile()
        self.deaf = before is not None and not callable(before)
        with listening(self._audited), _no_collection(), prints_seen():
            if self.deaf:
                return self.inner.call(function, *arguments)
            self._before = before
            try:
                return self.inner.call(self._profiled, function, *arguments)
            finally:
                sys.setprofile(before)

    def _profiled(self, function: Callable[..., Any], *arguments: Any) -> Any:
        sys.setprofile(self._hear)
        return function(*arguments)

    def _hear(self, frame: FrameType, event: str, argument: Any) -> None:
        if self.heard is None:
            if event == "c_call":
                owner = getattr(argument, "__self__", None)
                if type(owner) not in _QUIET_OWNERS and argument not in _QUIET and frame.f_code is not PRINTING:
                    what = outside_call(argument, frame)
                    if what:
                        self.heard = self._noted(what, frame)
                    elif type(owner) is ModuleType and owner.__name__ == "_heapq":
                        self._note_in_c(f"heapq.{argument.__name__}()", frame)
                    elif type(owner) is ModuleType and owner.__name__ not in _ANSWER_BY_CALL:
                        _QUIET.add(argument)
            elif event == "call" and frame.f_code.co_filename not in self._files:
                what = outside_frame(frame)
                if what:
                    self.heard = self._noted(what, frame)
        if self._before is not None:
            self._before(frame, event, argument)

    def _audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.heard is None and outside_event(event, arguments):
            self.heard = self._noted(f"{event}()", sys._getframe(2))  # noqa: SLF001 - the code that raised the event

    def _note_in_c(self, what: str, frame: FrameType) -> None:
        heard = self._noted(what, frame)
        if heard is not None:
            self.in_c[heard] = None

    def _noted(self, what: str, frame: FrameType) -> Heard | None:
        """Return what was done, if the user's code did it, under the name by which that code called it."""
        callee: FrameType | None = None
        current: FrameType | None = frame
        while current is not None:
            file = current.f_code.co_filename
            if file in self._files or self._is_users(file):
                break
            if current.f_code is not PRINTING:
                if is_silent_below(file, what) or _is_labs(current):
                    return None
                callee = current
            current = current.f_back
        if current is None:
            return None
        named = what if callee is None or _names_itself(what) else call_name(callee)
        return Heard(named, place_of(self._own(current)))

    def _own(self, frame: FrameType) -> FrameType:
        """Return the innermost frame that is the machine's own, or this one if there is none."""
        current: FrameType | None = frame
        while current is not None:
            if current.f_code.co_filename in self._files:
                return current
            current = current.f_back
        return frame


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from running finalizers of somebody else's in the middle of the user's code."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _names_itself(what: str) -> bool:
    return what.startswith(("random.", "os.environ", "logging", "asyncio.", "print"))


def _is_labs(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] == "phasm_lab"
