"""What a run performed more often than the crash-free one, less often or otherwise, in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phasm_lab.recoveries.futures import Performed

__all__ = ["answers_words", "doubled", "lost", "most_asked", "otherwise", "performed_words", "times"]

MAX_ANSWER_COUNT = 3
"""Answers that a sentence names."""


def doubled(reference: Sequence[Performed], performed: Sequence[Performed]) -> Iterator[str]:
    """Yield what took effect more than once, and more often than usual."""
    usual = Counter(each.key for each in reference if each.is_effect)
    effects = Counter(each.key for each in performed if each.is_effect)
    for key, count in effects.items():
        if count > 1 and count > usual[key]:
            found = [each for each in performed if each.key == key]
            took = "" if len(found) == count else f" and takes effect {times(count)}"
            answers = answers_words([each.answer for each in found])
            told = f"{found[0].words} is {performed_words(len(found))}{took}"
            yield f"{told} ({times(usual[key])} without the crash){answers}"


def otherwise(reference: Sequence[Performed], performed: Sequence[Performed]) -> Iterator[str]:
    """Yield what was asked for more often than usual and answered otherwise, and what else took effect not as often."""
    usual = Counter(each.key for each in reference)
    usual_effects = Counter(each.key for each in reference if each.is_effect)
    effects = Counter(each.key for each in performed if each.is_effect)
    words = {each.key: each.words for each in (*performed, *reference) if each.is_effect}
    for key, name in words.items():
        found = [each for each in performed if each.key == key]
        answers = answers_words([each.answer for each in found])
        if answers and len(found) > usual[key]:
            yield f"{name} is {performed_words(len(found))}{answers}, and takes effect {times(effects[key])}"
        elif effects[key] != usual_effects[key]:
            yield f"{name} {_took(len(found), effects[key])} ({times(usual_effects[key])} without the crash)"


def _took(performed_count: int, effect_count: int) -> str:
    if not performed_count:
        return "is never performed"
    return f"takes effect {times(effect_count)}" if effect_count else "never takes effect"


def most_asked(performed: Sequence[Performed]) -> Iterator[str]:
    """Yield what was performed most often in a run that goes on and on."""
    for (_, words), count in Counter((each.key, each.words) for each in performed).most_common(1):
        yield f"until it is given up, {words} is {performed_words(count)}"


def lost(reference: Sequence[Performed], performed: Sequence[Performed]) -> Iterator[str]:
    """Yield what took effect less often than usual, by its id whatever its kind, and was performed less often."""
    usual = Counter(each.identity for each in reference if each.is_effect)
    found = Counter(each.identity for each in performed if each.is_effect)
    usual_count, found_count = Counter(each.key for each in reference), Counter(each.key for each in performed)
    words = {each.key: each for each in reference if each.is_effect}
    for key, each in words.items():
        if found[each.identity] < usual[each.identity] and found_count[key] < usual_count[key]:
            told = performed_words(found_count[key])
            yield f"{each.words} is {told} ({times(usual_count[key])} without the crash)"


def times(count: int) -> str:
    """Say how often.

    Examples
    --------
    >>> [times(count) for count in (0, 1, 2, 3)]
    ['never', 'once', 'twice', '3 times']
    """
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def performed_words(count: int) -> str:
    """Say how often something is performed.

    Examples
    --------
    >>> performed_words(0), performed_words(2)
    ('never performed', 'performed twice')
    """
    return f"performed {times(count)}" if count else "never performed"


def answers_words(answers: Sequence[str]) -> str:
    """Say how the outside world answered, where it was not always the same.

    Examples
    --------
    >>> answers_words(["'charged'", "'refused'"])
    ", answered 'charged', then 'refused'"
    >>> answers_words(["'charged'", "'charged'"])
    ''
    """
    if len(set(answers)) < 2:
        return ""
    shown = answers if len(answers) <= MAX_ANSWER_COUNT else [*answers[: MAX_ANSWER_COUNT - 1], "…", answers[-1]]
    return f", answered {', then '.join(shown)}"
