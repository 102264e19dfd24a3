"""Plain data by value: what may be held, how it is compared, frozen and copied.

A *value* is immutable and compared by value (inputs, payloads, results). A *state* may also hold dicts, lists, sets and
mutable dataclasses. Everything else is refused with a `DefinitionError`, since it could neither be rolled back nor compared.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import fractions
import types
import uuid
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from phasm_lab.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

__all__ = [
    "ATOMIC",
    "detach",
    "field_names",
    "freeze",
    "is_frozen_dataclass",
    "is_value_type",
    "rebuild",
    "same",
    "thaw",
]

ATOMIC: frozenset[type] = frozenset(
    {
        bool,
        bytes,
        complex,
        datetime.date,
        datetime.datetime,
        datetime.time,
        datetime.timedelta,
        datetime.timezone,
        decimal.Decimal,
        float,
        fractions.Fraction,
        int,
        range,
        str,
        types.BuiltinFunctionType,
        types.FunctionType,
        types.NoneType,
        type,
        uuid.UUID,
    }
)
"""Types whose instances never change and hold nothing that does."""

_FROZEN_ALREADY: frozenset[type] = frozenset({int, str, types.NoneType})
"""Types whose instances stand for themselves where values are compared."""

_BY_TEXT: frozenset[type] = frozenset({complex, float})
"""Types compared by their text, since `==` takes 0.0 and -0.0, which divide and print otherwise, for one, and NaN for two."""


@lru_cache(maxsize=1_000)
def field_names(cls: type) -> tuple[str, ...]:
    """Return the names of a dataclass's fields, in order."""
    return tuple(field.name for field in fields(cls))


def is_frozen_dataclass(value: Any) -> bool:
    """Tell whether `value` is an instance of a dataclass made with ``frozen=True``."""
    parameters = getattr(type(value), "__dataclass_params__", None)
    return parameters is not None and bool(parameters.frozen)


def is_value_type(cls: type) -> bool:
    """Tell whether instances of a class that is no container are immutable values: an enum, or `__eq__` with `__hash__`."""
    if cls in ATOMIC or issubclass(cls, enum.Enum) or issubclass(cls, type):
        return True
    if issubclass(cls, tuple | frozenset | dict | list | set) or hasattr(cls, "__dataclass_fields__"):
        return False
    comparable: Any = cls.__eq__
    hashable: Any = cls.__hash__
    return comparable is not object.__eq__ and hashable not in (None, object.__hash__)


def detach(value: Any, asked: str) -> Any:
    """Return `value` as plain data that shares nothing mutable with it.

    Parameters
    ----------
    value
        An input, a payload, an id or a result.
    asked
        What it is, for the message of the error.

    Raises
    ------
    DefinitionError
        If something in it can be neither compared nor copied by value, or it holds itself.

    Examples
    --------
    >>> detach(("charge", [1, 2]), "a payload")
    ('charge', [1, 2])
    """
    if type(value) in ATOMIC:
        return value
    try:
        return _detach(value, asked)
    except RecursionError:
        raise DefinitionError(
            asked, "it is nested too deeply, or holds itself", "keep ids instead of references"
        ) from None


def _detach(value: Any, asked: str) -> Any:
    cls = type(value)
    if cls in ATOMIC:
        return value
    if is_dataclass(value):
        return _detach_dataclass(value, asked)
    if isinstance(value, tuple):
        items = [_detach(item, asked) for item in value]
        if all(new is old for new, old in zip(items, value, strict=True)):
            return value
        return tuple(items) if cls is tuple else cls._make(items) if hasattr(cls, "_make") else value
    if isinstance(value, dict):
        return {_detach(key, asked): _detach(item, asked) for key, item in dict.items(_in_order(value))}
    if isinstance(value, list):
        return [_detach(item, asked) for item in list.__iter__(value)]
    if isinstance(value, frozenset):
        return value
    if isinstance(value, set):
        return {_detach(item, asked) for item in set.__iter__(value)}
    if is_value_type(cls):
        return value
    raise DefinitionError(
        asked,
        f"it holds a {cls.__qualname__}, which cannot be compared by value",
        "use plain data: numbers, text, tuples, frozen dataclasses, or a class with __eq__ and __hash__",
    )


