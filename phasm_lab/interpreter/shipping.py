"""A machine's functions, classes and values as bytes for another interpreter of the same Python, and back.

Theory of operation. What the user wrote travels by value: code objects, the globals that they name, closure cells, classes
part by part. So it does not matter whether it was written in a file, a script or a notebook cell, and no module of the
user's is run a second time. Everything else travels by name and is imported there. The bytes go down a pipe to a process
that this one started, and are never kept: `pickle` carries them, but nothing that comes from anywhere else is ever read.

What it does not ship: what pickle refuses (files, connections); dataclasses, enums and tuples with a metaclass of the user's
own. A text says what stood in the way, for a report.
"""

from __future__ import annotations

import contextvars
import dataclasses
import enum
import functools
import importlib
import io
import marshal
import pickle
import sys
import threading
from types import CellType, CodeType, FunctionType, MappingProxyType, MemberDescriptorType, ModuleType
from typing import TYPE_CHECKING, Any

from phasm_lab.interpreter.making import (
    fill_cell,
    fill_class,
    fill_function,
    fill_single_dispatch,
    make_cache,
    make_cached_property,
    make_cell,
    make_class,
    make_context_variable,
    make_dataclass,
    make_enum,
    make_function,
    make_named_tuple,
    make_single_dispatch,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ship", "unship"]

_MADE_ANEW = frozenset(
    [
        "__abstractmethods__",
        "__annotations__",
        "__dataclass_fields__",
        "__dataclass_params__",
        "__dict__",
        "__doc__",
        "__match_args__",
        "__module__",
        "__orig_bases__",
        "__parameters__",
        "__slots__",
        "__weakref__",
        "_abc_impl",
        "_field_defaults",
        "_fields",
        "__static_attributes__",
        "__firstlineno__",
        "__annotate__",
        "__annotate_func__",
    ]
)
_EMPTY = "an empty cell"
_LOCKS: dict[type, Any] = {type(make()): make for make in (threading.Lock, threading.RLock)}


def ship(value: Any, is_users: Callable[[str], bool]) -> bytes:
    """Return a value as bytes.

    Parameters
    ----------
    is_users
        Tells from a file name whether code in it is the user's.

    Raises
    ------
    Exception
        Whatever stands in the way of it; its text says what.
    """
    file = io.BytesIO()
    _Shipper(file, is_users).dump(value)
    return file.getvalue()


def unship(data: bytes) -> Any:
    """Return the value again."""
    return pickle.loads(data)  # noqa: S301 - made by `ship` in the process that started this one


class _Shipper(pickle.Pickler):
    def __init__(self, file: io.BytesIO, is_users: Callable[[str], bool]) -> None:
        super().__init__(file, protocol=5)
        self._is_users = is_users

    def reducer_override(self, value: Any) -> Any:  # noqa: C901 - one branch for each kind of value
        if isinstance(value, FunctionType):
            return self._reduce_any_function(value)
        if isinstance(value, type):
            return self._reduce_class(value) if self._is_users_class(value) else NotImplemented
        if isinstance(value, CellType):
            return make_cell, (), _content(value), None, None, fill_cell
        if isinstance(value, CodeType):
            return marshal.loads, (marshal.dumps(value),)
        if isinstance(value, ModuleType):
            return importlib.import_module, (value.__name__,)
        if isinstance(value, property):
            return property, (value.fget, value.fset, value.fdel)
        if isinstance(value, staticmethod | classmethod):
            return type(value), (value.__func__,)
        if isinstance(value, functools.cached_property):
            return make_cached_property, (value.func, value.attrname)
        if isinstance(value, functools._lru_cache_wrapper):  # noqa: SLF001 - the class has no other name
            return make_cache, (value.__wrapped__, value.cache_parameters())
        if isinstance(value, MappingProxyType):
            return MappingProxyType, (dict(value),)
        if isinstance(value, contextvars.ContextVar):
            return make_context_variable, (value.name, *_default(value))
        if type(value) in _LOCKS:
            return _LOCKS[type(value)], ()
        return NotImplemented

    def _reduce_any_function(self, function: Any) -> Any:
        """Reduce a function: of the standard library's, one that wraps a function of the user's passes for that one by name."""
        if _is_single_dispatch(function):
            attributes = {name: value for name, value in vars(function).items() if name not in _OF_SINGLE_DISPATCH}
            return make_single_dispatch, (), (dict(function.registry), attributes), None, None, fill_single_dispatch
        users = self._is_users(function.__code__.co_filename)
        if users or "<locals>" in function.__qualname__ or self._is_users_module(function.__module__):
            return _reduce_function(function, by_name=not users)
        return NotImplemented

    def _is_users_module(self, name: str) -> bool:
        file = getattr(sys.modules.get(name), "__file__", None)
        return name not in sys.stdlib_module_names if file is None else self._is_users(file)

    def _is_users_class(self, cls: type) -> bool:
        return self._is_users_module(cls.__module__)

    def _reduce_class(self, cls: Any) -> Any:
        kinds = [kind for kind in type(cls).__mro__ if issubclass(kind, type)]
        is_plain = not (issubclass(cls, enum.Enum | tuple) or "__dataclass_params__" in vars(cls))
        if self._is_users_class(type(cls)) and not is_plain:
            raise TypeError(f"cannot ship class {cls.__qualname__}: its metaclass {type(cls).__qualname__} is your own")
        if issubclass(cls, enum.Enum):
            members = [(name, member.value) for name, member in cls.__members__.items()]
            made: Any = (make_enum, (cls.__name__, cls.__bases__, members, cls.__module__))
        elif issubclass(cls, tuple) and hasattr(cls, "_fields"):
            made = (make_named_tuple, (cls.__name__, cls._fields, cls._field_defaults, cls.__module__))
        elif "__dataclass_params__" in vars(cls):
            made = (make_dataclass, (cls.__name__, cls.__bases__, _own_fields(cls), _parameters(cls), cls.__module__))
        else:
            maker = next(kind for kind in kinds if not self._is_users_class(kind))
            kept = {name: vars(cls)[name] for name in ("__module__", "__slots__") if name in vars(cls)}
            made = (make_class, (maker, type(cls), cls.__name__, cls.__bases__, kept))
        return (*made, self._attributes(cls), None, None, fill_class)

    def _attributes(self, cls: type) -> dict[str, Any]:
        """Return what the class itself defines, but for what is made anew with it."""
        left_out = set(_MADE_ANEW) | set(vars(cls).get("__dataclass_fields__", ()))
        if issubclass(cls, enum.Enum):
            left_out |= {name for name in vars(cls) if name in cls.__members__ or name.startswith("_")}
        kept = {name: value for name, value in vars(cls).items() if name not in left_out}
        return {name: value for name, value in kept.items() if self._is_own(value)}

    def _is_own(self, value: Any) -> bool:
        value = getattr(value, "__func__", value)
        if isinstance(value, FunctionType):
            # A dataclass and a named tuple make methods anew; what `total_ordering` adds must go along.
            file = value.__code__.co_filename
            return self._is_users(file) or file == functools.__file__
        return not isinstance(value, MemberDescriptorType) and type(value).__name__ not in {
            "_tuplegetter",
            "getset_descriptor",
            "builtin_function_or_method",
        }


def _named_globals(function: FunctionType) -> dict[str, Any]:
    names: set[str] = set()
    waiting = [function.__code__]
    while waiting:
        code = waiting.pop()
        names.update(code.co_names)
        waiting.extend(constant for constant in code.co_consts if isinstance(constant, CodeType))
    return {name: function.__globals__[name] for name in sorted(names) if name in function.__globals__}


def _reduce_function(function: FunctionType, *, by_name: bool) -> Any:
    """Return how to make a function; one of the standard library's gets the globals of its module by that name."""
    module = function.__globals__.get("__name__", "__main__")
    space = "" if by_name else f"{module} {id(function.__globals__)}"
    state = {
        "globals": {} if by_name else _named_globals(function),
        "attributes": {
            "__defaults__": function.__defaults__,
            "__kwdefaults__": function.__kwdefaults__,
            "__qualname__": function.__qualname__,
            **function.__dict__,
        },
    }
    made = (marshal.dumps(function.__code__), module, space, function.__name__, function.__closure__)
    return make_function, made, state, None, None, fill_function


def _is_single_dispatch(function: Any) -> bool:
    return function.__code__.co_filename == functools.__file__ and hasattr(function, "registry")


_OF_SINGLE_DISPATCH = frozenset({"registry", "dispatch", "register", "_clear_cache"})


def _content(cell: CellType) -> Any:
    try:
        return (cell.cell_contents,)
    except ValueError:
        return (_EMPTY, _EMPTY)


def _default(variable: contextvars.ContextVar[Any]) -> tuple[Any, ...]:
    try:
        return (contextvars.Context().run(variable.get),)
    except LookupError:
        return ()


def _own_fields(cls: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the fields that a dataclass itself adds, as arguments of `dataclasses.field`."""
    inherited = {id(field) for base in cls.__mro__[1:] for field in vars(base).get("__dataclass_fields__", {}).values()}
    options = ("init", "repr", "hash", "compare", "kw_only")
    found = []
    for field in dataclasses.fields(cls):
        if id(field) not in inherited:
            given = {option: getattr(field, option) for option in options}
            for name in ("default", "default_factory"):
                if getattr(field, name) is not dataclasses.MISSING:
                    given[name] = getattr(field, name)
            found.append((field.name, given))
    return found


def _parameters(cls: Any) -> dict[str, Any]:
    parameters = cls.__dataclass_params__
    names = ("init", "repr", "eq", "order", "unsafe_hash", "frozen")
    return {**{name: getattr(parameters, name) for name in names}, "slots": "__slots__" in vars(cls)}
