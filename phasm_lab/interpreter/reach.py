"""What can be reached from functions: the code that they may run, and the values that they could change.

Theory of operation. Beginning with stf and restore, everything is followed that their code can get at by name: globals that
the code names, closure cells, defaults, attributes, `self` of a method, what a decorator or a partial wraps, the methods of
classes, the items of containers. Code is followed where it is the user's; a module of the standard library is not entered.

What it does not handle: names that are made at run time (`getattr(module, text)`, `globals()[text]`), values that only C
code holds.
"""

from __future__ import annotations

import enum
import functools
import sys
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MappingProxyType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from phasm_lab.interpreter.caches import Caches
from phasm_lab.interpreter.kinds import kind_of
from phasm_lab.interpreter.places import Place, place_in
from phasm_lab.interpreter.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["MAX_VALUE_COUNT", "Reach", "codes_of"]

MAX_VALUE_COUNT = 20_000
"""Values after which the walk ends; a report says so."""

_PLAIN = (bool, bytes, complex, float, int, str, type(None), type(Ellipsis), BuiltinFunctionType, CodeType)
_NOT_STATE = frozenset(
    {"__dict__", "__doc__", "__module__", "__weakref__", "__annotations__", "__slots__", "__dataclass_fields__"}
)
_NOT_GLOBAL_STATE = frozenset({"__builtins__", "__warningregistry__"})


def codes_of(function: FunctionType) -> Iterator[CodeType]:
    """Yield a function's code and that of every function, class body and comprehension inside it."""
    waiting = [function.__code__]
    while waiting:
        code = waiting.pop()
        yield code
        waiting.extend(constant for constant in code.co_consts if isinstance(constant, CodeType))


