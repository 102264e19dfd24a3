"""Calls user code under a trace function, and puts back the one that was there before."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from phasm_lab.interpreter.listener import Caller

__all__ = ["Traced"]


class Traced:
    """What calls user code and is told of its lines; a subclass says what it does with them.

    Parameters
    ----------
    inner
        Who really calls it.
    """

    def __init__(self, inner: Caller) -> None:
        self.inner = inner

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call `function`; the trace function that was there before is there again afterwards."""
        before = sys.gettrace()
        try:
            return self.inner.call(self._traced, function, *arguments)
        finally:
            sys.settrace(before)

    def _traced(self, function: Callable[..., Any], *arguments: Any) -> Any:
        sys.settrace(self._trace)
        return function(*arguments)

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
        raise NotImplementedError
