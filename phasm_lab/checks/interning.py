"""Tables that give each different value a small number, and functions of numbers that remember: a search works with integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

__all__ = ["Remembered", "SearchEndedError", "Table", "TableFullError"]

Value = TypeVar("Value")

MAX_COUNT = 1 << 24


class SearchEndedError(Exception):
    """The search cannot go on; its text says why, and what was found stays."""


class TableFullError(SearchEndedError):
    """There are more different values than a place has room for."""


class Remembered(dict[int, Value]):
    """What a function returned for each number, worked out when it is first asked for.

    Parameters
    ----------
    make
        The function.

    Examples
    --------
    >>> squares = Remembered(lambda number: number * number)
    >>> squares[7], len(squares)
    (49, 1)
    """

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[int], Value]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: int) -> Value:
        """Work out what was not asked for before."""
        found = self[key] = self._make(key)
        return found


class Table(list[Value]):
    """Numbers values from 0 on, equal ones alike; as a list it is these values.

    Parameters
    ----------
    key
        Returns a hashable stand-in that is equal exactly where the values are; None where the values are that themselves.
    max_count
        How many different values there may be.

    Examples
    --------
    >>> table = Table(str)
    >>> table.number(7), table.number("7"), table.number(8), table[1]
    (0, 0, 1, 8)
    """

    __slots__ = ("_key", "_max_count", "_numbers")

    def __init__(self, key: Callable[[Value], Hashable] | None = None, max_count: int = MAX_COUNT) -> None:
        super().__init__()
        self._key = key
        self._max_count = max_count
        self._numbers: dict[Hashable, int] = {}

    def number(self, value: Value) -> int:
        """Return the number of a value, a new one if no equal value has one.

        Raises
        ------
        TableFullError
            If there are too many.
        """
        key: Hashable = value if self._key is None else self._key(value)
        found = self._numbers.get(key)
        if found is None:
            found = len(self)
            if found >= self._max_count:
                raise TableFullError(f"more than {self._max_count:,} different values of one part")
            self._numbers[key] = found
            self.append(value)
        return found
