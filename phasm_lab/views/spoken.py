"""One sentence for each step, spoken once: what happened, with every value named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phasm_lab.engine.events import (
    Crash,
    Delay,
    Deliver,
    Dispatch,
    Duplicate,
    Fault,
    Fire,
    Lose,
    Perform,
    Recover,
    Request,
    Result,
)
from phasm_lab.machine.values import Tracked, Untracked, kind_of
from phasm_lab.trace.labels import shorten
from phasm_lab.views.rows import Past, tracked_of
from phasm_lab.views.words import bare, count_of, crash_point, error_text, ordinal, untracked_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phasm_lab.engine.step import Record, Step

__all__ = ["sentence"]


def sentence(number: int, step: Step | None, past: Past, system: str, broken: Sequence[str]) -> str:
    """Return what a screen reader says of a step; `broken` names what is broken here first: "Property ...", "Rule ..."."""
    if step is None:
        said = ["start."]
    else:
        said = _happened(step, past, system, told_enough=bool(broken))
        if not step.record.declared:
            said.append("Not in the scenario.")
    said += [f"{name} is broken." for name in broken]
    return f"Step {number}: {' '.join(said)}"


def _name(action: Tracked) -> str:
    return f"{shorten(kind_of(action.payload), 60)} {bare(action.id, 30)}"


def _happened(step: Step, past: Past, system: str, *, told_enough: bool) -> list[str]:  # noqa: C901 - one arm for each kind of event
    match step.event:
        case Fire(input=value, again=again, fault=fault):
            return _transition(f"{bare(value)}{' again' if again else ''}", step, past, fault)
        case Deliver(result=result, probe=True):
            return _probed(result, step, past)
        case Deliver(result=result, fault=fault):
            lead = (
                f"late result for {_id(result)}, sent at step {past.late},"
                if past.late >= 0
                else f"{_nth(past)}result for {_id(result)}"
            )
            return _transition(lead, step, past, fault)
        case Recover(fault=fault):
            return _recovery(step, past, fault)
        case Dispatch(action=Untracked(payload=payload)):
            return [f"{untracked_text(payload)} handed over."]
        case Dispatch(action=Tracked() as action):
            return [f"request {bare(action.id, 30)} on the wire{' again' if past.repeats > 1 else ''}."]
        case Perform(request=request):
            done = _performed(system, request, step.record.value, past.repeats)
            return [done] if told_enough else [done, "Result on the wire."]
        case Crash():
            return [f"crash{_standing(past)}. State unchanged.", *_losses(step.record)]
        case Lose(message=Fire(input=value)):
            return [f"{bare(value)} lost on its way."]
        case Lose(message=message):
            return [f"{_stage(message)} {_id(message)} lost."]
        case Duplicate(message=message):
            return [f"a second copy of {_stage(message)} {_id(message)} on the wire."]
        case Delay(request=request):
            return [f"request {_id(request)} queued again, the first is still on the wire."]
    raise AssertionError(step.event)


def _id(message: object) -> str:
    return bare(message.action.id, 30) if isinstance(message, Request | Result) else ""


def _stage(message: object) -> str:
    return "request" if isinstance(message, Request) else "result"


def _nth(past: Past) -> str:
    return f"{ordinal(past.repeats)} " if past.repeats > 1 else ""


def _standing(past: Past) -> str:
    return f" with the {past.standing} on the wire" if past.standing else ""


def _performed(system: str, request: Request, value: object, repeats: int) -> str:
    identity = bare(request.action.id, 30)
    if not repeats:
        return f"{shorten(system, 60)} answers {bare(value)} for {identity}; unchanged."
    time = f"{ordinal(repeats)} time"
    if isinstance(value, str) and re.fullmatch(r"\w[\w ]{0,30}", value):
        return f"{shorten(system, 60)} {value} {identity}, {time}."
    return f"{shorten(system, 60)} performed {identity}, {time}: {bare(value)}."


def _transition(lead: str, step: Step, past: Past, fault: Fault | None) -> list[str]:
    record = step.record
    if record.result == "rejected":
        assert record.refusal is not None
        return [f"{lead} rejected, {_spoken_error(record.refusal.text)}. State unchanged."]
    if record.result == "failed":
        assert fault is not None
        return [f"{lead} failed, {error_text(fault)}. State unchanged."]
    if record.result == "down" and fault is not None and fault.kind != "after commit":
        return [f"{lead}: crash {crash_point(fault, 'stf')}. State unchanged.", *_losses(record)]
    said = [f"{lead} committed.", *_emitted(record, past)]
    if fault is not None and fault.is_crash:
        where = crash_point(fault, "stf", len(tracked_of(record)))
        said += [f"Then crash, {where}.", *_losses(record)]
    elif fault is not None:
        said.append(f"It went on although {error_text(fault)}.")
    return said


def _probed(result: Result, step: Step, past: Past) -> list[str]:
    said = _transition(f"probe, result {bare(result.value)} for {_id(result)},", step, past, None)
    breach = [f"It breaks {past.breach}."] if past.breach else []
    return [*said, "Nothing on the wire carried it.", *breach]


def _spoken_error(text: str) -> str:
    return shorten(text, 160).replace(": ", " ", 1).rstrip(".")


def _earlier(record: Record, past: Past) -> list[str]:
    """Say for each tracked action which step emitted its id first, and whether the same kind of action."""
    return [
        "" if first < 0 else f"{_asks(action) if differs else ' again'}, first emitted at step {first}"
        for action, first, differs in zip(tracked_of(record), past.first_emitted, past.kind_differs, strict=True)
    ]


def _asks(action: Tracked) -> str:
    return f", asks about {bare(action.id, 30)}"


def _emitted(record: Record, past: Past) -> list[str]:
    names = [
        f"{_name(action)} emitted{earlier}."
        for action, earlier in zip(tracked_of(record), _earlier(record, past), strict=True)
    ]
    untracked = sum(type(action) is Untracked for action in record.emitted)
    more = [f"and {len(names) - 3} more emitted."] if len(names) > 3 else []
    return names[:3] + more + ([f"{untracked} untracked."] if untracked else [])


def _recovery(step: Step, past: Past, fault: Fault | None) -> list[str]:
    record = step.record
    if record.result in ("rejected", "failed"):
        assert record.refusal is not None
        taken_back = ["What restore wrote was taken back."] if past.wrote else []
        return [f"restore failed, {_spoken_error(record.refusal.text)}. The process is still down.", *taken_back]
    if fault is not None and fault.kind == "at access":
        return [f"crash {crash_point(fault, 'restore')}. The process is still down.", *_losses(record)]
    names = [
        f"{_name(action)}{earlier}" for action, earlier in zip(tracked_of(record), _earlier(record, past), strict=True)
    ]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    said = [f"restore emitted {', '.join(names[:3])}{more}." if names else "restore emitted nothing."]
    said += ["What restore wrote was taken back."] if past.wrote else []
    if fault is not None and fault.is_crash:
        said += [f"Then crash, {crash_point(fault, 'restore', len(names))}.", *_losses(record)]
    return said


def _losses(record: Record) -> list[str]:
    queued = sum(isinstance(item, Tracked | Untracked) for item in record.lost)
    requests = sum(isinstance(item, Request) for item in record.lost)
    results = sum(isinstance(item, Result) for item in record.lost)
    said = [f"{count_of(queued, 'queued action')} lost."] if queued else []
    said += [f"{count_of(requests, 'request')} on the wire lost."] if requests else []
    return said + ([f"{count_of(results, 'result')} on the wire lost."] if results else [])