def _detach_dataclass(value: Any, asked: str) -> Any:
    parts = _fields(value)
    copies = [(name, _detach(part, asked)) for name, part in parts]
    if is_frozen_dataclass(value) and all(copy is part for (_, copy), (_, part) in zip(copies, parts, strict=True)):
        return value
    return rebuild(value.__class__, copies)


def _in_order(value: dict[Any, Any]) -> dict[Any, Any]:
    """Return a dict in its order, for a look past a metered class, which would count it as an access."""
    in_order = getattr(value, "in_order", None)
    return value if in_order is None else in_order()


def _fields(value: Any) -> list[tuple[str, Any]]:
    """Return the fields of a dataclass that have a value, past a metered class."""
    found = []
    for name in field_names(value.__class__):
        try:
            found.append((name, object.__getattribute__(value, name)))
        except AttributeError:
            continue
    return found


def rebuild(cls: type, parts: Iterable[tuple[str, Any]]) -> Any:
    """Return an instance of a dataclass with these fields, made without calling anything of the user's."""
    copy: Any = object.__new__(cls)
    for name, part in parts:
        object.__setattr__(copy, name, part)
    return copy


def thaw(value: Any) -> Any:
    """Return a plain, independent copy of a state: the user's own classes, dict, list and set."""
    cls = type(value)
    if cls in ATOMIC:
        return value
    if isinstance(value, dict):
        if getattr(value, "flat", False):
            return value.copied_to({})  # type: ignore[attr-defined]
        return {thaw(key): thaw(item) for key, item in dict.items(_in_order(value))}
    if isinstance(value, list):
        return [thaw(item) for item in list.__iter__(value)]
    if isinstance(value, set):
        return set(map(thaw, set.__iter__(value)))
    if isinstance(value, tuple):
        items = [thaw(item) for item in value]
        return tuple(items) if cls is tuple else cls._make(items) if hasattr(cls, "_make") else value
    if is_dataclass(value):
        kind: Any = value.__class__
        return rebuild(kind, [(name, thaw(part)) for name, part in _fields(value)])
    return value


def freeze(value: Any) -> Hashable:
    """Return a hashable stand-in that is equal exactly where the values are: `1`, `True` and `1.0` differ.

    So do 0.0 and -0.0, while any NaN is equal to any other. The order of a dict or set does not count.

    Examples
    --------
    >>> freeze({"a": [1], "b": 2}) == freeze({"b": 2, "a": [1]}), freeze(1) == freeze(True)
    (True, False)
    """
    cls = type(value)
    if cls in _FROZEN_ALREADY:
        return value  # type: ignore[no-any-return]
    if cls in _BY_TEXT:
        return (cls, repr(value))
    if cls in ATOMIC:
        return (cls, value)
    # The class is asked, not the value: a journaled value would answer in Python.
    if issubclass(cls, list):
        return (list, *_freeze_all(tuple(list.__iter__(value))))
    if issubclass(cls, dict):
        keys, items = _freeze_all(tuple(dict.keys(value))), _freeze_all(tuple(dict.values(value)))
        return (dict, frozenset(zip(keys, items, strict=True)))
    if issubclass(cls, set):
        return (set, frozenset(_freeze_all(tuple(set.__iter__(value)))))
    if issubclass(cls, frozenset):
        return (frozenset, frozenset(_freeze_all(tuple(value))))
    if issubclass(cls, tuple):
        return (cls, *_freeze_all(value))
    if hasattr(cls, "__dataclass_fields__"):
        kind: Any = value.__class__
        return (kind, *[freeze(getattr(value, name, None)) for name in _compared_names(kind)])
    return (cls, value)


def _freeze_all(values: tuple[Any, ...]) -> Iterable[Hashable]:
    """Freeze each value; most containers hold nothing but numbers and text, of which one look is enough."""
    return values if _FROZEN_ALREADY.issuperset(map(type, values)) else map(freeze, values)


@lru_cache(maxsize=1_000)
def _compared_names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls) if field.compare)


def same(first: Any, second: Any) -> bool:
    """Tell whether two values are equal, type by type.

    Examples
    --------
    >>> same((1, "a"), (1, "a")), same(1, True)
    (True, False)
    """
    if first is second:
        return True
    if type(first) is not type(second) and first.__class__ is not second.__class__:
        return False
    if type(first) in ATOMIC and type(first) not in _BY_TEXT:
        return bool(first == second)
    return freeze(first) == freeze(second)
