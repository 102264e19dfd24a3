"""How a run of stf or restore ends, as far as queue, wire and budgets see it; and what a search may leave out."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["COMMITTED_NOTHING", "REFUSED", "Ending", "Reductions", "no_endings"]

from phasm_lab.checks.interning import Table

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
    """What a search may leave out because it commutes with what it keeps.

    Neither hides what is broken, but both may lengthen a run: where the second queued action alone breaks something, the
    first must be handed over too; where something breaks while the process is down, it must recover first. So after a
    reduced search that found something, `check` searches the whole once more, as deep as the longest run found.

    Attributes
    ----------
    oldest_dispatch
        Hand over one queued action only: any order of hand-overs leads to the same wire.
    no_perform_while_down
        Leave performing to after the recovery, with which it commutes.
    """

    oldest_dispatch: bool = False
    no_perform_while_down: bool = False
