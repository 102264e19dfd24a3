"""Accesses: the places in a transition where storage can fail and where a crash can fall.

What counts (one access each): a read of a field that holds a plain value; a write or delete of any field; one operation
on a dict, list or set of the state; each awaited call on a database. Reading a field that holds a container or a mutable
dataclass is only the way there. A frozen dataclass or a tuple is a plain value.
"""

from __future__ import annotations

import dataclasses
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.errors import EndlessError, StorageError

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["MAX_ACCESS_COUNT", "Access", "Meter", "user_line"]

MAX_ACCESS_COUNT = 100_000
"""Accesses after which a transition is taken to be endless."""

_PACKAGE = Path(__file__).parents[1]
_EXAMPLES = _PACKAGE / "examples"
_STANDARD_LIBRARY = Path(dataclasses.__file__).parent
_PACKAGES_BELOW_IT = ("site-packages", "dist-packages")


class Access(NamedTuple):
    """One access to the state.

    Attributes
    ----------
    number
        1 for the first access of the transition.
    operation
        "read", "write", or the name of the database call.
    path
        What is accessed, as a person would write it; the SQL text for a database.
    file, line
        Where in the user's code; line 0 if it is not known.
    """

    number: int
    operation: str
    path: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.operation} {self.path}"


def user_line(frame: FrameType | None) -> tuple[str, int]:
    """Return file and line of the innermost frame that is neither the lab's own nor the standard library's.

    Examples
    --------
    >>> user_line(None)
    ('', 0)
    """
    while frame is not None:
        file = frame.f_code.co_filename
        if is_users(file):
            return file, frame.f_lineno
        frame = frame.f_back
    return "", 0


@lru_cache(maxsize=1_000)
def is_users(file: str) -> bool:
    """Tell whether code from a file is the user's: not the lab's, the standard library's or generated.

    Examples
    --------
    >>> is_users("<stdin>"), is_users(dataclasses.__file__), is_users("<string>"), is_users(__file__)
    (True, False, False, False)
    """
    if file == "<string>" or file.startswith("<frozen "):
        return False
    above = Path(file).parents
    if _PACKAGE in above:
        return _EXAMPLES in above
    return _STANDARD_LIBRARY not in above or any(part in Path(file).parts for part in _PACKAGES_BELOW_IT)


class Meter:
    """Counts the accesses of one transition, and makes one of them fail or crash if told so.

    Parameters
    ----------
    fail_at
        Number of the access that fails, 0 for none.
    sticky
        Whether every access after that fails too.
    crash_at
        Number of the access at which the process dies, 0 for none. A database suspends there; a dataclass, whose
        accesses cannot suspend, runs on and is rolled back, which leaves the same state.
    """

    def __init__(self, fail_at: int = 0, *, sticky: bool = False, crash_at: int = 0) -> None:
        self.fail_at = fail_at
        self.sticky = sticky
        self.crash_at = crash_at
        self.accesses: list[Access] = []
        self.failed = False
        self.paths: dict[int, str] = {}
        self._watched: list[tuple[Any, type]] = []
        self._begun: tuple[int, str, int, int] | None = None

    def access(self, operation: str, path: str, frame: FrameType | None = None) -> bool:
        """Count one access; tell whether the process dies at it.

        Raises
        ------
        StorageError
            If this access is the one to fail.
        EndlessError
            If the transition made more accesses than any sensible one does.
        """
        self._begun = None
        number = len(self.accesses) + 1
        file, line = user_line(frame or sys._getframe(1))  # noqa: SLF001 - the only way to name the line
        self.accesses.append(Access(number, operation, path, file, line))
        if number > MAX_ACCESS_COUNT:
            raise EndlessError(f"stopped after {MAX_ACCESS_COUNT:,} accesses")
        if self.fail_at and (number == self.fail_at or (self.sticky and number > self.fail_at)):
            self.failed = True
            raise StorageError(f"access {number} ({operation} {path})", "the lab made it fail")
        return number == self.crash_at

    def begin(self, container: Any, operation: str, frame: FrameType) -> None:
        """Note an operation that C code may go on with: ``list(x)`` iterates and asks for len, ``dict(x)`` takes keys."""
        self._begun = (id(container), operation, id(frame), frame.f_lasti)

    def goes_on(self, container: Any, operation: str, frame: FrameType) -> bool:
        """Tell whether the access before was `operation` on the same container, made by the same instruction."""
        goes_on = self._begun == (id(container), operation, id(frame), frame.f_lasti)
        if operation != "keys":
            self._begun = None
        return goes_on

    def watch(self, root: Any, journal: Any) -> Any:
        """Have the accesses below a journaled dataclass reported here until `release`."""
        from phasm_lab.engine.metered import watch

        journal.meter = self
        self.paths[id(root)] = ""
        watch(root)
        return root

    def note_watched(self, value: Any, cls: type) -> None:
        """Remember the class that a value gets back at `release`."""
        self._watched.append((value, cls))

    def release(self) -> None:
        """Give every watched value its own class back."""
        from phasm_lab.engine.journal import set_class

        for value, cls in self._watched:
            set_class(value, cls)
        self._watched.clear()
