"""The words of the screen: values, ids, actions and events as a person would say them."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import Any

from phasm_lab.engine.events import (
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
)
from phasm_lab.machine.text import text_of
from phasm_lab.machine.values import Tracked, Untracked, kind_of
from phasm_lab.trace.labels import shorten

__all__ = [
    "action_lead",
    "action_short",
    "action_text",
    "bare",
    "count_of",
    "crash_point",
    "error_text",
    "event_title",
    "id_text",
    "message_short",
    "message_text",
    "ordinal",
    "outcome_text",
    "untracked_text",
]

LONGEST_NAME = 60

LONGEST_TAG = 10
"""Characters of the longest id that a lane has room for."""

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def bare(value: Any, length: int = LONGEST_NAME) -> str:
    """Return a value as a label: without quotes, a dataclass as a call.

    Examples
    --------
    >>> bare(Untracked("tell ada")), bare(("charge", 5)), bare(None)
    ('Untracked(tell ada)', '(charge, 5)', 'None')
    """
    return shorten(_bare(value, length), length)


def _bare(value: Any, length: int) -> str:
    if isinstance(value, str):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        inner = (bare(getattr(value, field.name, None), length) for field in fields(value) if field.repr)
        return f"{value.__class__.__name__}({', '.join(inner)})"
    if type(value) is tuple:
        return f"({', '.join(bare(item, length) for item in value[:20])})"
    return text_of(value)


def id_text(identity: Any) -> str:
    """Return the id of an action as a tag.

    Examples
    --------
    >>> id_text(1), id_text(("ada", 2))
    ('#1', '#(ada, 2)')
    """
    return f"#{bare(identity, 30)}"


def action_text(action: Tracked) -> str:
    """Return a tracked action by its kind and id.

    Examples
    --------
    >>> action_text(Tracked(1, ("charge", 500)))
    'charge #1'
    """
    return f"{shorten(kind_of(action.payload), LONGEST_NAME)} {id_text(action.id)}"


def action_short(action: Tracked) -> str:
    """Return a tracked action by the first word of its kind, and its id.

    Examples
    --------
    >>> class ChargeCard:
    ...     pass
    >>> action_short(Tracked(1, ChargeCard()))
    'Charge #1'
    """
    kind = shorten(kind_of(action.payload), LONGEST_NAME)
    word = re.match(r"[A-Z]?[a-z]+(?=[A-Z_])|.+", kind)
    return f"{word.group() if word else kind} {id_text(action.id)}"


def action_lead(action: Tracked) -> str:
    """Return a tracked action in the fewest words: its id, or its kind where the id is too long for a lane.

    Examples
    --------
    >>> action_lead(Tracked(1, ("charge", 500))), action_lead(Tracked(("mail", "ada@x.org"), ("send", 1)))
    ('#1', 'send')
    """
    tag = id_text(action.id)
    return tag if _is_brief(tag) else shorten(kind_of(action.payload), LONGEST_NAME)


def untracked_text(payload: Any) -> str:
    """Return an untracked action by its headline: a text up to its first colon.

    Examples
    --------
    >>> untracked_text("tell ada: processing")
    'tell ada'
    """
    if isinstance(payload, str):
        return shorten(payload.split(": ")[0], LONGEST_NAME)
    return bare(payload)


def outcome_text(value: Any) -> str:
    """Return a result in a word: a dataclass by the name of its class."""
    if is_dataclass(value) and not isinstance(value, type):
        return shorten(value.__class__.__name__, LONGEST_NAME)
    return bare(value)


def message_text(message: Message) -> str:
    """Return a message on the wire by its stage and id.

    Examples
    --------
    >>> message_text(Request(Tracked(1, "a"), 0))
    'request #1'
    """
    stage = "request" if isinstance(message, Request) else "result"
    return f"{stage} {id_text(message.action.id)}"


def message_short(message: Message) -> str:
    """Return a message on the wire in the fewest words: its id, or its stage where the id is too long for a lane.

    Examples
    --------
    >>> message_short(Request(Tracked(1, "a"), 0)), message_short(Request(Tracked(("mail", "ada@x.org"), "a"), 0))
    ('#1', 'request')
    """
    tag = id_text(message.action.id)
    return tag if _is_brief(tag) else message_text(message).removesuffix(f" {tag}")


def _is_brief(tag: str) -> bool:
    return len(tag) <= LONGEST_TAG and " " not in tag


def ordinal(number: int) -> str:
    """Return a count as a word.

    Examples
    --------
    >>> ordinal(2), ordinal(21), ordinal(12)
    ('second', '21st', '12th')
    """
    if number <= len(ORDINALS):
        return ORDINALS[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def count_of(count: int, word: str, plural: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count_of(1, "crash", "crashes"), count_of(1200, "step")
    ('1 crash', '1,200 steps')
    """
    return f"{count:,} {word if count == 1 else plural or word + 's'}"


def crash_point(fault: Fault, role: str, tracked_count: int | None = None) -> str:
    """Name the place in a transition where the process dies; `role` is "stf" or "restore".

    Examples
    --------
    >>> crash_point(Fault("at access", 2), "stf"), crash_point(Fault("after commit", 0), "restore", 1)
    ('in stf at access 2', 'restore returned, 0 of 1 handed over')
    """
    if fault.kind == "at access":
        return f"in {role} at access {fault.number}"
    if fault.kind != "after commit":
        return fault.kind
    lead = "after commit" if role == "stf" else "restore returned"
    of = "" if tracked_count is None else f" of {tracked_count}"
    return f"{lead}, {fault.number}{of} handed over"


def error_text(fault: Fault) -> str:
    """Name an injected error.

    Examples
    --------
    >>> error_text(Fault("access fails", 2)), error_text(Fault("add fails", 1, sticky=True))
    ('access 2 fails', 'add 1 fails, and all after it')
    """
    kind, _, verb = fault.kind.partition(" ")
    number = f" {fault.number}" if fault.number else ""
    return f"{kind}{number} {verb}{', and all after it' if fault.sticky else ''}"


def event_title(event: Event, value: Any = None) -> str:  # noqa: C901 - one arm for each kind of event
    """Return an event as a title; `value` is the result of a perform."""
    match event:
        case Fire(input=given):
            return bare(given)
        case Dispatch(action=Untracked(payload=payload)):
            return f"dispatch {untracked_text(payload)}"
        case Dispatch(action=Tracked() as action):
            return f"dispatch {id_text(action.id)}"
        case Perform(request=request):
            return f"perform {id_text(request.action.id)}, {bare(value)}"
        case Deliver(result=result, probe=probe):
            return f"deliver {id_text(result.action.id)}, {bare(result.value)}" + (" (probe)" if probe else "")
        case Lose(message=Fire(input=given)):
            return f"lose {bare(given)}"
        case Lose(message=Request() | Result() as message):
            return f"lose {message_text(message)}"
        case Duplicate(message=message):
            return f"duplicate {message_text(message)}"
        case Delay(request=request):
            return f"delay {message_text(request)}"
        case Crash():
            return "crash"
        case Recover():
            return "recover"
    raise AssertionError(event)
