"""The moments of a run: its steps, a crash inside a transition told apart from what it interrupts, each with its meaning.

A step in which the process dies after a commit is several moments: the input is taken, actions are handed over, the
process dies. So the input lines up with the same input in a run that dies elsewhere or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.engine.configuration import Configuration
from phasm_lab.engine.events import Crash, Deliver, Dispatch, Event, Fault, Fire, Lose, Perform, Recover
from phasm_lab.engine.step import Step
from phasm_lab.machine.values import Tracked, Untracked, kind_of
from phasm_lab.recoveries.futures import action_words
from phasm_lab.recoveries.readable import readable
from phasm_lab.trace.codec import canonical, encode
from phasm_lab.trace.labels import label, message_label, one_line, shorten, value_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from phasm_lab.engine.versions import Change, Version

__all__ = ["Moment", "change_json", "change_path", "change_value", "change_words", "moments_of"]

MAX_TEXT_LENGTH = 200
"""Characters of a text that is shown."""

MAX_PART_LENGTH = 60
"""Characters of a value that is part of a phrase."""

SCHEMA_KINDS = ("table", "index", "trigger", "view")
"""What a database consists of beside its rows, whose keys never begin so."""


class _Part(NamedTuple):
    """What is known of a moment from its step alone; `emitted` and `names` are what may have been there before."""

    what: str
    label: str
    identity: str
    kind: str
    life: int
    is_late: bool
    ended: str
    action: str = ""
    emitted: tuple[Tracked, ...] = ()


@dataclass(frozen=True)
class Moment:
    """One thing that happens in a run.

    Attributes
    ----------
    step_number
        The step that it is part of: 1 the first, in a run of a lab its number there.
    what
        "fire", "dispatch", "perform", "deliver", "crash", "recover", "lose", "duplicate" or "delay".
    label
        What it is called.
    identity
        Canonical text of the action's id, or of the input; "" for a crash and a recovery.
    kind
        Kind of the action or input.
    life
        How often the process had died before it.
    is_late
        Whether it is about something that was sent before a crash.
    action
        Kind and id of the action in words, "" where it is about none.
    ended
        How it ended, in words: what a transition did, what a perform returned, where the process died.
    again
        What of it was there before: (what, the number of that step) for each.
    step, before
        The step, and the configuration before it.
    part
        Which part of a step it is that has several, as where a transition commits before the process dies: "a", "b" ...
    """

    step_number: int
    what: str
    label: str
    identity: str
    kind: str
    life: int
    is_late: bool
    ended: str
    action: str
    again: tuple[tuple[str, int], ...]
    step: Step
    before: Configuration
    part: str = ""

    @property
    def number(self) -> str:
        """What stands before it in a table: the number of its step, with its part."""
        return f"{self.step_number:,}{self.part}"

    @cached_property
    def state_changes(self) -> Sequence[Change]:
        """What it changed in the state: only a transition of stf does."""
        if self.what not in ("fire", "deliver"):
            return ()
        return _changes(self.before.state, self.step.configuration.state)

    @cached_property
    def outside_changes(self) -> Sequence[Change]:
        """What it changed in the environment: only a perform does."""
        if self.what != "perform":
            return ()
        return _changes(self.before.environment, self.step.configuration.environment)

    @property
    def again_words(self) -> str:
        """What of it was there before, and at which step: ``again, as at 3``; "" where nothing was."""
        if not self.again:
            return ""
        what, number = self.again[0]
        return f"again, as at {number}" if what == self.label else f"emits again what {number} emitted"

    @property
    def is_effect(self) -> bool:
        """Whether it is a perform that changed the environment."""
        return bool(self.outside_changes)

    def to_json(self) -> dict[str, Any]:
        """Return the moment as plain JSON, with what it changed."""
        return {
            "step_number": self.step_number,
            "what": self.what,
            "label": self.label,
            "identity": shorten(self.identity, MAX_TEXT_LENGTH),
            "kind": self.kind,
            "life": self.life,
            "is_late": self.is_late,
            "ended": self.ended,
            "again": [{"what": what, "step_number": number} for what, number in self.again],
            "state": [change_json(change) for change in self.state_changes],
            "outside": [change_json(change) for change in self.outside_changes],
        }


def change_json(change: Change) -> dict[str, str]:
    """Return a change as plain JSON, each text on one line and cut where nobody would read on."""
    parts = {"place": change.place, "path": change.path, "sign": change.sign, "old": change.old, "new": change.new}
    return {name: shorten(text, MAX_TEXT_LENGTH) for name, text in parts.items()}


def change_path(change: Change) -> str:
    """Return where a change is, a row of a table and its columns as a verdict writes them.

    Examples
    --------
    >>> from phasm_lab.engine.versions import Change
    >>> (
    ...     change_path(Change("transfers", "1.stage", "~", "'new'", "'done'")),
    ...     change_path(Change("transfers", "1", "+", "", "stage='new'")),
    ...     change_path(Change("transfers", "index by_stage", "+", "", "create index ...")),
    ...     change_path(Change("", "paid[1]", "+", "", "5")),
    ... )
    ('transfers[1].stage', 'transfers[1]', 'transfers index by_stage', 'paid[1]')
    """
    if not _is_row(change):
        return f"{change.place} {change.path}".strip()
    key, dot, column = change.path.rpartition(".")
    # The key of a whole row may have a dot in it.
    return f"{change.place}[{key}].{column}" if change.sign == "~" and dot else f"{change.place}[{change.path}]"


def _is_row(change: Change) -> bool:
    """Tell whether a change is of a row in a table, not of a state in memory or of the tables themselves."""
    return change.place != "" and change.path.partition(" ")[0] not in SCHEMA_KINDS


def change_value(change: Change) -> str:
    """Return the value that a change leaves, the columns of a whole row together."""
    return f"({change.new})" if change.sign == "+" and _is_row(change) else change.new


def change_words(change: Change) -> str:
    """Return a change as a phrase: ``status 'open' → 'paid'``."""
    path = one_line(change_path(change))
    old, new = readable(change.old, MAX_PART_LENGTH), readable(change_value(change), MAX_PART_LENGTH)
    if change.sign == "~":
        return f"{path} {old} → {new}"
    return f"{path} = {new}" if change.sign == "+" else f"{path} removed"


def _changes(before: Version, after: Version) -> Sequence[Change]:
    if before is after:
        return ()
    after.view()  # brings the state there, so that what was written is listed in the order of writing
    return after.changes()


def moments_of(start: Configuration, steps: Iterable[Step], numbers: Iterable[int] | None = None) -> list[Moment]:
    """Return the moments of a run; `numbers` are those of its steps where they are not 1, 2, 3 ..."""
    found: list[Moment] = []
    seen: dict[tuple[str, str], int] = {}
    before = start
    for number, taken in zip(count(1) if numbers is None else numbers, steps, strict=False):
        parts = list(_parts(before, taken))
        for letter, part in zip(_letters(len(parts)), parts, strict=True):
            again = tuple(_again(part, number, seen))
            found.append(Moment(number, *part[:8], again=again, step=taken, before=before, part=letter))
        before = taken.configuration
    return found


def _letters(count: int) -> list[str]:
    """Name the parts of a step: by letters, after "z" by numbers; one that is whole by nothing.

    Examples
    --------
    >>> _letters(1), _letters(3)
    ([''], ['a', 'b', 'c'])
    """
    if count == 1:
        return [""]
    letters = list(ascii_lowercase[:count])
    return letters + [f".{index + 1}" for index in range(len(letters), count)]


def _again(part: _Part, number: int, seen: dict[tuple[str, str], int]) -> Iterator[tuple[str, int]]:
    """Yield what of a moment was there before, and enter it."""
    if part.identity:
        first = seen.setdefault((part.what, part.identity), number)
        if first != number:
            yield part.label, first
    for action in part.emitted:
        first = seen.setdefault(("emit", canonical(action.id)), number)
        if first != number:
            yield action_words(action), first


def _parts(before: Configuration, taken: Step) -> Iterator[_Part]:
    event = taken.event
    fault = getattr(event, "fault", None)
    if fault is None or not fault.is_crash:
        yield _part(event, before, taken)
    elif fault.kind not in ("commit unknown", "after commit"):
        yield _Part("crash", label(event), "", "", before.life, False, f"{fault.kind}{_losing(fault.lose)}")
    else:
        yield from _interrupted(event, fault, before, taken)


def _interrupted(event: Event, fault: Fault, before: Configuration, taken: Step) -> Iterator[_Part]:
    """Yield the moments of a transition that commits, or a restore that returns, before the process dies."""
    emitted = tuple(action for action in taken.record.emitted if isinstance(action, Tracked))
    whole: Event = Recover() if isinstance(event, Recover) else _unharmed(event)
    answer = _answer(event)
    yield _part(whole, before, taken)._replace(ended=f"{answer}{_ended('committed', taken)}")
    for action in emitted[: fault.number]:
        yield _about_action("dispatch", f"dispatch {_id_text(action)}", action, (before.life, before.life))
    if fault.kind == "commit unknown":
        place = "with the commit not acknowledged"
    else:
        done = "restore returned" if isinstance(event, Recover) else "the commit"
        place = f"after {done}, {fault.number} of {len(emitted)} handed over"
    lost = label(Crash(fault.lose)).removeprefix("crash")
    yield _Part("crash", f"crash {place}{lost}", "", "", before.life, False, f"{place}{_losing(fault.lose)}")


def _unharmed(event: Event) -> Event:
    if isinstance(event, Fire):
        return Fire(event.input, again=event.again)
    assert isinstance(event, Deliver)
    return Deliver(event.result)


def _part(event: Event, before: Configuration, taken: Step) -> _Part:
    life, record = before.life, taken.record
    match event:
        case Fire(value):
            ended = _ended(record.result, taken)
            return _Part(
                "fire",
                label(event),
                canonical(value),
                kind_of(value),
                life,
                event.again,
                ended,
                emitted=_emitted(taken),
            )
        case Dispatch(Untracked(payload)):
            return _Part("dispatch", label(event), canonical(payload), kind_of(payload), life, False, "")
        case Dispatch(Tracked() as action, sent):
            return _about_action("dispatch", label(event), action, (life, sent))
        case Perform(request):
            ended = f"returns {shorten(value_text(encode(record.value)))}"
            return _about_action("perform", label(event), request.action, (life, request.life), ended)
        case Deliver(result):
            ended = f"{_answer(event)}{_ended(record.result, taken)}"
            part = _about_action("deliver", label(event), result.action, (life, result.life), ended)
            return part._replace(emitted=_emitted(taken))
        case Recover():
            return _Part(
                "recover", label(event), "", "", life, False, _ended(record.result, taken), emitted=_emitted(taken)
            )
        case Crash(lose):
            return _Part("crash", label(event), "", "", life, False, f"between two steps{_losing(lose)}")
        case Lose(Fire(value)):
            return _Part("lose", label(event), canonical(value), kind_of(value), life, False, "")
    message: Any = getattr(event, "request", None) or getattr(event, "message", None)
    what = type(event).__name__.lower()
    return _about_action(what, label(event), message.action, (life, message.life), type(message).__name__.lower())


def _answer(event: Event) -> str:
    return f"{shorten(value_text(encode(event.result.value)))}, " if isinstance(event, Deliver) else ""


def _about_action(what: str, text: str, action: Tracked, lives: tuple[int, int], ended: str = "") -> _Part:
    """Return a moment about an action; `lives` are that in which it happens and that which sent it."""
    life, sent = lives
    return _Part(
        what, text, canonical(action.id), kind_of(action.payload), life, sent < life, ended, action_words(action)
    )


def _id_text(action: Tracked) -> str:
    return shorten(value_text(encode(action.id)))


def _emitted(taken: Step) -> tuple[Tracked, ...]:
    return tuple(action for action in taken.record.emitted if isinstance(action, Tracked))


def _ended(result: str, taken: Step) -> str:
    """Say how a transition ended and what it emitted; a restore that returned is said to emit, and no more."""
    record = taken.record
    words = [] if isinstance(taken.event, Recover) and result == "committed" else [result]
    words += (
        [shorten(record.refusal.text, MAX_TEXT_LENGTH)] if record.refusal is not None and result != "committed" else []
    )
    emitted = [action_words(action) for action in _emitted(taken)]
    if emitted or not words:
        words.append(f"emits {' and '.join(emitted) or 'nothing'}")
    return ", ".join(words)


def _losing(lose: tuple[Any, ...]) -> str:
    lost = " and ".join(message_label(encode(message)) for message in lose)
    return f", losing {lost}" if lost else ""
