"""What a class is called in traces and journals: by its qualified name, and with its module where two that are known share one."""

from __future__ import annotations

import enum
import inspect
import sys
from dataclasses import is_dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["classes_known_to", "is_value_class", "name_of", "tell_apart", "without_module"]

_WITH_MODULE: dict[type, str] = {}
"""The names of classes that share their qualified name with another; a class that is called so once stays called so."""


def name_of(cls: type) -> str:
    """Return what a class is called.

    Examples
    --------
    >>> name_of(dict)
    'dict'
    """
    return _WITH_MODULE.get(cls) or cls.__qualname__


def without_module(name: str) -> str:
    """Return what a class of this name was called before another one of its qualified name was known."""
    return next((cls.__qualname__ for cls, told in _WITH_MODULE.items() if told == name), name)


def tell_apart(classes: Iterable[type]) -> None:
    """Have classes called with their modules where several modules have one of the same name."""
    by_name: dict[str, dict[type, None]] = {}
    for cls in classes:
        by_name.setdefault(cls.__qualname__, {})[cls] = None
    for alike in by_name.values():
        # One that was typed again, in a notebook cell or by a reload, is still the same to who reads the trace.
        if len({cls.__module__ for cls in alike}) > 1:
            _WITH_MODULE.update((cls, f"{cls.__module__}.{cls.__qualname__}") for cls in alike)


def is_value_class(cls: type) -> bool:
    """Tell whether instances of a class are values that can be built again: of a dataclass, an enum or a named tuple."""
    return is_dataclass(cls) or issubclass(cls, enum.Enum) or hasattr(cls, "_fields")


def classes_known_to(user_function: Any) -> Iterator[type]:
    """Yield the classes that a function could name: in its module, around it, within such a class, in a module it imports."""
    function = inspect.unwrap(getattr(user_function, "__func__", user_function))
    if not inspect.isfunction(function):
        return
    for value in [*inspect.getclosurevars(function).nonlocals.values(), *function.__globals__.values()]:
        if isinstance(value, type):
            yield value
            yield from (inner for inner in vars(value).values() if isinstance(inner, type))
        elif isinstance(value, ModuleType) and value.__name__.partition(".")[0] not in _NOT_USERS:
            yield from (inner for inner in vars(value).values() if isinstance(inner, type))


_NOT_USERS = sys.stdlib_module_names | {"phasm_lab"}
