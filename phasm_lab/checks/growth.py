"""Which part of a configuration keeps growing: what to tell about a search that did not come to an end."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from phasm_lab.machine.data import freeze

if TYPE_CHECKING:
    from collections.abc import Hashable

    from phasm_lab.checks.space import Space

__all__ = ["Growth"]

LEAST_LEVEL_COUNT = 8
"""Levels of a search too short to tell."""

SAMPLE_COUNT = 500


class Growth:
    """Notes after each level how many values each part of a configuration has taken."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self._parts = {
            "the state": space.states,
            "the environment": space.environments,
            "what is queued": space.queues,
            "what is on the wire": space.request_sets,
            "the results on the wire": space.result_sets,
        }
        self._sizes: list[tuple[int, ...]] = []

    def note(self) -> None:
        """Note the sizes after a level."""
        self._sizes.append(tuple(map(len, self._parts.values())))

    def sentence(self) -> str:
        """Return what took new values in both last quarters of the search, with a leading semicolon; "" where nothing did."""
        count = len(self._sizes)
        if count < LEAST_LEVEL_COUNT:
            return ""
        recent = [self._sizes[count // 2], self._sizes[count * 3 // 4], self._sizes[-1]]
        growing = [
            name
            for index, name in enumerate(self._parts)
            if all(after[index] > before[index] for before, after in pairwise(recent))
        ]
        told = [self._told(name) for name in growing]
        return f"; new values still come up in {', '.join(told)}" if told else ""

    def _told(self, name: str) -> str:
        if name in ("the state", "the environment"):
            fields = _widest_fields(self._parts[name][-SAMPLE_COUNT:])
            if fields:
                return f"{name} ({', '.join(fields)})"
        return name


def _widest_fields(versions: list[Any]) -> list[str]:
    """Return the fields that take most different values in these versions, the widest first, at most two."""
    values: dict[str, set[Hashable]] = {}
    for version in versions:
        view = version.view()
        for name in getattr(view, "__dataclass_fields__", ()):
            values.setdefault(name, set()).add(freeze(getattr(view, name, None)))
    widest = sorted((name for name in values if len(values[name]) > 1), key=lambda name: -len(values[name]))
    return [name for name in widest[:2] if len(values[name]) * 2 > len(values[widest[0]])]
