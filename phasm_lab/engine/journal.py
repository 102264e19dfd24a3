"""The journal of a state: every write leaves an entry that undoes it, so a rollback costs what was changed.

Theory of operation. The state that stf gets is a copy of the user's own dataclass, its class a subclass that answers with
the user's class; its dicts, lists and sets are the subclasses of `phasm_lab.engine.dicts`, `lists` and `sets`. Each write
first appends an *entry* to the journal's log, five items side by side: swap, container, key, other, note. Calling
``swap(log, place)`` puts `other` back and makes the entry at that place the one that undoes that: an entry is its own
inverse, so one list serves rollback, undo and redo. Undoing an entry whose write never happened, because something
interrupted it, changes nothing.

Values put in during a transition stay the user's own until the commit, which replaces them by copies of its own
(`phasm_lab.engine.adopt`). So what is in two places within a transition is one object, as in plain Python, and two
afterwards: a durable state is held by value.

Not seen: writes that go round the subclasses on purpose (``dict.__setitem__(state.d, ...)``, ``vars(state)[...] = ...``),
and those of C code that takes a list for a plain one, above all `heapq`: no rollback undoes them. `bisect.insort` asks the
list and so is seen; ``state.queue[:] = heap`` puts back a heap that was worked on as a copy.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from phasm_lab.errors import DefinitionError
from phasm_lab.machine.data import ATOMIC, field_names, rebuild, thaw

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MISSING", "Journal", "redo", "set_class", "stored_key", "undo"]


class _Missing:
    """What stands in an entry for a key or attribute that was not there."""

    def __repr__(self) -> str:
        return "missing"


MISSING: Any = _Missing()

set_class: Callable[[Any, type], None] = object.__dict__["__class__"].__set__
"""Assign an instance's class, past the `__class__` that a journaled class answers with."""


class Journal:
    """Where the containers of a state enter their writes, and what is needed to adopt new values when they are kept.

    Attributes
    ----------
    log
        The entries of the segment that is open, oldest first, five items each: a list of tuples would be as many more
        objects for the garbage collector to walk.
    mark
        Where in it the transition under way begins.
    fresh
        Places that got a value which may be mutable: ``(container, key, value)``.
    meter
        Counts accesses while a metered transition runs, else None.
    metered_classes
        Subclasses that report to the meter, by journaled class (see `phasm_lab.engine.metered`).
    """

    __slots__ = ("_classes", "fresh", "log", "mark", "meter", "metered_classes")

    def __init__(self) -> None:
        self.log: list[Any] = []
        self.mark = 0
        self.fresh: list[tuple[Any, Any, Any]] = []
        self.meter: Any = None
        self._classes: dict[type, type] = {}
        self.metered_classes: dict[type, type] = {}

    def open(self, log: list[Any]) -> None:
        """Enter what is written from now on in `log`."""
        self.log, self.mark = log, len(log)

    def undo(self) -> None:
        """Put back everything that was written since the mark; what an interrupt cut short can be called again."""
        log = self.log
        while len(log) > self.mark:
            # A copy is undone: the entry itself stays as it is until it goes, so that it can be undone again.
            entry = log[-5:]
            entry[0](entry, 0)
            del log[-5:]
        self.fresh.clear()

    def instance_class(self, cls: type) -> type:
        """Return the subclass of a user's dataclass whose attribute writes are entered in this journal."""
        if cls not in self._classes:
            self._classes[cls] = _journaled_class(cls, self)
        return self._classes[cls]


def undo(log: list[Any], start: int, stop: int) -> None:
    """Undo the entries ``log[start:stop]``, the newest first; each becomes the one that redoes it."""
    for place in range(stop - 5, start - 1, -5):
        log[place](log, place)


def redo(log: list[Any], start: int, stop: int) -> None:
    """Redo the entries ``log[start:stop]`` that were undone, the oldest first."""
    for place in range(start, stop, 5):
        log[place](log, place)


