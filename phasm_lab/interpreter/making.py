"""What shipped functions, classes and values are made of where they arrive: each is made first, and filled once it is known.

That is so for what may hold itself. `phasm_lab.interpreter.shipping` says what is shipped.
"""

from __future__ import annotations

import builtins
import collections
import contextvars
import dataclasses
import functools
import importlib
import marshal
from types import CellType, FunctionType
from typing import Any

__all__ = [
    "fill_cell",
    "fill_class",
    "fill_function",
    "fill_single_dispatch",
    "make_cache",
    "make_cached_property",
    "make_cell",
    "make_class",
    "make_context_variable",
    "make_dataclass",
    "make_enum",
    "make_function",
    "make_named_tuple",
    "make_single_dispatch",
]

_SPACES: dict[str, dict[str, Any]] = {}
"""The globals of shipped functions, shared by those that shared them."""


def make_function(code: bytes, module: str, space: str, name: str, closure: Any) -> FunctionType:
    """Make a function; what its globals, its defaults and its attributes hold comes with `fill_function`."""
    if space:
        names = _SPACES.setdefault(space, {"__name__": module, "__builtins__": builtins})
    else:
        names = vars(importlib.import_module(module))
    return FunctionType(marshal.loads(code), names, name, None, closure)  # noqa: S302 - made by this very Python


def fill_function(function: FunctionType, state: dict[str, Any]) -> None:
    """Give a function its globals and attributes."""
    function.__globals__.update(state["globals"])
    for name, value in state["attributes"].items():
        setattr(function, name, value)


def make_single_dispatch() -> Any:
    """Make what `functools.singledispatch` makes, of no function yet."""
    return functools.singledispatch(id)


def fill_single_dispatch(function: Any, parts: tuple[dict[type, Any], dict[str, Any]]) -> None:
    """Give it a function for each class, and its attributes."""
    for cls, implementation in parts[0].items():
        function.register(cls, implementation)
    first = parts[0][object]
    functools.update_wrapper(function, first)
    vars(function).update(parts[1])


def make_cell() -> CellType:
    """Make an empty closure cell."""
    return CellType()


def fill_cell(cell: CellType, content: tuple[Any, ...]) -> None:
    """Put a value in a closure cell, if there is one."""
    if len(content) == 1:
        cell.cell_contents = content[0]


def make_context_variable(name: str, *default: Any) -> contextvars.ContextVar[Any]:
    """Make a context variable."""
    return contextvars.ContextVar(name, default=default[0]) if default else contextvars.ContextVar(name)


def make_cache(function: Any, parameters: dict[str, Any]) -> Any:
    """Make a function that remembers, with nothing remembered."""
    return functools.lru_cache(**parameters)(function)


def make_cached_property(function: Any, name: str) -> Any:
    """Make a cached property."""
    made = functools.cached_property(function)
    made.__set_name__(None, name)  # type: ignore[arg-type]
    return made


def make_dataclass(name: str, bases: Any, own: Any, parameters: dict[str, Any], module: str) -> type:
    """Make a dataclass with fields of its own."""
    parts = [(field, object, dataclasses.field(**given)) for field, given in own]
    return dataclasses.make_dataclass(name, parts, bases=bases, namespace={"__module__": module}, **parameters)


def make_enum(name: str, bases: Any, members: Any, module: str) -> Any:
    """Make an enum."""
    return bases[-1](name, members, module=module)


def make_named_tuple(name: str, names: Any, defaults: dict[str, Any], module: str) -> Any:
    """Make a named tuple."""
    defaulted = tuple(defaults.values())
    return collections.namedtuple(name, names, defaults=defaulted, module=module)  # noqa: PYI024 - types are not shipped


def make_class(maker: Any, metaclass: type, name: str, bases: Any, namespace: dict[str, Any]) -> type:
    """Make a class without running what a metaclass of the user's does when a class is made: that was done already."""
    made: type = maker.__new__(metaclass, name, bases, namespace)
    return made


def fill_class(cls: type, attributes: dict[str, Any]) -> None:
    """Give a class what it itself defines."""
    for name, value in attributes.items():
        type.__setattr__(cls, name, value)
        if hasattr(type(value), "__set_name__"):
            value.__set_name__(cls, name)
