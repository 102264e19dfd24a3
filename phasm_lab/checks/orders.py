"""States that differ in the order of a dict alone: they count as one, so a machine that depends on the order is named.

Theory of operation. Equality is by value, and the order of a dict is no part of it. A search numbers states by value, so of
two that differ in order alone it goes on from the one that it met first. While states are numbered, some such pairs are kept;
when the search has ended, both of a pair get the same inputs. Where they do the same, nothing was missed by taking them for
one. What it does not see: pairs after the first few thousand states, and orders in the environment.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import is_dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.memory import MemoryVersion
from phasm_lab.engine.transition import attempt
from phasm_lab.errors import PhasmLabError
from phasm_lab.machine.data import ATOMIC, field_names, freeze
from phasm_lab.machine.text import line_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from phasm_lab.checks.space import Space
    from phasm_lab.engine.versions import Version

__all__ = ["Orders"]

MAX_LOOK_COUNT = 4_096
"""States that are looked at as they are numbered."""

MAX_PAIR_COUNT = MAX_INPUT_COUNT = 12


class Orders:
    """Keeps pairs of states that differ in the order of a dict alone.

    Attributes
    ----------
    problem
        What depends on such an order, once `compare` has come to its end; else "".
    """

    def __init__(self) -> None:
        self.problem = ""
        self._left = MAX_LOOK_COUNT
        self._firsts: dict[Hashable, tuple[tuple[Any, ...], MemoryVersion]] = {}
        self._pairs: list[tuple[MemoryVersion, MemoryVersion]] = []

    def frozen(self, version: Version) -> Hashable:
        """Return the canonical value of a state that is numbered."""
        value = version.frozen()
        # A version that would have to be gone back to first is left alone.
        if self._left and isinstance(version, MemoryVersion) and version.segment.position is version:
            self._look(version, value)
        return value

    def _look(self, version: MemoryVersion, value: Hashable) -> None:
        self._left -= 1
        orders = tuple(_orders(version.segment.root))
        if orders:
            known, first = self._firsts.setdefault(value, (orders, version))
            if known != orders and len(self._pairs) < MAX_PAIR_COUNT:
                self._pairs.append((first, version))

    def compare(self, space: Space) -> Iterator[None]:
        """Give both of each pair the same inputs until they do not do the same; yields after each pair."""
        for pair in self._pairs:
            for consumed in (*islice(space.consumed, MAX_INPUT_COUNT), None):
                first, second = (_done(space, version, consumed) for version in pair)
                if first != second:
                    told = "restore" if consumed is None else line_of(consumed)
                    self.problem = (
                        f"what depends on the order of a dict: {told} does something else on a state that differs in it alone, "
                        "and a search takes such states for one; keep what has an order in a list"
                    )
                    return
            yield


def _orders(value: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the keys, in order, of each dict that has an order."""
    if isinstance(value, dict):
        if len(value) > 1:
            yield tuple(value)
        parts: Any = dict.values(value)
    elif isinstance(value, list):
        parts = list.__iter__(value)
    elif is_dataclass(value):
        parts = [getattr(value, name, None) for name in field_names(value.__class__)]
    else:
        return
    for part in parts:
        if type(part) not in ATOMIC:
            yield from _orders(part)


def _done(space: Space, version: MemoryVersion, consumed: Any) -> Hashable:
    """Return what stf does to a state, or restore where nothing is consumed, so that it can be compared."""
    machine, limits = space.scenario.machine, space.limits
    try:
        if consumed is None:
            tried = attempt("restore", machine.restore, version, (), limits, keep=False)
            return frozenset(Counter(map(freeze, tried.actions)).items())
        tried = attempt("stf", machine.stf, version, (consumed,), limits)
    except PhasmLabError as error:
        return type(error).__name__
    refused = "" if tried.refusal is None else tried.refusal.text.partition(":")[0]
    return (tried.version.frozen(), tuple(map(freeze, tried.actions)), refused)
