"""Every error that PHASM Lab raises on purpose, by who has to act on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "AddError",
    "AmbiguousError",
    "DefinitionError",
    "EndlessError",
    "InjectedError",
    "NotEnabledError",
    "OutsideEffectError",
    "PhasmLabError",
    "StorageError",
    "TraceError",
]


_PACKAGE = str(Path(__file__).parent)


class PhasmLabError(Exception):
    """Base of everything that PHASM Lab raises on purpose.

    Parameters
    ----------
    asked
        What was asked for, with its value.
    case
        What is the case.
    todo
        What to do about it.
    choices
        What would have been accepted, in the order in which it is listed.

    Examples
    --------
    >>> str(PhasmLabError("Faults(crash=1)", "there is no fault 'crash'", "name one of", ["crashes", "lost_inputs"]))
    "Faults(crash=1): there is no fault 'crash'; name one of: crashes, lost_inputs"
    """

    def __init__(self, asked: str, case: str = "", todo: str = "", choices: Iterable[str] = ()) -> None:
        self.asked = asked
        self.case = case
        self.todo = todo
        self.choices = tuple(choices)
        super().__init__(self._message())

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows of this error: the reader's own lines and the message, not the lab's inside."""
        import linecache
        import traceback

        lines = [f"{type(self).__name__}: {self}"]
        for frame, line in traceback.walk_tb(self.__traceback__):
            code = frame.f_code
            if not code.co_filename.startswith(_PACKAGE):
                source = linecache.getline(code.co_filename, line).strip()
                lines.append(
                    f"  line {line} of {code.co_name}: {source}" if source else f"  line {line} of {code.co_name}"
                )
        return lines

    def _message(self) -> str:
        message = self.asked
        if self.case:
            message += f": {self.case}"
        if self.todo:
            message += f"; {self.todo}"
        if self.choices:
            message += f": {', '.join(self.choices)}"
        return message


class DefinitionError(PhasmLabError):
    """Your machine, scenario or property is ill-formed."""


class NotEnabledError(PhasmLabError):
    """The event cannot happen in this configuration; `choices` lists what can."""


class AmbiguousError(NotEnabledError):
    """More than one event fits what was asked; `choices` tells them apart."""


class TraceError(PhasmLabError):
    """A stored trace or journal cannot be read, or does not fit the machine any more."""


class OutsideEffectError(PhasmLabError):
    """Code inside stf or restore reached for something other than its arguments."""


class InjectedError(PhasmLabError):
    """Base of the errors that the lab injects; user code may catch them like any exception."""


class StorageError(InjectedError):
    """An access to the state failed because the lab made it fail."""


class AddError(InjectedError):
    """`actions.add` failed because the lab made it fail."""


class EndlessError(BaseException):
    """User code passed a limit of time or accesses; not an `Exception`, so that it is not caught by accident."""
