"""The journal of a state: every write leaves an entry that undoes it, so a rollback costs what was changed.

Theory of operation. The state that stf gets is the user's own dataclass, its class swapped for a subclass that answers
with the user's class; its dicts, lists and sets are the subclasses of `phasm_lab.engine.containers`. Each write appends
an *entry* ``(swap, container, key, other, rank)`` to the journal. Calling ``swap(container, key, other, rank)`` puts
`other` back and returns the entry that undoes that: an entry is its own inverse, so one list serves rollback, undo and
redo. Values put in during a transition stay the user's own until the commit, which *adopts* them: mutable dataclasses
have their class swapped in place, plain containers are replaced by journaled ones.

Not seen: writes that go round the subclasses on purpose (``dict.__setitem__(state.d, ...)``, ``vars(state)[...] = ...``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias

from phasm_lab.errors import DefinitionError
from phasm_lab.machine.data import ATOMIC, is_frozen_dataclass, is_value_type, thaw

__all__ = ["MISSING", "Entry", "Journal", "set_class", "swap_attribute"]


class _Missing:
    """What stands in an entry for a key or attribute that was not there."""

    def __repr__(self) -> str:
        return "missing"


MISSING: Any = _Missing()

Entry: TypeAlias = tuple[Callable[[Any, Any, Any, Any], Any], Any, Any, Any, Any]

set_class: Callable[[Any, type], None] = object.__dict__["__class__"].__set__
"""Assign an instance's class, past the `__class__` that a journaled class answers with."""


def swap_attribute(instance: Any, name: str, other: Any, rank: Any) -> Entry:
    """Exchange an attribute with `other`; `rank` is not used."""
    current = getattr(instance, name, MISSING)
    if other is MISSING:
        object.__delattr__(instance, name)
    else:
        object.__setattr__(instance, name, other)
    return (swap_attribute, instance, name, current, rank)


class Journal(list[Entry]):
    """The entries of the transition under way, and what is needed to adopt new values when it commits.

    Attributes
    ----------
    fresh
        Places that got a value which may be mutable: ``(container, key, value)``.
    meter
        Counts accesses while a metered transition runs, else None.
    metered_classes
        Subclasses that report to the meter, by journaled class (see `phasm_lab.engine.metered`).
    """

    __slots__ = ("_classes", "fresh", "meter", "metered_classes")

    def __init__(self) -> None:
        super().__init__()
        self.fresh: list[tuple[Any, Any, Any]] = []
        self.meter: Any = None
        self._classes: dict[type, type] = {}
        self.metered_classes: dict[type, type] = {}

    def take(self) -> list[Entry]:
        """Return the entries made so far and begin anew."""
        entries = self[:]
        self.clear()
        self.fresh.clear()
        return entries

    def undo(self) -> None:
        """Put back everything that was written since the last `take`."""
        for swap, container, key, other, rank in reversed(self):
            swap(container, key, other, rank)
        self.take()

    def adopt(self, value: Any, where: str) -> Any:
        """Return `value` as this journal keeps it; `where` names the place for the message of an error.

        Raises
        ------
        DefinitionError
            If it holds something that could not be rolled back.
        """
        cls = type(value)
        if cls in ATOMIC:
            return value
        if self.owns(value):
            return value
        if isinstance(value, dict | list | set):
            return self._adopt_container(value, where)
        if isinstance(value, tuple):
            return self._adopt_tuple(value, where)
        if is_dataclass(value):
            return self._adopt_dataclass(value, where)
        if isinstance(value, frozenset) or is_value_type(cls):
            return value
        raise DefinitionError(
            where,
            f"it holds a {cls.__qualname__}, which cannot be rolled back",
            "use plain data: numbers, text, dict, list, set, tuples and dataclasses",
        )

    def owns(self, value: Any) -> bool:
        """Tell whether a value is journaled here already."""
        return getattr(type(value), "journaled", False) and value.journal is self

    def _adopt_container(self, value: Any, where: str) -> Any:
        from phasm_lab.engine.containers import journaled

        if getattr(type(value), "journaled", False):
            value = thaw(value)
        if type(value) not in (dict, list, set):
            self._refuse_subclass(value, where)
        return journaled(self, value, where)

    @staticmethod
    def _refuse_subclass(value: Any, where: str) -> None:
        hint = "list" if isinstance(value, list) else "set" if isinstance(value, set) else "dict"
        if isinstance(value, Counter | defaultdict):
            hint = "dict with .get(key, 0) or .setdefault(key, [])"
        raise DefinitionError(
            where, f"it holds a {type(value).__qualname__}, which cannot be rolled back", f"use a plain {hint}"
        )

    def _adopt_tuple(self, value: Any, where: str) -> Any:
        items = [self.adopt(item, where) for item in value]
        if all(new is old for new, old in zip(items, value, strict=True)):
            return value
        return type(value)(items) if type(value) is tuple else type(value)._make(items)

    def _adopt_dataclass(self, value: Any, where: str) -> Any:
        if getattr(type(value), "journaled", False):
            value = thaw(value)
        for field in fields(value):
            part = getattr(value, field.name, MISSING)
            if type(part) not in ATOMIC and part is not MISSING:
                object.__setattr__(value, field.name, self.adopt(part, f"{where}.{field.name}"))
        if not is_frozen_dataclass(value):
            set_class(value, self.instance_class(type(value)))
        return value

    def instance_class(self, cls: type) -> type:
        """Return the subclass of a user's dataclass whose attribute writes are entered in this journal."""
        if cls not in self._classes:
            self._classes[cls] = _journaled_class(cls, self)
        return self._classes[cls]


def _raw(instance: Any, name: str) -> Any:
    """Read an attribute past a metered class, which would count it as an access."""
    try:
        return object.__getattribute__(instance, name)
    except AttributeError:
        return MISSING


def _journaled_class(cls: type, journal: Journal) -> type:
    append, fresh = journal.append, journal.fresh
    write: Any = cls.__setattr__
    delete: Any = cls.__delattr__

    def set_attribute(self: Any, name: str, value: Any) -> None:
        append((swap_attribute, self, name, _raw(self, name), None))
        if type(value) not in ATOMIC:
            fresh.append((self, name, value))
        write(self, name, value)

    def delete_attribute(self: Any, name: str) -> None:
        append((swap_attribute, self, name, _raw(self, name), None))
        delete(self, name)

    def reduce(self: Any, protocol: Any) -> Any:
        return thaw(self).__reduce_ex__(protocol)

    return type(cls)(
        cls.__name__,
        (cls,),
        {
            "__slots__": (),
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
            "__doc__": cls.__doc__,
            "__class__": property(lambda _: cls),
            "__setattr__": set_attribute,
            "__delattr__": delete_attribute,
            "__reduce_ex__": reduce,
            "journaled": True,
            "journal": journal,
        },
    )
