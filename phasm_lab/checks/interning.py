"""Tables that give each different value a small number, so that a search works with integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

__all__ = ["Table"]

Value = TypeVar("Value")


class Table(Generic[Value]):
    """Numbers values from 0 on, equal ones alike.

    Parameters
    ----------
    key
        Returns a hashable stand-in that is equal exactly where the values are.

    Examples
    --------
    >>> table = Table(str)
    >>> table.number(7), table.number("7"), table.number(8), table[1]
    (0, 0, 1, 8)
    """

    __slots__ = ("_key", "_numbers", "values")

    def __init__(self, key: Callable[[Value], Hashable]) -> None:
        self._key = key
        self._numbers: dict[Hashable, int] = {}
        self.values: list[Value] = []

    def number(self, value: Value) -> int:
        """Return the number of a value, a new one if no equal value has one."""
        key = self._key(value)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self.values)
            self.values.append(value)
        return found

    def __getitem__(self, number: int) -> Value:
        return self.values[number]

    def __len__(self) -> int:
        return len(self.values)