def swap_attribute(log: list[Any], place: int) -> None:
    """Exchange an attribute of any kind."""
    instance, name, other = log[place + 1], log[place + 2], log[place + 3]
    current = getattr(instance, name, MISSING)
    if other is not MISSING:
        object.__setattr__(instance, name, other)
    elif current is not MISSING:
        object.__delattr__(instance, name)
    log[place + 3] = current


def swap_in_dict(log: list[Any], place: int) -> None:
    """Exchange an attribute that is kept in the instance's dict."""
    values, name, other = log[place + 1].__dict__, log[place + 2], log[place + 3]
    current = values.get(name, MISSING)
    if other is not MISSING:
        values[name] = other
    else:
        values.pop(name, None)
    log[place + 3] = current


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
    body: dict[str, Any] = {
        "__slots__": (),
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
        "__class__": property(lambda _: cls),
        "__setattr__": _setter(cls, journal),
        "__delattr__": _deleter(cls, journal),
        "__reduce_ex__": lambda self, protocol: thaw(self).__reduce_ex__(protocol),
        "__phasm_journaled__": True,
        "__phasm_journal__": journal,
    }
    if not hasattr(cls, "__copy__"):
        body["__copy__"] = _copy
    try:
        return type(cls)(cls.__name__, (cls,), body)
    except TypeError as error:
        raise DefinitionError(
            cls.__qualname__, f"the lab cannot make a subclass of it: {error}", "use a plain dataclass"
        ) from error


def _setter(cls: type, journal: Journal) -> Callable[[Any, str, Any], None]:
    names, fresh = frozenset(field_names(cls)), journal.fresh
    read: Any = object.__getattribute__
    write: Any = cls.__setattr__

    def set_attribute(self: Any, name: str, value: Any) -> None:
        if name in names:
            # Read past a metered class, which would count it as an access.
            try:
                old = read(self, name)
            except AttributeError:
                old = MISSING
            journal.log.extend((swap_attribute, self, name, old, None))
            if type(value) not in ATOMIC and value is not old:
                fresh.append((self, name, value))
        else:
            _require_descriptor(cls, name)
        write(self, name, value)

    def set_in_dict(self: Any, name: str, value: Any) -> None:
        if name not in names:
            set_attribute(self, name, value)
            return
        values = self.__dict__
        old = values.get(name, MISSING)
        journal.log.extend((swap_in_dict, self, name, old, None))
        if type(value) not in ATOMIC and value is not old:
            fresh.append((self, name, value))
        values[name] = value

    return set_in_dict if _is_kept_in_dict(cls) else set_attribute


def _is_kept_in_dict(cls: Any) -> bool:
    """Tell whether setting a field does nothing but put it into the instance's dict, which is faster done there."""
    plain = cls.__setattr__ is object.__setattr__ and cls.__getattribute__ is object.__getattribute__
    return plain and cls.__dictoffset__ != 0 and not any(_is_set_by_class(cls, name) for name in field_names(cls))


def _deleter(cls: type, journal: Journal) -> Callable[[Any, str], None]:
    names = frozenset(field_names(cls))
    read: Any = object.__getattribute__
    delete: Any = cls.__delattr__

    def delete_attribute(self: Any, name: str) -> None:
        if name in names:
            with suppress(AttributeError):
                journal.log.extend((swap_attribute, self, name, read(self, name), None))
        delete(self, name)

    return delete_attribute


def _copy(self: Any) -> Any:
    """Return a shallow copy, of the user's own class."""
    parts = [(name, getattr(self, name, MISSING)) for name in field_names(self.__class__)]
    return rebuild(self.__class__, [(name, part) for name, part in parts if part is not MISSING])


def _is_set_by_class(cls: type, name: str) -> bool:
    """Tell whether the class says what setting an attribute does: a property, a slot."""
    return hasattr(type(getattr(cls, name, None)), "__set__")


def _require_descriptor(cls: type, name: str) -> None:
    """Refuse to set what is neither a field nor anything that the class itself sets."""
    if not _is_set_by_class(cls, name):
        raise DefinitionError(
            f"{cls.__qualname__}.{name} = ...",
            "it is not a field of the dataclass, so it is no part of the state",
            f"declare it in {cls.__qualname__}, or name one of",
            field_names(cls),
        )
