"""Outcome classes: how a run that was hit ends, compared with the crash-free run, and the sentence that says so.

The classes, the worst last: as the crash-free run ends; otherwise, as a run without faults can end; a finding; stuck; an
effect lost; a property broken; an effect performed twice; restore failed.

An *effect* is one perform that changed the environment; it is told by id and kind of its action. A status query, or a
request whose key the outside world knows, changes nothing and is no effect. It is *performed twice* where the run that
was hit has two or more effects of one id and kind, and more than the crash-free run; it is *lost* where an id has fewer
effects than there. Both are judged only where the run ends neither as the crash-free run does nor as a fault-free run can.
Whether a second effect is the first one again or only the note of a refusal, nobody but the reader knows: where the
outside world answered otherwise, the sentence says how.

A run may be of several classes. It gets the worst, and the sentence names the others. Of two runs the one that breaks a
property is the worse, since its author said so, whatever the letters.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.recoveries.futures import End, Performed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


__all__ = [
    "CLASSES",
    "Judged",
    "OutcomeClass",
    "Reference",
    "answers_words",
    "badness",
    "judge",
    "performed_words",
    "times",
]

MAX_ANSWER_COUNT = 3
"""Answers that a sentence names."""


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
    """The class of a run, the slug of its finding (or ""), a sentence that says what happened, the properties it breaks."""

    outcome: OutcomeClass
    slug: str
    sentence: str
    broken: tuple[str, ...] = ()

    @property
    def badness(self) -> tuple[bool, bool, int]:
        """What of several runs is compared: the worst is the greatest."""
        return badness(self.outcome, self.broken)


def badness(outcome: OutcomeClass, broken: Sequence[str]) -> tuple[bool, bool, int]:
    """Return how bad a run is: whether restore fails, whether it breaks a property, and its class."""
    return outcome.letter == "R", bool(broken), outcome.severity


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
    broken = {name: text for name, text in end.broken.items() if name not in reference.end.broken}
    if end.refusal:
        text = f"restore fails and the process stays down: {end.refusal}"
        judged = Judged(CLASSES["R"], "", "; ".join([text, *_also_broken(broken)]))
    elif finding[0] and broken:
        judged = Judged(CLASSES["B"], "broken-property", f"{_broken_words(broken)}; {finding[1]}")
    elif finding[0]:
        judged = Judged(CLASSES["F"], *finding)
    else:
        judged = _by_its_end(reference, performed, end, how_allowed, broken)
    return judged._replace(broken=tuple(broken))


def _by_its_end(
    reference: Reference,
    performed: Sequence[Performed],
    end: End,
    how_allowed: Callable[[], str | None],
    broken: dict[str, str],
) -> Judged:
    waiting = tuple(words for words in end.waiting if words not in reference.end.waiting)
    # Where it does not come to rest, what is not done yet is not lost.
    allowed: str | None = "" if end.is_quiescent else "it may still do it"
    if end.is_quiescent and not waiting:
        is_same = end.outcome == reference.end.outcome
        allowed = "it ends as the crash-free run does" if is_same else how_allowed()
        if allowed and not broken:
            return Judged(CLASSES["S" if is_same else "A"], "", allowed)
    told = list(_told(reference, performed, waiting, broken, allowed=allowed))
    if told:
        return _as_one(told, broken, f"the state ends {_ends(reference, end)}")
    if not end.is_quiescent:
        return Judged(CLASSES["?"], "", "it does not come to rest, first answers given")
    if allowed is None:
        return Judged(CLASSES["?"], "", "it ends otherwise; whether a run without faults can end so was not found out")
    refused = _refused(reference.performed, performed)
    return Judged(CLASSES["F"], "changed-outcome", "; ".join([*refused, "it ends as no run without faults can"]))


def _as_one(told: Sequence[Judged], broken: dict[str, str], ends: str) -> Judged:
    """Return the first of what is told, the worst, with what else there is in its sentence."""
    worst, *others = told
    parts = [each.sentence for each in told if each is worst or each.outcome.letter != "B"]
    if worst.outcome.letter != "T":
        parts.append(ends)
    if any(each.outcome.letter == "B" for each in others):
        parts += _also_broken(broken)
    return worst._replace(sentence="; ".join(parts))


def _also_broken(broken: dict[str, str]) -> list[str]:
    return [f"{name} is broken" for name in broken]


def _broken_words(broken: dict[str, str]) -> str:
    return "; ".join(f"{name} is broken" + (f": {text}" if text else "") for name, text in broken.items())


def _ends(reference: Reference, end: End) -> str:
    return "the same" if end.state == reference.end.state else "otherwise"


def _told(
    reference: Reference,
    performed: Sequence[Performed],
    waiting: tuple[str, ...],
    broken: dict[str, str],
    *,
    allowed: str | None,
) -> Iterator[Judged]:
    """Yield the classes of a run that ends badly, the worst first."""
    doubled = list(_doubled(reference.performed, performed))
    if doubled:
        yield Judged(CLASSES["2"], "", " and ".join(doubled))
    if broken:
        yield Judged(CLASSES["B"], "broken-property", _broken_words(broken))
    lost = [] if allowed or waiting else list(_lost(reference.performed, performed))
    if lost:
        yield Judged(CLASSES["L"], "", " and ".join(lost))
    if waiting:
        yield Judged(CLASSES["T"], "stuck", f"nothing is left to do, and restore still asks for {', '.join(waiting)}")


def _doubled(reference: Sequence[Performed], performed: Sequence[Performed]) -> Iterator[str]:
    usual = Counter(each.key for each in reference if each.is_effect)
    effects = Counter(each.key for each in performed if each.is_effect)
    for key, count in effects.items():
        if count > 1 and count > usual[key]:
            found = [each for each in performed if each.key == key]
            took = "" if len(found) == count else f" and takes effect {times(count)}"
            answers = answers_words([each.answer for each in found])
            told = f"{found[0].words} is {performed_words(len(found))}{took}"
            yield f"{told} ({times(usual[key])} without the crash){answers}"


def _refused(reference: Sequence[Performed], performed: Sequence[Performed]) -> Iterator[str]:
    """Yield what was asked for more often than usual and answered otherwise, though it took effect no more often."""
    usual = Counter(each.key for each in reference)
    for key in dict.fromkeys(each.key for each in performed if each.is_effect):
        found = [each for each in performed if each.key == key]
        answers = answers_words([each.answer for each in found])
        if answers and len(found) > usual[key]:
            took = times(sum(each.is_effect for each in found))
            yield f"{found[0].words} is {performed_words(len(found))}{answers}, and takes effect {took}"


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
