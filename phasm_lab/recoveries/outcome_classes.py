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

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.recoveries.effects import doubled, lost, most_asked, otherwise
from phasm_lab.recoveries.futures import End, Performed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from phasm_lab.recoveries.unlike import Unlike

__all__ = [
    "CLASSES",
    "Judged",
    "OutcomeClass",
    "Reference",
    "badness",
    "judge",
    "named",
]


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
    unlike: Unlike,
    *,
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
    unlike
        Says in what it ends otherwise than the crash-free run.
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
        judged = _by_its_end(reference, performed, end, how_allowed, unlike, broken=broken)
    return judged._replace(broken=tuple(broken))


def _by_its_end(
    reference: Reference,
    performed: Sequence[Performed],
    end: End,
    how_allowed: Callable[[], str | None],
    unlike: Unlike,
    *,
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
        is_same = end.state == reference.end.state
        ends = "the state ends the same" if is_same else named("the state ends otherwise", unlike.state)
        return _as_one(told, broken, ends)
    if not end.is_quiescent:
        parts = ["it does not come to rest, first answers given", *most_asked(performed)]
        return Judged(CLASSES["?"], "", "; ".join(parts))
    if allowed is None:
        ends = named("it ends otherwise", unlike.outcome)
        return Judged(CLASSES["?"], "", f"{ends}; whether a run without faults can end so was not found out")
    ends = named("it ends as no run without faults can", unlike.outcome)
    parts = [*otherwise(reference.performed, performed), ends]
    return Judged(CLASSES["F"], "changed-outcome", "; ".join(parts))


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


def _told(
    reference: Reference,
    performed: Sequence[Performed],
    waiting: tuple[str, ...],
    broken: dict[str, str],
    *,
    allowed: str | None,
) -> Iterator[Judged]:
    """Yield the classes of a run that ends badly, the worst first."""
    twice = list(doubled(reference.performed, performed))
    if twice:
        yield Judged(CLASSES["2"], "", " and ".join(twice))
    if broken:
        yield Judged(CLASSES["B"], "broken-property", _broken_words(broken))
    missing = [] if allowed or waiting else list(lost(reference.performed, performed))
    if missing:
        yield Judged(CLASSES["L"], "", " and ".join(missing))
    if waiting:
        yield Judged(CLASSES["T"], "stuck", f"nothing is left to do, and restore still asks for {', '.join(waiting)}")


def named(sentence: str, what: str) -> str:
    """Return a sentence with what it is about behind it, if that is known.

    Examples
    --------
    >>> named("it ends otherwise", "paid[1] is missing"), named("it ends otherwise", "")
    ('it ends otherwise: paid[1] is missing', 'it ends otherwise')
    """
    return f"{sentence}: {what}" if what else sentence
