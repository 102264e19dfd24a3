"""Rules of a single transition, judged once for each different state and input.

`torn-transition`: stf that raises leaves the state as it was, the engine's rollback switched off (upstream's rule 1).
`swallowed-error`: an injected error never ends in a commit that differs from the clean run's. Both try an error at the
first, second, ... access and add until none is met (SQLite, "How SQLite Is Tested"). `nondeterministic`: the same state
and input give the same state and actions when run again (rules 2 and 4). `impure-restore`: restore leaves the state
alone, writing nothing even where the value stays, and emits the same set again (rule 7).
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from phasm_lab.checks.divergence import divergence
from phasm_lab.checks.impure_restore import wrote_words
from phasm_lab.checks.obligations import Breach
from phasm_lab.checks.ownership import Ownership
from phasm_lab.engine.enabled import error_points
from phasm_lab.engine.events import Fault, Fire
from phasm_lab.engine.memory import MemoryVersion
from phasm_lab.engine.transition import Attempt, attempt
from phasm_lab.machine.data import freeze
from phasm_lab.machine.text import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phasm_lab.checks.purity import Purity
    from phasm_lab.checks.space import Outcome, Space
    from phasm_lab.engine.drive import Limits

__all__ = ["TransitionRules"]

CURE_OF_CHANCE = "take it from the input or the state, not from a clock, chance, an address (id, hash, repr) or what is kept elsewhere"

MAX_LOCATED_COUNT = 8
"""Inputs for which the line is looked for that gives another outcome: a search tells of the first it meets."""

ALWAYS_REPEATED_COUNT = 4_000
REPEAT_EVERY = 8
"""Each of so many first runs is repeated, then one of so many: what differs by chance differs among those too."""


class TransitionRules:
    """Judges transitions of stf, and restore, one state and input at a time.

    Attributes
    ----------
    purity
        Looks at the same transitions for what is impure, None where nobody asked for it.
    """

    def __init__(self, space: Space) -> None:
        self.space = space
        self.purity: Purity | None = None
        faults = space.scenario.faults
        self.budgets = {"access fails": faults.access_errors, "add fails": faults.add_errors}
        self._has_errors = any(self.budgets.values())
        self._judged: set[tuple[int, int]] = set()
        self._run_count = 0
        self._unsteady_lines: dict[int, str] = {}

    def transition(self, state: int, consumed: int) -> Sequence[Breach]:
        """Return what a transition of stf breaks; nothing where it was judged before."""
        if (state, consumed) in self._judged:
            return ()
        self._judged.add((state, consumed))
        pure = self.purity.transition(state, consumed) if self.purity is not None else ()
        return [*self._judge(state, consumed), *pure]

    def restore(self, state: int) -> Sequence[Breach]:
        """Return what restore breaks on a state; nothing where it was judged before."""
        if (state, -1) in self._judged:
            return ()
        self._judged.add((state, -1))
        pure = self.purity.restore(state) if self.purity is not None else ()
        return [*self._judge_restore(state), *pure]

    def _run(self, state: int, consumed: int, fault: Fault | None, *, roll_back: bool = True) -> Attempt:
        role, function, arguments = self.space.call(consumed)
        version, limits, keep = self.space.states[state], self.space.limits, consumed >= 0
        return attempt(role, function, version, arguments, limits, fault=fault, keep=keep, roll_back=roll_back)

    def _judge(self, state: int, consumed: int) -> list[Breach]:
        """Judge one transition: again on the same state, without rollback where it is rejected, and with each error."""
        first, found = self.space.outcome(state, consumed), []
        if first.wrote and self._is_torn(state, self._run(state, consumed, None, roll_back=False)):
            told = line_of(self.space.consumed[consumed])
            found.append(Breach("torn-transition", f"stf raises {first.refusal} for {told} after it changed the state"))
        if self._is_due():
            found += self._run_again(state, consumed)
        if self._has_errors:
            found += self._judge_errors(state, consumed)
        return found

    def _is_due(self) -> bool:
        """Tell whether this run is one to be repeated: each of the first, later a sample."""
        self._run_count += 1
        return self._run_count <= ALWAYS_REPEATED_COUNT or self._run_count % REPEAT_EVERY == 0

    def _run_again(self, state: int, consumed: int) -> Iterator[Breach]:
        first = self.space.outcome(state, consumed)
        again = self.space.outcome_of(self._run(state, consumed, None), state, consumed)
        if bool(first.refusal) != bool(again.refusal):
            what = f"{first.refusal or 'no error'} and then {again.refusal or 'no error'}"
        elif first.state != again.state:
            what = "another state"
        elif (first.tracked, first.untracked) != (again.tracked, again.untracked):
            what = "other actions"
        else:
            return
        told = f"{line_of(self.space.consumed[consumed])} run again on the same state gives {what}"
        yield Breach("nondeterministic", f"{self._unsteady_line(state, consumed)}{told}; {CURE_OF_CHANCE}")

    def _unsteady_line(self, state: int, consumed: int) -> str:
        """Return the line that makes a transition differ from run to run, looked for once for each of the first inputs."""
        if consumed not in self._unsteady_lines and len(self._unsteady_lines) < MAX_LOCATED_COUNT:
            machine, version = self.space.scenario.machine, self.space.states[state]
            role, function, arguments = self.space.call(consumed)

            def run(limits: Limits) -> Attempt:
                with nullcontext() if self.purity is None else self.purity.caches_emptied():
                    return attempt(role, function, version, arguments, limits, keep=False)

            place = divergence(run, version, self.space.limits, Ownership([machine.stf, machine.restore]))
            if place is None and self.purity is not None:
                place = self.purity.seed_place(state, consumed)
            self._unsteady_lines[consumed] = "" if place is None else f"{place}: "
        return self._unsteady_lines.get(consumed, "")

    def _errors(self, state: int, consumed: int) -> Iterator[Fault]:
        for fault in error_points(self.space.survey(state, consumed), Fire(None)):
            if self.budgets.get(fault.kind):
                yield fault

    def _judge_errors(self, state: int, consumed: int) -> Iterator[Breach]:
        faults = list(self._errors(state, consumed))
        clean = self._run(state, consumed, None) if faults else None
        for fault in faults:
            assert clean is not None
            yield from self._judge_error(state, consumed, fault, clean)

    def _judge_error(self, state: int, consumed: int, fault: Fault, clean: Attempt) -> Iterator[Breach]:
        tried = self._run(state, consumed, fault, roll_back=False)
        if not tried.injected:
            return
        where = f"{fault.kind.split()[0]} {fault.number} fails{' and all after it' if fault.sticky else ''}"
        told = line_of(self.space.consumed[consumed])
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

    def _judge_restore(self, state: int) -> list[Breach]:
        first, found = self.space.restore(state), []
        if first.refusal:
            return [Breach("impure-restore", f"restore fails on a reachable state: {first.refusal}")]
        if first.wrote:
            found.append(Breach("impure-restore", wrote_words(self.space.survey(state, -1))))
        if self._is_due() and not self._emits(self._run(state, -1, None), first, state):
            found.append(Breach("impure-restore", "restore emits something else when it runs again on the same state"))
        if self._has_errors:
            found += self._judge_errors_in_restore(state, first)
        return found

    def _judge_errors_in_restore(self, state: int, first: Outcome) -> Iterator[Breach]:
        for fault in self._errors(state, -1):
            tried = self._run(state, -1, fault)
            if tried.injected and tried.refusal is None and not self._emits(tried, first, state):
                yield Breach(
                    "swallowed-error", f"restore: {fault.kind} at {fault.number}, and yet it emits something else"
                )

    def _emits(self, tried: Attempt, first: Outcome, state: int) -> bool:
        """Tell whether an attempt of restore emits the same actions; their order is not judged."""
        ended = self.space.outcome_of(tried, state, -1)
        return sorted(ended.tracked) == sorted(first.tracked) and ended.untracked == first.untracked
