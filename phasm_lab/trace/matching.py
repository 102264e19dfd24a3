"""Which event a stored one means in a configuration, and what can happen there instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.configuration import Configuration
from phasm_lab.engine.drive import Limits
from phasm_lab.engine.enabled import enabled, listed_losses, outcomes, survey
from phasm_lab.engine.events import (
    CRASH_KINDS,
    ERROR_KINDS,
    Crash,
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
    Result,
    Transition,
)
from phasm_lab.engine.rules import obstacle
from phasm_lab.engine.scenario import Scenario
from phasm_lab.engine.step import NO_LIMITS
from phasm_lab.errors import PhasmLabError, TraceError
from phasm_lab.trace.codec import (
    LISTED_ARGUMENTS,
    Json,
    canonical,
    canonical_json,
    encode,
    encode_event,
    last_names,
    without_modules,
)
from phasm_lab.trace.labels import message_label, stored_label, stored_labels
from phasm_lab.trace.rebuild import classes_of, rebuild

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["possible", "resolve"]

MAX_LISTED_COUNT = 8
"""Events listed in a message; the rest are counted."""


@dataclass(frozen=True, slots=True)
class _Here:
    """Where a stored event is to happen."""

    scenario: Scenario
    configuration: Configuration
    limits: Limits
    asked: Iterable[Request]

    @property
    def wire(self) -> tuple[Message, ...]:
        """All requests and results on the wire."""
        return self.configuration.requests + self.configuration.results


class _MisfitError(Exception):
    """Says why a stored event means nothing here."""


def resolve(
    scenario: Scenario,
    configuration: Configuration,
    stored: Json,
    *,
    limits: Limits = NO_LIMITS,
    asked: Iterable[Request] = (),
) -> Event:
    """Return the event that a stored one means in a configuration.

    What it names is looked up among what is there: inputs of the scenario, queued actions, messages on the wire, options
    that `perform` is offered. Only an input that is not in the scenario and the result of a probe are built from what is
    stored; `asked` is what the run asked for on the way here, which is all that a probe may be about.

    Raises
    ------
    TraceError
        If it means nothing here; the message names what can happen instead.
    """
    here = _Here(scenario, configuration, limits, asked)
    try:
        event = _event(here, stored)
        why = obstacle(scenario, configuration, event)
    except _MisfitError as error:
        why = str(error)
    if why:
        names = possible(scenario, configuration, stored, limits=limits)
        raise TraceError(stored_label(stored), why, "possible here", listed(names))
    return event


def _event(here: _Here, stored: Json) -> Event:
    name = stored.get("event") if isinstance(stored, dict) else None
    if not isinstance(name, str) or name not in _READERS:
        raise _MisfitError("that is not a stored event")
    event_class, read = _READERS[name]
    _require_shape(event_class, stored)
    return read(here, stored)


def _require_shape(cls: type[Any], stored: dict[str, Json]) -> None:
    names = {field.name for field in fields(cls)}
    needed = {field.name for field in fields(cls) if field.default is MISSING}
    given = set(stored) - {"event"}
    for name in sorted(needed - given):
        raise _MisfitError(f"its {name!r} is missing")
    for name in sorted(given - names):
        raise _MisfitError(f"it has {name!r}, which a {cls.__name__} has not")
    for name in given & LISTED_ARGUMENTS:
        if not isinstance(stored[name], list):
            raise _MisfitError(f"its {name!r} is not a list")


def _match(wanted: Json, candidates: Iterable[Any]) -> Any:
    """Return the candidate that is stored as `wanted`, or None; one by the last names of its classes, if it is the only one.

    What was stored when no other class of its name was known is the first that fits, as it was then.
    """
    text, there = canonical_json(wanted), list(candidates)
    for form in (encode, _encode_without_modules):
        for candidate in there:
            if canonical_json(form(candidate)) == text:
                return candidate
    alike = [candidate for candidate in there if _has_last_names(candidate, text)]
    return alike[0] if len({canonical(candidate) for candidate in alike}) == 1 else None


def _encode_without_modules(candidate: Any) -> Json:
    return without_modules(encode(candidate))


def _has_last_names(candidate: Any, text: str) -> bool:
    return canonical_json(last_names(encode(candidate))) == text


def _fire(here: _Here, stored: dict[str, Json]) -> Fire:
    event = Fire(_input(here, stored["input"]), again=stored.get("again") is True)
    return Fire(event.input, event.again, _fault(here, event, stored))


def _input(here: _Here, wanted: Json) -> Any:
    inputs, next_index = here.scenario.inputs, here.configuration.inputs.next_index
    value = _match(wanted, (*inputs[next_index:], *inputs[:next_index]))
    return value if value is not None else _built(here, wanted)


def _built(here: _Here, wanted: Json) -> Any:
    try:
        return rebuild(wanted, classes_of(here.scenario))
    except TraceError as error:
        raise _MisfitError(error.case) from error


def _dispatch(here: _Here, stored: dict[str, Json]) -> Dispatch:
    configuration, life = here.configuration, stored["life"]
    tracked = [item.action for item in configuration.queue if item.life == life]
    untracked = configuration.untracked if configuration.life == life else ()
    action = _match(stored["action"], (*tracked, *untracked))
    if action is not None and type(life) is int:
        return Dispatch(action, life)
    if not here.configuration.up:
        raise _MisfitError("the process is down")
    raise _MisfitError(f"{stored_label(stored, full=True).removeprefix('dispatch ')} is not queued")


def _message(wanted: Json, messages: Iterable[Message]) -> Any:
    found = _match(wanted, messages)
    if found is None:
        raise _MisfitError(f"{message_label(wanted)} is not on the wire")
    return found


def _perform(here: _Here, stored: dict[str, Json]) -> Perform:
    request = _message(stored["request"], here.configuration.requests)
    wanted = [canonical_json(choice) for choice in stored.get("choices", [])]
    if not wanted:
        return Perform(request)
    ways = [taken for taken, _ in outcomes(here.scenario, here.configuration, request, limits=here.limits)]
    for taken in ways:
        if len(taken) >= len(wanted) and all(map(_is_stored_as, taken, wanted)):
            return Perform(request, taken[: len(wanted)])
    raise _MisfitError("perform does not offer that choice")


def _is_stored_as(value: Any, text: str) -> bool:
    forms = (value_json := encode(value), without_modules(value_json), last_names(value_json))
    return text in map(canonical_json, forms)


def _deliver(here: _Here, stored: dict[str, Json]) -> Deliver:
    if stored.get("probe") is True:
        return _probe(here, stored)
    event = Deliver(_message(stored["result"], here.configuration.results))
    return Deliver(event.result, _fault(here, event, stored))


def _probe(here: _Here, stored: dict[str, Json]) -> Deliver:
    """Return a result that nothing on the wire carries, for an action that the run asked for."""
    result = stored["result"]
    if not isinstance(result, dict) or not {"action", "life", "value"} <= result.keys():
        raise _MisfitError("its 'result' is not a stored result")
    wanted = {"$": Request.__name__, "action": result["action"], "life": result["life"]}
    request = _match(wanted, here.asked)
    if request is None:
        raise _MisfitError(f"{message_label(wanted)} was not asked for on the way here")
    event = Deliver(Result(request.action, request.life, _built(here, result["value"])), probe=True)
    return Deliver(event.result, _fault(here, event, stored), probe=True)


def _lose(here: _Here, stored: dict[str, Json]) -> Lose:
    message = stored["message"]
    if isinstance(message, dict) and message.get("event") == "Fire":
        _require_shape(Fire, message)
        return Lose(Fire(_input(here, message["input"])))
    return Lose(_message(message, here.wire))


def _duplicate(here: _Here, stored: dict[str, Json]) -> Duplicate:
    return Duplicate(_message(stored["message"], here.wire))


def _delay(here: _Here, stored: dict[str, Json]) -> Delay:
    return Delay(_message(stored["request"], here.configuration.requests))


def _crash(here: _Here, stored: dict[str, Json]) -> Crash:
    return Crash(tuple(_message(message, here.wire) for message in stored.get("lose", [])))


def _recover(here: _Here, stored: dict[str, Json]) -> Recover:
    return Recover(_fault(here, Recover(), stored))


def _fault(here: _Here, event: Transition, stored: dict[str, Json]) -> Fault | None:
    if "fault" not in stored:
        return None
    fault = stored["fault"]
    if not isinstance(fault, dict) or fault.get("kind") not in CRASH_KINDS + ERROR_KINDS:
        raise _MisfitError("there is no such fault")
    _require_shape(Fault, fault)
    kind, number, sticky = fault["kind"], fault.get("number", 0), fault.get("sticky", False)
    if type(number) is not int or number < 0 or type(sticky) is not bool:
        raise _MisfitError("there is no such fault")
    wire = here.wire
    if kind == "after commit" and fault.get("lose"):
        wire += _sent(here, event)[:number]
    return Fault(kind, number, sticky, tuple(_message(message, wire) for message in fault.get("lose", [])))


def _sent(here: _Here, event: Transition) -> tuple[Request, ...]:
    """Return the requests that a transition would put on the wire, which a crash behind it may take too."""
    if obstacle(here.scenario, here.configuration, event):
        return ()
    tried = survey(here.scenario, here.configuration, event, limits=here.limits, metered=False)
    return tuple(Request(action, here.configuration.life) for action in tried.tracked)


_READERS: dict[Any, tuple[type[Any], Callable[[_Here, dict[str, Json]], Event]]] = {
    "Crash": (Crash, _crash),
    "Delay": (Delay, _delay),
    "Deliver": (Deliver, _deliver),
    "Dispatch": (Dispatch, _dispatch),
    "Duplicate": (Duplicate, _duplicate),
    "Fire": (Fire, _fire),
    "Lose": (Lose, _lose),
    "Perform": (Perform, _perform),
    "Recover": (Recover, _recover),
}


def possible(
    scenario: Scenario, configuration: Configuration, stored: Json, *, limits: Limits = NO_LIMITS
) -> list[str]:
    """Return what can happen in a configuration by its labels, what is most like the stored event first."""
    try:
        events = [
            encode_event(event)
            for event in enabled(scenario, configuration, limits=limits, taken_by_crash=listed_losses)
        ]
    except PhasmLabError:
        return []
    names = stored_labels(events)
    wanted = stored.get("event") if isinstance(stored, dict) else None
    order = sorted(range(len(events)), key=lambda index: (events[index]["event"] != wanted, "fault" in events[index]))
    return [names[index] for index in order]


def listed(names: Sequence[str]) -> list[str]:
    left = len(names) - MAX_LISTED_COUNT
    return [*names[:MAX_LISTED_COUNT], *([f"and {left} more"] if left > 0 else [])] or ["nothing"]
