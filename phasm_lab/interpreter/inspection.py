"""What the code itself says, before it runs: whether it names anything that may reach outside, and what depends on hashes.

Theory of operation. The instructions of every function that can be reached are read once. Names are looked up as the code
would look them up, so an import under another name or a helper in another module hides nothing. What is found here is a
*suspicion*: it decides how often transitions are run under instruments and whether other interpreters are asked. Only an
attribute such as `sys.argv`, and a clock wrapped by `functools.partial`, which no profile sees, are found here alone, and
count once their line was seen to run.

What it does not see: names that are made at run time, code that is made at run time (`eval`, `exec`).
"""

from __future__ import annotations

import dis
import functools
import sys
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.interpreter.fields import set_names
from phasm_lab.interpreter.outside import outside_attribute, outside_call
from phasm_lab.interpreter.places import place_in
from phasm_lab.interpreter.reach import codes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from phasm_lab.interpreter.places import Place
    from phasm_lab.interpreter.reach import Reach

__all__ = ["Suspect", "is_suspicious", "seed_places", "suspects"]

_HARMLESS = frozenset(
    [
        "__future__",
        "_collections",
        "_collections_abc",
        "_decimal",
        "_functools",
        "_operator",
        "abc",
        "base64",
        "binascii",
        "bisect",
        "builtins",
        "calendar",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
        "datetime",
        "decimal",
        "difflib",
        "enum",
        "fractions",
        "functools",
        "graphlib",
        "hashlib",
        "heapq",
        "hmac",
        "html",
        "itertools",
        "json",
        "keyword",
        "math",
        "numbers",
        "operator",
        "phasm_lab",
        "pprint",
        "re",
        "reprlib",
        "statistics",
        "string",
        "struct",
        "textwrap",
        "types",
        "typing",
        "typing_extensions",
        "unicodedata",
        "zlib",
    ]
)
"""Modules whose functions neither reach outside nor depend on hashes, but for the names below."""

_OUTSIDE_NAMES = frozenset(
    {"breakpoint", "eval", "exec", "input", "now", "open", "print", "today", "utcnow", "__import__"}
)
_SEED_NAMES = frozenset(
    [
        "__hash__",
        "astimezone",
        "difference",
        "eval",
        "exec",
        "frozenset",
        "fromtimestamp",
        "hash",
        "id",
        "intersection",
        "object",
        "set",
        "symmetric_difference",
        "timestamp",
        "union",
        "vars",
        "TopologicalSorter",
    ]
)
_SET_OPERATIONS = frozenset({"BUILD_SET", "SET_ADD", "SET_UPDATE"})
_SET_OPCODES = frozenset(dis.opmap[name] for name in _SET_OPERATIONS)
_VIEW_OPERATORS = frozenset({"&", "|", "^", "-", "&=", "|=", "^=", "-="})


class Suspect(NamedTuple):
    """A line that reaches outside without a call that could be heard."""

    code: CodeType
    place: Place
    what: str


def is_suspicious(functions: Iterable[FunctionType]) -> bool:
    """Tell whether some function names anything that may reach outside."""
    return any(_names_outside(function, code) for function in functions for code in codes_of(function))


def _names_outside(function: FunctionType, code: CodeType) -> bool:
    if _OUTSIDE_NAMES.intersection(code.co_names):
        return True
    return any(not _is_harmless(value) for value in _named(function, code).values())


def _named(function: FunctionType, code: CodeType) -> dict[str, Any]:
    """Return the values of the globals and closure cells that code names."""
    names = function.__globals__
    found = {name: names[name] for name in code.co_names if name in names}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            found[name] = cell.cell_contents
        except ValueError:
            continue
    return found


def _is_harmless(value: Any) -> bool:
    """Tell whether a value is plain, the user's own and so looked at itself, or of a module that is known to be pure."""
    if isinstance(value, ModuleType):
        return _root(value.__name__) in _HARMLESS
    if isinstance(value, functools.partial):
        return _is_harmless(value.func)
    if isinstance(value, FunctionType | BuiltinFunctionType | type):
        module = _root(getattr(value, "__module__", None) or "")
        return module in _HARMLESS or not _is_from_outside(value)
    return not _is_from_outside(type(value)) or _root(type(value).__module__) in _HARMLESS


def _root(module: str) -> str:
    return module.partition(".")[0]


def _is_from_outside(value: Any) -> bool:
    """Tell whether a function or class is not the user's: in C, or of the standard library."""
    module = getattr(value, "__module__", None) or ""
    return isinstance(value, BuiltinFunctionType) or _root(module) in sys.stdlib_module_names


