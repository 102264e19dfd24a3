"""Subclasses of the journaled containers and dataclasses that report each access to a meter.

A value is *watched* by swapping its class, and only when the transition reaches it: the root at the start, everything
below when it is read. `Meter.release` swaps back. So metering costs what was touched, and ordinary runs pay nothing.
"""

from __future__ import annotations

import sys
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.dicts import JournaledDict
from phasm_lab.engine.journal import Journal, set_class
from phasm_lab.engine.lists import JournaledList
from phasm_lab.engine.sets import JournaledSet
from phasm_lab.machine.data import ATOMIC

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["watch"]


def watch(value: Any) -> Any:
    """Swap the class of a journaled value for its metered twin; return the value."""
    cls = type(value)
    if cls in ATOMIC or not getattr(cls, "journaled", False) or getattr(cls, "metered", False):
        return value
    journal: Journal = value.journal
    twin = _TWINS.get(cls) or _metered_instance_class(cls, journal)
    journal.meter.note_watched(value, cls)
    set_class(value, twin)
    return value


def _below(container: Any, key: Any, value: Any, form: str = "[{!r}]") -> Any:
    """Watch a value reached through a container, and note the path to it."""
    if getattr(type(value), "journaled", False):
        paths = container.journal.meter.paths
        paths[id(value)] = paths.get(id(container), "?") + form.format(key)
        watch(value)
    return value


def _report(container: Any, operation: str, key: str = "") -> None:
    meter = container.journal.meter
    meter.access(operation, meter.paths.get(id(container), "?") + key, sys._getframe(2))  # noqa: SLF001 - names the line


def _metered_instance_class(cls: type, journal: Journal) -> type:
    if cls in journal.metered_classes:
        return journal.metered_classes[cls]
    names = {field.name for field in fields(cls)}
    read: Any = object.__getattribute__
    write: Any = cls.__setattr__
    delete: Any = cls.__delattr__

    def path(self: Any, name: str) -> str:
        above = journal.meter.paths.get(id(self), "?")
        return f"{above}.{name}" if above else name

    def get_attribute(self: Any, name: str) -> Any:
        value = read(self, name)
        if name not in names:
            return value
        if getattr(type(value), "journaled", False):
            journal.meter.paths[id(value)] = path(self, name)
            return watch(value)
        if not isinstance(value, dict | list | set) and not _is_mutable_dataclass(value):
            journal.meter.access("read", path(self, name), sys._getframe(1))  # noqa: SLF001 - names the line
        return value

    def set_attribute(self: Any, name: str, value: Any) -> None:
        journal.meter.access("write", path(self, name), sys._getframe(1))  # noqa: SLF001 - names the line
        write(self, name, value)

    def delete_attribute(self: Any, name: str) -> None:
        journal.meter.access("write", path(self, name), sys._getframe(1))  # noqa: SLF001 - names the line
        delete(self, name)

    body = {
        "__slots__": (),
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__getattribute__": get_attribute,
        "__setattr__": set_attribute,
        "__delattr__": delete_attribute,
        "metered": True,
    }
    journal.metered_classes[cls] = type(cls)(cls.__name__, (cls,), body)
    return journal.metered_classes[cls]


def _is_mutable_dataclass(value: Any) -> bool:
    parameters = getattr(type(value), "__dataclass_params__", None)
    return parameters is not None and not parameters.frozen


def _watched_items(container: Any) -> None:
    if not container.flat:
        for key, value in dict.items(container):
            _below(container, key, value)


