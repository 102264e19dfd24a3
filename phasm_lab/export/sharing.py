"""Plain data as a table in which equal parts stand once: what repeats from step to step is stored for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["UNPACK", "Table", "unpack"]

LONGEST_WHOLE_TEXT = 200

UNPACK = """\
const unpack = ({ shapes, parts }) => {
  const made = [];
  for (const part of parts) {
    if (!Array.isArray(part)) made.push(part);
    else if (part[0] === -1) made.push(`${made[part[1]]}\\n${made[part[2]]}`);
    else if (part[0] === 0) made.push(part.slice(1).map((index) => made[index]));
    else made.push(Object.fromEntries(shapes[part[0] - 1].map((key, place) => [key, made[part[place + 1]]])));
  }
  return made.at(-1);
};
"""
"""The twin of `unpack` in the browser."""


class Table:
    """Parts of plain data (as JSON has it), each standing after the parts that it is made of.

    A part is a plain value or a list of numbers: ``[0, ...]`` an array of parts, ``[-1, a, b]`` the lines of text ``a``
    followed by the line ``b`` (of a growing text only what is new is stored), ``[n, ...]`` an object with the keys of shape
    ``n - 1``.

    Examples
    --------
    >>> table = Table()
    >>> table.add([{"id": 1}, {"id": 1}])
    2
    >>> table.parts, table.shapes
    ([1, [1, 0], [0, 1, 1]], [['id']])
    """

    def __init__(self) -> None:
        self.parts: list[Any] = []
        self.shapes: list[list[str]] = []
        self._part_indexes: dict[Hashable, int] = {}
        self._shape_indexes: dict[tuple[str, ...], int] = {}
        self._seen: dict[int, tuple[Any, int]] = {}

    def add(self, value: Any) -> int:
        """Add a value and return its index among the parts."""
        if isinstance(value, dict | list):
            # Held, so that nothing else gets its id.
            known = self._seen.get(id(value))
            if known is None:
                known = self._seen[id(value)] = (value, self._add_container(value))
            return known[1]
        if isinstance(value, str) and len(value) > LONGEST_WHOLE_TEXT and "\n" in value:
            return self._add_lines(value.split("\n"))
        return self._index((type(value), value), value)

    def plain(self) -> dict[str, Any]:
        """Return the table as JSON has it; its last part is what was added last."""
        return {"shapes": self.shapes, "parts": self.parts}

    def _add_container(self, value: dict[str, Any] | list[Any]) -> int:
        if isinstance(value, list):
            part = [0, *map(self.add, value)]
        else:
            part = [self._shape(tuple(value)) + 1, *map(self.add, value.values())]
        return self._index(tuple(part), part)

    def _add_lines(self, lines: list[str]) -> int:
        index = self.add(lines[0])
        for line in lines[1:]:
            part = [-1, index, self._index((str, line), line)]
            index = self._index(tuple(part), part)
        return index

    def _shape(self, keys: tuple[str, ...]) -> int:
        if keys not in self._shape_indexes:
            self._shape_indexes[keys] = len(self.shapes)
            self.shapes.append(list(keys))
        return self._shape_indexes[keys]

    def _index(self, key: Hashable, part: Any) -> int:
        if key not in self._part_indexes:
            self._part_indexes[key] = len(self.parts)
            self.parts.append(part)
        return self._part_indexes[key]


def unpack(table: dict[str, Any]) -> Any:
    """Return what was added last to a table, given as `Table.plain` returns it."""
    made: list[Any] = []
    for part in table["parts"]:
        if not isinstance(part, list):
            made.append(part)
        elif part[0] == -1:
            made.append(f"{made[part[1]]}\n{made[part[2]]}")
        elif part[0] == 0:
            made.append([made[index] for index in part[1:]])
        else:
            made.append(dict(zip(table["shapes"][part[0] - 1], (made[index] for index in part[1:]), strict=True)))
    return made[-1]
