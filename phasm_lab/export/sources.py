"""The source of a machine: everything that its functions reach and that its author wrote."""

from __future__ import annotations

import ast
import inspect
import linecache
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from phasm_lab.checks.ownership import Ownership
from phasm_lab.interpreter.lines import code_of, source_lines
from phasm_lab.interpreter.places import Place
from phasm_lab.interpreter.reach import Reach
from phasm_lab.machine.text import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FunctionType

    from phasm_lab.engine.scenario import Scenario

__all__ = ["Block", "Sources", "sources_of"]

CELL_NAMES = ("<ipython-input", "ipykernel_")
"""What the file name of a notebook cell has in it."""


@dataclass(frozen=True)
class Block:
    """One function or class.

    Attributes
    ----------
    name
        What it is called.
    place
        The file or cell, and the line that it begins on.
    file
        The file as its code says it.
    first
        Number of its first line.
    lines
        Its lines.
    """

    name: str
    place: str
    file: str
    first: int
    lines: tuple[str, ...]

    @property
    def last(self) -> int:
        """Number of its last line."""
        return self.first + len(self.lines) - 1

    def holds(self, other: Block) -> bool:
        """Tell whether another block is a part of this one."""
        return other is not self and self.file == other.file and self.first <= other.first and other.last <= self.last


@dataclass(frozen=True)
class Sources:
    """The source of a machine.

    Attributes
    ----------
    blocks
        Functions and classes, each once, file by file and in the order of each file.
    values
        Plain values that they name, as lines of Python.
    schema
        The SQL that a database begins with, or "".
    missing
        What has no source to be read, in words.
    """

    blocks: tuple[Block, ...]
    values: tuple[str, ...]
    schema: str
    missing: tuple[str, ...]


def sources_of(scenario: Scenario) -> Sources:
    """Return the source of a scenario's machine, environment and properties, and of what they reach.

    Examples
    --------
    >>> from phasm_lab.examples.payments import payments
    >>> [block.name for block in sources_of(payments).blocks][:3]
    ['Pay', 'ChargeCard', 'CheckPaymentStatus']
    """
    roles = _roles(scenario)
    reach = Reach(roles, Ownership([scenario.machine.stf, scenario.machine.restore]))
    blocks = [*_class_blocks(reach), *_function_blocks(reach)]
    outer = {(block.file, block.first): block for block in blocks if not any(other.holds(block) for other in blocks)}
    return Sources(
        blocks=tuple(block for _, block in sorted(outer.items())),
        values=tuple(sorted(set(_values(reach.functions)))),
        schema=str(getattr(scenario.machine.initial, "schema", "")),
        missing=tuple(dict.fromkeys(_missing(reach, roles, {block.name for block in blocks}))),
    )


def _roles(scenario: Scenario) -> list[tuple[str, Any]]:
    machine, environment = scenario.machine, scenario.environment
    claims = [(f"the property {claim.name}", claim.function) for claim in scenario.properties]
    inputs = [(f"the input {index}", type(value)) for index, value in enumerate(scenario.inputs)]
    found = [
        ("initial", machine.initial),
        ("stf", machine.stf),
        ("restore", machine.restore),
        ("the environment's initial", environment.initial),
        ("perform", environment.perform),
        ("outcome", scenario.outcome),
        *claims,
        *inputs,
    ]
    return [(role, value) for role, value in found if value is not None]


def _function_blocks(reach: Reach) -> Iterator[Block]:
    for function in reach.functions:
        block = _function_block(function.__code__)
        if block is not None:
            yield block


def _function_block(code: CodeType) -> Block | None:
    numbered = source_lines(code)
    if not numbered:
        return None
    return _block(code.co_name, code.co_filename, numbered[0][0], [line for _, line in numbered])


def _class_blocks(reach: Reach) -> Iterator[Block]:
    for cls in reach.classes:
        block = _class_block(cls)
        if block is not None:
            yield block


def _class_block(cls: type) -> Block | None:
    try:
        lines, first = inspect.getsourcelines(cls)
        file = inspect.getsourcefile(cls) or inspect.getfile(cls)
    except (OSError, TypeError, SyntaxError):
        return _class_in_cell(cls)
    return _block(cls.__name__, file, first, lines)


def _class_in_cell(cls: type) -> Block | None:
    """Return a class from the newest notebook cell that defines it; Python itself does not know which one did."""
    for file in reversed([name for name in linecache.cache if any(part in name for part in CELL_NAMES)]):
        lines = linecache.getlines(file)
        try:
            found = [node for node in ast.walk(ast.parse("".join(lines))) if isinstance(node, ast.ClassDef)]
        except SyntaxError:
            continue
        for node in found:
            if node.name == cls.__name__:
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                return _block(cls.__name__, file, first, lines[first - 1 : node.end_lineno])
    return None


def _block(name: str, file: str, first: int, lines: list[str]) -> Block:
    place = str(Place(file, first, name)).removesuffix(f", in {name}")
    return Block(name, place, file, first, tuple(line.rstrip("\r\n") for line in lines))


def _values(functions: list[FunctionType]) -> Iterator[str]:
    """Yield the plain values that functions name: a limit, a status."""
    for function in functions:
        for name in function.__code__.co_names:
            value = function.__globals__.get(name)
            if isinstance(value, bool | int | float | str | bytes) and not name.startswith("__"):
                yield f"{name} = {text_of(value)}"


def _missing(reach: Reach, roles: list[tuple[str, Any]], known: set[str]) -> Iterator[str]:
    for role, value in roles:
        code = None if isinstance(value, type) else code_of(value)
        if code is not None and not source_lines(code):
            yield f"{role}: the source of {code.co_name} cannot be read"
    initial = [value for role, value in roles[:1] if isinstance(value, type)]
    for cls in [*initial, *reach.classes]:
        if cls.__name__ not in known:
            yield f"the class {cls.__name__}: its source cannot be read"
