"""What stf and restore do to a state and to what is owed in it, worked out once for each pair and input.

An *account* is a state with its obligations. Rules of one transition are judged where it is worked out, so the search
meets each breach at the first place from which it can happen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.checks.endings import COMMITTED_NOTHING, REFUSED, Ending
from phasm_lab.checks.interning import Remembered, Table
from phasm_lab.checks.obligations import Breach, Obligations
from phasm_lab.checks.packing import ACCOUNT_SHIFT, unpair
from phasm_lab.checks.transition_rules import TransitionRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from phasm_lab.checks.space import Outcome, Space

__all__ = ["Account", "Accounts", "Failed", "Ways"]

Ways = tuple[tuple[int, int], ...]
"""How a run of stf or restore may end: (difference made to the place, ending); the clean one first."""


class Account(NamedTuple):
    """A state and the obligations in it, by their numbers."""

    state: int
    owed: int


class Failed(NamedTuple):
    """Which run of stf it was that met an injected error: what the error costs, and the state that it commits."""

    budget: str
    state: int


class Accounts:
    """Interns accounts and remembers what follows each.

    Parameters
    ----------
    space
        Runs the user's code and remembers it.
    endings
        Numbers of how runs end.
    broke
        Called with a breach, the taking of the transition that breaks the rule (-1 for restore), and the error it met.

    Attributes
    ----------
    ways
        By (account, taking): how stf may end.
    recoveries
        By account: how restore may end.
    restored
        By account: the ids that restore emits while the process is up, one bit each.
    """

    def __init__(
        self, space: Space, endings: Table[Ending], broke: Callable[[Breach, int, Failed | None], None]
    ) -> None:
        self.space = space
        self.obligations = Obligations(space)
        self.rules = TransitionRules(space)
        self.table: Table[Account] = Table()
        self.ways = Remembered(self._take)
        self.recoveries = Remembered(self._recover)
        self.restored = Remembered(self._restored)
        self._endings = endings
        self._broken_by_error: dict[tuple[int, int], tuple[tuple[Breach, ...], Failed]] = {}
        self._broke = broke
        faults = space.scenario.faults
        self._errors = bool(faults.access_errors or faults.add_errors)

    def number(self, state: int, owed: int) -> int:
        """Return the number of an account."""
        return self.table.number(Account(state, owed))

    def _take(self, key: int) -> Ways:
        """Work out how stf may end, and tell which rules the clean run breaks."""
        number, taking = unpair(key)
        account, space = self.table[number], self.space
        consumed = space.takings[taking][0]
        clean = space.outcome(account.state, consumed)
        owed, breaches = self.obligations.after(account.owed, account.state, taking, clean)
        for breach in (*breaches, *self.rules.transition(account.state, consumed)):
            self._broke(breach, taking, None)
        ways = [self._way(number, clean, owed)]
        for budget, failed in space.failed(account.state, consumed) if self._errors else ():
            owed = account.owed
            if not failed.refusal:
                owed, breaches = self.obligations.after(account.owed, account.state, taking, failed)
                if breaches:
                    ending = self._way(number, failed, owed, budget)[1]
                    self._broken_by_error[key, ending] = (breaches, Failed(budget, failed.state))
            ways.append(self._way(number, failed, owed, budget))
        return tuple(ways)

    def note_error(self, key: int, ending: int) -> None:
        """Tell which rules a transition breaks that commits though something failed, now that a place can pay for the error."""
        breaches, failed = self._broken_by_error.pop((key, ending), ((), None))
        for breach in breaches:
            self._broke(breach, unpair(key)[1], failed)

    def _recover(self, number: int) -> Ways:
        account, space = self.table[number], self.space
        clean = space.restore(account.state)
        self.obligations.recovered(account.owed, clean)
        ways = [self._way(number, clean._replace(state=account.state), account.owed)]
        for budget, failed in space.failed(account.state, -1) if self._errors else ():
            if not failed.refusal:
                self.obligations.recovered(account.owed, failed)
            ways.append(self._way(number, failed._replace(state=account.state), account.owed, budget))
        return tuple(ways)

    def _restored(self, number: int) -> int:
        """Work out which ids restore emits, and tell which rules it breaks: this is asked only while the process is up."""
        state = self.table[number].state
        for breach in self.rules.restore(state):
            self._broke(breach, -1, None)
        return self.space.bits(self.space.restore(state).tracked)

    def _way(self, number: int, outcome: Outcome, owed: int, budget: str = "") -> tuple[int, int]:
        after = self.number(outcome.state, owed)
        if not outcome.tracked and not budget:
            return (after - number) << ACCOUNT_SHIFT, REFUSED if outcome.refusal else COMMITTED_NOTHING
        ending = Ending(() if outcome.refusal else outcome.tracked, bool(outcome.refusal), budget)
        return (after - number) << ACCOUNT_SHIFT, self._endings.number(ending)
