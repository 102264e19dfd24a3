"""Lines of a user's code, as a person names them: `payments.py:36, in restore` or `cell [3], line 4, in stf`."""

from __future__ import annotations

import sys
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from types import CodeType, FrameType

__all__ = ["Place", "place_in", "place_of"]


class Place(NamedTuple):
    """One line of one function.

    Attributes
    ----------
    file
        As the code itself says it.
    line
        Its number in the file or cell.
    function
        The name of the function; for a lambda or comprehension that of the one around it.
    """

    file: str
    line: int
    function: str

    @property
    def where(self) -> str:
        """The file or cell and the line, without the function."""
        cell = _cell_number(self.file)
        return f"{PurePath(self.file).name}:{self.line}" if cell is None else f"cell [{cell}], line {self.line}"

    def __str__(self) -> str:
        return f"{self.where}, in {self.function}"


def place_in(code: CodeType, line: int) -> Place:
    """Return a line of some code.

    Examples
    --------
    >>> place_in((lambda: None).__code__, 7).function
    '<lambda>'
    """
    named = [part for part in code.co_qualname.split(".") if not part.startswith("<")]
    return Place(code.co_filename, line, named[-1] if named else code.co_name)


def place_of(frame: FrameType) -> Place:
    """Return the line at which a frame stands.

    Examples
    --------
    >>> place_of(sys._getframe()).function
    '<module>'
    """
    return place_in(frame.f_code, frame.f_lineno)


def _cell_number(file: str) -> int | None:
    """Return the number of the notebook cell that a file name stands for."""
    shell = sys.modules.get("IPython")
    current = shell.get_ipython() if shell is not None and hasattr(shell, "get_ipython") else None
    numbers = getattr(getattr(current, "compile", None), "_filename_map", None)
    number = numbers.get(file) if isinstance(numbers, dict) else None
    return number if isinstance(number, int) else None
