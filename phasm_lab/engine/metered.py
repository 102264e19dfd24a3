"""Subclasses of the journaled containers and dataclasses that report each access to a meter.

A value is *watched* by swapping its class, and only when the transition reaches it: the root at the start, everything
below when it is read. `Meter.release` swaps back. So metering costs what was touched, and ordinary runs pay nothing.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.dicts import JournaledDict
from phasm_lab.engine.journal import Journal, set_class
from phasm_lab.engine.lists import JournaledList
from phasm_lab.engine.sets import JournaledSet
from phasm_lab.machine.data import ATOMIC, field_names, is_frozen_dataclass
from phasm_lab.machine.text import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["watch"]


def watch(value: Any) -> Any:
    """Swap the class of a journaled value for its metered twin; return the value."""
    cls = type(value)
    if cls in ATOMIC or not getattr(cls, "__phasm_journaled__", False) or getattr(cls, "__phasm_metered__", False):
        return value
    journal: Journal = getattr(cls, "__phasm_journal__", None) or value.journal
    twin = _TWINS.get(cls) or _metered_instance_class(cls, journal)
    journal.meter.note_watched(value, cls)
    set_class(value, twin)
    return value


def _reach(meter: Any, value: Any, path: str) -> None:
    """Watch what is journaled in a value reached by `path`: itself, or what a tuple or frozen dataclass holds."""
    cls: Any = type(value)
    if cls in ATOMIC:
        return
    if getattr(cls, "__phasm_journaled__", False):
        meter.paths[id(value)] = path
        watch(value)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            _reach(meter, item, f"{path}[{index}]")
    elif is_frozen_dataclass(value):
        for name in field_names(cls):
            _reach(meter, getattr(value, name, None), f"{path}.{name}")


def _below(container: Any, key: Any, value: Any) -> Any:
    """Watch a value reached through a container; return it."""
    if type(value) not in ATOMIC:
        meter = container.journal.meter
        _reach(meter, value, f"{meter.paths.get(id(container), '?')}[{line_of(key)}]")
    return value


def _report(container: Any, operation: str, key: str = "", *, begins: str = "") -> None:
    meter = container.journal.meter
    frame = sys._getframe(2)  # noqa: SLF001 - names the line
    meter.access(operation, meter.paths.get(id(container), "?") + key, frame)
    if begins:
        meter.begin(container, begins, frame)


def _goes_on(container: Any, begun: str) -> bool:
    return bool(container.journal.meter.goes_on(container, begun, sys._getframe(2)))  # noqa: SLF001 - tells list(x) from len(x)


def _metered_instance_class(cls: type, journal: Journal) -> type:
    if cls not in journal.metered_classes:
        body = {
            "__slots__": (),
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
            "__phasm_metered__": True,
            **_metered_attributes(cls, journal),
        }
        journal.metered_classes[cls] = type(cls)(cls.__name__, (cls,), body)
    return journal.metered_classes[cls]


def _metered_attributes(cls: Any, journal: Journal) -> dict[str, Callable[..., Any]]:
    names = frozenset(field_names(cls))
    read, write, delete = cls.__getattribute__, cls.__setattr__, cls.__delattr__

    def path(self: Any, name: str) -> str:
        above = journal.meter.paths.get(id(self), "?")
        return f"{above}.{name}" if above else name

    def get_attribute(self: Any, name: str) -> Any:
        value = read(self, name)
        if name in names:
            if not _leads_on(value):
                journal.meter.access("read", path(self, name), sys._getframe(1))  # noqa: SLF001 - names the line
            _reach(journal.meter, value, path(self, name))
        return value

    def set_attribute(self: Any, name: str, value: Any) -> None:
        if name in names:
            journal.meter.access("write", path(self, name), sys._getframe(1))  # noqa: SLF001 - names the line
        write(self, name, value)

    def delete_attribute(self: Any, name: str) -> None:
        if name in names:
            journal.meter.access("write", path(self, name), sys._getframe(1))  # noqa: SLF001 - names the line
        delete(self, name)

    return {"__getattribute__": get_attribute, "__setattr__": set_attribute, "__delattr__": delete_attribute}


def _leads_on(value: Any) -> bool:
    """Tell whether reading a field with this value is only the way to what it holds."""
    if isinstance(value, dict | list | set):
        return True
    parameters = getattr(type(value), "__dataclass_params__", None)
    return parameters is not None and not parameters.frozen


def _watch_below(container: Any) -> None:
    """Watch everything that a container holds."""
    if isinstance(container, JournaledList):
        for index, item in enumerate(list.__iter__(container)):
            _below(container, index, item)
    elif isinstance(container, JournaledDict) and not container.flat:
        for key, value in dict.items(container):
            _below(container, key, value)


class MeteredDict(JournaledDict):
    """A dict of the state in a metered transition."""

    __slots__ = ()
    __phasm_metered__ = True
    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        if not _goes_on(self, "iterate"):
            _report(self, "read")
        return dict.__len__(self)

    def __iter__(self) -> Any:
        _report(self, "read", begins="iterate")
        return JournaledDict.__iter__(self)

    def keys(self) -> Any:
        _report(self, "read", begins="keys")
        return JournaledDict.keys(self)

    def values(self) -> Any:
        _report(self, "read")
        _watch_below(self)
        return JournaledDict.values(self)

    def items(self) -> Any:
        _report(self, "read")
        _watch_below(self)
        return JournaledDict.items(self)

    def get(self, key: Any, default: Any = None, /) -> Any:
        _report(self, "read", f"[{line_of(key)}]")
        return _below(self, key, dict.get(self, key, default))

    def __getitem__(self, key: Any) -> Any:
        if not _goes_on(self, "keys"):
            _report(self, "read", f"[{line_of(key)}]")
        return _below(self, key, dict.__getitem__(self, key))

    def __contains__(self, key: Any) -> bool:
        _report(self, "read", f"[{line_of(key)}]")
        return dict.__contains__(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        _report(self, "write", f"[{line_of(key)}]")
        JournaledDict.__setitem__(self, key, value)

    def __delitem__(self, key: Any) -> None:
        _report(self, "write", f"[{line_of(key)}]")
        JournaledDict.__delitem__(self, key)

    def pop(self, key: Any, *default: Any) -> Any:
        _report(self, "write", f"[{line_of(key)}]")
        return _below(self, key, JournaledDict.pop(self, key, *default))

    def popitem(self) -> tuple[Any, Any]:
        _report(self, "write")
        key, value = JournaledDict.popitem(self)
        return key, _below(self, key, value)

    def setdefault(self, key: Any, default: Any = None, /) -> Any:
        _report(self, "write", f"[{line_of(key)}]")
        return _below(self, key, JournaledDict.setdefault(self, key, default))


class MeteredList(JournaledList):
    """A list of the state in a metered transition."""

    __slots__ = ()
    __phasm_metered__ = True
    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        if not _goes_on(self, "iterate"):
            _report(self, "read")
        return list.__len__(self)

    def __iter__(self) -> Any:
        _report(self, "read", begins="iterate")
        _watch_below(self)
        return list.__iter__(self)

    def __getitem__(self, index: Any) -> Any:
        _report(self, "read", f"[{line_of(index)}]")
        found = list.__getitem__(self, index)
        for item in found if isinstance(index, slice) else [found]:
            _below(self, index, item)
        return found

    def pop(self, index: Any = -1, /) -> Any:
        _report(self, "write", f"[{line_of(index)}]")
        return _below(self, index, JournaledList.pop(self, index))


class MeteredSet(JournaledSet):
    """A set of the state in a metered transition."""

    __slots__ = ()
    __phasm_metered__ = True
    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        if not _goes_on(self, "iterate"):
            _report(self, "read")
        return set.__len__(self)

    def __iter__(self) -> Any:
        _report(self, "read", begins="iterate")
        return JournaledSet.__iter__(self)


def _reporting(cls: type, name: str, operation: str) -> Callable[..., Any]:
    inner = getattr(cls, name)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        _report(self, operation)
        _watch_below(self)
        return inner(self, *args, **kwargs)

    method.__name__ = name
    return method


_READS: dict[type, str] = {
    MeteredDict: "__repr__ __reversed__ copy __copy__ __reduce_ex__ __eq__ __ne__ __or__ __ror__",
    MeteredList: "__repr__ __reversed__ __copy__ __reduce_ex__ __contains__ index count copy"
    " __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __add__ __radd__ __mul__ __rmul__",
    MeteredSet: "__repr__ __copy__ __reduce_ex__ __contains__ copy __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __or__ __and__ __sub__ __xor__ __ror__ __rand__"
    " __rsub__ __rxor__ union intersection difference symmetric_difference issubset issuperset isdisjoint",
}
_WRITES: dict[type, str] = {
    MeteredDict: "clear update __ior__",
    MeteredList: "append extend insert remove clear sort reverse __setitem__ __delitem__ __iadd__ __imul__",
    MeteredSet: "add discard remove pop clear update difference_update intersection_update symmetric_difference_update"
    " __ior__ __isub__ __iand__ __ixor__",
}
for _operation, _table in (("read", _READS), ("write", _WRITES)):
    for _cls, _names in _table.items():
        for _name in _names.split():
            setattr(_cls, _name, _reporting(_cls, _name, _operation))

_TWINS: dict[type, type] = {JournaledDict: MeteredDict, JournaledList: MeteredList, JournaledSet: MeteredSet}
for _cls, _twin in _TWINS.items():
    _twin.__name__ = _twin.__qualname__ = _cls.__name__
