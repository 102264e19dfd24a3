"""Which code is the machine's own: written by the user, and not an installed package that it only uses."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.accesses import is_users
from phasm_lab.interpreter.lines import code_of

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Ownership"]

_INSTALLED = frozenset({"site-packages", "dist-packages"})


class Ownership:
    """Tells from a file name whether code in it is the machine's own.

    Parameters
    ----------
    functions
        stf and restore: a package that they are installed with is their own.

    Examples
    --------
    >>> is_own = Ownership([])
    >>> is_own("payments.py"), is_own("lib/site-packages/pandas/core.py")
    (True, False)
    """

    def __init__(self, functions: Iterable[Any]) -> None:
        codes = [code for function in functions if (code := code_of(function)) is not None]
        self._packages = frozenset(_package(code.co_filename) for code in codes) - {""}
        self._known: dict[str, bool] = {}

    def __call__(self, file: str) -> bool:
        """Tell whether code in a file is the machine's own."""
        known = self._known.get(file)
        if known is None:
            package = _package(file)
            known = self._known[file] = is_users(file) and (not package or package in self._packages)
        return known


def _package(file: str) -> str:
    """Return the name of the installed package that a file belongs to, or ""."""
    parts = PurePath(file).parts
    places = [index for index, part in enumerate(parts[:-1]) if part in _INSTALLED]
    return parts[places[-1] + 1] if places else ""
