"""Which lines of user code run in one call, and what simple values they leave in variables.

Theory of operation. A `LineRecorder` calls user code like any other limit does, with a trace function in place while the
call lasts; the one that was there (a debugger's, a coverage tool's) is put back after it. Only frames of the files asked
for are followed. What ran is kept by code object; a value is noted when the line that left it in a variable is over.

What it does not see: lines in other threads, and variables that hold anything but plain values.
"""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass, field
from functools import partial
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["LineRecorder", "Ran", "code_of", "source_lines"]

MAX_LINE_EVENT_COUNT = 50_000
"""Lines after which the recorder stops listening, so that a long loop costs no more than it must."""

_PLAIN = (int, str, float, bool, type(None))
_LONGEST_VALUE = 40


class Caller(Protocol):
    """Calls user code."""

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call `function`."""


@dataclass
class Ran:
    """The lines of one function that ran.

    Attributes
    ----------
    code
        The function's code.
    lines
        The lines, in order of their first time.
    notes
        For a line the variables that it set last, as text.
    """

    code: CodeType
    lines: list[int] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)


class LineRecorder:
    """Calls user code and keeps which lines ran.

    Parameters
    ----------
    inner
        Who really calls it.
    files
        Files whose lines are of interest.

    Attributes
    ----------
    ran
        What ran, in the order in which the functions were entered.
    last
        The line that was reached last for the first time: its file and number.
    """

    def __init__(self, inner: Caller, files: Iterable[str]) -> None:
        self.inner = inner
        self.files = frozenset(files)
        self.ran: dict[CodeType, Ran] = {}
        self.last: tuple[str, int] = ("", 0)
        self._event_count = 0
        self._before: dict[FrameType, tuple[int, dict[str, Any]]] = {}

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call `function` and keep which lines of user code ran."""
        return self.inner.call(self._traced, function, *arguments)

    def _traced(self, function: Callable[..., Any], *arguments: Any) -> Any:
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            return function(*arguments)
        finally:
            sys.settrace(before)
            self._before.clear()

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
        del argument
        if event != "call" or frame.f_code.co_filename not in self.files or self._event_count > MAX_LINE_EVENT_COUNT:
            return None
        ran = self.ran.setdefault(frame.f_code, Ran(frame.f_code))
        self._before[frame] = (0, _plain_variables(frame))
        return partial(self._line, ran)

    def _line(self, ran: Ran, frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
        del argument
        self._event_count += 1
        if self._event_count > MAX_LINE_EVENT_COUNT:
            return None
        self._note(ran, frame)
        if event == "line":
            line = frame.f_lineno
            if line not in ran.lines:
                ran.lines.append(line)
                self.last = (frame.f_code.co_filename, line)
            self._before[frame] = (line, self._before[frame][1])
        return partial(self._line, ran)

    def _note(self, ran: Ran, frame: FrameType) -> None:
        """Note what the line before this event left in variables."""
        line, before = self._before.get(frame, (0, {}))
        now = _plain_variables(frame)
        new = {name: value for name, value in now.items() if name not in before or before[name] is not value}
        if line and new and len(new) <= 3:
            ran.notes[line] = ", ".join(f"{name} is {_short(value)}" for name, value in new.items())
        self._before[frame] = (line, now)


def _plain_variables(frame: FrameType) -> dict[str, Any]:
    return {name: value for name, value in frame.f_locals.items() if type(value) in _PLAIN}


def _short(value: Any) -> str:
    text = repr(value[: _LONGEST_VALUE + 1] if isinstance(value, str) else value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def code_of(function: Any) -> CodeType | None:
    """Return the code that a call of `function` runs: of a method, a partial or an object with `__call__` too.

    Examples
    --------
    >>> code_of(partial(code_of, None)) is code_of.__code__
    True
    """
    function = inspect.unwrap(function) if callable(function) else function
    while isinstance(function, partial):
        function = function.func
    if not hasattr(function, "__code__"):
        called = getattr(type(function), "__call__", None)  # noqa: B004 - it is what is looked for
        function = getattr(function, "__func__", None) or called
        function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    return code if isinstance(code, CodeType) else None


def source_lines(code: CodeType) -> list[tuple[int, str]]:
    """Return the numbered source lines of a function, also of one typed in a notebook cell; [] where there are none."""
    try:
        lines, first = inspect.getsourcelines(code)
    except (OSError, TypeError, SyntaxError, IndentationError):
        return []
    return [(first + offset, line.rstrip("\n\r")) for offset, line in enumerate(lines)]
