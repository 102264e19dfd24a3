"""Reading what a person typed in a form: a Python literal against the annotation of its field."""

from __future__ import annotations

import ast
import enum
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Union, get_args, get_origin

if typing.TYPE_CHECKING:
    from collections.abc import Callable

from phasm_lab.machine.text import text_of

__all__ = ["LiteralError", "annotation_text", "hints_of", "literal_text", "read"]


class LiteralError(ValueError):
    """What was typed does not fit its field; the message says why, in words."""


def annotation_text(annotation: Any) -> str:
    """Return an annotation as it is written.

    Examples
    --------
    >>> annotation_text(int), annotation_text("str | None"), annotation_text(list[int])
    ('int', 'str | None', 'list[int]')
    """
    if isinstance(annotation, str):
        return annotation
    if isinstance(annotation, type) and not get_args(annotation):
        return annotation.__name__
    return str(annotation).replace("typing.", "")


def literal_text(value: Any) -> str:
    """Return a value as it stands in a form.

    Examples
    --------
    >>> literal_text("ada"), literal_text(Decimal("1.50")), literal_text((1, None))
    ("'ada'", '1.50', '(1, None)')
    """
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = (f"{field.name}={literal_text(getattr(value, field.name))}" for field in fields(value) if field.init)
        return f"{value.__class__.__name__}({', '.join(parts)})"
    if type(value) is tuple:
        inner = ", ".join(map(literal_text, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return text_of(value)


def hints_of(cls: type) -> dict[str, Any]:
    """Return the types of a dataclass's fields; Any where an annotation cannot be resolved."""
    try:
        return typing.get_type_hints(cls)
    except Exception:  # noqa: BLE001 - an annotation may name anything; the form still works
        return {}


def read(text: str, annotation: Any = Any) -> Any:
    """Return the value that a text writes.

    Raises
    ------
    LiteralError
        If it is no literal, or none of the annotation's type.

    Examples
    --------
    >>> read("'ada'", str), read("(1, 2)", tuple[int, ...]), read("None", int | None)
    ('ada', (1, 2), None)
    >>> read("twelve", int)
    Traceback (most recent call last):
        ...
    phasm_lab.views.literals.LiteralError: an int is wanted, 12 for example
    """
    stripped = text.strip()
    if not stripped:
        raise LiteralError(f"it is empty; {_wanted(annotation)}")
    try:
        tree = ast.parse(stripped, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise LiteralError(_wanted(annotation)) from None
    try:
        return _read(tree, annotation)
    except RecursionError:
        raise LiteralError("it is nested too deep") from None


def _read(tree: ast.expr, annotation: Any) -> Any:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return _read_union(tree, annotation)
    if origin is typing.Literal:
        return _one_of(_literal(tree, annotation), get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return _read_enum(tree, annotation)
    if annotation is Decimal:
        return _read_decimal(tree)
    if isinstance(annotation, type) and is_dataclass(annotation):
        return _read_dataclass(tree, annotation)
    plain = origin or annotation
    if plain in _CONTAINERS:
        return _CONTAINERS[plain](tree, annotation)
    return _read_plain(tree, annotation)


def _read_plain(tree: ast.expr, annotation: Any) -> Any:
    value = _literal(tree, annotation)
    if annotation in (Any, object):
        return value
    if annotation in (None, types.NoneType):
        return _one_of(value, (None,))
    if annotation is float and type(value) is int:
        return float(value)
    if isinstance(annotation, type) and type(value) is not annotation:
        raise LiteralError(_wanted(annotation))
    return value


def _literal(tree: ast.expr, annotation: Any) -> Any:
    if isinstance(tree, ast.Name) and annotation in (str, Any):
        raise LiteralError(f"text is written in quotes: {tree.id!r}")
    try:
        return ast.literal_eval(tree)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise LiteralError(_wanted(annotation)) from None


def _one_of(value: Any, allowed: tuple[Any, ...]) -> Any:
    for option in allowed:
        if type(option) is type(value) and option == value:
            return value
    raise LiteralError(f"one of {', '.join(map(repr, allowed))} is wanted")


def _read_union(tree: ast.expr, annotation: Any) -> Any:
    problems = []
    for option in sorted(get_args(annotation), key=lambda option: option is float):
        try:
            return _read(tree, option)
        except LiteralError as error:
            problems.append(str(error))
    raise LiteralError(problems[0] if len(set(problems)) == 1 else _wanted(annotation))


def _read_enum(tree: ast.expr, annotation: type[enum.Enum]) -> enum.Enum:
    name = tree.attr if isinstance(tree, ast.Attribute) else tree.id if isinstance(tree, ast.Name) else None
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        name = tree.value
    if name is None or name not in annotation.__members__:
        raise LiteralError(f"one of {', '.join(annotation.__members__)} is wanted")
    return annotation[name]


def _read_decimal(tree: ast.expr) -> Decimal:
    if isinstance(tree, ast.Call) and len(tree.args) == 1 and not tree.keywords:
        tree = tree.args[0]
    text = tree.value if isinstance(tree, ast.Constant) and isinstance(tree.value, str) else ast.unparse(tree)
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        raise LiteralError(_wanted(Decimal)) from None


def _read_dataclass(tree: ast.expr, annotation: type) -> Any:
    name = annotation.__name__
    called = tree.func if isinstance(tree, ast.Call) else None
    if not isinstance(called, ast.Name) or called.id != name:
        raise LiteralError(_wanted(annotation))
    assert isinstance(tree, ast.Call)
    allowed = [field for field in fields(annotation) if field.init]
    given = dict(zip([field.name for field in allowed if not field.kw_only], tree.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in tree.keywords if keyword.arg is not None}
    unknown = [each for each in given if each not in [field.name for field in allowed]]
    if unknown or len(tree.args) > len([field for field in allowed if not field.kw_only]):
        raise LiteralError(f"{name} takes {', '.join(field.name for field in allowed) or 'nothing'}")
    missing = [f.name for f in allowed if f.name not in given and f.default is MISSING and f.default_factory is MISSING]
    if missing:
        raise LiteralError(f"{name} needs {', '.join(missing)}")
    hints = hints_of(annotation)
    return annotation(**{each: _part(each, part, hints.get(each, Any)) for each, part in given.items()})


def _part(name: str, tree: ast.expr, annotation: Any) -> Any:
    try:
        return _read(tree, annotation)
    except LiteralError as error:
        raise LiteralError(f"{name}: {error}") from None


def _items(tree: ast.expr, annotation: Any, kind: type[ast.List | ast.Tuple | ast.Set]) -> list[ast.expr]:
    if not isinstance(tree, kind):
        raise LiteralError(_wanted(annotation))
    return list(tree.elts)


def _read_list(tree: ast.expr, annotation: Any) -> list[Any]:
    (item,) = get_args(annotation) or (Any,)
    return [_read(part, item) for part in _items(tree, annotation, ast.List)]


def _read_tuple(tree: ast.expr, annotation: Any) -> tuple[Any, ...]:
    parts, wanted = _items(tree, annotation, ast.Tuple), get_args(annotation)
    if not wanted or (len(wanted) == 2 and wanted[1] is Ellipsis):
        return tuple(_read(part, wanted[0] if wanted else Any) for part in parts)
    if len(parts) != len(wanted):
        raise LiteralError(f"a tuple of {len(wanted)} is wanted")
    return tuple(_read(part, each) for part, each in zip(parts, wanted, strict=True))


def _read_set(tree: ast.expr, annotation: Any) -> Any:
    (item,) = get_args(annotation) or (Any,)
    kind = get_origin(annotation) or annotation
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in ("set", "frozenset"):
        if not tree.args:
            return kind()
        tree = tree.args[0]
    return kind(_read(part, item) for part in _items(tree, annotation, ast.Set))


def _read_dict(tree: ast.expr, annotation: Any) -> dict[Any, Any]:
    key, item = get_args(annotation) or (Any, Any)
    if not isinstance(tree, ast.Dict) or None in tree.keys:
        raise LiteralError(_wanted(annotation))
    return {
        _read(left, key): _read(right, item)
        for left, right in zip(tree.keys, tree.values, strict=True)
        if left is not None
    }


_CONTAINERS: dict[Any, Callable[[ast.expr, Any], Any]] = {
    list: _read_list,
    tuple: _read_tuple,
    set: _read_set,
    frozenset: _read_set,
    dict: _read_dict,
}

_EXAMPLES = {
    int: "12",
    float: "1.5",
    str: "'ada'",
    bool: "True",
    bytes: "b'ada'",
    Decimal: "1.50",
    list: "[1, 2]",
    tuple: "(1, 2)",
    set: "{1, 2}",
    frozenset: "{1, 2}",
    dict: "{'ada': 1}",
}


def _wanted(annotation: Any) -> str:
    """Say what a field wants."""
    if annotation is Any or isinstance(annotation, str | typing.TypeVar):
        return "a Python literal is wanted, 'ada' or 12 for example"
    if isinstance(annotation, type) and is_dataclass(annotation):
        names = ", ".join(f"{field.name}=..." for field in fields(annotation) if field.init)
        return f"{annotation.__name__}({names}) is wanted"
    name = annotation_text(annotation)
    article = "an" if name[:1] in "aeiou" else "a"
    example = _EXAMPLES.get(get_origin(annotation) or annotation)
    return f"{article} {name} is wanted" + (f", {example} for example" if example else "")
