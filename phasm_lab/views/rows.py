"""One step as a row of the timeline: what happened, from its record alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.events import (
    Delay,
    Deliver,
    Dispatch,
    Duplicate,
    Event,
    Fault,
    Fire,
    Lose,
    Message,
    Perform,
    Recover,
    Request,
)
from phasm_lab.machine.values import Tracked, Untracked, kind_of
from phasm_lab.trace.labels import shorten
from phasm_lab.views.words import (
    action_lead,
    action_short,
    action_text,
    bare,
    crash_point,
    error_text,
    event_title,
    id_text,
    message_short,
    message_text,
    outcome_text,
    untracked_text,
)

if TYPE_CHECKING:
    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.step import Record, Step
    from phasm_lab.views.run_shapes import Row

__all__ = ["LETTERS", "Past", "died_before_commit", "empty_row", "lost_texts", "make_row", "tracked_of"]

TIMES = "\N{MULTIPLICATION SIGN}"

LETTERS = {
    "start": "S",
    "fire": "F",
    "dispatch": "D",
    "perform": "P",
    "deliver": "V",
    "crash": "X",
    "recover": "R",
    "lose": "L",
    "duplicate": "U",
    "delay": "E",
}
"""Kinds of rows in the outline."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a row says of earlier steps of its run.

    Attributes
    ----------
    first_emitted
        For each tracked action emitted: the step that emitted its id first, or -1.
    kind_differs
        For each tracked action emitted: whether that step emitted another kind of action under this id.
    late
        Deliver: the step that put on the wire a result of an earlier life, or -1.
    twin
        Perform: row of the last perform of the same id and kind, or -1.
    repeats
        Perform: how often it went so and changed the environment, 0 where it changed nothing; dispatch, deliver: how often this id was handed over or answered, this one included.
    standing
        Crash: "result" or "request", whatever got furthest of what is on the wire.
    system
        Perform: index of the outside system.
    holds
        Ids that restore would emit.
    wrote
        Recover: whether restore wrote something, which was taken back.
    breach
        Probe: the rule that it breaks, or "".
    """

    first_emitted: tuple[int, ...] = ()
    kind_differs: tuple[bool, ...] = ()
    late: int = -1
    twin: int = -1
    repeats: int = 1
    standing: str = ""
    system: int = 0
    holds: tuple[str, ...] = ()
    wrote: bool = False
    breach: str = ""


def tracked_of(record: Record) -> list[Tracked]:
    """Return the tracked actions that a step emitted."""
    return [action for action in record.emitted if type(action) is Tracked]


def died_before_commit(step: Step) -> bool:
    """Tell whether the process died inside a transition before anything was durable or handed over."""
    fault: Fault | None = getattr(step.event, "fault", None)
    return fault is not None and fault.kind in ("before accept", "at access", "before commit")


def empty_row(number: int) -> Row:
    """Return the row of the start."""
    return {
        "step": number,
        "kind": "start",
        "result": "",
        "label": "start",
        "short": "start",
        "emits": [],
        "untracked": [],
        "why": "",
        "late": -1,
        "system": 0,
        "lane": "",
        "twin": -1,
        "lost": [],
        "holds": "",
        "own": 0,
        "rules": 0,
        "declared": True,
        "fault": "",
        "say": "",
    }


def make_row(number: int, before: Configuration, step: Step, past: Past) -> Row:
    """Return the row of a step; `own`, `rules` and `say` are filled in by who judges it."""
    row = empty_row(number)
    record, fault = step.record, getattr(step.event, "fault", None)
    row["kind"] = type(step.event).__name__.lower()
    row["label"], row["short"] = _labels(step, past)
    row["result"] = record.result
    row["declared"] = record.declared
    row["why"] = _why(step, fault)
    row["fault"] = error_text(fault) if fault is not None and not fault.is_crash else ""
    row["lost"] = lost_texts(record)
    row["late"], row["twin"], row["system"] = past.late, past.twin, past.system
    row["lane"] = _lane(step.event)
    if not died_before_commit(step):
        row["emits"] = [
            {"text": action_text(action), "short": action_short(action), "again": -1 if differs else first}
            for action, first, differs in zip(tracked_of(record), past.first_emitted, past.kind_differs, strict=True)
        ]
        row["untracked"] = [untracked_text(a.payload) for a in record.emitted if type(a) is Untracked]
    if isinstance(step.event, Dispatch) and isinstance(step.event.action, Untracked):
        row["untracked"] = [row["label"]]
    if before.up and not step.configuration.up:
        row["holds"] = "\n".join(past.holds)
    return row


def _labels(step: Step, past: Past) -> tuple[str, str]:
    match step.event:
        case Fire(input=value):
            return bare(value), shorten(kind_of(value), 30)
        case Dispatch(action=Untracked(payload=payload)):
            return (untracked_text(payload),) * 2
        case Dispatch(action=Tracked() as action, life=life):
            return message_text(Request(action, life)), message_short(Request(action, life))
        case Perform() if not past.repeats:
            outcome = outcome_text(step.record.value)
            return f"answers {outcome}", outcome
        case Perform():
            times = f"{TIMES}{past.repeats}"
            return f"{outcome_text(step.record.value)} {times}", times
        case Deliver(result=result, probe=True):
            return (f"probe {id_text(result.action.id)}",) * 2
        case Deliver(result=result):
            return message_text(result), message_short(result)
        case Lose() | Duplicate() | Delay() as event:
            return event_title(event), _short_mischief(event)
        case event:
            return (event_title(event),) * 2


def _short_mischief(event: Lose | Duplicate | Delay) -> str:
    message: Any = event.request if isinstance(event, Delay) else event.message
    subject = shorten(kind_of(message.input), 30) if isinstance(message, Fire) else action_lead(message.action)
    return f"{type(event).__name__.lower()} {subject}"


def _why(step: Step, fault: Fault | None) -> str:
    record = step.record
    if record.refusal is not None and record.result in ("rejected", "failed"):
        return shorten(record.refusal.text, 160)
    if fault is None or not fault.is_crash:
        return ""
    role = "restore" if isinstance(step.event, Recover) else "stf"
    return crash_point(fault, role, len(tracked_of(record)))


def lost_texts(record: Record) -> list[str]:
    """Return what a crash took, as text."""
    return [_lost_text(item) for item in record.lost]


def _lost_text(item: Tracked | Untracked | Message) -> str:
    if isinstance(item, Untracked):
        return untracked_text(item.payload)
    return action_text(item) if isinstance(item, Tracked) else message_text(item)


def _lane(event: Event) -> str:
    if isinstance(event, Delay):
        return "request"
    if isinstance(event, Lose | Duplicate) and not isinstance(event.message, Fire):
        return "request" if isinstance(event.message, Request) else "result"
    return ""
