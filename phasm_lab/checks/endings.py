"""How a run of stf or restore ends, as far as queue, wire and budgets see it; and what a search may leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.checks.interning import Table

if TYPE_CHECKING:
    from phasm_lab.engine.scenario import Scenario

__all__ = ["COMMITTED_NOTHING", "DEFAULT_REDUCTIONS", "REFUSED", "Ending", "Reductions", "no_endings"]

REFUSED, COMMITTED_NOTHING = 0, 1
"""The endings that ask nothing of queue and wire."""


class Ending(NamedTuple):
    """How a run of stf or restore ends.

    Attributes
    ----------
    tracked
        Numbers of the tracked actions that it emits, in order.
    refused
        Whether it raised.
    budget
        The budget of the injected error that it met, "" if it met none.
    """

    tracked: tuple[int, ...]
    refused: bool = False
    budget: str = ""


def no_endings() -> Table[Ending]:
    """Return a table with the endings that have fixed numbers."""
    table: Table[Ending] = Table(lambda ending: ending)
    table.number(Ending((), refused=True))
    table.number(Ending(()))
    return table


class Reductions(NamedTuple):
    """What a search may leave out because it leads nowhere else.

    None hides what is broken. But each may lengthen a run, and a claim that looks at what is in flight may tell apart what the
    last two take for one: so `check` searches the whole after a reduced search that found something or met such a claim. They
    save time where there is nothing to find.

    Attributes
    ----------
    crash_between_steps
        Die between steps only: dying in a transition after its commit, some of its actions handed over, leads to where the
        commit, the hand-overs and a crash lead one by one. Every configuration is still seen.
    oldest_dispatch
        Hand over one queued action only: any order of hand-overs leads to the same wire.
    no_perform_while_down
        Leave performing to after the recovery, with which it commutes.
    """

    crash_between_steps: bool = False
    oldest_dispatch: bool = False
    no_perform_while_down: bool = False

    def sound_for(self, scenario: Scenario) -> Reductions:
        """Return those that hide nothing of a scenario.

        Where crashes in a recovery have a budget, which of restore's actions are still queued decides what a crash costs.
        """
        if not scenario.faults.recovery_crashes:
            return self
        return self._replace(crash_between_steps=False, oldest_dispatch=False)

    @property
    def merges(self) -> bool:
        """Whether configurations are left out, and not only ways to them."""
        return self.oldest_dispatch or self.no_perform_while_down


DEFAULT_REDUCTIONS = Reductions(crash_between_steps=True)
