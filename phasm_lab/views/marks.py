"""What stands beside each step: whether the user's properties and the rules hold, and its letter in the outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.views.rows import LETTERS

if TYPE_CHECKING:
    from phasm_lab.checks.obligations import Breach
    from phasm_lab.lab.judgements import Judgement
    from phasm_lab.trace.history import Node
    from phasm_lab.views.run_shapes import Row

__all__ = ["NEWLY_BROKEN", "letter_of", "own_mark", "rules_mark"]

NEED_THE_PROCESS = "FDVR"
"""Letters of steps that need the process up, or bring it up."""

NOT_JUDGED, FINE, NEWLY_BROKEN, STILL_BROKEN = range(4)
"""What a mark beside a row says."""


def own_mark(number: int, judgements: tuple[Judgement, ...], since: tuple[int, ...], broken: frozenset[int]) -> int:
    """Return what the user's properties say of a step; `since` says by which step each was broken first."""
    if any(since[index] == number for index in broken):
        return NEWLY_BROKEN
    if broken:
        return STILL_BROKEN
    if any(found.holds is None and found.sentence for found in judgements):
        return NOT_JUDGED
    return FINE if any(found.holds for found in judgements) else NOT_JUDGED


def rules_mark(node: Node, rules: tuple[Breach, ...], new_rules: tuple[Breach, ...]) -> int:
    """Return what the rules say of a step: `rules` are broken, `new_rules` were not at the step before."""
    if rules:
        return NEWLY_BROKEN if new_rules else STILL_BROKEN
    return NOT_JUDGED if node.probed else FINE


def letter_of(row: Row) -> str:
    """Return the row's letter: that of a crash wherever the process died, in lower case what must not be overlooked.

    Where something breaks that held before, "b" stands for every kind of step that needs the process up.
    """
    letter = "X" if row["result"] in ("down", "unknown") and row["kind"] != "recover" else LETTERS[row["kind"]]
    is_broken = NEWLY_BROKEN in (row["own"], row["rules"])
    if is_broken and letter in NEED_THE_PROCESS and not (letter == "R" and row["result"] in ("rejected", "failed")):
        return "b"
    return letter.lower() if is_broken or row["result"] in ("rejected", "failed") else letter
