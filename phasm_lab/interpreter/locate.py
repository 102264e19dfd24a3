"""Calls user code and finds the line after which a watched value is no longer as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.interpreter.places import Place, place_of
from phasm_lab.interpreter.tracing import Traced

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from phasm_lab.interpreter.listener import Caller
    from phasm_lab.interpreter.watch import Watch

__all__ = ["ChangeLocator"]

MAX_LINE_EVENT_COUNT = 20_000
"""Lines after which it stops looking, so that a long loop costs no more than it must."""


class ChangeLocator(Traced):
    """Calls user code, looks at the watched values after each of its lines, and keeps the first line that changed one.

    Parameters
    ----------
    inner
        Who really calls it.
    watch
        The values; it compares with what they were when it began, or was renewed.
    files
        The files that the machine is written in.

    Attributes
    ----------
    name
        The value that changed, or "".
    place
        The line that changed it, else None.
    """

    def __init__(self, inner: Caller, watch: Watch, files: frozenset[str]) -> None:
        super().__init__(inner)
        self.watch = watch
        self.name = ""
        self.place: Place | None = None
        self._files = files
        self._last: Place | None = None
        self._event_count = 0

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call `function`, and name the value that has changed by then."""
        try:
            return super().call(function, *arguments)
        finally:
            self.name = self.watch.changed()

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
        del argument
        if frame.f_code.co_filename not in self._files or self.place is not None:
            return None
        self._event_count += 1
        if self._event_count > MAX_LINE_EVENT_COUNT:
            return None
        if self._last is not None and self.watch.changed():
            self.place = self._last
            return None
        back = frame.f_back
        if event != "return":
            self._last = place_of(frame)
        elif back is not None and back.f_code.co_filename in self._files:
            self._last = place_of(back)
        return self._trace
