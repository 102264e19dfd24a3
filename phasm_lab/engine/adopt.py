"""Adopting values: what is put into a state becomes a journaled copy of its own when the transition commits."""

from __future__ import annotations

from dataclasses import is_dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from phasm_lab.engine.dicts import JournaledDict, empty_dict, key_type_of
from phasm_lab.engine.journal import MISSING
from phasm_lab.engine.lists import JournaledList, written_places
from phasm_lab.engine.sets import JournaledSet, empty_set
from phasm_lab.errors import DefinitionError
from phasm_lab.machine.data import ATOMIC, field_names, is_frozen_dataclass, is_value_type, rebuild
from phasm_lab.machine.text import line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet

    from phasm_lab.engine.journal import Journal

    Where: TypeAlias = str | tuple[Any, str, Any]

__all__ = ["adopt", "adopt_fresh"]


def adopt(journal: Journal, value: Any, where: Where) -> Any:
    """Return a journaled copy of `value`, or `value` itself where nothing in it can change.

    `where` names the place for the message of an error: text, or (what it is in, text with {}, key).

    Raises
    ------
    DefinitionError
        If it holds something that could not be rolled back.
    """
    if type(value) in ATOMIC:
        return value
    try:
        return _adopt(journal, value, where)
    except RecursionError:
        raise DefinitionError(
            _shown(where), "it is nested too deeply, or holds itself", "keep ids instead of references"
        ) from None


def _adopt(journal: Journal, value: Any, where: Where) -> Any:
    cls = type(value)
    adopter = _ADOPTERS.get(cls)
    if adopter is not None:
        return adopter(journal, value, where)
    if isinstance(value, dict | list | set):
        return _refuse_subclass(value, where)
    if isinstance(value, tuple):
        return _adopt_tuple(journal, value, where)
    if isinstance(value, frozenset):
        return _adopt_frozenset(journal, value, where)
    if is_dataclass(value) and not isinstance(value, type):
        return _adopt_dataclass(journal, value, where)
    if is_value_type(cls):
        return value
    raise DefinitionError(
        _shown(where),
        f"it holds a {cls.__qualname__}, which cannot be rolled back",
        "use plain data: numbers, text, dict, list, set, tuples and dataclasses",
    )


def _shown(where: Where) -> str:
    """Return the text of a place. It is made for a message only: keys are the user's, and so is their `repr`."""
    parts: list[str] = []
    while not isinstance(where, str):
        where, form, key = where
        parts.append(form.replace("{}", line_of(key)))
    return where + "".join(reversed(parts))


def _refuse_subclass(value: Any, where: Where) -> Any:
    hint = next(kind.__name__ for kind in (dict, list, set) if isinstance(value, kind))
    if hasattr(value, "default_factory"):
        hint = "dict with .setdefault(key, ...)"
    elif hasattr(value, "most_common"):
        hint = "dict with .get(key, 0)"
    raise DefinitionError(
        _shown(where), f"it holds a {type(value).__qualname__}, which cannot be rolled back", f"use a plain {hint}"
    )


def _adopt_dict(journal: Journal, value: dict[Any, Any], where: Where) -> JournaledDict:
    copy = empty_dict(journal)
    copy.key_type = key_type_of(value)
    if not ATOMIC.issuperset(map(type, value)):
        _require_immutable(journal, value, (where, ", key", None))
    dict.update(copy, value)
    copy.flat = ATOMIC.issuperset(map(type, value.values()))
    if not copy.flat:
        _adopt_values(journal, copy, where)
    return copy


def _adopt_journaled_dict(journal: Journal, value: JournaledDict, where: Where) -> JournaledDict:
    """Copy a dict that may be a state's; what is known about it need not be found out again."""
    copy = empty_dict(journal)
    copy.flat, copy.key_type = value.flat, value.key_type
    value.copied_to(copy)
    if not copy.flat:
        _adopt_values(journal, copy, where)
    return copy


def _adopt_values(journal: Journal, items: JournaledDict, where: Where) -> None:
    for key, item in dict.items(items):
        if type(item) not in ATOMIC:
            dict.__setitem__(items, key, _adopt(journal, item, (where, "[{}]", key)))


def _adopt_list(journal: Journal, value: list[Any], where: Where) -> JournaledList:
    copy = list.__new__(JournaledList)
    copy.journal = journal
    list.extend(copy, _adopt_items(journal, list.__iter__(value), where))
    return copy


def _adopt_items(journal: Journal, items: Iterable[Any], where: Where) -> list[Any]:
    return [
        item if type(item) in ATOMIC else _adopt(journal, item, (where, "[{}]", index))
        for index, item in enumerate(items)
    ]


def _adopt_set(journal: Journal, value: set[Any], where: Where) -> JournaledSet:
    copy = empty_set(journal)
    _require_immutable(journal, set.__iter__(value), (where, ", member", None))
    set.update(copy, set.__iter__(value))
    return copy


def _adopt_frozenset(journal: Journal, value: frozenset[Any], where: Where) -> frozenset[Any]:
    _require_immutable(journal, value, (where, ", member", None))
    return value


def _require_immutable(journal: Journal, values: Iterable[Any], where: Where) -> None:
    """Refuse keys and members that are hashable and may change all the same."""
    for value in values:
        if type(value) not in ATOMIC and _adopt(journal, value, (where, " {}", value)) is not value:
            raise DefinitionError(
                _shown((where, " {}", value)),
                f"it is a {type(value).__qualname__}, which may change",
                "use a frozen dataclass, a tuple or an id",
            )