class Reach:
    """Everything that is reachable from some roots.

    Parameters
    ----------
    roots
        Pairs of a name for messages and a value.
    is_users
        Tells from a file name whether code in it is the user's.

    Attributes
    ----------
    functions
        The user's functions.
    classes
        The user's classes.
    caches
        What `functools.cache` and `cached_property` keep.
    set_names
        The names and attributes by which sets are reached, or what holds sets.
    watch
        The values that code could change.
    whole
        Whether the walk came to its end.
    """

    def __init__(self, roots: Iterable[tuple[str, Any]], is_users: Callable[[str], bool]) -> None:
        self.functions: list[FunctionType] = []
        self.classes: list[type] = []
        self.caches = Caches()
        self.set_names: set[str] = set()
        self.watch = Watch()
        self._is_users = is_users
        self._seen: dict[int, Any] = {}
        self._waiting: list[tuple[str, Any]] = list(roots)
        while self._waiting and len(self._seen) < MAX_VALUE_COUNT:
            self._visit(*self._waiting.pop())
        self.whole = not self._waiting

    @property
    def files(self) -> frozenset[str]:
        """The files of the user's functions."""
        return frozenset(function.__code__.co_filename for function in self.functions)

    def place(self, file: str, line: int) -> Place:
        """Return a line with the name of the function that it is in."""
        for function in self.functions:
            code = function.__code__
            if code.co_filename == file and any(line == number for _, _, number in code.co_lines()):
                return place_in(code, line)
        return Place(file, line, "a function")

    def is_users_class(self, cls: type) -> bool:
        """Tell whether a class was written by the user; one of a notebook cell was."""
        module = sys.modules.get(cls.__module__)
        file = getattr(module, "__file__", None)
        if file is None:
            return cls.__module__ not in sys.stdlib_module_names
        return self._is_users(file)

    def _add(self, name: str, value: Any) -> None:
        if type(value) is BuiltinFunctionType and not isinstance(value.__self__, ModuleType):
            value = value.__self__  # a method in C that was taken from its object
        if type(value) not in _PLAIN:
            self._waiting.append((name, value))
            if isinstance(value, set | frozenset):
                self.set_names.add(name.rpartition(".")[2])

    def _visit(self, name: str, value: Any) -> None:
        if id(value) in self._seen:
            return
        self._seen[id(value)] = value
        if isinstance(value, FunctionType):
            self._visit_function(name, value)
        elif isinstance(value, type):
            self._visit_class(value)
        elif isinstance(value, CellType):
            self._visit_cell(name, value)
        elif not self._visit_wrapper(name, value) and not isinstance(value, ModuleType):
            self._visit_value(name, value)

    def _visit_function(self, name: str, function: FunctionType) -> None:
        cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        if not self._is_users(function.__code__.co_filename):
            self._visit_wrapping(name, function, [cell for _, cell in cells])
            return
        for cell_name, cell in cells:
            self._add(cell_name, cell)
        self._add(name, getattr(function, "__wrapped__", None))
        self.functions.append(function)
        told = f"a default of {function.__name__}"
        self.watch.function(function)
        for default in [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]:
            self._add(told, default)
        for attribute, item in function.__dict__.items():
            self._add(f"{function.__name__}.{attribute}", item)
        for code in codes_of(function):
            self._visit_names(function.__globals__, code.co_names)

    def _visit_wrapping(self, name: str, function: FunctionType, cells: list[CellType]) -> None:
        """Follow what a function of the standard library wraps; one that a dataclass generates wraps nothing."""
        if function.__code__.co_filename != "<string>":
            for value in [getattr(function, "__wrapped__", None), *map(_content, cells)]:
                if callable(value) or isinstance(value, dict):
                    self._add(name, value)

    def _visit_names(self, names: dict[str, Any], used: tuple[str, ...]) -> None:
        """Watch and follow the globals that code names; in a module of the user's also what it names there."""
        found = [name for name in used if name not in _NOT_GLOBAL_STATE]
        self.watch.names(names, found)
        for name in found:
            value = names.get(name)
            self._add(name, value)
            if isinstance(value, ModuleType) and self._is_users(getattr(value, "__file__", None) or "<string>"):
                self._visit_module(value, used)

    def _visit_module(self, module: ModuleType, used: tuple[str, ...]) -> None:
        self.watch.names(vars(module), used)
        for name in used:
            if name in vars(module):
                self._add(name, vars(module)[name])

    def _visit_class(self, cls: type) -> None:
        if not self.is_users_class(cls):
            return
        self.classes.append(cls)
        self.watch.cls(cls)
        # An enum adds to its own tables when flags are combined; its members do not change.
        kept = [
            name
            for name in vars(cls)
            if name not in _NOT_STATE and not (issubclass(cls, enum.Enum) and name[:1] == "_")
        ]
        for name in kept:
            self._add(f"{cls.__name__}.{name}", vars(cls)[name])
        for field in vars(cls).get("__dataclass_fields__", {}).values():
            self._add(f"{cls.__name__}.{field.name}", field.default_factory)
        for base in (type(cls), *cls.__bases__):
            self._add(base.__name__, base)

    def _visit_cell(self, name: str, cell: CellType) -> None:
        self.watch.cell(name, cell)
        self._add(name, _content(cell))

    def _visit_wrapper(self, name: str, value: Any) -> bool:
        """Follow what only passes calls on; tell whether it is that."""
        if isinstance(value, MethodType):
            parts = [("self", value.__self__), (name, value.__func__)]
        elif isinstance(value, functools.partial):
            parts = [(name, value.func), (name, value.args), (name, value.keywords)]
        elif isinstance(value, functools._lru_cache_wrapper):  # noqa: SLF001 - the class has no other name
            self.caches.function(value)
            parts = [(name, value.__wrapped__)]
        elif isinstance(value, property):
            parts = [(name, value.fget), (name, value.fset), (name, value.fdel)]
        elif isinstance(value, staticmethod | classmethod):
            parts = [(name, value.__func__)]
        elif isinstance(value, functools.cached_property):
            parts = [(name, value.func)]
        else:
            return False
        for part_name, part in parts:
            self._add(part_name, part)
        return True

    def _visit_value(self, name: str, value: Any) -> None:
        if isinstance(value, dict | MappingProxyType):
            self.watch.container(name, value)
            for key, item in list(value.items()):
                self._add(name, key)
                self._add(name, item)
        elif isinstance(value, list | tuple | set | frozenset):
            self.watch.container(name, value)
            for item in list(value):
                self._add(name, item)
            self._add(name, type(value))
        elif kind_of(value) is not None:
            self.watch.container(name, value)
            self._add(name, getattr(value, "__dict__", None))
        elif isinstance(value, enum.Enum):
            self._add(name, type(value))
        elif self.is_users_class(type(value)):
            self._visit_instance(name, value)

    def _visit_instance(self, name: str, value: Any) -> None:
        self._add(name, type(value))
        attributes = getattr(value, "__dict__", {})
        self.watch.instance(name, value)
        self.caches.instance(value)
        for attribute, item in list(attributes.items()):
            self._add(f"{name}.{attribute}", item)
        for attribute in _slots(type(value)):
            self._add(f"{name}.{attribute}", getattr(value, attribute, None))


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _slots(cls: type) -> Iterator[str]:
    for base in cls.__mro__:
        slots = vars(base).get("__slots__", ())
        yield from (slots,) if isinstance(slots, str) else slots
