"""Inputs that no run gets anything done with: rejected every time, or committed without effect; and why, as far as can be told."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from phasm_lab.checks.packing import unpair
from phasm_lab.engine.transition import Attempt, attempt
from phasm_lab.errors import PhasmLabError
from phasm_lab.interpreter.places import Place
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import Normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from phasm_lab.checks.explore import Search
    from phasm_lab.checks.space import Space

__all__ = ["inert_inputs"]

NEVER_AWAITED = "was never awaited"
"""How Python's warning ends about a coroutine that somebody made and forgot."""


def inert_inputs(search: Search) -> Iterator[str]:
    """Yield a sentence about each input that stf was given and that never did anything, and each that it never got."""
    space = search.space
    effective, taken = space.effective(), _states_by_input(search)
    values = {space.consumed.number(Normal(value)): value for value in search.scenario.inputs}
    for consumed, value in values.items():
        states = taken.get(consumed, [])
        committing = [state for state in states if not space.outcome(state, consumed).refusal]
        if not states:
            yield f"{line_of(value)} is never committed"
        elif not committing:
            yield f"{line_of(value)} is rejected every time: {_refusal(space, states, consumed)}"
        elif consumed not in effective:
            yield f"{line_of(value)} is committed and never has an effect{_hint(space, committing[0], value)}"


def _states_by_input(search: Search) -> dict[int, list[int]]:
    """Return, for each input that stf took anywhere, the states in which it did, in the order in which they were met."""
    accounts, takings = search.successors.accounts, search.space.takings
    found: dict[int, list[int]] = {}
    for account, taking in map(unpair, accounts.ways):
        found.setdefault(takings[taking][0], []).append(accounts.table[account].state)
    return found


def _refusal(space: Space, states: Sequence[int], consumed: int) -> str:
    """Return what an input is rejected with, and the line that raises it; of several reasons the first."""
    first = space.outcome(states[0], consumed).refusal
    tried = _again(space, states[0], space.consumed[consumed])
    frames = tried.refusal.frames if tried is not None and tried.refusal is not None else ()
    where = "".join(f", {Place(frame.file, frame.line, frame.function)}" for frame in frames[-1:])
    others = {space.outcome(state, consumed).refusal for state in states} - {first}
    return f"{first}{where}" + (", and with other words in other states" if others else "")


def _hint(space: Space, state: int, value: Any) -> str:
    """Return what may be the reason that an input has no effect; "" where there is nothing to go by."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        _again(space, state, Normal(value))
    for warning in warned:
        if str(warning.message).endswith(NEVER_AWAITED):
            return f": {warning.message}, {Place(warning.filename, warning.lineno, '').where}"
    bare = _again(space, state, value)
    if bare is not None and bare.refusal is None and (bare.actions or bare.wrote):
        return ": is it matched without pl.Normal(...)?"
    return ""


def _again(space: Space, state: int, taken: Any) -> Attempt | None:
    """Run stf again and take it back; None where it turns out to be ill-formed."""
    try:
        return attempt("stf", space.scenario.machine.stf, space.states[state], (taken,), space.limits, keep=False)
    except PhasmLabError:
        return None
