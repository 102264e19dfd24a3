"""What two runs end in: the values of both states and of both environments, one line each, what differs told apart."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from phasm_lab.machine.data import field_names
from phasm_lab.machine.text import text_of
from phasm_lab.recoveries.differences import MISSING, ByName, Edit, path_text
from phasm_lab.recoveries.readable import apart, readable
from phasm_lab.trace.labels import one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.recoveries.comparison import Comparison
    from phasm_lab.recoveries.differences import Difference
    from phasm_lab.views import recoveries_shapes as shapes
    from phasm_lab.views.shapes import Sign

__all__ = ["ends"]

Pair: TypeAlias = "tuple[shapes.EndLine, shapes.EndLine]"

MAX_LINE_COUNT = 10
MAX_VALUE_LENGTH = 120


def ends(comparison: Comparison, bad: str) -> list[shapes.End]:
    """Return both ends, the state first; `bad` is the side whose differing values are marked."""
    left, right = comparison.left, comparison.right
    name = comparison.environment_name
    return [
        _end("at the end, state", left.state, right.state, comparison.state_difference, bad),
        _end(name, left.environment, right.environment, comparison.outside_difference, bad),
    ]


def _end(title: str, left: Any, right: Any, found: Difference, bad: str) -> shapes.End:
    pairs = list(_pairs(_named(left), _named(right), found, bad))
    shown = pairs if len(pairs) <= MAX_LINE_COUNT or not found else [pair for pair in pairs if pair[0] is not pair[1]]
    return {
        "title": title,
        "is_same": not found,
        "left": [pair[0] for pair in shown[:MAX_LINE_COUNT]],
        "right": [pair[1] for pair in shown[:MAX_LINE_COUNT]],
        "more": len(pairs) - len(shown[:MAX_LINE_COUNT]),
    }


def _pairs(here: dict[str, Any], there: dict[str, Any], found: Difference, bad: str) -> Iterator[Pair]:
    """Yield a line for each side: of a part that is the same the part, of one that differs each value that does."""
    edits: dict[str, list[Edit]] = {}
    for edit in found.edits:
        edits.setdefault(path_text(edit.path[:1]), []).append(edit)
    for name in {**here, **there, **edits}:
        if name in edits:
            yield from (_edit_lines(edit, bad) for edit in edits[name])
        elif name or not edits:
            value = readable(_text(here[name]), MAX_VALUE_LENGTH)
            line: shapes.EndLine = {"sign": " ", "path": _path(name), "value": value, "bad": False}
            yield line, line


def _named(value: Any) -> dict[str, Any]:
    """Return the parts of a state by their names, each as `path_text` writes it; what has none is one part without a name."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, name) for name in field_names(type(value)) if hasattr(value, name)}
    return dict(value) if isinstance(value, ByName) else {"": value}


def _edit_lines(edit: Edit, bad: str) -> Pair:
    path = _path(path_text(edit.path))
    sign: Sign = edit.change.sign  # type: ignore[assignment]
    old, new = apart(_text(edit.old), _text(edit.new), MAX_VALUE_LENGTH)
    return (
        {"sign": " ", "path": path, "value": old, "bad": bad == "left"},
        {"sign": sign, "path": path, "value": new, "bad": bad == "right"},
    )


def _path(text: str) -> str:
    return shorten(one_line(text), MAX_VALUE_LENGTH)


def _text(value: Any) -> str:
    return "nothing" if value is MISSING else text_of(value)
