"""A configuration: all that the future of a run depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.machine.data import freeze
from phasm_lab.machine.definition import FAULT_NAMES

if TYPE_CHECKING:
    from collections.abc import Hashable

    from phasm_lab.engine.events import Request, Result
    from phasm_lab.engine.versions import Version
    from phasm_lab.machine.values import Tracked, Untracked

__all__ = ["ANSWERED", "LOST", "UNFIRED", "Configuration", "Inputs", "Queued"]

UNFIRED, ANSWERED, LOST = 0, 1, 2
"""What became of an input: still to come; committed or rejected; lost on its way."""


class Inputs(NamedTuple):
    """What became of each input, in a form that does not grow with their number.

    Attributes
    ----------
    next_index
        Every input before this index is used up; the one at it is not.
    beyond
        Indexes after it that are used up too (only with ``order="any"``).
    lost
        Indexes of those that were lost.
    """

    next_index: int = 0
    beyond: frozenset[int] = frozenset()
    lost: frozenset[int] = frozenset()

    def status(self, index: int) -> int:
        """Return UNFIRED, ANSWERED or LOST."""
        if index >= self.next_index and index not in self.beyond:
            return UNFIRED
        return LOST if index in self.lost else ANSWERED

    def use(self, index: int, *, lost: bool = False) -> Inputs:
        """Return the inputs after the one at `index` was answered or lost."""
        next_index, beyond = self.next_index, self.beyond
        if index != next_index:
            beyond |= {index}
        else:
            next_index += 1
            while next_index in beyond:
                beyond -= {next_index}
                next_index += 1
        return Inputs(next_index, beyond, self.lost | {index} if lost else self.lost)


class Queued(NamedTuple):
    """A tracked action in the queue; `restored` where restore put it there."""

    action: Tracked
    life: int
    restored: bool


class Configuration(NamedTuple):
    """State, queue, wire, environment and what is left of the budgets.

    Attributes
    ----------
    state, environment
        Versions of the durable state and of the outside world.
    inputs
        What became of each input of the scenario.
    queue, untracked
        Actions emitted and not yet handed over, oldest first.
    requests, results
        What is on the wire, oldest first.
    up
        Whether the process runs.
    life
        How often it died before.
    budgets
        What is left of each fault, in the order of `FAULT_NAMES`.
    """

    state: Version
    environment: Version
    inputs: Inputs
    queue: tuple[Queued, ...]
    untracked: tuple[Untracked, ...]
    requests: tuple[Request, ...]
    results: tuple[Result, ...]
    up: bool
    life: int
    budgets: tuple[int, ...]

    @property
    def quiescent(self) -> bool:
        """Whether the process is up, no tracked action is queued and nothing is on the wire."""
        return self.up and not self.queue and not self.requests and not self.results

    def budget(self, name: str) -> int:
        """Return what is left of one fault's budget."""
        return self.budgets[FAULT_NAMES.index(name)]

    def key(self) -> Hashable:
        """Return a stand-in that is equal exactly where everything else in the configuration is."""
        return (self.state.frozen(), self.environment.frozen(), freeze(tuple(self[2:])))
