"""Configurations of a search put together by what a person wants to see, or each on its own; and which of them to show."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from phasm_lab.engine.events import Deliver, Perform
from phasm_lab.errors import DefinitionError
from phasm_lab.machine.data import freeze
from phasm_lab.views.search_graph_changes import DEATHS
from phasm_lab.views.search_graph_nodes import BANDS, Met
from phasm_lab.views.words import bare, count_of, event_title, id_text

if TYPE_CHECKING:
    from phasm_lab.views.search_graph_changes import Move

__all__ = ["By", "GroupEdge", "Groups", "fields_of", "name_of"]

By: TypeAlias = str | Callable[[Any], Any] | None
"""How to group: a name, a function of `here`, or None for each configuration on its own."""

NAMED = ("process", "depth", "state")
"""Groupings that every scenario has; the others are the fields of its state and of its environment."""

MAX_LABEL_LENGTH = 60


class GroupEdge(NamedTuple):
    """Events of one kind that spend one budget, or deaths, from the configurations of one group to those of another.

    Attributes
    ----------
    source, target
        The groups.
    move
        The first of the events.
    event_count
        How many there are.
    """

    source: int
    target: int
    move: Move
    event_count: int


class Groups:
    """The groups of the configurations that a search met, numbered in the order in which it met them.

    A group never mixes configurations that stand in different bands, so it can be drawn in one.

    Parameters
    ----------
    met
        The configurations.
    by
        How to group them.

    Attributes
    ----------
    homes
        By node: its group.
    firsts, counts
        By group: its first node, and how many nodes it has.
    broken
        Groups with a node that is broken.

    Raises
    ------
    DefinitionError
        If there is no such grouping, or the function raises.
    """

    def __init__(self, met: Met, by: By = None) -> None:
        self.met = met
        self.by = by
        self.firsts: list[int] = []
        self.counts: list[int] = []
        self._values: list[Any] = []
        self.homes = list(range(len(met))) if by is None else self._grouped(_value_of(met, by))
        if by is None:
            self.firsts, self.counts = self.homes, [1] * len(met)
        self.broken = frozenset(self.homes[key] for key in met.broken)
        self._edges: list[GroupEdge] | None = None
        self._around: list[list[int]] | None = None

    def _grouped(self, value_of: Callable[[int], tuple[Any, Hashable]]) -> list[int]:
        numbers: dict[Hashable, int] = {}
        homes = []
        for node in range(len(self.met)):
            value, frozen = value_of(node)
            group = numbers.setdefault((self.met.band(node), frozen), len(numbers))
            if group == len(self.firsts):
                self.firsts.append(node)
                self.counts.append(0)
                self._values.append(value)
            self.counts[group] += 1
            homes.append(group)
        return homes

    def __len__(self) -> int:
        return len(self.firsts)

    def label(self, group: int) -> str:
        """Return what a group is called: its value, or the event that first led to the configuration."""
        node = self.firsts[group]
        if self.by is None:
            move = self._move_to(node)
            if move is None:
                return "start"
            return "crash" if move.fault in DEATHS else event_title(move.event, move.value)
        if self.by == "process":
            return BANDS[self.met.band(node)]
        return (
            count_of(self._values[group], "step") if self.by == "depth" else bare(self._values[group], MAX_LABEL_LENGTH)
        )

    def short(self, group: int) -> str:
        """Return what a group is called where there is little room: without what was answered."""
        move = self._move_to(self.firsts[group]) if self.by is None else None
        if move is not None and isinstance(move.event, Perform | Deliver) and move.fault not in DEATHS:
            action = move.event.request.action if isinstance(move.event, Perform) else move.event.result.action
            return f"{move.kind} {id_text(action.id)}"
        return self.label(group)

    def _move_to(self, node: int) -> Move | None:
        parent = self.met.parents[node]
        return self.met.move(parent, node) if parent >= 0 else None

    def run(self, finding: int) -> list[int]:
        """Return the groups that the run of a finding goes through, in order; just the start where there is no finding."""
        nodes = self.met.runs[finding] if 0 <= finding < len(self.met.runs) else [0]
        groups = [self.homes[node] for node in nodes]
        return [group for index, group in enumerate(groups) if not index or groups[index - 1] != group]

    # What leads where.

    def edges(self, shown: Iterable[int]) -> Iterator[GroupEdge]:
        """Yield what leads from one of the groups shown to another; what stays within a group is left out."""
        kept = set(shown)
        if self.by is not None:
            yield from (edge for edge in self._all_edges() if edge.source in kept and edge.target in kept)
            return
        for source in sorted(kept):
            for target in self.met.following(source):
                if target in kept:
                    yield GroupEdge(source, target, self.met.move(source, target), 1)

    def _all_edges(self) -> list[GroupEdge]:
        if self._edges is None:
            met, homes = self.met, self.homes
            firsts: dict[tuple[int, int, str], tuple[int, int]] = {}
            counts: Counter[tuple[int, int, str]] = Counter()
            for source in range(len(met)):
                for target in met.following(source):
                    if homes[source] != homes[target]:
                        key = homes[source], homes[target], met.sort(source, target)
                        firsts.setdefault(key, (source, target))
                        counts[key] += 1
            self._edges = [GroupEdge(*key[:2], met.move(*ends), counts[key]) for key, ends in firsts.items()]
        return self._edges

    # Which to show.

    def first(self, limit: int, finding: int = 0) -> list[int]:
        """Return the groups of a finding's run and those of fewest steps, so many in all; of a longer run all of it."""
        kept = dict.fromkeys(self.run(finding))
        for group in range(len(self)):
            if len(kept) >= limit:
                break
            kept[group] = None
        return sorted(kept)

    def nearest(self, start: Iterable[int], limit: int) -> list[int]:
        """Return some groups and those fewest events away from them, either way, so many in all; of more than that all."""
        around = self._neighbours()
        return _spread(start, limit, around.__getitem__)

    def next_after(self, start: Iterable[int], limit: int) -> list[int]:
        """Return some configurations and those that follow first, so many in all: quick also where there are many."""
        return _spread(start, limit, self.met.following)

    def _neighbours(self) -> list[list[int]]:
        if self._around is None:
            self._around = [[] for _ in self.firsts]
            for source in range(len(self.met)):
                for target in self.met.following(source):
                    one, other = self.homes[source], self.homes[target]
                    if one != other:
                        self._around[one].append(other)
                        self._around[other].append(one)
        return self._around


