"""Two runs side by side: rows matched by meaning, in what they differ on the way and at the end, and a verdict in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.machine.data import same
from phasm_lab.machine.definition import words_of
from phasm_lab.recoveries.alignment import Pair, align, in_rows
from phasm_lab.recoveries.comparison_text import comparison_text, verdict_of
from phasm_lab.recoveries.differences import Difference, difference, plain_state
from phasm_lab.recoveries.moments import Moment, change_words
from phasm_lab.recoveries.sides import Side, side_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phasm_lab.engine.versions import Change

__all__ = ["Comparison", "Count", "Side", "SideBySide", "compare", "side_of"]


@dataclass(frozen=True)
class SideBySide:
    """One row: a moment of each run that mean the same, or a moment that only one of them has in this place.

    Attributes
    ----------
    left, right
        The moments; None where there is none.
    partner
        Of one that the other run has in another place, the moment there; else None.
    is_common
        Whether both runs took the same steps up to here, so that nothing can differ.
    """

    left: Moment | None
    right: Moment | None
    partner: Moment | None = None
    is_common: bool = False

    @cached_property
    def relation(self) -> str:
        """Return "same", "different", "left only", "right only", or "moved" where the other run has it elsewhere."""
        if self.partner is not None:
            return "moved"
        if self.left is None or self.right is None:
            return "left only" if self.right is None else "right only"
        return "same" if self.is_common or _is_same(self.left, self.right) else "different"

    @property
    def differing(self) -> list[tuple[str, str]]:
        """In what the two moments of a row differ, in words for each side; nothing for a row with one side."""
        if self.left is None or self.right is None or self.relation == "same":
            return []
        told = [(self.left.action, self.right.action)]
        # The labels of two crashes say where each is, unless they are the same.
        if self.left.what != "crash" or self.left.label == self.right.label:
            told.append((self.left.ended, self.right.ended))
        changes = [
            _differing(self.left.state_changes, self.right.state_changes),
            _differing(self.left.outside_changes, self.right.outside_changes),
        ]
        return [(one, other) for one, other in told if one != other] + [pair for pairs in changes for pair in pairs]

    @property
    def state_difference(self) -> Difference:
        """In what the states differ after it; nothing for a row with one side."""
        if self.left is None or self.right is None:
            return Difference()
        left, right = (moment.step.configuration.state for moment in (self.left, self.right))
        return difference(plain_state(left), plain_state(right))

    def to_json(self) -> dict[str, Any]:
        """Return the row as plain JSON."""
        return {
            "relation": self.relation,
            "left": None if self.left is None else self.left.to_json(),
            "right": None if self.right is None else self.right.to_json(),
            "partner": None if self.partner is None else self.partner.step_number,
        }


class Count(NamedTuple):
    """How often something happened with one action on each side.

    Attributes
    ----------
    action
        Kind and id in words.
    left, right
        How often.
    """

    action: str
    left: int
    right: int

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return self._asdict()


class Comparison:
    """Two runs, laid side by side.

    Attributes
    ----------
    left, right
        The runs.
    pairs
        The moments that mean the same, by their indexes.
    """

    def __init__(self, left: Side, right: Side) -> None:
        self.left = left
        self.right = right
        self.pairs: list[Pair] = align(left.moments, right.moments)

    @cached_property
    def rows(self) -> list[SideBySide]:
        """The rows, in an order that keeps that of both runs; the same rows mirrored where the sides are swapped."""
        if _text_of(self.left.moments) <= _text_of(self.right.moments):
            return list(_rows(self.left, self.right, self.pairs))
        mirrored = sorted(Pair(right=pair.left, left=pair.right) for pair in self.pairs)
        return [
            SideBySide(row.right, row.left, row.partner, row.is_common)
            for row in _rows(self.right, self.left, mirrored)
        ]

    @cached_property
    def common_count(self) -> int:
        """How many rows at the beginning are the same on both sides."""
        return next((index for index, row in enumerate(self.rows) if row.relation != "same"), len(self.rows))

    @property
    def common_words(self) -> str:
        """How many steps at the beginning are the same on both sides, of a crash inside a step what comes before it."""
        count = self.common_count
        whole_count = len({moment.step_number for moment in self.left.moments[:count]})
        if not all(_is_amid_step(side.moments, count) for side in (self.left, self.right)):
            return f"{whole_count:,} common step{'' if whole_count == 1 else 's'}"
        if whole_count == 1:
            return "the beginning of a common step"
        return f"{whole_count - 1:,} common step{'' if whole_count == 2 else 's'} and the beginning of the next"

    @cached_property
    def state_difference(self) -> Difference:
        """In what the final states differ, an edit for each value."""
        return difference(self.left.state, self.right.state)

    @cached_property
    def outside_difference(self) -> Difference:
        """In what the outside world differs at the end."""
        return difference(self.left.environment, self.right.environment)

    @property
    def performed(self) -> list[Count]:
        """How often each action was performed."""
        return self.counts("perform")

    @property
    def effects(self) -> list[Count]:
        """How often each action was performed so that it changed the outside world."""
        return self.counts("perform", effects_only=True)

    def counts(self, what: str, *, effects_only: bool = False) -> list[Count]:
        """Return how often something happened with each action, in the order of happening."""
        names: dict[tuple[str, str], str] = {}
        first: dict[tuple[str, str], int] = {}
        sides = []
        for side in (self.left, self.right):
            counted: Counter[tuple[str, str]] = Counter()
            for index, moment in enumerate(side.moments):
                if moment.what == what and (not effects_only or moment.is_effect):
                    key = moment.kind, moment.identity
                    names[key] = moment.action
                    first[key] = min(index, first.get(key, index))
                    counted[key] += 1
            sides.append(counted)
        return [
            Count(names[key], sides[0][key], sides[1][key]) for key in sorted(names, key=lambda key: (first[key], key))
        ]

    @property
    def environment_name(self) -> str:
        """What the outside world is called: by the class of its state, unless nobody described it."""
        name = type(self.left.environment).__name__
        return "environment" if name.startswith("_") else words_of(name)

    @property
    def is_equal(self) -> bool:
        """Whether the runs are the same, moment by moment."""
        return self.common_count == len(self.rows) and not self.state_difference and not self.outside_difference

    @cached_property
    def verdict(self) -> str:
        """What differs, in words: the state first, then what was done outside, named by action, id, count and side."""
        return verdict_of(self)

    def swapped(self) -> Comparison:
        """Return the comparison with the sides swapped."""
        return Comparison(self.right, self.left)

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain JSON: what a screen shows."""
        return {
            "verdict": self.verdict,
            "is_equal": self.is_equal,
            "left_step_count": len(self.left.steps),
            "right_step_count": len(self.right.steps),
            "common_count": self.common_count,
            "rows": [row.to_json() for row in self.rows],
            "state": self.state_difference.to_json(),
            "environment_name": self.environment_name,
            "outside": self.outside_difference.to_json(),
            "performed": [count.to_json() for count in self.performed],
            "effects": [count.to_json() for count in self.effects],
        }

    def __str__(self) -> str:
        return comparison_text(self)

    __repr__ = __str__

    def _repr_mimebundle_(self, **options: Any) -> Any:
        from phasm_lab.widgets.comparison import Comparison as ComparisonWidget

        return ComparisonWidget(self)._repr_mimebundle_(**options)

    def __panel__(self) -> Any:
        """Return the comparison as a Panel component: what ``pn.Row(comparison)`` shows."""
        from phasm_lab.widgets.recoveries_panel import comparison_pane

        return comparison_pane(self)


