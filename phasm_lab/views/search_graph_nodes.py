"""The configurations that a search met, numbered in the order in which it met them, and what is known of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.checks.watched import WatchedHere
from phasm_lab.errors import EndlessError, PhasmLabError
from phasm_lab.machine.text import text_of
from phasm_lab.trace.labels import shorten
from phasm_lab.views.search_graph_events import Moves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.checks.explore import Search
    from phasm_lab.checks.findings import Finding, Report
    from phasm_lab.checks.parts import Node
    from phasm_lab.machine.properties import Property
    from phasm_lab.views.search_graph_changes import Move

__all__ = ["BANDS", "Met"]

BANDS = ("no crash", "process down", "recovered")
"""What the process may be doing, from the first crash on; a configuration stands in one of these bands."""

MAX_STATE_LENGTH = 200


class Met:
    """What a search met; places that are one configuration are one node, numbered from 0, the start.

    Parameters
    ----------
    report
        The report of the search.

    Attributes
    ----------
    places
        By node: the first place that is this configuration.
    parents
        By node: the node that it was met from, -1 for the start.
    depths
        By node: the fewest steps from the start.
    runs
        For each finding of the report the nodes of its run, from the start on.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        search: Search = report.search
        self.search = search
        self.moves = Moves(search)
        self.places: list[int] = []
        self.parents: list[int] = []
        self.depths: list[int] = []
        self._nodes: list[Node] = []
        self._keys: dict[Node, int] = {}
        self._homes: dict[int, int] = {-1: -1}
        self._number()
        self.runs = [self._run(finding) for finding in report.findings]
        self._expanded_count = len(self.places) if search.complete else self._last_parent() + 1
        self._states: dict[int, str] = {}
        self._broken: frozenset[int] | None = None

    def _number(self) -> None:
        node_of, seen = self.search.successors.node, self.search.seen
        for depth, place in self.search.places():
            node = node_of(place)
            key = self._keys.setdefault(node, len(self.places))
            self._homes[place] = key
            if key == len(self.places):
                self.places.append(place)
                self.parents.append(self._homes[seen[place]])
                self.depths.append(depth)
                self._nodes.append(node)

    def _run(self, finding: Finding) -> list[int]:
        """Return the nodes of a run; a step that leads to what the search did not meet, as a probe does, is left out."""
        space = self.search.space
        steps = [space.node(step.configuration._replace(untracked=())) for step in finding.trace]
        return [0, *(self._keys[node] for node in steps if node in self._keys)]

    def _last_parent(self) -> int:
        """Return the last node that something was met from: a search that was cut short expanded those up to it."""
        return max(self.parents)

    def __len__(self) -> int:
        return len(self.places)

    # What is known of a node.

    def is_up(self, key: int) -> bool:
        """Tell whether the process is up."""
        return self.search.successors.is_up(self.places[key])

    def life(self, key: int) -> int:
        """Return how often the process died before."""
        return self.search.space.phases[self._nodes[key].phase].mode // 2

    def is_quiescent(self, key: int) -> bool:
        """Tell whether the process is up, nothing is queued and nothing is on the wire."""
        return self.search.successors.is_quiescent(self.places[key])

    def band(self, key: int) -> int:
        """Return the index of the node's band."""
        mode = self.search.space.phases[self._nodes[key].phase].mode
        return 1 if not mode % 2 else 2 if mode > 1 else 0

    def here(self, key: int) -> WatchedHere:
        """Return the node as a property sees it."""
        return WatchedHere(self.search.space, self._nodes[key])

    def parts(self, key: int) -> tuple[int, int]:
        """Return the numbers of state and environment."""
        node = self._nodes[key]
        return node.state, node.environment

    def state_text(self, key: int) -> str:
        """Return the state as Python shows it, shortened."""
        state = self._nodes[key].state
        if state not in self._states:
            self._states[state] = shorten(text_of(self.here(key).state), MAX_STATE_LENGTH)
        return self._states[state]

    def following(self, key: int) -> Iterator[int]:
        """Yield the nodes that follow one, each once; none where the search had ended before it got there."""
        if key >= self._expanded_count:
            return
        homes, keys, node_of = self._homes, self._keys, self.search.successors.node
        seen = set()
        for place in self.search.successors.of(self.places[key]):
            home = homes.get(place)
            if home is None:
                home = homes[place] = keys.get(node_of(place), -1)
            if home >= 0 and home not in seen:
                seen.add(home)
                yield home

    def move(self, source: int, target: int) -> Move:
        """Return the event between two nodes."""
        return self.moves.between(self.places[source], self.places[target])

    def sort(self, source: int, target: int) -> str:
        """Return what sort of event leads from one node to another."""
        return self.moves.sort(self.places[source], self.places[target])

    # What is broken.

    @property
    def broken(self) -> frozenset[int]:
        """The nodes where a property is broken, and those where the run of a finding ends."""
        if self._broken is None:
            ends = [run[-1] for run in self.runs]
            self._broken = frozenset([*ends, *self._judged()])
        return self._broken

    def _judged(self) -> Iterator[int]:
        """Judge what is claimed of each node, once for each different state and environment where no more was looked at."""
        claims = [claim for claim in self.report.scenario.properties if claim.kind != "sometimes"]
        for claim in claims:
            known: dict[tuple[int, int], bool] = {}
            for key in range(len(self)):
                if claim.kind == "when_quiescent" and not self.is_quiescent(key):
                    continue
                parts = self.parts(key)
                holds = known.get(parts)
                if holds is None:
                    here = self.here(key)
                    holds = self._holds(claim, here)
                    if not here.looked_further:
                        known[parts] = holds
                if not holds:
                    yield key

    def _holds(self, claim: Property, here: Any) -> bool:
        """Judge a claim; one that raises says nothing about the machine, and is a finding of its own."""
        try:
            return bool(self.search.space.limits.call(claim.judge, here)[0])
        except (EndlessError, PhasmLabError):
            return True
