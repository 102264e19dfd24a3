"""What SQLite calls back: functions that would read the clock or chance, and the question whether to go on."""

from __future__ import annotations

import atexit
import sqlite3
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["STEPS_BETWEEN_LOOKS", "Patience", "Problem", "install"]

STEPS_BETWEEN_LOOKS = 1_000_000
MAX_LOOK_COUNT = 100
"""Looks, each after so many steps of SQLite's machine, after which a transition's SQL is taken to be endless."""

Problem: TypeAlias = tuple[str, str]
"""What is the case, and what to do."""

_CHANCE = {"random": 0, "randomblob": 1}
_CLOCK = ("current_date", "current_time", "current_timestamp")
_DATES = {"date": 0, "datetime": 0, "julianday": 0, "strftime": 1, "time": 0, "timediff": 0, "unixepoch": 0}
"""Functions of a point in time, with the index of the argument that is one."""

_PASS_IT_IN = "pass the value in with the input and bind it as a parameter"  # noqa: S105 - advice, not a secret


class ForbiddenFunctionError(Exception):
    """A function would have read what is not part of the state; SQLite hides it, so the problem is reported too."""


class Patience:
    """Counts how often SQLite asked whether to go on."""

    __slots__ = ("look_count",)

    def __init__(self) -> None:
        self.look_count = 0

    def look(self) -> int:
        """Tell SQLite whether to stop."""
        self.look_count += 1
        return int(self.look_count > MAX_LOOK_COUNT)


def install(connection: sqlite3.Connection, report: Callable[[Problem], None]) -> None:
    """Replace the functions on a connection; `report` is told when one of them is called that must not be."""

    def refuse(case: str, *_: Any) -> Any:
        report((case, _PASS_IT_IN))
        raise ForbiddenFunctionError(case)

    def date(name: str, first: int, *arguments: Any) -> Any:
        case = _date_problem(name, arguments[first:])
        return refuse(case) if case else _calculate(name, arguments)

    for name, count in _CHANCE.items():
        connection.create_function(name, count, partial(refuse, f"{name}() is chance"))
    for name in _CLOCK:
        connection.create_function(name, 0, partial(refuse, f"{name} reads the clock"))
    for name, first in _DATES.items():
        if _is_known(name):
            connection.create_function(name, -1, partial(date, name, first), deterministic=True)


def _date_problem(name: str, times: tuple[Any, ...]) -> str:
    words = [time.strip().lower() for time in times if isinstance(time, str)]
    if not times or "now" in words:
        return f"{name}('now') reads the clock"
    if "localtime" in words or "utc" in words:
        return f"{name}() with 'localtime' or 'utc' depends on where the process runs"
    return ""


@cache
def _calculator() -> sqlite3.Connection:
    """Return a connection with SQLite's own functions, which work out what is allowed."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    atexit.register(connection.close)
    return connection


@cache
def _is_known(name: str) -> bool:
    """Tell whether this SQLite has the function: some came late."""
    found = _calculator().execute("select 1 from pragma_function_list where name = ?", (name,)).fetchone()
    return found is not None


def _calculate(name: str, arguments: tuple[Any, ...]) -> Any:
    marks = ", ".join("?" * len(arguments))
    return _calculator().execute(f"select {name}({marks})", arguments).fetchone()[0]
