"""Rules of a single transition, judged once for each different state and input.

`torn-transition`: stf that raises leaves the state as it was, the engine's rollback switched off (upstream's rule 1).
`swallowed-error`: an injected error never ends in a commit that differs from the clean run's. Both try an error at the
first, second, ... access and add until none is met (SQLite, "How SQLite Is Tested"). `nondeterministic`: the same state
and input give the same state and actions when run again (rules 2 and 4). `impure-restore`: restore leaves the state
alone and emits the same set again (rule 7).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from phasm_lab.checks.obligations import Breach
from phasm_lab.engine.enabled import error_points
from phasm_lab.engine.events import Fault, Fire
from phasm_lab.engine.memory import MemoryVersion
from phasm_lab.engine.transition import Attempt, attempt
from phasm_lab.machine.data import freeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.checks.space import Space

__all__ = ["TransitionRules"]


class TransitionRules:
    """Judges transitions of stf, and restore, one state and input at a time."""

    def __init__(self, space: Space) -> None:
        self.space = space
        faults = space.scenario.faults
        self.budgets = {"access fails": faults.access_errors, "add fails": faults.add_errors}
        self._judged: set[tuple[int, int]] = set()

    def transition(self, state: int, consumed: int) -> tuple[Breach, ...]:
        """Return what a transition of stf breaks; nothing where it was judged before."""
        if (state, consumed) in self._judged:
            return ()
        self._judged.add((state, consumed))
        clean = self._run(state, consumed, None, roll_back=False)
        return tuple(self._judge(state, consumed, clean))

    def restore(self, state: int) -> tuple[Breach, ...]:
        """Return what restore breaks on a state; nothing where it was judged before."""
        if (state, -1) in self._judged:
            return ()
        self._judged.add((state, -1))
        return tuple(self._judge_restore(state))

    def _run(self, state: int, consumed: int, fault: Fault | None, *, roll_back: bool = True) -> Attempt:
        space = self.space
        machine, version = space.scenario.machine, space.states[state]
        if consumed < 0:
            return attempt("restore", machine.restore, version, (), space.limits, fault=fault, keep=False)
        return attempt(
            "stf", machine.stf, version, (space.consumed[consumed],), space.limits, fault=fault, roll_back=roll_back
        )

    def _judge(self, state: int, consumed: int, clean: Attempt) -> Iterator[Breach]:
        told = repr(self.space.consumed[consumed])
        if clean.refusal is not None and self._is_torn(state, clean):
            yield Breach("torn-transition", f"stf raises {clean.refusal.text} for {told} after it changed the state")
        yield from self._run_again(state, consumed, clean, told)
        for fault in self._errors(state, consumed):
            yield from self._judge_error(state, consumed, fault, clean)

    def _run_again(self, state: int, consumed: int, clean: Attempt, told: str) -> Iterator[Breach]:
        """Compare the search's run with another: the one at hand, unless its writes were left where it was rejected."""
        first = self.space.outcome(state, consumed)
        again = self.space.outcome_of(clean if clean.refusal is None else self._run(state, consumed, None))
        if first != again:
            what = "another state" if first.state != again.state else "other actions or another error"
            yield Breach("nondeterministic", f"{told} run again on the same state gives {what}")

    def _errors(self, state: int, consumed: int) -> Iterator[Fault]:
        if not any(self.budgets.values()):
            return
        for fault in error_points(self.space.survey(state, consumed), Fire(None)):
            if self.budgets.get(fault.kind):
                yield fault

    def _judge_error(self, state: int, consumed: int, fault: Fault, clean: Attempt) -> Iterator[Breach]:
        tried = self._run(state, consumed, fault, roll_back=False)
        if not tried.injected:
            return
        where = f"{fault.kind.split()[0]} {fault.number} fails{' and all after it' if fault.sticky else ''}"
        told = repr(self.space.consumed[consumed])
        if tried.refusal is not None:
            if self._is_torn(state, tried) and not self._failed_at_write(tried, fault):
                yield Breach("torn-transition", f"{told} changes the state, then {where}, and the change stays")
        elif self._differs(tried, clean):
            yield Breach(
                "swallowed-error", f"{told}: {where}, and yet it commits something else than without the error"
            )

    def _is_torn(self, state: int, tried: Attempt) -> bool:
        version = self.space.states[state]
        return isinstance(version, MemoryVersion) and tried.version.frozen() != version.frozen()

    @staticmethod
    def _failed_at_write(tried: Attempt, fault: Fault) -> bool:
        """Tell whether a write is what failed: no two writes are atomic without rollback, so that is not judged."""
        return fault.kind == "access fails" and tried.accesses[fault.number - 1].operation == "write"

    @staticmethod
    def _differs(tried: Attempt, clean: Attempt) -> bool:
        if clean.refusal is not None:
            return True
        same_state = tried.version.frozen() == clean.version.frozen()
        return not same_state or freeze(tried.actions) != freeze(clean.actions)

    def _judge_restore(self, state: int) -> Iterator[Breach]:
        first = self._run(state, -1, None)
        if first.refusal is not None:
            yield Breach("impure-restore", f"restore fails on a reachable state: {first.refusal.text}")
            return
        if first.wrote:
            yield Breach("impure-restore", "restore changes the state")
        again = self._run(state, -1, None)
        if Counter(map(freeze, again.actions)) != Counter(map(freeze, first.actions)):
            yield Breach("impure-restore", "restore emits something else when it runs again on the same state")
        for fault in self._errors(state, -1):
            tried = self._run(state, -1, fault)
            if tried.injected and tried.refusal is None and freeze(tried.actions) != freeze(first.actions):
                yield Breach(
                    "swallowed-error", f"restore: {fault.kind} at {fault.number}, and yet it emits something else"
                )
