"""The configurations of the history as a graph: equal ones are one node; column = fewest steps from the start."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phasm_lab.engine.events import Crash, Deliver, Dispatch, Fire, Perform, Recover
from phasm_lab.machine.values import Untracked
from phasm_lab.trace.history import Node
from phasm_lab.views.panel import step_title

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.step import Step
    from phasm_lab.views.facts import FactBook
    from phasm_lab.views.run_shapes import Edge, Graph, GraphNode
    from phasm_lab.views.shapes import Mark

__all__ = ["GROUPINGS", "MAX_NODE_COUNT", "GraphBook", "mark_of"]

GROUPINGS = ("none", "process", "in flight", "state")
MAX_NODE_COUNT = 500
"""Nodes above which only the neighbourhood of the selected run is shown."""

SWEEP_COUNT = 4


@dataclass
class _Place:
    """One node of the graph."""

    key: int
    first: Node
    label: str
    broken: bool
    column: int = 0
    order: float = 0.0
    after: dict[int, Node] = field(default_factory=dict)
    before: set[int] = field(default_factory=set)


class GraphBook:
    """The graph of a lab's history, kept from one change to the next."""

    def __init__(self, book: FactBook) -> None:
        self.book = book
        self._keys: dict[str, list[Hashable]] = {by: [] for by in GROUPINGS}

    def graph(self, by: str = "none") -> Graph:
        """Return the graph, grouped as `by` says; at most 500 nodes, those nearest to the selected run."""
        by = by if by in GROUPINGS else "none"
        places, homes = self._places(by)
        _set_columns(places)
        selected = [homes[node.number] for node in self.book.lab.selected.path()]
        shown = _nearest(places, selected) if len(places) > MAX_NODE_COUNT else places
        _set_orders(shown)
        steps = set(itertools.pairwise(selected))
        return {
            "nodes": [_node(place, by) for place in shown.values()],
            "edges": [
                _edge(place.key, target, node, selected=(place.key, target) in steps)
                for place in shown.values()
                for target, node in place.after.items()
                if target in shown
            ],
            "shown": len(shown),
            "total": len(places),
            "by": by,
            "groupings": list(GROUPINGS),
        }

    def _places(self, by: str) -> tuple[dict[int, _Place], list[int]]:
        """Return the nodes of the graph by key, and for each step the key of its node."""
        places: dict[int, _Place] = {}
        numbers: dict[Hashable, int] = {}
        homes: list[int] = []
        for node, key in zip(self.book.lab.history.nodes, self._keys_of_all(by), strict=True):
            number = numbers.setdefault(key, len(numbers))
            homes.append(number)
            broken = bool(self.book.of(node).broken)
            if number not in places:
                places[number] = _Place(number, node, _label(by, node), broken)
            places[number].broken |= broken
            if node.parent is not None and homes[node.parent.number] != number:
                source = places[homes[node.parent.number]]
                source.after.setdefault(number, node)
                places[number].before.add(source.key)
        return places, homes

    def _keys_of_all(self, by: str) -> list[Hashable]:
        known = self._keys[by]
        for node in self.book.lab.history.nodes[len(known) :]:
            known.append(_key(by, node.configuration))
        return known


def _key(by: str, configuration: Configuration) -> Hashable:
    if by == "none":
        return configuration.key()
    if by == "state":
        return configuration.state.frozen()
    process = (configuration.up, configuration.life)
    return process if by == "process" else (*process, *_counts(configuration))


def _counts(configuration: Configuration) -> tuple[int, int, int]:
    return len(configuration.queue), len(configuration.requests), len(configuration.results)


def _label(by: str, node: Node) -> str:
    configuration = node.configuration
    if by in ("none", "state"):
        return step_title(node)
    process = _process(configuration)
    if by == "process":
        return process
    parts = zip(_counts(configuration), ("queued", "request", "result"), strict=True)
    return ", ".join([process, *(f"{count} {word}" for count, word in parts if count)])


def _process(configuration: Configuration) -> str:
    if not configuration.up:
        return "process down"
    return (
        "no crash"
        if not configuration.life
        else "recovered"
        if configuration.life == 1
        else f"life {configuration.life}"
    )


def _set_columns(places: dict[int, _Place]) -> None:
    """Give each node its fewest steps from the start."""
    waiting, seen = deque([0]), {0}
    while waiting:
        place = places[waiting.popleft()]
        for target in place.after:
            if target not in seen:
                seen.add(target)
                places[target].column = place.column + 1
                waiting.append(target)


def _set_orders(places: dict[int, _Place]) -> None:
    """Order each column by the mean place of the neighbours in the column before, then after, a few times over."""
    columns: dict[int, list[_Place]] = {}
    for place in places.values():
        columns.setdefault(place.column, []).append(place)
    for column in columns.values():
        _number(column)
    for sweep in range(SWEEP_COUNT):
        for index in sorted(columns, reverse=bool(sweep % 2)):
            for place in columns[index]:
                neighbours = place.after if sweep % 2 else place.before
                near = [places[key].order for key in neighbours if key in places and places[key].column != index]
                place.order = sum(near) / len(near) if near else place.order
            columns[index].sort(key=lambda place: (place.order, place.key))
            _number(columns[index])


def _number(column: Iterable[_Place]) -> None:
    for order, place in enumerate(column):
        place.order = order


def _nearest(places: dict[int, _Place], selected: list[int]) -> dict[int, _Place]:
    """Return the nodes of the selected run and those nearest to its end."""
    run = list(dict.fromkeys(reversed(selected)))[:MAX_NODE_COUNT]
    kept = dict.fromkeys(run)
    waiting = deque(run)
    while waiting and len(kept) < MAX_NODE_COUNT:
        place = places[waiting.popleft()]
        for key in [*place.after, *place.before]:
            if key not in kept and len(kept) < MAX_NODE_COUNT:
                kept[key] = None
                waiting.append(key)
    return {key: places[key] for key in sorted(kept)}


def _node(place: _Place, by: str) -> GraphNode:
    configuration = place.first.configuration
    quiescent = configuration.quiescent and by != "process"
    return {
        "key": place.key,
        "label": place.label,
        "column": place.column,
        "order": int(place.order),
        "kind": "quiescent" if quiescent else "up" if configuration.up else "down",
        "broken": place.broken,
        "step": place.first.number,
    }


def _edge(source: int, target: int, node: Node, *, selected: bool) -> Edge:
    assert node.step is not None
    return {
        "source": source,
        "target": target,
        "mark": mark_of(node.step),
        "label": step_title(node),
        "selected": selected,
    }


def mark_of(step: Step) -> Mark:
    """Return the mark of a step."""
    if step.record.result in ("down", "unknown"):
        return "crash"
    if step.record.result in ("rejected", "failed"):
        return "rejected"
    match step.event:
        case Fire():
            return "input"
        case Dispatch(action=Untracked()):
            return "untracked"
        case Dispatch() | Perform():
            return "tracked"
        case Deliver():
            return "commit"
        case Crash():
            return "crash"
        case Recover():
            return "recover"
    return "storage"
