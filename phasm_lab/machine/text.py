"""Values as text: what `repr` gives, but the same in every process, whatever the order of sets."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from phasm_lab.errors import EndlessError
from phasm_lab.machine.calling import call_within
from phasm_lab.machine.data import ATOMIC

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["line_of", "message_of", "one_line", "text_of"]

LONGEST_TEXT_MS = 2_000
"""How long the text of a value may take."""

_LINE_END = re.compile(r"[ \t]*\r?\n[ \t]*")

_ENDLESS: dict[type, str] = {}
"""By class: what is shown of its values, since `repr` of one did not return."""


def text_of(value: Any) -> str:
    """Return the text of a value; the members of sets are sorted by their text.

    A value whose `repr` raises, such as a dataclass without one of its fields, is named all the same, and so is the class
    whose `repr` does not return.

    Examples
    --------
    >>> text_of(("tags", {"b", "a"}))
    "('tags', {'a', 'b'})"
    """
    cls = type(value)
    if cls in ATOMIC:
        return repr(value)
    if _ENDLESS and (told := _endless_in(value)):
        return told
    try:
        return call_within(LONGEST_TEXT_MS, _text_of, value)  # type: ignore[no-any-return]
    except EndlessError as error:
        return _endless(cls, error.__traceback__)
    except Exception as error:  # noqa: BLE001 - it is the user's code, and what is shown must not fail with it
        return f"<{cls.__qualname__}, whose repr raised {type(error).__name__}>"


def _endless(cls: type, traceback: TracebackType | None) -> str:
    """Return what is shown of a value whose text does not end, and remember it for the classes whose doing that is."""
    innermost = cls
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_code.co_name == "__repr__" and frame.f_code.co_varnames:
            innermost = type(frame.f_locals.get(frame.f_code.co_varnames[0]))
        traceback = traceback.tb_next
    told = f"<{innermost.__qualname__}, whose repr does not return>"
    _ENDLESS.update((each, told) for each in {cls, innermost} if each.__module__ != "builtins")
    return told


def _endless_in(value: Any) -> str:
    """Return what is shown of a value that holds one whose text is known not to end, else ""; one wait is enough."""
    if type(value) in _ENDLESS:
        return _ENDLESS[type(value)]
    if isinstance(value, dict):
        parts: Any = (part for pair in value.items() for part in pair)
    elif isinstance(value, list | tuple):
        parts = value
    elif _is_shown_by_fields(value):
        parts = [getattr(value, field.name, None) for field in fields(value) if field.repr]
    else:
        return ""
    return next(filter(None, (_endless_in(part) for part in parts if type(part) not in ATOMIC)), "")


def _is_shown_by_fields(value: Any) -> bool:
    """Tell whether a value is a dataclass with the `repr` that dataclasses get."""
    return is_dataclass(value) and not isinstance(value, type) and hasattr(type(value).__repr__, "__wrapped__")


def message_of(error: BaseException) -> str:
    """Return the text of an exception, whatever its own ``__str__`` does.

    Examples
    --------
    >>> message_of(ValueError("no money"))
    'no money'
    """
    try:
        return call_within(LONGEST_TEXT_MS, str, error)  # type: ignore[no-any-return]
    except EndlessError:
        return "its message cannot be shown, since __str__ does not return"
    except Exception as second:  # noqa: BLE001 - an exception whose own text cannot be made is still one
        return f"its message cannot be shown, since __str__ raised {type(second).__name__}"


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
    if _is_shown_by_fields(value):
        return any(_holds_set(getattr(value, field.name, None)) for field in fields(value) if field.repr)
    return False


def line_of(value: Any) -> str:
    r"""Return the text of a value for a message: one line, whatever its `repr` holds.

    Examples
    --------
    >>> class Odd:
    ...     __repr__ = lambda self: "one\n  two"
    >>> line_of(Odd())
    'one ⏎ two'
    """
    return one_line(text_of(value))


def one_line(text: str) -> str:
    r"""Return a text as one line: a sign for each line end, and everything else escaped that has no glyph of its own.

    Examples
    --------
    >>> one_line("a\n  b\0")
    'a ⏎ b\\x00'
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in _LINE_END.sub(" ⏎ ", text))
