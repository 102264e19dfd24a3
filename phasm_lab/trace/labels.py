"""What an event is called: one readable line for each, also for a stored one that cannot happen any more."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from phasm_lab.machine.text import one_line
from phasm_lab.trace.codec import Json, encode_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phasm_lab.engine.events import Event

__all__ = [
    "label",
    "labels",
    "message_label",
    "one_line",
    "shorten",
    "shorten_label",
    "stored_label",
    "stored_labels",
    "value_text",
]

MAX_VALUE_LENGTH = 80
"""Characters of one value in a label; the middle of a longer one is left out."""

MIN_VALUE_LENGTH = 16
"""Characters that are left of what a label is about, however short the label is to be."""

MIN_LOSING_LENGTH = 18
"""Characters that are left of what a crash takes."""

_INSTANCE = re.compile(r"[\w.]+\(.*\)", re.DOTALL)
_FIELD_NAME = re.compile(r"""('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|\b[^\W\d]\w*=""")
"""A string, which is kept, or the name of a field and its sign."""

_PARTS = re.compile(
    r"""
    ((?:crash\ in\ )?(?:(?:fire|dispatch|perform|deliver|delay\ request|lose|duplicate)\ |recover)|crash)?
    (.*?)
    ((?:\ again|\ \(probe\))?(?:\ at\ access\ \d+|\ before\ (?:accept|commit)|\ with\ the\ commit's\ outcome\ unknown
    |\ after\ (?:commit|restore\ returned),\ \d+\ handed\ over
    |,\ (?:(?:access|add)\ \d+\ fails|the\ commit\ fails)(?:\ \(and\ all\ after\ it\))?)?)
    (,\ losing\ .*)?
    """,
    re.VERBOSE | re.DOTALL,
)
"""What a label is made of: the kind of event, what it is about, what goes wrong in it, and what that takes."""


def label(event: Event) -> str:
    """Return what an event is called.

    Examples
    --------
    >>> from phasm_lab.engine import Crash, Fault, Fire
    >>> label(Fire(("pay", 5), fault=Fault("after commit", 1)))
    "crash in fire ('pay', 5) after commit, 1 handed over"
    """
    return stored_label(encode_event(event))


def labels(events: Iterable[Event]) -> list[str]:
    """Return what each of several events is called, with action and life where two would be called the same."""
    return stored_labels([encode_event(event) for event in events])


def stored_labels(stored: Sequence[Json]) -> list[str]:
    """Return what each of several stored events is called, with action and life where two would be called the same."""
    short = [stored_label(event) for event in stored]
    counts = Counter(short)
    return [
        text if counts[text] == 1 else stored_label(event, full=True) for text, event in zip(short, stored, strict=True)
    ]


def stored_label(stored: Json, *, full: bool = False) -> str:
    """Return what a stored event is called; if `full`, with the action and life of what is in flight."""
    try:
        return _faulted(stored, full=full)
    except (KeyError, TypeError, AttributeError, ValueError):
        return shorten(repr(stored))


def message_label(stored: Json) -> str:
    """Return what a stored message is called, with its action and life."""
    try:
        return _message(stored, full=True)
    except (KeyError, TypeError, AttributeError, ValueError):
        return shorten(repr(stored))


def _faulted(stored: dict[str, Json], *, full: bool) -> str:
    text = _plain(stored, full=full)
    fault = stored.get("fault")
    if fault is None:
        return text
    kind, number = fault["kind"], fault.get("number", 0)
    errors = {
        "access fails": f"access {number} fails",
        "add fails": f"add {number} fails",
        "commit fails": "the commit fails",
    }
    if kind in errors:
        return f"{text}, {errors[kind]}" + (" (and all after it)" if fault.get("sticky") else "")
    handed_over = "after restore returned" if stored["event"] == "Recover" else "after commit"
    places = {
        "at access": f"at access {number}",
        "commit unknown": "with the commit's outcome unknown",
        "after commit": f"{handed_over}, {number} handed over",
    }
    return f"crash in {text} {places.get(kind, kind)}{_losing(fault, full=full)}"


def _plain(stored: dict[str, Json], *, full: bool) -> str:
    name = stored["event"]
    if name == "Fire":
        return f"fire {_short(stored['input'])}" + (" again" if stored.get("again") else "")
    if name == "Dispatch":
        return f"dispatch {_action(stored['action'], stored['life'], full=full)}"
    if name == "Perform":
        choices = "".join(f", {_short(choice)}" for choice in stored.get("choices", []))
        return f"perform {_request(stored['request'], full=full)}{choices}"
    if name == "Deliver":
        return f"deliver {_result(stored['result'], full=full)}" + (" (probe)" if stored.get("probe") else "")
    if name == "Delay":
        return f"delay request {_request(stored['request'], full=full)}"
    if name in ("Lose", "Duplicate"):
        return f"{name.lower()} {_message(stored['message'], full=full)}"
    if name == "Crash":
        return f"crash{_losing(stored, full=full)}"
    return {"Recover": "recover"}[name]


def _losing(stored: dict[str, Json], *, full: bool) -> str:
    lost = " and ".join(_message(message, full=full) for message in stored.get("lose", []))
    return f", losing {lost}" if lost else ""


def _message(message: dict[str, Json], *, full: bool) -> str:
    if "event" in message:
        return f"input {_short(message['input'])}"
    if message["$"] == "Request":
        return f"request {_request(message, full=full)}"
    return f"result {_result(message, full=full)}"


def _request(request: dict[str, Json], *, full: bool) -> str:
    return _action(request["action"], request["life"], full=full)


def _result(result: dict[str, Json], *, full: bool) -> str:
    return f"{_action(result['action'], result['life'], full=full)}, {_short(result['value'])}"


def _action(action: dict[str, Json], life: int, *, full: bool) -> str:
    if action["$"] == "Untracked":
        return f"untracked {_short(action['payload'])}"
    identity = _short(action["id"])
    return f"{identity} ({_short(action['payload'])}, life {life})" if full else identity


def _short(encoded: Json) -> str:
    return shorten(value_text(encoded))


def shorten(text: str, length: int = MAX_VALUE_LENGTH) -> str:
    """Return a text as one line, without its middle where it is too long.

    Examples
    --------
    >>> shorten("abcdefghij", 7)
    'abcd…ij'
    """
    last = length // 3
    if len(text) > 20 * length:
        text = text[: 10 * length] + text[-10 * length :]
    line = one_line(text)
    return line if len(line) <= length else f"{line[: length - last - 1]}…{line[len(line) - last :]}"


def shorten_label(text: str, length: int) -> str:
    """Return a label with less of what it is about, where it is too long; what goes wrong is never cut.

    Examples
    --------
    >>> shorten_label("crash in fire Pay(user='ada', cents=500) after commit, 1 handed over", 60)
    "crash in fire Pay('ada', 500) after commit, 1 handed over"
    """
    line = one_line(text)
    parts = _PARTS.fullmatch(line)
    if len(line) <= length or parts is None:
        return shorten(line, length)
    lead, about, wrong, losing = (part or "" for part in parts.groups())
    room = length - len(lead) - len(wrong)
    losing = shorten(losing, max(MIN_LOSING_LENGTH, room - min(len(about), MIN_VALUE_LENGTH)))
    return f"{lead}{_shorten_value(about, max(MIN_VALUE_LENGTH, room - len(losing)))}{wrong}{losing}"


def _shorten_value(text: str, length: int) -> str:
    """Return the text of a value; of an instance that is too long, its first fields without their names.

    Examples
    --------
    >>> _shorten_value("Pay(user='ada', cents=500)", 20), _shorten_value("Pay(user='ada', cents=500)", 16)
    ("Pay('ada', 500)", "Pay('ada', 500)")
    >>> _shorten_value("Pay(user='ada', cents=500)", 14)
    "Pay('ada', …)"
    """
    if len(text) <= length or not _INSTANCE.fullmatch(text):
        return shorten(text, length)
    bare = _FIELD_NAME.sub(r"\1", text)
    if len(bare) <= length:
        return bare
    end = bare.rfind(", ", 0, length - 3)
    return f"{bare[: end + 2]}…)" if end > 0 else f"{bare[: length - 2]}…)"


def value_text(encoded: Json) -> str:
    """Return encoded JSON as Python would show the value.

    Examples
    --------
    >>> value_text({"$": "Pay", "user": "ada", "tags": {"$set": ["a"]}}), value_text({"$Decimal": "1.10"})
    ("Pay(user='ada', tags={'a'})", "Decimal('1.10')")
    """
    try:
        return _value_text(encoded)
    except (KeyError, TypeError, AttributeError, ValueError):
        return repr(encoded)


def _value_text(encoded: Json) -> str:
    if isinstance(encoded, list):
        return f"[{_joined(encoded)}]"
    if not isinstance(encoded, dict):
        return repr(encoded)
    if "$" in encoded:
        return f"{_name(encoded['$'])}({', '.join(_parts(encoded))})"
    if "$enum" in encoded:
        name = _name(encoded["$enum"])
        return (
            f"{name}.{_name(encoded['name'])}" if "name" in encoded else f"{name}({value_text(encoded.get('value'))})"
        )
    if len(encoded) == 1:
        ((tag, part),) = encoded.items()
        if tag.startswith("$"):
            return _tagged(tag, part)
    return "{" + ", ".join(f"{key!r}: {value_text(item)}" for key, item in encoded.items()) + "}"


def _parts(encoded: dict[str, Json]) -> list[str]:
    """Return what stands between the parentheses of an instance."""
    found = []
    for name, item in encoded.items():
        if name in ("$arguments", "$tuple"):
            found += [value_text(part) for part in item]
        elif name == "$text":
            found.append(str(item))
        elif name != "$":
            found.append(f"{name.removeprefix('$')}={value_text(item)}")
    return found


def _tagged(tag: str, part: Any) -> str:
    if tag == "$tuple":
        return f"({value_text(part[0])},)" if len(part) == 1 else f"({_joined(part)})"
    if tag == "$set":
        return f"{{{_joined(part)}}}" if part else "set()"
    if tag == "$frozenset":
        return f"frozenset({{{_joined(part)}}})" if part else "frozenset()"
    if tag == "$dict":
        return "{" + ", ".join(f"{value_text(key)}: {value_text(item)}" for key, item in part) + "}"
    if tag == "$bytes":
        return repr(bytes.fromhex(part))
    if tag in ("$float", "$int", "$complex", "$type", "$function"):
        return str(part)
    return f"{_name(tag[1:])}({_joined(part) if isinstance(part, list) else repr(part)})"


def _joined(items: Iterable[Json]) -> str:
    return ", ".join(map(value_text, items))


def _name(name: Any) -> str:
    """Return the name of a class without the function that it is defined in."""
    short = name.rpartition("<locals>.")[2] if isinstance(name, str) else ""
    return short if all(part.isidentifier() for part in short.split(".")) else repr(name)
