"""The environment's first answers along a run, and whether a faulted outcome is one that a free run can have.

An answer's key is the tracked id and the kind of the action. A run that answers one key in two ways is left out. The
source of the rule is `semantics.md` §8, `changed-outcome`; failure transparency: Veresov et al., ECOOP 2024.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Any

from phasm_lab.checks.interning import Table
from phasm_lab.machine.values import kind_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from phasm_lab.checks.space import Space

__all__ = ["CONTRADICTED", "Answers", "explained"]

CONTRADICTED = -1
"""The answers of a run that answered one key in two ways."""

MAX_COMPLETION_COUNT = 100_000
"""Ways to complete answers after which an outcome is taken to be explained: no alarm without proof."""

Given = tuple[tuple[tuple[int, str], int], ...]


class Answers:
    """Numbers the answers given so far, and adds one."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.table: Table[Given] = Table()
        self.none = self.table.number(())
        self._after: dict[tuple[int, int, int], int] = {}

    def after(self, given: int, action: int, choices: int) -> int:
        """Return the answers after an action was performed with these choices."""
        if given == CONTRADICTED:
            return CONTRADICTED
        key = (given, action, choices)
        found = self._after.get(key)
        if found is None:
            found = self._after[key] = self._add(given, action, choices)
        return found

    def _add(self, given: int, action: int, choices: int) -> int:
        tracked = self.space.actions[action]
        key = (self.space.identities.number(tracked.id), kind_of(tracked.payload))
        known = dict(self.table[given])
        if known.setdefault(key, choices) != choices:
            return CONTRADICTED
        return self.table.number(tuple(sorted(known.items())))


def explained(answers: Given, free: Iterable[Given], seen: dict[Hashable, set[Any]]) -> bool:
    """Tell whether for every completion of `answers` some free run with the same outcome answers within it.

    Parameters
    ----------
    answers
        The faulted run's.
    free
        Those of the free runs with the same outcome.
    seen
        The choices that were seen for each key.

    Examples
    --------
    >>> key = (1, "ask")
    >>> explained((), [((key, 0),)], {key: {0, 1}}), explained(((key, 0),), [((key, 0),)], {key: {0, 1}})
    (False, True)
    """
    known = dict(answers)
    runs = [dict(run) for run in free]
    keys = sorted({key for run in runs for key in run} - set(known))
    completions = product(*(sorted(seen[key]) for key in keys))
    for values in islice(completions, MAX_COMPLETION_COUNT):
        whole = known | dict(zip(keys, values, strict=True))
        if not any(run.items() <= whole.items() for run in runs):
            return False
    return True
