"""Which part of a configuration keeps growing: what to tell about a search that did not come to an end."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from phasm_lab.machine.data import freeze

if TYPE_CHECKING:
    from phasm_lab.checks.space import Space

__all__ = ["Growth"]

LEVEL_COUNT = 6
"""Levels in each of which a part must have taken new values to be said to keep growing."""

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
        """Return what keeps growing, with a leading semicolon; "" where nothing does or the search was short."""
        recent = self._sizes[-LEVEL_COUNT:]
        if len(recent) < LEVEL_COUNT:
            return ""
        growing = [
            name
            for index, name in enumerate(self._parts)
            if all(after[index] > before[index] for before, after in pairwise(recent))
        ]
        told = [self._told(name) for name in growing]
        return f"; new values still come up in {', '.join(told)}" if told else ""

    def _told(self, name: str) -> str:
        if name in ("the state", "the environment"):
            fields = _widest_fields([version.view() for version in self._parts[name].values[-SAMPLE_COUNT:]])
            if fields:
                return f"{name} ({', '.join(fields)})"
        return name


def _widest_fields(values: list[Any]) -> list[str]:
    """Return the fields that take most different values among these, the widest first, at most two."""
    names = list(getattr(values[0], "__dataclass_fields__", ()))
    counts = {name: len({freeze(getattr(value, name, None)) for value in values}) for name in names}
    widest = sorted((name for name in names if counts[name] > 1), key=lambda name: -counts[name])
    return [name for name in widest[:2] if counts[name] * 2 > counts[widest[0]]]