class MeteredDict(JournaledDict):
    """A dict of the state in a metered transition."""

    __slots__ = ()
    metered = True
    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        if not self.journal.meter.same_operation(self, sys._getframe(1)):  # noqa: SLF001 - tells list(x) from len(x)
            _report(self, "read")
        return dict.__len__(self)

    def __iter__(self) -> Any:
        self.journal.meter.same_operation(self, sys._getframe(1))  # noqa: SLF001 - tells list(x) from len(x)
        _report(self, "read")
        return JournaledDict.__iter__(self)

    def values(self) -> Any:
        _report(self, "read")
        _watched_items(self)
        return JournaledDict.values(self)

    def items(self) -> Any:
        _report(self, "read")
        _watched_items(self)
        return JournaledDict.items(self)

    def get(self, key: Any, default: Any = None) -> Any:
        _report(self, "read", f"[{key!r}]")
        return _below(self, key, dict.get(self, key, default))

    def __getitem__(self, key: Any) -> Any:
        _report(self, "read", f"[{key!r}]")
        return _below(self, key, dict.__getitem__(self, key))

    def __contains__(self, key: Any) -> bool:
        _report(self, "read", f"[{key!r}]")
        return dict.__contains__(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        _report(self, "write", f"[{key!r}]")
        JournaledDict.__setitem__(self, key, value)

    def __delitem__(self, key: Any) -> None:
        _report(self, "write", f"[{key!r}]")
        JournaledDict.__delitem__(self, key)

    def pop(self, key: Any, *default: Any) -> Any:
        _report(self, "write", f"[{key!r}]")
        return _below(self, key, JournaledDict.pop(self, key, *default))

    def setdefault(self, key: Any, default: Any = None) -> Any:
        _report(self, "write", f"[{key!r}]")
        return _below(self, key, JournaledDict.setdefault(self, key, default))


class MeteredList(JournaledList):
    """A list of the state in a metered transition."""

    __slots__ = ()
    metered = True
    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        if not self.journal.meter.same_operation(self, sys._getframe(1)):  # noqa: SLF001 - tells list(x) from len(x)
            _report(self, "read")
        return list.__len__(self)

    def __iter__(self) -> Any:
        self.journal.meter.same_operation(self, sys._getframe(1))  # noqa: SLF001 - tells list(x) from len(x)
        _report(self, "read")
        for index, item in enumerate(list.__iter__(self)):
            _below(self, index, item)
        return list.__iter__(self)

    def __getitem__(self, index: Any) -> Any:
        _report(self, "read", f"[{index!r}]")
        found = list.__getitem__(self, index)
        for item in found if isinstance(index, slice) else [found]:
            _below(self, index, item)
        return found

    def pop(self, index: Any = -1) -> Any:
        _report(self, "write", f"[{index!r}]")
        return _below(self, index, JournaledList.pop(self, index))


class MeteredSet(JournaledSet):
    """A set of the state in a metered transition."""

    __slots__ = ()
    metered = True
    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        if not self.journal.meter.same_operation(self, sys._getframe(1)):  # noqa: SLF001 - tells list(x) from len(x)
            _report(self, "read")
        return set.__len__(self)

    def __iter__(self) -> Any:
        self.journal.meter.same_operation(self, sys._getframe(1))  # noqa: SLF001 - tells list(x) from len(x)
        _report(self, "read")
        return set.__iter__(self)


def _reporting(cls: type, name: str, operation: str) -> Callable[..., Any]:
    inner = getattr(cls, name)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        _report(self, operation)
        return inner(self, *args, **kwargs)

    method.__name__ = name
    return method


_READS: dict[type, str] = {
    MeteredDict: "__reversed__ keys copy __eq__ __ne__ __or__ __ror__",
    MeteredList: "__reversed__ __contains__ index count copy __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __add__ __mul__ __rmul__",
    MeteredSet: "__contains__ copy __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __or__ __and__ __sub__ __xor__ __ror__ __rand__"
    " __rsub__ __rxor__ union intersection difference symmetric_difference issubset issuperset isdisjoint",
}
_WRITES: dict[type, str] = {
    MeteredDict: "popitem clear update __ior__",
    MeteredList: "append extend insert remove clear sort reverse __setitem__ __delitem__ __iadd__ __imul__",
    MeteredSet: "add discard remove pop clear update difference_update intersection_update symmetric_difference_update"
    " __ior__ __isub__ __iand__ __ixor__",
}
for _operation, _table in (("read", _READS), ("write", _WRITES)):
    for _cls, _names in _table.items():
        for _name in _names.split():
            setattr(_cls, _name, _reporting(_cls, _name, _operation))

_TWINS: dict[type, type] = {JournaledDict: MeteredDict, JournaledList: MeteredList, JournaledSet: MeteredSet}