def _adopt_tuple(journal: Journal, value: tuple[Any, ...], where: Where) -> Any:
    items = _adopt_items(journal, value, where)
    if all(new is old for new, old in zip(items, value, strict=True)):
        return value
    cls: Any = type(value)
    return cls._make(items) if hasattr(cls, "_make") else cls(items)


def _adopt_dataclass(journal: Journal, value: Any, where: Where) -> Any:
    cls: Any = value.__class__
    old = [(name, getattr(value, name)) for name in field_names(cls) if hasattr(value, name)]
    new = [
        (name, part if type(part) in ATOMIC else _adopt(journal, part, (where, f".{name}", None))) for name, part in old
    ]
    is_frozen = is_frozen_dataclass(value)
    if is_frozen and all(part is kept for (_, part), (_, kept) in zip(new, old, strict=True)):
        return value
    _refuse_hidden(cls, value, where)
    return rebuild(cls if is_frozen else journal.instance_class(cls), new)


def _refuse_hidden(cls: Any, value: Any, where: Where) -> None:
    """Refuse what an instance keeps beside its fields: a copy would not have it, and no rollback would touch it."""
    for name in _cached_names(cls):
        raise DefinitionError(
            f"{_shown(where)}.{name}",
            "it is a cached_property, whose value would outlive a rollback and a crash",
            "use @property",
        )
    for name in getattr(value, "__dict__", ()):
        if name not in field_names(cls):
            raise DefinitionError(
                f"{_shown(where)}.{name}",
                "it is not a field of the dataclass, so it is no part of the state",
                f"declare it in {cls.__qualname__}: {name}: ... = field(init=False)",
            )


@lru_cache(maxsize=1_000)
def _cached_names(cls: type) -> tuple[str, ...]:
    return tuple(
        name for base in cls.__mro__ for name, value in vars(base).items() if isinstance(value, cached_property)
    )


_ADOPTERS: dict[type, Callable[[Journal, Any, Where], Any]] = {
    dict: _adopt_dict,
    JournaledDict: _adopt_journaled_dict,
    list: _adopt_list,
    JournaledList: _adopt_list,
    set: _adopt_set,
    JournaledSet: _adopt_set,
    tuple: _adopt_tuple,
}


def adopt_fresh(journal: Journal, path_of: Callable[[Any], str]) -> None:
    """Replace the values put in during the transition by journaled copies, where they are still in place.

    Raises
    ------
    DefinitionError
        If one of them cannot be rolled back; `path_of` names the container that holds it.
    """
    lists: dict[int, tuple[JournaledList, set[int]]] = {}
    for container, key, value in journal.fresh:
        if isinstance(container, JournaledList):
            lists.setdefault(id(container), (container, set()))[1].add(id(value))
        else:
            _adopt_at(journal, container, key, value, path_of)
    entries = _entries_of(journal, lists.keys()) if lists else {}
    for container, fresh in lists.values():
        _adopt_at(journal, container, written_places(entries[id(container)]), fresh, path_of)


def _entries_of(journal: Journal, wanted: AbstractSet[int]) -> dict[int, list[Any]]:
    """Return the entries of this transition by the identity of their container, for those `wanted`."""
    found: dict[int, list[Any]] = {identity: [] for identity in wanted}
    for start in range(journal.mark, len(journal.log), 5):
        identity = id(journal.log[start + 1])
        if identity in found:
            found[identity] += journal.log[start : start + 5]
    return found


def _adopt_at(journal: Journal, container: Any, key: Any, value: Any, path_of: Callable[[Any], str]) -> None:
    try:
        if isinstance(container, JournaledDict):
            _adopt_item(journal, container, key, value)
        elif isinstance(container, JournaledList):
            _adopt_new_items(journal, container, key, value)
        elif isinstance(container, JournaledSet):
            _require_immutable(journal, [value], ", member")
        elif getattr(container, key, MISSING) is value:
            object.__setattr__(container, key, adopt(journal, value, f".{key}"))
    except DefinitionError as error:
        raise DefinitionError(path_of(container) + error.asked, error.case, error.todo) from None


def _adopt_item(journal: Journal, container: JournaledDict, key: Any, value: Any) -> None:
    current = dict.get(container, key, MISSING)
    if type(key) not in ATOMIC and current is not MISSING:
        _require_immutable(journal, [key], ", key")
    if current is value:
        dict.__setitem__(container, key, adopt(journal, value, ("", "[{}]", key)))


def _adopt_new_items(journal: Journal, container: JournaledList, places: list[int], fresh: set[int]) -> None:
    """Adopt the items at `places` that are among `fresh`.

    The same item may stand at a place that was not written to. It is left there: older entries lead to it.
    """
    if places[-1:] >= [list.__len__(container)]:
        raise DefinitionError(
            "",
            "something wrote to this list without asking it, as heapq does, and no rollback would undo that",
            "use bisect.insort, or work on a copy and put it back: queue[:] = heap",
        )
    for place in places:
        item = list.__getitem__(container, place)
        if id(item) in fresh:
            list.__setitem__(container, place, adopt(journal, item, f"[{place}]"))
