"""A comparison in words: the verdict, and the two runs as a table of text."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.engine.events import Recover
from phasm_lab.recoveries.effects import answers_words, times
from phasm_lab.recoveries.futures import action_words
from phasm_lab.recoveries.unlike import most_telling
from phasm_lab.trace.codec import encode
from phasm_lab.trace.labels import shorten, shorten_label, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phasm_lab.recoveries.comparison import Comparison, Count, Side, SideBySide
    from phasm_lab.recoveries.differences import Difference
    from phasm_lab.recoveries.moments import Moment

__all__ = ["Sentence", "comparison_text", "verdict_of", "verdict_sentences"]

MAX_NAMED_COUNT = 2
"""Actions and values that the verdict names; of more it says how many."""

MAX_CELL_LENGTH = 48
MAX_ROW_COUNT = 60
MAX_CHANGE_COUNT = 5
SIGNS = {"same": "=", "different": "≠", "left only": "◂", "right only": "▸", "moved": "↕"}


class Sentence(NamedTuple):
    """One sentence of a verdict.

    Attributes
    ----------
    text
        The sentence.
    is_about_run
        Whether it is about what was done or where a run got stuck, not about the state.
    is_bad
        Whether it tells of harm, whatever the other side did.
    """

    text: str
    is_about_run: bool = True
    is_bad: bool = False


def verdict_of(comparison: Comparison) -> str:
    """Return what differs in words, shortest first."""
    return " ".join(sentence.text for sentence in verdict_sentences(comparison))


def verdict_sentences(comparison: Comparison) -> list[Sentence]:
    """Return the sentences of the verdict."""
    return [
        Sentence(_state_sentence(comparison), is_about_run=False),
        *map(Sentence, [] if comparison.is_equal else _action_sentences(comparison)),
        *(Sentence(text, is_bad=True) for text in (*_on_both(comparison), *_broken(comparison))),
        *([] if comparison.is_equal else _end_sentences(comparison)),
    ]


def _state_sentence(comparison: Comparison) -> str:
    if comparison.is_equal:
        count = len(comparison.left.steps)
        return f"Both runs are equal: {count:,} step{'' if count == 1 else 's'}."
    found = comparison.state_difference
    if found:
        return f"The final states differ: {_first(found)}."
    if comparison.outside_difference:
        return "Same final state."
    return f"Same final state and same {comparison.environment_name}, by another way."


def _first(found: Difference) -> str:
    more = len(found.edits) - 1
    text = most_telling(found).words
    return text if not more else f"{text}, and {more:,} more difference{'' if more == 1 else 's'}"


def _action_sentences(comparison: Comparison) -> Iterator[str]:
    """Yield what was done more often on one side; where nothing was, whose result arrived, and how the outside differs."""
    done = _unequal(comparison.effects)
    if done:
        performed = {count.action: count for count in comparison.counts("perform")}
        plain = [count for count in done if performed.get(count.action) == count]
        yield from _named(comparison, plain, "was", "performed")
        yield from _named(comparison, [count for count in done if count not in plain], "took", "effect")
        return
    if comparison.outside_difference:
        yield f"At the end, {comparison.environment_name}: {_first(comparison.outside_difference)}."
    refused = list(islice(_refused(comparison), MAX_NAMED_COUNT))
    yield from refused
    if not refused and (comparison.outside_difference or comparison.state_difference):
        yield from _named(comparison, _unequal(comparison.counts("deliver")), "had its result", "delivered")


def _on_both(comparison: Comparison) -> Iterator[str]:
    """Yield what took effect more than once, and as often on both sides."""
    performed = {count.action: count for count in comparison.performed}
    found = [count for count in comparison.effects if count.left == count.right > 1]
    for count in found[:MAX_NAMED_COUNT]:
        done = "was performed" if performed[count.action] == count else "took effect"
        yield f"{count.action} {done} {times(count.left)} on both sides."
    if len(found) > MAX_NAMED_COUNT:
        yield f"So {_are(len(found) - MAX_NAMED_COUNT)} more."


def _are(count: int) -> str:
    return f"{'is' if count == 1 else 'are'} {count:,}"


def _broken(comparison: Comparison) -> Iterator[str]:
    left, right = comparison.left.broken, comparison.right.broken
    for who, names in (
        ("The left breaks", [name for name in left if name not in right]),
        ("The right breaks", [name for name in right if name not in left]),
        ("Both break", [name for name in left if name in right]),
    ):
        if names:
            yield f"{who} {_listed(names)}."


def _refused(comparison: Comparison) -> Iterator[str]:
    """Yield what was asked for more often on one side, answered otherwise there, and took effect as often as on the other."""
    effects = {count.action: count for count in comparison.effects}
    for count in _unequal(comparison.performed):
        side, name = (comparison.left, "left") if count.left > count.right else (comparison.right, "right")
        answers = answers_words(list(_answers(side, count.action))) if count.action in effects else ""
        if answers:
            performed, took = max(count.left, count.right), getattr(effects[count.action], name)
            yield f"{count.action} was performed {times(performed)} on the {name}{answers}, and took effect {times(took)}."


def _unequal(counts: Sequence[Count]) -> list[Count]:
    return [count for count in counts if count.left != count.right]


def _named(comparison: Comparison, counts: Sequence[Count], verb: str, done: str) -> Iterator[str]:
    for count in counts[:MAX_NAMED_COUNT]:
        side = comparison.left if count.left > count.right else comparison.right
        answers = "" if done == "delivered" else answers_words(list(_answers(side, count.action)))
        yield _count_sentence(count, verb, done, answers)
    more = len(counts) - MAX_NAMED_COUNT
    if more > 0:
        yield f"{more:,} more {'differs' if more == 1 else 'differ'} so."


def _answers(side: Side, action: str) -> Iterator[str]:
    """Yield what the outside world returned each time that an action was performed."""
    for moment in side.moments:
        if moment.what == "perform" and moment.action == action:
            yield shorten(value_text(encode(moment.step.record.value)), 40)


def _count_sentence(count: Count, verb: str, done: str, answers: str) -> str:
    """Say which side did something more often; that the other did it once goes without saying."""
    many, few, side, other = (
        (count.left, count.right, "left", "right")
        if count.left > count.right
        else (count.right, count.left, "right", "left")
    )
    text = f"{count.action} {verb} {done} {times(many)} on the {side}{answers}"
    if few == 1:
        return f"{text}."
    seldom = "not" if done == "effect" and few == 0 else times(few)
    return f"{text} and {seldom} on the {other}."


def _end_sentences(comparison: Comparison) -> list[Sentence]:
    left, right = comparison.left, comparison.right
    both = _end_sentence(left, "on both sides")
    if both == _end_sentence(right, "on both sides"):
        return both
    return [*_end_sentence(left, "on the left"), *_end_sentence(right, "on the right")]


def _end_sentence(side: Side, where: str) -> list[Sentence]:
    """Return what is not as it should be where a run ends."""
    end = side.end
    if not end.up:
        return [Sentence(f"{where.capitalize()} the process is down{_why_down(side)}.", is_bad=True)]
    waiting = [
        *(queued.action for queued in end.queue),
        *(sent.action for sent in end.requests),
        *(sent.action for sent in end.results),
    ]
    actions = list(dict.fromkeys(map(action_words, waiting)))
    if not actions:
        return []
    return [Sentence(f"{_listed(actions)} {'is' if len(actions) == 1 else 'are'} still in flight {where}.")]


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MAX_NAMED_COUNT
    shown = [*names[:MAX_NAMED_COUNT], f"{more:,} more"] if more > 0 else names
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def _why_down(side: Side) -> str:
    last = side.steps[-1] if side.steps else None
    if last is None or not isinstance(last.event, Recover) or last.record.refusal is None:
        return ""
    return f": restore failed with {shorten(last.record.refusal.text)}"


def comparison_text(comparison: Comparison) -> str:
    """Return the verdict, the two runs row by row, and in what they differ at the end."""
    lines = [comparison.verdict, "", *_table(comparison), ""]
    lines += _end_lines("state", comparison.state_difference)
    lines += _end_lines(comparison.environment_name, comparison.outside_difference)
    return "\n".join(line.rstrip() for line in lines)


def _table(comparison: Comparison) -> Iterator[str]:
    count = comparison.common_count
    if count:
        first = comparison.rows[0].left
        assert first is not None
        words = shorten_label(first.label, MAX_CELL_LENGTH)
        yield f"{comparison.common_words}{f', from {words} on' if count > 1 else f': {words}'}"
    rows = comparison.rows[count:]
    shown = rows if len(rows) <= MAX_ROW_COUNT else [*rows[: MAX_ROW_COUNT // 2], *rows[-MAX_ROW_COUNT // 2 :]]
    for index, row in enumerate(shown):
        if len(shown) < len(rows) and index == MAX_ROW_COUNT // 2:
            yield f"  … {len(rows) - len(shown):,} more rows …"
        yield _line(row)
        yield from _why_different(row)


def _line(row: SideBySide) -> str:
    left, right = (_cell(moment) for moment in (row.left, row.right))
    tail = f"  (there: step {row.partner.step_number})" if row.partner is not None else ""
    return f"{left:<{MAX_CELL_LENGTH + 6}} {SIGNS[row.relation]} {right}{tail}"


def _why_different(row: SideBySide) -> Iterator[str]:
    """Yield in what two moments of one row differ, below them: their actions, how they ended, or what they changed."""
    if row.relation != "different" or row.left is None or row.right is None:
        return
    for left, right in row.differing:
        texts = (f"      {shorten(text, MAX_CELL_LENGTH)}" if text else "" for text in (left, right))
        yield "{:<{width}}   {}".format(*texts, width=MAX_CELL_LENGTH + 6)


def _cell(moment: Moment | None) -> str:
    if moment is None:
        return "   ."
    notes = ["late"] if moment.is_late else []
    notes += filter(None, [moment.again_words])
    text = shorten_label(moment.label, MAX_CELL_LENGTH - sum(len(note) + 2 for note in notes))
    return f"{moment.number:>4}  {', '.join([text, *notes])}"


def _end_lines(name: str, found: Difference) -> Iterator[str]:
    yield f"at the end, {name}: {'different' if found else 'the same'}"
    for edit in found.edits[:MAX_CHANGE_COUNT]:
        yield f"  {edit.words}"
    if len(found.edits) > MAX_CHANGE_COUNT:
        yield f"  … {len(found.edits) - MAX_CHANGE_COUNT:,} more"
