"""A machine's functions, classes and values as bytes for another interpreter of the same Python, and back.

Theory of operation. What the user wrote travels by value: code objects, the globals that they name, closure cells, classes
part by part. So it does not matter whether it was written in a file, a script or a notebook cell, and no module of the
user's is run a second time. Everything else travels by name and is imported there. The bytes go down a pipe to a process
that this one started, and are never kept: `pickle` carries them, but nothing that comes from anywhere else is ever read.

What it does not ship: what pickle refuses (locks, files, connections), classes with a metaclass of the user's own.
"""

from __future__ import annotations

import builtins
import collections
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
    return pickle.loads(data)  # noqa: S301 - see above


class _Shipper(pickle.Pickler):
    def __init__(self, file: io.BytesIO, is_users: Callable[[str], bool]) -> None:
        super().__init__(file, protocol=5)
        self._is_users = is_users

    def reducer_override(self, value: Any) -> Any:  # noqa: C901 - one branch for each kind of value
        if isinstance(value, FunctionType):
            users = self._is_users(value.__code__.co_filename)
            return (
                _reduce_function(value, by_name=not users)
                if users or "<locals>" in value.__qualname__
                else NotImplemented
            )
        if isinstance(value, type):
            return self._reduce_class(value) if self._is_users_class(value) else NotImplemented
        if isinstance(value, CellType):
            return _make_cell, (), _content(value), None, None, _fill_cell
        if isinstance(value, CodeType):
            return marshal.loads, (marshal.dumps(value),)
        if isinstance(value, ModuleType):
            return importlib.import_module, (value.__name__,)
        if isinstance(value, property):
            return property, (value.fget, value.fset, value.fdel)
        if isinstance(value, staticmethod | classmethod):
            return type(value), (value.__func__,)
        if isinstance(value, functools.cached_property):
            return _make_cached_property, (value.func, value.attrname)
        if isinstance(value, functools._lru_cache_wrapper):  # noqa: SLF001 - the class has no other name
            return _make_cache, (value.__wrapped__, value.cache_parameters())
        if isinstance(value, MappingProxyType):
            return MappingProxyType, (dict(value),)
        if isinstance(value, contextvars.ContextVar):
            return _make_context_variable, (value.name, *_default(value))
        if type(value) in _LOCKS:
            return _LOCKS[type(value)], ()
        return NotImplemented

    def _is_users_class(self, cls: type) -> bool:
        module = sys.modules.get(cls.__module__)
        file = getattr(module, "__file__", None)
        return cls.__module__ not in sys.stdlib_module_names if file is None else self._is_users(file)

    def _reduce_class(self, cls: Any) -> Any:
        if issubclass(cls, enum.Enum):
            members = [(name, member.value) for name, member in cls.__members__.items()]
            made: Any = (_make_enum, (cls.__name__, cls.__bases__, members, cls.__module__))
        elif issubclass(cls, tuple) and hasattr(cls, "_fields"):
            made = (_make_named_tuple, (cls.__name__, cls._fields, cls._field_defaults, cls.__module__))
        elif "__dataclass_params__" in vars(cls):
            made = (_make_dataclass, (cls.__name__, cls.__bases__, _own_fields(cls), _parameters(cls), cls.__module__))
        else:
            made = (_make_class, (cls.__name__, cls.__bases__, vars(cls).get("__slots__"), cls.__module__))
        return (*made, self._attributes(cls), None, None, _fill_class)

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
            return self._is_users(value.__code__.co_filename)
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
    return _make_function, made, state, None, None, _fill_function


_SPACES: dict[str, dict[str, Any]] = {}
"""The globals of shipped functions, shared by those that shared them."""


def _make_function(code: bytes, module: str, space: str, name: str, closure: Any) -> FunctionType:
    if space:
        names = _SPACES.setdefault(space, {"__name__": module, "__builtins__": builtins})
    else:
        names = vars(importlib.import_module(module))
    return FunctionType(marshal.loads(code), names, name, None, closure)  # noqa: S302 - made by this very Python


def _fill_function(function: FunctionType, state: dict[str, Any]) -> None:
    function.__globals__.update(state["globals"])
    for name, value in state["attributes"].items():
        setattr(function, name, value)


def _content(cell: CellType) -> Any:
    try:
        return (cell.cell_contents,)
    except ValueError:
        return (_EMPTY, _EMPTY)


def _make_cell() -> CellType:
    return CellType()


def _fill_cell(cell: CellType, content: tuple[Any, ...]) -> None:
    if len(content) == 1:
        cell.cell_contents = content[0]


def _default(variable: contextvars.ContextVar[Any]) -> tuple[Any, ...]:
    try:
        return (contextvars.Context().run(variable.get),)
    except LookupError:
        return ()


def _make_context_variable(name: str, *default: Any) -> contextvars.ContextVar[Any]:
    return contextvars.ContextVar(name, default=default[0]) if default else contextvars.ContextVar(name)


def _make_cache(function: Any, parameters: dict[str, Any]) -> Any:
    return functools.lru_cache(**parameters)(function)


def _make_cached_property(function: Any, name: str) -> Any:
    made = functools.cached_property(function)
    made.__set_name__(None, name)  # type: ignore[arg-type]
    return made


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


def _make_dataclass(name: str, bases: Any, own: Any, parameters: dict[str, Any], module: str) -> type:
    parts = [(field, object, dataclasses.field(**given)) for field, given in own]
    return dataclasses.make_dataclass(name, parts, bases=bases, namespace={"__module__": module}, **parameters)


def _make_enum(name: str, bases: Any, members: Any, module: str) -> Any:
    return bases[-1](name, members, module=module)


def _make_named_tuple(name: str, names: Any, defaults: dict[str, Any], module: str) -> Any:
    return collections.namedtuple(name, names, defaults=tuple(defaults.values()), module=module)  # noqa: PYI024


def _make_class(name: str, bases: Any, slots: Any, module: str) -> type:
    namespace = {"__module__": module} if slots is None else {"__module__": module, "__slots__": slots}
    made: type = type(bases[0])(name, bases, namespace)
    return made


def _fill_class(cls: type, attributes: dict[str, Any]) -> None:
    for name, value in attributes.items():
        setattr(cls, name, value)
        if hasattr(type(value), "__set_name__"):
            value.__set_name__(cls, name)
