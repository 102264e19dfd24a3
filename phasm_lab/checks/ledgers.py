"""What stf and restore do to a state and to what is owed in it, worked out once for each pair and input.

A *ledger* is a state with its obligations. Rules of one transition are judged where it is worked out, so the search
meets each breach at the first place from which it can happen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.checks.interning import Table
from phasm_lab.checks.obligations import Breach, Obligations
from phasm_lab.checks.packing import CONSUMED_BITS, LEDGER_SHIFT, MAX_COUNTS
from phasm_lab.checks.transits import Ending

if TYPE_CHECKING:
    from phasm_lab.checks.space import Outcome, Space

__all__ = ["Failed", "Ledger", "Ledgers", "Ways"]

Ways = tuple[tuple[int, int], ...]
"""How a run of stf or restore may end: (difference made to the place, ending); the clean one first."""

NOT_ASKED = -1


class Ledger(NamedTuple):
    """A state and the obligations in it, by their numbers."""

    state: int
    owed: int


class Failed(NamedTuple):
    """Which run of stf it was that met an injected error: what the error costs, and the state that it commits."""

    budget: str
    state: int


class Ledgers:
    """Interns ledgers and remembers what follows each.

    Attributes
    ----------
    ways
        By ledger and input (see `key`): how stf may end.
    recoveries
        By ledger: how restore may end.
    restored
        By ledger: the ids that restore emits, one bit each; all bits where restore was not asked yet.
    """

    def __init__(self, space: Space, endings: Table[Ending]) -> None:
        self.space = space
        self.obligations = Obligations(space)
        self.table: Table[Ledger] = Table(lambda ledger: ledger, MAX_COUNTS["ledger"])
        self.ways: dict[int, Ways] = {}
        self.recoveries: dict[int, Ways] = {}
        self.restored: list[int] = []
        self._endings = endings
        self._state_recoveries: dict[int, tuple[Outcome, int]] = {}
        faults = space.scenario.faults
        self._errors = bool(faults.access_errors or faults.add_errors)

    def number(self, state: int, owed: int) -> int:
        """Return the number of a ledger."""
        found = self.table.number(Ledger(state, owed))
        if found == len(self.restored):
            self.restored.append(NOT_ASKED)
        return found

    @staticmethod
    def key(ledger: int, consumed: int) -> int:
        """Return the key of `ways`."""
        return ledger << CONSUMED_BITS | consumed

    def take(self, number: int, consumed: int) -> tuple[Ways, list[tuple[Breach, Failed | None]]]:
        """Work out how stf may end, and which rules it breaks: the clean run, or one that commits although something failed."""
        ledger, space = self.table[number], self.space
        clean = space.outcome(ledger.state, consumed)
        owed, broken = self.obligations.after(ledger.owed, ledger.state, consumed, clean)
        breaches: list[tuple[Breach, Failed | None]] = [(breach, None) for breach in broken]
        ways = [self._way(number, clean, owed)]
        for budget, failed in space.failed(ledger.state, consumed) if self._errors else ():
            owed = ledger.owed
            if not failed.refusal:
                owed, broken = self.obligations.after(ledger.owed, ledger.state, consumed, failed)
                breaches += [(breach, Failed(budget, failed.state)) for breach in broken]
            ways.append(self._way(number, failed, owed, budget))
        found = self.ways[self.key(number, consumed)] = tuple(ways)
        return found, breaches

    def recover(self, number: int) -> Ways:
        """Work out how restore may end."""
        ledger, space = self.table[number], self.space
        clean = space.restore(ledger.state)
        ways = [self._way(number, clean._replace(state=ledger.state), self._recovered(ledger, clean))]
        for budget, failed in space.failed(ledger.state, -1) if self._errors else ():
            ways.append(self._way(number, failed._replace(state=ledger.state), self._recovered(ledger, failed), budget))
        found = self.recoveries[number] = tuple(ways)
        return found

    def ask_restore(self, number: int) -> int:
        """Return the ids that restore emits for a ledger's state, one bit each, and remember them in `restored`."""
        found = self.restored[number] = self.space.bits(self.space.restore(self.table[number].state).tracked)
        return found

    def _recovered(self, ledger: Ledger, outcome: Outcome) -> int:
        return ledger.owed if outcome.refusal else self.obligations.recovered(ledger.owed, outcome)

    def _way(self, number: int, outcome: Outcome, owed: int, budget: str = "") -> tuple[int, int]:
        after = self.number(outcome.state, owed)
        ending = Ending(() if outcome.refusal else outcome.tracked, bool(outcome.refusal), budget)
        return (after - number) << LEDGER_SHIFT, self._endings.number(ending)
