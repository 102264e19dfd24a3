"""Values and events as JSON: exact in type, the same text in every process, never decoded by running what is stored."""

from __future__ import annotations

import datetime
import enum
import json
import math
import re
import types
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from phasm_lab.engine.events import Event, Fire
from phasm_lab.machine.naming import name_of, without_module

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "LISTED_ARGUMENTS",
    "PLAIN_FORMS",
    "Json",
    "canonical",
    "canonical_json",
    "encode",
    "encode_event",
    "from_line",
    "last_names",
    "to_line",
    "without_modules",
]

Json: TypeAlias = Any
"""None, bool, int, float, str, a list of such, or a dict from str to such."""

MAX_PLAIN_BITS = 10_000
"""Bits above which an int is stored as text: Python refuses to read longer ones as decimal numbers."""


def _fraction(text: str) -> Fraction:
    """Read a fraction as it is written here: never by an exponent, which may stand for any amount of memory."""
    if not re.fullmatch(r"-?\d+(/\d+)?", text):
        raise ValueError(f"{text!r} is not written as a fraction")
    return Fraction(text)


PLAIN_FORMS: dict[type, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    bytes: (bytes.hex, bytes.fromhex),
    complex: (repr, complex),
    datetime.date: (datetime.date.isoformat, datetime.date.fromisoformat),
    datetime.datetime: (datetime.datetime.isoformat, datetime.datetime.fromisoformat),
    datetime.time: (datetime.time.isoformat, datetime.time.fromisoformat),
    datetime.timedelta: (
        lambda value: [value.days, value.seconds, value.microseconds],
        lambda parts: datetime.timedelta(*parts),
    ),
    Decimal: (str, Decimal),
    float: (repr, float),
    Fraction: (str, _fraction),
    int: (hex, lambda text: int(text, 16)),
    range: (lambda value: [value.start, value.stop, value.step], lambda parts: range(*parts)),
    UUID: (str, UUID),
}
"""How to write and read the types that are stored as ``{"$Decimal": "1.10"}``; float and int only where JSON lacks them."""

LISTED_ARGUMENTS = frozenset({"choices", "lose"})
"""Arguments of events that are stored as a list."""


def encode(value: Any) -> Json:
    """Return a value as JSON, equal exactly where the values are equal in value and type.

    Names that begin with ``$`` are ours: ``{"$": "Pay", "user": "ada"}`` is an instance of a class named Pay. A class in
    another class or in a function is named with it, ``Card.Pay``, so that two of one name are told apart; and with its
    module, ``shops.Pay``, where a scenario knows two of one name from two modules.

    Examples
    --------
    >>> encode({"b": (1, True), "a": {2.5, "x"}})
    {'a': {'$set': ['x', 2.5]}, 'b': {'$tuple': [1, True]}}
    """
    cls = type(value)
    if value is None or cls is bool or cls is str:
        return value
    if (cls is int and value.bit_length() <= MAX_PLAIN_BITS) or (cls is float and math.isfinite(value)):
        return value
    if cls in PLAIN_FORMS:
        return {f"${cls.__name__}": PLAIN_FORMS[cls][0](value)}
    if isinstance(value, enum.Enum):
        return _encode_member(value)
    if isinstance(value, type):
        return {"$type": name_of(value)}
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType):
        return {"$function": f"{value.__module__}.{value.__qualname__}"}
    users: type = value.__class__  # not the class that journals it
    if is_dataclass(value):
        return {
            "$": name_of(users),
            **{f.name: encode(getattr(value, f.name)) for f in fields(value) if hasattr(value, f.name)},
        }
    return _encode_container(value, cls)


def _encode_member(member: enum.Enum) -> Json:
    name: Any = member.name  # None for a flag that is no member of its own
    return {"$enum": name_of(type(member)), **({"value": encode(member.value)} if name is None else {"name": name})}


def _encode_container(value: Any, cls: type) -> Json:
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, tuple):
        if hasattr(cls, "_fields"):
            return {"$": name_of(cls), **{name: encode(getattr(value, name)) for name in cls._fields}}
        items = {"$tuple": [encode(item) for item in value]}
        return items if cls is tuple else {"$": name_of(cls), **items}
    if isinstance(value, frozenset | set):
        kind = "$set" if isinstance(value, set) else "$frozenset"
        return {kind: sorted(map(encode, value), key=canonical_json)}
    if isinstance(value, dict):
        return _encode_dict(value)
    return _encode_instance(value, cls)