def suspects(functions: Iterable[FunctionType]) -> list[Suspect]:
    """Return the lines that reach outside without a call that could be heard."""
    return [found for function in functions for code in codes_of(function) for found in _suspects_in(function, code)]


def _suspects_in(function: FunctionType, code: CodeType) -> Iterator[Suspect]:
    named = _named(function, code)
    if not any(_may_lead_outside(value) for value in named.values()):
        return
    current: Any = None
    for instruction in dis.get_instructions(code):
        name, what = instruction.argval, ""
        if instruction.opname in _LOADS:
            current = named.get(name)
            what = _outside_value(current)
        elif instruction.opname in _ATTRIBUTE_LOADS and isinstance(current, ModuleType):
            module, current = current, getattr(current, name, None)
            what = f"{module.__name__}.{name}" if outside_attribute(module.__name__, name) else _outside_value(current)
        else:
            current = None
        if what:
            yield Suspect(code, place_in(code, _line_of(instruction, code)), what)


def _may_lead_outside(value: Any) -> bool:
    return bool(_outside_value(value)) or (isinstance(value, ModuleType) and not _is_harmless(value))


_LOADS = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF"})
_ATTRIBUTE_LOADS = frozenset({"LOAD_ATTR", "LOAD_METHOD"})


def _line_of(instruction: dis.Instruction, code: CodeType) -> int:
    line = instruction.positions.lineno if instruction.positions is not None else None
    return line or code.co_firstlineno


def _outside_value(value: Any) -> str:
    """Return what a value is called that reaches outside when C code calls it, unheard, or ""."""
    if isinstance(value, functools.partial):
        inner = value.func
        return _outside_value(inner) or (_outside_builtin(inner) if isinstance(inner, BuiltinFunctionType) else "")
    if type(getattr(value, "__self__", None)).__module__.startswith("numpy.random"):
        return f"numpy.random.{value.__name__}()"
    return ""


def _outside_builtin(function: Any) -> str:
    return outside_call(function, sys._getframe())  # noqa: SLF001 - a frame in which nothing is called with arguments


def seed_places(reach: Reach) -> list[Place]:
    """Return the lines whose value may depend on the hash seed, on addresses or on the time zone."""
    names = _SEED_NAMES | set_names(reach.classes) | reach.set_names
    functions = reach.functions
    return [place for one in functions for code in codes_of(one) for place in _seed_places_in(one, code, names)]


def _seed_places_in(function: FunctionType, code: CodeType, names: frozenset[str]) -> Iterator[Place]:
    named = _named(function, code)
    foreign = {name for name, value in named.items() if _is_foreign(value)}
    names = names | foreign | {name for name, value in named.items() if isinstance(value, set | frozenset)}
    views = "keys" in code.co_names or "items" in code.co_names
    if not _may_depend_on_seed(code, names, views=views):
        return
    constant = False
    for instruction in dis.get_instructions(code):
        name, value = instruction.opname, instruction.argval
        if (
            name in _SET_OPERATIONS
            or (name.startswith("LOAD_") and isinstance(value, str) and value in names)
            or (name == "BINARY_OP" and views and instruction.argrepr in _VIEW_OPERATORS)
            or (constant and name != "CONTAINS_OP")
        ):
            yield place_in(code, _line_of(instruction, code))
        constant = name == "LOAD_CONST" and isinstance(value, frozenset)


def _may_depend_on_seed(code: CodeType, names: frozenset[str], *, views: bool) -> bool:
    """Tell quickly whether a closer look at the instructions is worth it."""
    operations = set(code.co_code[::2])
    return (
        not names.isdisjoint((*code.co_names, *code.co_freevars))
        or not operations.isdisjoint(_SET_OPCODES)
        or (views and dis.opmap.get("BINARY_OP", -1) in operations)
        or any(isinstance(constant, frozenset) for constant in code.co_consts)
    )


def _is_foreign(value: Any) -> bool:
    """Tell whether nothing is known about what a function or class does: it is in C, or from an installed package."""
    if not isinstance(value, FunctionType | type | BuiltinFunctionType):
        return False
    module = _root(getattr(value, "__module__", None) or "")
    if module in _HARMLESS or module in sys.stdlib_module_names:
        return False
    code = getattr(value, "__code__", None)
    return code is None if not isinstance(value, type) else "site-packages" in _file_of(value)


def _file_of(cls: type) -> str:
    return getattr(sys.modules.get(cls.__module__), "__file__", None) or ""
