"""In what two states differ, as a value: every edit that makes the one into the other, exact in value and type."""

from __future__ import annotations

from dataclasses import dataclass, is_dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.engine.versions import Change
from phasm_lab.machine.data import field_names, is_frozen_dataclass, same, thaw
from phasm_lab.machine.text import text_of
from phasm_lab.recoveries.moments import change_json
from phasm_lab.recoveries.readable import apart, readable
from phasm_lab.trace.codec import canonical
from phasm_lab.trace.labels import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phasm_lab.engine.versions import Version

__all__ = ["MISSING", "Difference", "Edit", "apply", "difference", "plain_state"]


MAX_VALUE_LENGTH = 80
"""Characters of a path, and of a value, that a sentence about a difference shows."""


class _Missing:
    """Stands where there is no value."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = _Missing()

Path = tuple[tuple[str, Any], ...]
"""The way to a value: ("field", name), ("name", of a table or column), ("key", key), ("index", index) or ("member", member), outermost first."""


class Edit(NamedTuple):
    """One value that differs; `old` or `new` is MISSING where there is none.

    In a list, an index of what is removed counts on the left, one of what is added on the right.
    """

    path: Path
    old: Any
    new: Any

    @property
    def change(self) -> Change:
        """The edit in words."""
        sign = "+" if self.old is MISSING else "-" if self.new is MISSING else "~"
        old, new = ("" if value is MISSING else text_of(value) for value in (self.old, self.new))
        return Change("", path_text(self.path), sign, old, new)

    @property
    def words(self) -> str:
        """The edit as a phrase, with both sides in it."""
        change = self.change
        path = shorten(change.path, MAX_VALUE_LENGTH) or "it"
        if change.sign == "~":
            old, new = apart(change.old, change.new, MAX_VALUE_LENGTH)
            return f"{path} is {old} on the left and {new} on the right"
        here, there = ("right", "left") if change.sign == "+" else ("left", "right")
        value = readable(change.new or change.old, MAX_VALUE_LENGTH)
        if self.path and self.path[-1][0] == "member":
            return f"{path} has {value} on the {here} only"
        return f"{path} is {value} on the {here} and missing on the {there}"


@dataclass(frozen=True)
class Difference:
    """Every edit that makes the left state into the right one, in a fixed order.

    Attributes
    ----------
    edits
        The edits.
    """

    edits: tuple[Edit, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.edits)

    @property
    def changes(self) -> Sequence[Change]:
        """The edits in words."""
        return [edit.change for edit in self.edits]

    def to_json(self) -> list[dict[str, str]]:
        """Return the edits in words, as plain JSON."""
        return [change_json(change) for change in self.changes]


def path_text(path: Path) -> str:
    """Write a path as a person would.

    Examples
    --------
    >>> path_text((("field", "pending"), ("key", 1), ("field", "status")))
    'pending[1].status'
    """
    text = ""
    for how, step in path:
        if how in ("field", "name"):
            text += f".{step}" if text else str(step)
        elif how != "member":
            text += f"[{text_of(step)}]"
    return text


class ByName(dict[Any, Any]):
    """The tables of a database, or the columns of a row: a dict whose keys are names."""


def plain_state(version: Version) -> Any:
    """Return a state as plain data: a dataclass as it is, a database as {table: {key: {column: value}}}."""
    plain = version.plain()
    if is_dataclass(plain):
        return plain
    from phasm_lab.stores.tables import quote, tables

    found = ByName()
    for table in tables(plain._select):  # noqa: SLF001 - a database for reading, read by its own tables
        names = (*table.key, *(name for name in table.columns if name not in table.key))
        columns = ", ".join(map(quote, names))
        rows = plain.fetch_all(f"select {columns} from {quote(table.name)}")  # noqa: S608 - quoted
        found[table.name] = dict(_row(names, len(table.key), row) for row in rows)
    return found


def _row(names: tuple[str, ...], key_count: int, row: tuple[Any, ...]) -> tuple[Any, ByName]:
    key = row[0] if key_count == 1 else row[:key_count]
    return key, ByName(zip(names[key_count:], row[key_count:], strict=True))


def difference(left: Any, right: Any) -> Difference:
    """Return in what the right value differs from the left one.

    Examples
    --------
    >>> [(change.sign, change.path, change.new) for change in difference({"a": [1]}, {"a": [1, 2]}).changes]
    [('+', "['a'][1]", '2')]
    """
    return Difference(tuple(_edits((), left, right)))


def _edits(path: Path, left: Any, right: Any) -> Iterator[Edit]:
    if _alike(left, right):
        return
    shape = _shape(left)
    if shape is None or shape != _shape(right):
        yield Edit(path, left, right)
    elif shape == "list":
        yield from _list_edits(path, left, right)
    elif shape == "set":
        yield from _set_edits(path, left, right)
    else:
        how, old, new = _parts(left, right)
        for name in [*old, *(name for name in new if name not in old)]:
            step = (how, old[name][0] if name in old else new[name][0])
            before, after = (side[name][1] if name in side else MISSING for side in (old, new))
            if before is MISSING or after is MISSING:
                yield Edit((*path, step), before, after)
            else:
                yield from _edits((*path, step), before, after)


def _alike(left: Any, right: Any) -> bool:
    """Tell whether two values are equal; classes of two versions of one program count by their names."""
    return same(left, right) or (type(left) is not type(right) and canonical(left) == canonical(right))


def _shape(value: Any) -> str | None:
    """Name the kind of a value that is gone into; None for one that is replaced as a whole."""
    if isinstance(value, dict | list | set):
        return "dict" if isinstance(value, dict) else "list" if isinstance(value, list) else "set"
    if is_dataclass(value) and not isinstance(value, type) and not is_frozen_dataclass(value):
        return f"dataclass {type(value).__qualname__}"
    return None


Named = dict[str, tuple[Any, Any]]


def _parts(left: Any, right: Any) -> tuple[str, Named, Named]:
    """Return what the parts are called, and (name, value) of each by the canonical text of its name."""
    if isinstance(left, dict):
        old, new = ({canonical(key): (key, item) for key, item in side.items()} for side in (left, right))
        return "name" if isinstance(left, ByName) else "key", old, new
    return "field", _fields(left), _fields(right)


def _fields(value: Any) -> Named:
    cls: Any = type(value)
    return {name: (name, getattr(value, name)) for name in field_names(cls) if hasattr(value, name)}


def _set_edits(path: Path, left: set[Any], right: set[Any]) -> Iterator[Edit]:
    old, new = ({canonical(item): item for item in side} for side in (left, right))
    yield from (Edit((*path, ("member", old[key])), old[key], MISSING) for key in sorted(old.keys() - new.keys()))
    yield from (Edit((*path, ("member", new[key])), MISSING, new[key]) for key in sorted(new.keys() - old.keys()))


def _list_edits(path: Path, left: list[Any], right: list[Any]) -> Iterator[Edit]:
    if len(left) == len(right):
        for index, (old, new) in enumerate(zip(left, right, strict=True)):
            yield from _edits((*path, ("index", index)), old, new)
        return
    first, last = _common_ends(left, right)
    for index in range(first, len(left) - last):
        yield Edit((*path, ("index", index)), left[index], MISSING)
    for index in range(first, len(right) - last):
        yield Edit((*path, ("index", index)), MISSING, right[index])


def _common_ends(left: list[Any], right: list[Any]) -> tuple[int, int]:
    """Return how many items two lists have in common at their beginning, and then at their end."""
    most = min(len(left), len(right))
    first = next((index for index in range(most) if not _alike(left[index], right[index])), most)
    last = next(
        (index for index in range(most - first) if not _alike(left[-1 - index], right[-1 - index])), most - first
    )
    return first, last


def apply(found: Difference, left: Any) -> Any:
    """Return what a difference makes of the value that it was taken from; that one stays as it is.

    Examples
    --------
    >>> apply(difference({"a": {1, 2}}, {"a": {2}, "b": 0}), {"a": {1, 2}})
    {'a': {2}, 'b': 0}
    """
    value = thaw(left)
    # What is removed goes from the last index to the first, so that earlier indexes stay what they are.
    removals = [edit for edit in found.edits if edit.new is MISSING]
    for edit in [*reversed(removals), *(edit for edit in found.edits if edit.new is not MISSING)]:
        if not edit.path:
            return thaw(edit.new)
        _apply_one(value, edit)
    return value


def _apply_one(value: Any, edit: Edit) -> None:
    *above, (how, name) = edit.path
    for step, part in above:
        value = getattr(value, part) if step == "field" else value[part]
    new = thaw(edit.new)
    if how == "field":
        delattr(value, name) if new is MISSING else setattr(value, name, new)
    elif how == "member":
        value.discard(name) if new is MISSING else value.add(name)
    elif new is MISSING:
        del value[name]
    elif how == "index" and edit.old is MISSING:
        value.insert(name, new)
    else:
        value[name] = new
