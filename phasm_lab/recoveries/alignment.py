"""Aligning two runs by what their moments mean: inputs by value, actions by id and kind, by life, never by position or text.

Theory of operation. Each moment has a *meaning*, and the n-th moment of a meaning on the left is the n-th of it on the
right. Meanings are tried from narrow to wide, each among what is still unmatched: (1) what happens, to which id, of which
kind, in which life of the process, and, for requests, whether it was sent before a crash; (2) the same in any life, so
that a re-emission stands beside the original that the other run needed alone; (3) the same id under any kind, so that a
status query stands beside the charge that it asks about. Crashes and recoveries are matched by their number.
A delivery is matched whether its result is late or not: the first answer is the first answer.

All of this is hashing, so it is linear. What is matched may cross, as where two results arrive in another order: the
longest part of the matches that does not cross makes the common rows; a match that crosses them is two rows, each of
which names the other.

What it does not handle: an id that means one thing in one run and another in the other is taken for the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from phasm_lab.recoveries.moments import Moment

__all__ = ["Pair", "align", "in_rows"]


class Pair(NamedTuple):
    """The indexes of two moments that mean the same."""

    left: int
    right: int


def align(left: Sequence[Moment], right: Sequence[Moment]) -> list[Pair]:
    """Return the moments that mean the same, in the order of the left run; symmetric in the two runs."""
    free: tuple[list[int], list[int]] = (list(range(len(left))), list(range(len(right))))
    pairs: list[Pair] = []
    for meaning in _MEANINGS:
        found = _matched(meaning, left, free[0], right, free[1])
        pairs += found
        lefts, rights = {pair.left for pair in found}, {pair.right for pair in found}
        free = ([i for i in free[0] if i not in lefts], [i for i in free[1] if i not in rights])
    return sorted(pairs)


def _narrow(moment: Moment) -> Hashable:
    # Which delivery is late says which request it answers, not which answer it is.
    late = moment.is_late and moment.what != "deliver"
    return moment.what, moment.identity, moment.kind, moment.life if moment.identity else "", late


def _in_any_life(moment: Moment) -> Hashable:
    return moment.what, moment.identity, moment.kind


def _of_any_kind(moment: Moment) -> Hashable:
    return (moment.what, moment.identity) if moment.what != "fire" else _in_any_life(moment)


_MEANINGS: tuple[Callable[[Moment], Hashable], ...] = (_narrow, _in_any_life, _of_any_kind)


def _matched(
    meaning: Callable[[Moment], Hashable],
    left: Sequence[Moment],
    left_free: Iterable[int],
    right: Sequence[Moment],
    right_free: Iterable[int],
) -> list[Pair]:
    """Match the n-th moment of each meaning on one side with the n-th on the other."""
    there = dict(_numbered(meaning, right, right_free))
    found = []
    for key, index in _numbered(meaning, left, left_free):
        other = there.get(key)
        if other is not None:
            found.append(Pair(index, other))
    return found


def _numbered(
    meaning: Callable[[Moment], Hashable], moments: Sequence[Moment], free: Iterable[int]
) -> list[tuple[Hashable, int]]:
    counts: Counter[Any] = Counter()
    found: list[tuple[Hashable, int]] = []
    for index in free:
        key = meaning(moments[index])
        found.append(((key, counts[key]), index))
        counts[key] += 1
    return found


def in_rows(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the longest part of the pairs that does not cross, by patience sorting; the pairs are in order of the left.

    Examples
    --------
    >>> in_rows([Pair(0, 0), Pair(1, 2), Pair(2, 1), Pair(3, 3)])
    [Pair(left=0, right=0), Pair(left=2, right=1), Pair(left=3, right=3)]
    """
    tops: list[int] = []
    top_indexes: list[int] = []
    before: list[int] = []
    for index, pair in enumerate(pairs):
        pile = bisect_left(tops, pair.right)
        before.append(top_indexes[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [pair.right]
        top_indexes[pile : pile + 1] = [index]
    chosen = []
    index = top_indexes[-1] if top_indexes else -1
    while index >= 0:
        chosen.append(pairs[index])
        index = before[index]
    return chosen[::-1]
