"""The journal of a state: every write leaves an entry that undoes it, so a rollback costs what was changed.

Theory of operation. The state that stf gets is a copy of the user's own dataclass, its class a subclass that answers with
the user's class; its dicts, lists and sets are the subclasses of `phasm_lab.engine.dicts`, `lists` and `sets`. Each write
first appends an *entry* ``(swap, container, key, other, note)`` to the journal. Calling ``swap(container, key, other,
note)`` puts `other` back and returns the entry that undoes that: an entry is its own inverse, so one list serves rollback,
undo and redo. Undoing an entry whose write never happened, because something interrupted it, changes nothing.

Values put in during a transition stay the user's own until the commit, which replaces them by copies of its own
(`phasm_lab.engine.adopt`). So what is in two places within a transition is one object, as in plain Python, and two
afterwards: a durable state is held by value.

Not seen: writes that go round the subclasses on purpose (``dict.__setitem__(state.d, ...)``, ``vars(state)[...] = ...``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from phasm_lab.errors import DefinitionError
from phasm_lab.machine.data import ATOMIC, field_names, rebuild, thaw

__all__ = ["MISSING", "Entry", "Journal", "set_class", "stored_key"]


class _Missing:
    """What stands in an entry for a key or attribute that was not there."""

    def __repr__(self) -> str:
        return "missing"


MISSING: Any = _Missing()

Entry: TypeAlias = tuple[Callable[[Any, Any, Any, Any], Any], Any, Any, Any, Any]

set_class: Callable[[Any, type], None] = object.__dict__["__class__"].__set__
"""Assign an instance's class, past the `__class__` that a journaled class answers with."""


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
        """Put back everything that was written since the last `take`; what an interrupt cut short can be called again."""
        while self:
            swap, container, key, other, note = self[-1]
            swap(container, key, other, note)
            self.pop()
        self.fresh.clear()

    def instance_class(self, cls: type) -> type:
        """Return the subclass of a user's dataclass whose attribute writes are entered in this journal."""
        if cls not in self._classes:
            self._classes[cls] = _journaled_class(cls, self)
        return self._classes[cls]


def swap_attribute(instance: Any, name: str, other: Any, note: Any) -> Entry:
    """Exchange an attribute with `other`; `note` is not used."""
    current = getattr(instance, name, MISSING)
    if other is not MISSING:
        object.__setattr__(instance, name, other)
    elif current is not MISSING:
        object.__delattr__(instance, name)
    return (swap_attribute, instance, name, current, note)


class _Probe:
    """Equal to one value, and remembers what it was compared with."""

    __slots__ = ("found", "value")

    def __init__(self, value: Any) -> None:
        self.value = self.found = value

    def __hash__(self) -> int:
        return hash(self.value)

    def __eq__(self, other: object) -> bool:
        equal = bool(self.value == other)
        if equal:
            self.found = other
        return equal


def stored_key(contains: Callable[[Any, Any], bool], container: Any, key: Any) -> Any:
    """Return the key or member that a dict or set holds where it is asked for an equal one: `1` where `True` is.

    Examples
    --------
    >>> stored_key(dict.__contains__, {1: "a"}, True)
    1
    """
    probe = _Probe(key)
    contains(container, probe)
    return probe.found


def _journaled_class(cls: type, journal: Journal) -> type:
    append, fresh = journal.append, journal.fresh
    names = frozenset(field_names(cls))
    read: Any = object.__getattribute__
    write: Any = cls.__setattr__
    delete: Any = cls.__delattr__

    def note(self: Any, name: str) -> Any:
        # Read past a metered class, which would count it as an access.
        try:
            old = read(self, name)
        except AttributeError:
            old = MISSING
        append((swap_attribute, self, name, old, None))
        return old

    def set_attribute(self: Any, name: str, value: Any) -> None:
        if name in names:
            old = note(self, name)
            if type(value) not in ATOMIC and value is not old:
                fresh.append((self, name, value))
        else:
            _require_descriptor(cls, name)
        write(self, name, value)

    def delete_attribute(self: Any, name: str) -> None:
        if name in names:
            note(self, name)
        delete(self, name)

    body: dict[str, Any] = {
        "__slots__": (),
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
        "__class__": property(lambda _: cls),
        "__setattr__": set_attribute,
        "__delattr__": delete_attribute,
        "__reduce_ex__": lambda self, protocol: thaw(self).__reduce_ex__(protocol),
        "journaled": True,
        "journal": journal,
    }
    if not hasattr(cls, "__copy__"):
        body["__copy__"] = _copy
    try:
        return type(cls)(cls.__name__, (cls,), body)
    except TypeError as error:
        raise DefinitionError(
            cls.__qualname__, f"the lab cannot make a subclass of it: {error}", "use a plain dataclass"
        ) from error


def _copy(self: Any) -> Any:
    """Return a shallow copy, of the user's own class."""
    parts = [(name, getattr(self, name, MISSING)) for name in field_names(self.__class__)]
    return rebuild(self.__class__, [(name, part) for name, part in parts if part is not MISSING])


def _require_descriptor(cls: type, name: str) -> None:
    """Refuse to set what is neither a field nor anything that the class itself sets, such as a property."""
    if not hasattr(type(getattr(cls, name, None)), "__set__"):
        raise DefinitionError(
            f"{cls.__qualname__}.{name} = ...",
            "it is not a field of the dataclass, so it is no part of the state",
            f"declare it in {cls.__qualname__}, or name one of",
            field_names(cls),
        )
