"""Outcome classes: how a run that was hit ends, compared with the crash-free run, and the sentence that says so.

The classes, the worst last: as the crash-free run ends; otherwise, as a run without faults can end; a finding; stuck; an
effect lost; a property broken; an effect performed twice; restore failed.

An *effect* is one perform that changed the environment; it is told by id and kind of its action. A status query, or a
request whose key the outside world knows, changes nothing and is no effect. It is *performed twice* where the run that
was hit has two or more effects of one id and kind, and more than the crash-free run; it is *lost* where an id has fewer
effects than there. Both are judged only where the run ends neither as the crash-free run does nor as a fault-free run can.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.recoveries.futures import End, Performed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


__all__ = ["CLASSES", "Judged", "OutcomeClass", "Reference", "judge", "performed_words", "times"]


class OutcomeClass(NamedTuple):
    """How a run that was hit ends.

    Attributes
    ----------
    letter
        What stands for it in a cell.
    name
        What it is called.
    severity
        How bad it is; of several the worst is shown.
    """

    letter: str
    name: str
    severity: int

    @property
    def is_bad(self) -> bool:
        """Whether something went wrong that the crash alone does not excuse."""
        return self.severity >= CLASSES["F"].severity


CLASSES: dict[str, OutcomeClass] = {
    each.letter: each
    for each in (
        OutcomeClass("·", "no such point", -1),
        OutcomeClass("S", "same outcome", 0),
        OutcomeClass("A", "other outcome, allowed", 1),
        OutcomeClass("?", "not searched", 2),
        OutcomeClass("F", "finding", 3),
        OutcomeClass("T", "stuck", 4),
        OutcomeClass("L", "effect lost", 5),
        OutcomeClass("B", "property broken", 6),
        OutcomeClass("2", "effect performed twice", 7),
        OutcomeClass("R", "restore failed", 8),
    )
}
"""Every class by its letter."""


@dataclass(frozen=True)
class Reference:
    """How the crash-free run ends where it was to be hit.

    Attributes
    ----------
    end
        Its end, the step that is hit included.
    performed
        What was performed from the start on.
    """

    end: End
    performed: tuple[Performed, ...]


class Judged(NamedTuple):
    """The class of a run, the slug of its finding (or ""), and a sentence that says what happened."""

    outcome: OutcomeClass
    slug: str
    sentence: str


def judge(
    reference: Reference,
    performed: Sequence[Performed],
    end: End,
    how_allowed: Callable[[], str | None],
    finding: tuple[str, str] = ("", ""),
) -> Judged:
    """Return the class of a run that was hit.

    Parameters
    ----------
    reference
        The crash-free run.
    performed
        What was performed in the run that was hit, from the start on.
    end
        How it ends.
    how_allowed
        Says how a fault-free run can end so; "" where none can, None where that is not known.
    finding
        Slug and sentence of what its steps break by themselves.
    """
    if end.refusal:
        return Judged(CLASSES["R"], "", f"restore fails and the process stays down: {end.refusal}")
    if finding[0]:
        return Judged(CLASSES["F"], *finding)
    waiting = tuple(words for words in end.waiting if words not in reference.end.waiting)
    broken = {name: text for name, text in end.broken.items() if name not in reference.end.broken}
    # Where it does not come to rest, what is not done yet is not lost.
    allowed: str | None = "" if end.is_quiescent else "it may still do it"
    if end.is_quiescent and not waiting:
        is_same = end.outcome == reference.end.outcome
        allowed = "it ends as the crash-free run does" if is_same else how_allowed()
        if allowed and not broken:
            return Judged(CLASSES["S" if is_same else "A"], "", allowed)
    told = _told(reference, performed, waiting, broken, allowed=allowed)
    if told is not None:
        ends = "" if told.outcome.letter == "T" else "; the state ends " + _ends(reference, end)
        also = "" if told.outcome.letter == "B" else "".join(f"; {name} is broken" for name in broken)
        return told._replace(sentence=told.sentence + ends + also)
    if not end.is_quiescent:
        return Judged(CLASSES["?"], "", "it does not come to rest, first answers given")
    if allowed is None:
        return Judged(CLASSES["?"], "", "it ends otherwise; whether a run without faults can end so was not found out")
    return Judged(CLASSES["F"], "changed-outcome", "it ends as no run without faults can")


def _ends(reference: Reference, end: End) -> str:
    return "the same" if end.state == reference.end.state else "otherwise"


def _told(
    reference: Reference,
    performed: Sequence[Performed],
    waiting: tuple[str, ...],
    broken: dict[str, str],
    *,
    allowed: str | None,
) -> Judged | None:
    """Return the most telling class of a run that ends badly, or None."""
    doubled = list(_doubled(reference.performed, performed))
    if doubled:
        return Judged(CLASSES["2"], "", " and ".join(doubled))
    if waiting:
        return Judged(CLASSES["T"], "stuck", f"nothing is left to do, and restore still asks for {', '.join(waiting)}")
    lost = [] if allowed else list(_lost(reference.performed, performed))
    if lost:
        return Judged(CLASSES["L"], "", " and ".join(lost))
    if broken:
        named = [f"{name} is broken" + (f": {text}" if text else "") for name, text in broken.items()]
        return Judged(CLASSES["B"], "broken-property", "; ".join(named))
    return None


def _doubled(reference: Sequence[Performed], performed: Sequence[Performed]) -> Iterator[str]:
    usual = Counter(each.key for each in reference if each.is_effect)
    found = Counter(each.key for each in performed if each.is_effect)
    words = {each.key: each.words for each in performed}
    for key, count in found.items():
        if count > 1 and count > usual[key]:
            yield f"{words[key]} is {performed_words(count)} ({times(usual[key])} without the crash)"


def _lost(reference: Sequence[Performed], performed: Sequence[Performed]) -> Iterator[str]:
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