def _spread(start: Iterable[int], limit: int, around: Callable[[int], Iterable[int]]) -> list[int]:
    kept = dict.fromkeys(start)
    waiting = deque(kept)
    while waiting and len(kept) < limit:
        for group in around(waiting.popleft()):
            if group not in kept and len(kept) < limit:
                kept[group] = None
                waiting.append(group)
    return sorted(kept)


def name_of(by: By) -> str:
    """Return what a grouping is called."""
    return "" if by is None else by if isinstance(by, str) else getattr(by, "__name__", type(by).__name__)


def fields_of(met: Met) -> list[str]:
    """Return the fields of the state and of the environment, by which configurations can be grouped."""
    here = met.here(0)
    parts = [part for part in (here.state, here.environment) if is_dataclass(part) and not isinstance(part, type)]
    names = [field.name for part in parts for field in fields(part)]
    return [name for name in dict.fromkeys(names) if name not in NAMED]


def _value_of(met: Met, by: str | Callable[[Any], Any]) -> Callable[[int], tuple[Any, Hashable]]:
    """Return a function that gives the value of a node, and a stand-in for it that can be looked up."""
    if by == "process":
        return lambda _: ("", "")
    if by == "depth":
        return lambda node: (met.depths[node], met.depths[node])
    if by == "state":
        return lambda node: (met.state_text(node), met.parts(node)[0])
    return _Valued(met, by if callable(by) else _field(met, by)).of


def _field(met: Met, name: Any) -> Callable[[Any], Any]:
    names = fields_of(met)
    if name not in names:
        raise DefinitionError(
            f"graph(by={name!r})",
            "there is no such grouping, and no field of the state or the environment is called so",
            "give a function of here, or name one of",
            [*NAMED, *names],
        )

    def field(here: Any) -> Any:
        return getattr(here.state if hasattr(here.state, name) else here.environment, name)

    return field


class _Valued:
    """A function of `here`, called once for each different state and environment where it looks at no more."""

    def __init__(self, met: Met, function: Callable[[Any], Any]) -> None:
        self._met = met
        self._function = function
        self._known: dict[tuple[int, int], tuple[Any, Hashable]] = {}

    def of(self, node: int) -> tuple[Any, Hashable]:
        """Return the value of a node, and its stand-in."""
        parts = self._met.parts(node)
        found = self._known.get(parts)
        if found is None:
            here = self._met.here(node)
            try:
                # A copy by its text: the state moves on to other versions, and a value inside it with it.
                value = self._function(here)
                found = bare(value, MAX_LABEL_LENGTH), freeze(value)
            except Exception as error:
                raise DefinitionError(
                    f"graph(by={name_of(self._function)})",
                    f"it raised {type(error).__name__}: {error} after {count_of(self._met.depths[node], 'step')}",
                    "let it return a value for every configuration",
                ) from error
            if not here.looked_further:
                self._known[parts] = found
        return found
