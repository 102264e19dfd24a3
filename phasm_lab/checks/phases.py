"""What may still happen to a run: inputs to come, life, and budgets, each fault as the difference that paying for it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.checks.interning import Remembered
from phasm_lab.checks.packing import PHASE_SHIFT

if TYPE_CHECKING:
    from phasm_lab.checks.space import Space

__all__ = ["PhaseEntry", "Phases"]


class PhaseEntry(NamedTuple):
    """What a phase allows; each difference is one of the packed place, 0 where the event cannot be.

    Attributes
    ----------
    up, life
        Whether the process runs, and how often it died.
    firing
        (taking, difference) for each input that may be fired next.
    again
        (taking, difference) for each input that a client may send again.
    losing
        A difference for each input that may be lost next.
    crash, recovery_crash
        Dying now, by either budget.
    unknown_commit, commit_failure, reordering
        Paying for the fault; an unknown commit includes dying.
    recovered
        Coming up.
    access_error, add_error
        Paying for the fault.
    commits_plainly
        Whether nothing that is searched can go wrong with a commit and what comes after it.
    """

    up: bool
    life: int
    firing: tuple[tuple[int, int], ...]
    again: tuple[tuple[int, int], ...]
    losing: tuple[int, ...]
    crash: int
    recovery_crash: int
    unknown_commit: int
    commit_failure: int
    reordering: int
    recovered: int
    access_error: int
    add_error: int
    commits_plainly: bool


class Phases:
    """Makes the entry of each phase once.

    Attributes
    ----------
    entries
        By phase.
    """

    def __init__(self, space: Space, *, dies_in_transitions: bool) -> None:
        self.space = space
        self._dies_in_transitions = dies_in_transitions
        self.entries = Remembered(self._entry)

    def _entry(self, number: int) -> PhaseEntry:
        space, here = self.space, self.space.phases[number]
        up = bool(here.mode % 2)
        down = here.mode // 2 * 2 + 2

        def to(mode: int = here.mode, inputs: int = here.inputs, *, paid: str = "") -> int:
            budgets = space.spend(here.budgets, paid) if paid else here.budgets
            if budgets < 0:
                return 0
            after = here._replace(inputs=inputs, mode=mode, budgets=budgets)
            return space.phases.number(after) - number << PHASE_SHIFT

        again, losing = to(paid="duplicated_inputs"), to(paid="lost_inputs")
        dying = [to(down, paid=name) if up else 0 for name in ("crashes", "recovery_crashes", "unknown_commits")]
        commit_failure = to(paid="commit_failures")
        firing = space.next_inputs(here.inputs) if up else ()
        return PhaseEntry(
            up=up,
            life=here.mode // 2,
            firing=tuple((taking, to(inputs=after)) for taking, after in firing),
            again=tuple((taking, again) for taking in space.answered_inputs(here.inputs)) if up and again else (),
            losing=tuple(to(inputs=after, paid="lost_inputs") for _, after in space.lost_inputs(here.inputs))
            if up and losing
            else (),
            crash=dying[0],
            recovery_crash=dying[1],
            unknown_commit=dying[2],
            commit_failure=commit_failure,
            reordering=to(paid="reordered_results"),
            recovered=0 if up else to(here.mode + 1),
            access_error=to(paid="access_errors"),
            add_error=to(paid="add_errors"),
            commits_plainly=not (dying[2] or commit_failure or (self._dies_in_transitions and any(dying))),
        )