def compare(left: Any, right: Any) -> Comparison:
    """Lay two runs side by side, matched by what their steps mean.

    Parameters
    ----------
    left, right
        A trace, a step of a lab's history (the run to it), or something that has a trace: a lab, a finding, a recovery.

    Raises
    ------
    DefinitionError
        If one of them is not a run.

    Examples
    --------
    >>> from phasm_lab.examples.payments import payments_charging_again
    >>> from phasm_lab.recoveries.matrix import crash_matrix
    >>> recovery = crash_matrix(payments_charging_again)[3, "result on wire"].worst
    >>> compare(recovery.crash_free, recovery).verdict
    'Same final state. ChargeCard 1 was performed twice on the right. The right breaks no_card_is_charged_twice.'
    """
    return Comparison(side_of(left, "left"), side_of(right, "right"))


def _rows(left: Side, right: Side, pairs: Sequence[Pair]) -> Iterator[SideBySide]:
    to_right = {pair.left: right.moments[pair.right] for pair in pairs}
    to_left = {pair.right: left.moments[pair.left] for pair in pairs}
    at, there, is_common = 0, 0, _begin_alike(left, right)
    for pair in [*in_rows(pairs), Pair(len(left.moments), len(right.moments))]:
        for index in range(at, pair.left):
            yield SideBySide(left.moments[index], None, to_right.get(index))
        for index in range(there, pair.right):
            yield SideBySide(None, right.moments[index], to_left.get(index))
        if pair.left < len(left.moments):
            one, other = left.moments[pair.left], right.moments[pair.right]
            is_common = is_common and pair == (at, there) and same(one.step.event, other.step.event)
            yield SideBySide(one, other, is_common=is_common)
        at, there = pair.left + 1, pair.right + 1


def _begin_alike(left: Side, right: Side) -> bool:
    """Tell whether equal events lead to equal steps: the same machine, from equal states."""
    if left.scenario.machine is not right.scenario.machine:
        return False
    return left.start.state.frozen() == right.start.state.frozen() and (
        left.start.environment.frozen() == right.start.environment.frozen()
    )


def _is_amid_step(moments: Sequence[Moment], count: int) -> bool:
    """Tell whether so many moments end inside a step."""
    return 0 < count < len(moments) and moments[count - 1].step_number == moments[count].step_number


def _text_of(moments: Sequence[Moment]) -> list[tuple[str, ...]]:
    return [(each.what, each.identity, each.kind, str(each.life), str(each.is_late), each.ended) for each in moments]


def _is_same(one: Moment, other: Moment) -> bool:
    """Tell whether two moments end alike and change the same; whether one is late is told by its label."""
    if one.step is other.step:
        return True
    if one.ended != other.ended or one.kind != other.kind:
        return False
    return _changed(one.state_changes, other.state_changes) and _changed(one.outside_changes, other.outside_changes)


def _changed(one: Sequence[Change], other: Sequence[Change]) -> bool:
    return sorted(map(astuple, one)) == sorted(map(astuple, other))


def _differing(one: Sequence[Change], other: Sequence[Change]) -> list[tuple[str, str]]:
    """Return the changes that only one of two moments made, in words, side by side."""
    left, right = map(change_words, one), map(change_words, other)
    here, there = ([*Counter(left)], [*Counter(right)])
    lefts, rights = [text for text in here if text not in there], [text for text in there if text not in here]
    return list(zip_longest(lefts, rights, fillvalue=""))