def _encode_dict(value: Mapping[Any, Any]) -> Json:
    if all(type(key) is str and not key.startswith("$") for key in value):
        return {key: encode(value[key]) for key in sorted(value)}
    items = [[encode(key), encode(item)] for key, item in value.items()]
    return {"$dict": sorted(items, key=lambda item: canonical_json(item[0]))}


def _encode_instance(value: Any, cls: type) -> Json:
    """Encode an instance of a class of the user's by what the class itself says it is made of."""
    encoded: dict[str, Json] = {"$": name_of(cls)}
    try:
        parts = value.__reduce_ex__(2)
        _, arguments, state = (*parts, None)[:3]
    except (TypeError, ValueError):
        return encoded | {"$text": re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))}
    arguments = [encode(argument) for argument in arguments if argument is not cls]
    if arguments:
        encoded["$arguments"] = arguments
    for part in state if isinstance(state, tuple) else (state,):
        if isinstance(part, dict):
            encoded |= {str(name): encode(part[name]) for name in sorted(part, key=str)}
        elif part is not None:
            encoded["$state"] = encode(part)
    return encoded


def canonical(value: Any) -> str:
    """Return the one text of a value: equal for equal values, in every process.

    Examples
    --------
    >>> canonical({"b", "a"}), canonical(1) == canonical(1.0)
    ('{"$set":["a","b"]}', False)
    """
    return canonical_json(encode(value))


def last_names(encoded: Json) -> Json:
    """Return encoded JSON with each class by its last name alone, which is how a trace may name it too.

    Examples
    --------
    >>> last_names([{"$": "Card.Pay", "user": "Card.ada"}])
    [{'$': 'Pay', 'user': 'Card.ada'}]
    """
    return _renamed(encoded, lambda name: name.rpartition(".")[2])


def without_modules(encoded: Json) -> Json:
    """Return encoded JSON with no class by its module, which is how a trace names it that knew no other of its name."""
    return _renamed(encoded, without_module)


def _renamed(encoded: Json, rename: Callable[[str], str]) -> Json:
    if isinstance(encoded, list):
        return [_renamed(item, rename) for item in encoded]
    if not isinstance(encoded, dict):
        return encoded
    return {
        name: rename(item) if name in ("$", "$enum") and isinstance(item, str) else _renamed(item, rename)
        for name, item in encoded.items()
    }


def canonical_json(encoded: Json) -> str:
    """Return the one text of encoded JSON, whatever the order of its names."""
    return json.dumps(encoded, separators=(",", ":"), sort_keys=True, allow_nan=False)


def to_line(encoded: Json) -> str:
    """Return encoded JSON as one line of a file, its names in the order given, a newline last."""
    return json.dumps(encoded, separators=(",", ":"), allow_nan=False) + "\n"


def from_line(line: str | bytes) -> Json:
    """Return what is stored in a line; None if it is not JSON, or holds numbers that JSON has not."""
    try:
        return json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def encode_event(event: Event) -> dict[str, Json]:
    """Return an event by label and arguments; arguments that have their default are left out.

    Examples
    --------
    >>> from phasm_lab.engine import Fault
    >>> encode_event(Fire("open", fault=Fault("access fails", 2)))
    {'event': 'Fire', 'input': 'open', 'fault': {'kind': 'access fails', 'number': 2}}
    """
    return {"event": type(event).__name__, **_arguments(event)}


def _arguments(item: Any) -> dict[str, Json]:
    given = {field.name: getattr(item, field.name) for field in fields(item)}
    defaults = {field.name: field.default for field in fields(item)}
    return {name: _argument(name, value) for name, value in given.items() if not _is_default(value, defaults[name])}


def _is_default(value: Any, default: Any) -> bool:
    return value is default or (type(value) is int and type(default) is int and value == default)


def _argument(name: str, value: Any) -> Json:
    if name == "fault":
        return _arguments(value)
    if name == "message" and isinstance(value, Fire):
        return encode_event(value)
    if name in LISTED_ARGUMENTS:
        return [encode(item) for item in value]
    return encode(value)
