"""What the fields of dataclasses say about the values that they hold, as far as annotations tell."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["classes_held", "set_names"]

_SETS = re.compile(r"\b(set|frozenset|Set|FrozenSet|AbstractSet|MutableSet)\b")


def classes_held(cls: type) -> list[type]:
    """Return a dataclass and the dataclasses that its fields name, and so on.

    Examples
    --------
    >>> [found.__name__ for found in classes_held(int)]
    ['int']
    """
    found: dict[type, None] = {}
    waiting = [cls]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found[current] = None
            waiting.extend(_named_by(current))
    return list(found)


def _named_by(cls: type) -> Iterator[type]:
    names = vars(sys.modules.get(cls.__module__, sys))
    for _, text in _annotations(cls):
        for word in re.findall(r"\w+", text):
            named = names.get(word)
            if isinstance(named, type) and hasattr(named, "__dataclass_fields__"):
                yield named


def _annotations(cls: Any) -> Iterator[tuple[str, str]]:
    for field in getattr(cls, "__dataclass_fields__", {}).values():
        yield field.name, field.type if isinstance(field.type, str) else repr(field.type)


def set_names(classes: Iterable[type]) -> frozenset[str]:
    """Return the names of fields that hold a set, or something with a set in it."""
    return frozenset(name for cls in classes for name, text in _annotations(cls) if _SETS.search(text))
