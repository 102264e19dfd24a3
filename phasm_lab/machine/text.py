"""Values as text: what `repr` gives, but the same in every process, whatever the order of sets."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from phasm_lab.machine.data import ATOMIC

__all__ = ["line_of", "text_of"]


def text_of(value: Any) -> str:
    """Return the text of a value; the members of sets are sorted by their text.

    A value whose `repr` raises, such as a dataclass without one of its fields, is named all the same.

    Examples
    --------
    >>> text_of(("tags", {"b", "a"}))
    "('tags', {'a', 'b'})"
    """
    try:
        return _text_of(value)
    except Exception as error:  # noqa: BLE001 - it is the user's code, and what is shown must not fail with it
        return f"<{type(value).__qualname__}, whose repr raised {type(error).__name__}>"


def _text_of(value: Any) -> str:
    if type(value) in ATOMIC or not _holds_set(value):
        return repr(value)
    if isinstance(value, set | frozenset):
        return _text_of_set(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text_of(key)}: {text_of(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(text_of, value)) + "]"
    name = type(value).__qualname__
    if is_dataclass(value):
        shown = [field.name for field in fields(value) if field.repr]
        return f"{name}({', '.join(f'{key}={text_of(getattr(value, key))}' for key in shown)})"
    if hasattr(value, "_fields"):
        return f"{name}({', '.join(f'{key}={text_of(getattr(value, key))}' for key in value._fields)})"
    return "(" + ", ".join(map(text_of, value)) + (",)" if len(value) == 1 else ")")


def _text_of_set(value: set[Any] | frozenset[Any]) -> str:
    members = ", ".join(sorted(map(text_of, value)))
    if isinstance(value, set):
        return f"{{{members}}}" if value else "set()"
    return f"frozenset({{{members}}})" if value else "frozenset()"


def _holds_set(value: Any) -> bool:
    """Tell whether there is a set in a value that its own `repr` would show; a class's own `__repr__` is left to it."""
    if type(value) in ATOMIC:
        return False
    if isinstance(value, set | frozenset):
        return True
    if isinstance(value, dict):
        return any(_holds_set(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple):
        return any(map(_holds_set, value))
    if is_dataclass(value) and not isinstance(value, type) and hasattr(type(value).__repr__, "__wrapped__"):
        return any(_holds_set(getattr(value, field.name, None)) for field in fields(value) if field.repr)
    return False


def line_of(value: Any) -> str:
    r"""Return the text of a value for a message: one line, whatever its `repr` holds.

    Examples
    --------
    >>> class Odd:
    ...     __repr__ = lambda self: "one\ntwo"
    >>> line_of(Odd())
    'one\\ntwo'
    """
    text = text_of(value)
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
