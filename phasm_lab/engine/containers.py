"""Dicts, lists and sets that enter every write in a journal and otherwise cannot be told from plain ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, SupportsIndex

from phasm_lab.engine.journal import MISSING, Entry, Journal
from phasm_lab.engine.sets import JournaledSet
from phasm_lab.machine.data import ATOMIC, thaw

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["JournaledDict", "JournaledList", "JournaledSet", "journaled"]

_get, _put, _drop = dict.get, dict.__setitem__, dict.__delitem__


def journaled(journal: Journal, value: Any, where: str) -> Any:
    """Return a journaled container with the same contents as a plain dict, list or set, adopted all the way down."""
    if isinstance(value, dict):
        return _journaled_dict(journal, value, where)
    if isinstance(value, list):
        copy = list.__new__(JournaledList)
        copy.journal = journal
        list.extend(copy, (journal.adopt(item, f"{where}[{index}]") for index, item in enumerate(value)))
        return copy
    members = set.__new__(JournaledSet)
    members.journal = journal
    set.update(members, (journal.adopt(item, f"a member of {where}") for item in value))
    return members


def _journaled_dict(journal: Journal, value: dict[Any, Any], where: str) -> JournaledDict:
    copy = dict.__new__(JournaledDict)
    copy.journal, copy.ranks, copy.next_rank, copy.shuffled = journal, None, 0, False
    copy.flat = ATOMIC.issuperset(map(type, dict.values(value)))
    if copy.flat:
        dict.update(copy, value)
        return copy
    for key, item in value.items():
        if type(item) not in ATOMIC:
            item = journal.adopt(item, f"{where}[{key!r}]")  # noqa: PLW2901 - the adopted value takes its place
        _put(copy, key, item)
    return copy


def swap_item(container: JournaledDict, key: Any, other: Any, rank: Any) -> Entry:
    """Exchange the value under a key with `other`; `rank` is the place of a key that comes back."""
    current = _get(container, key, MISSING)
    if other is MISSING:
        kept = container.ranks.pop(key) if container.ranks is not None else None
        _drop(container, key)
        return (swap_item, container, key, current, kept)
    if current is MISSING:
        container.place(key, rank)
    _put(container, key, other)
    return (swap_item, container, key, current, None)


def swap_slice(container: JournaledList, span: tuple[int, int], other: list[Any], rank: Any) -> Entry:
    """Exchange ``container[start:stop]`` with the items of `other`; `rank` is not used."""
    start, stop = span
    current = list.__getitem__(container, slice(start, stop))
    list.__setitem__(container, slice(start, stop), other)
    return (swap_slice, container, (start, start + len(other)), current, rank)


class JournaledDict(dict[Any, Any]):
    """A dict whose writes are journaled and whose order survives an undone deletion.

    A key that comes back must stand where it stood, or code that iterates would see an order that depends on what was
    undone. From the first deletion on, each key has a *rank*; keys are put in order of rank the next time somebody looks
    at the order, which costs as much as looking.
    """

    __slots__ = ("flat", "journal", "next_rank", "ranks", "shuffled")
    journal: Journal
    ranks: dict[Any, int] | None
    next_rank: int
    shuffled: bool
    flat: bool
    journaled = True

    def __new__(cls, *args: Any, **kwargs: Any) -> dict[Any, Any]:  # type: ignore[misc]
        return dict(*args, **kwargs)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return dict

    def place(self, key: Any, rank: int | None) -> None:
        """Give a key that was not there its rank: its old one, or the next."""
        if self.ranks is None:
            return
        if rank is None:
            rank = self.next_rank
            self.next_rank += 1
        else:
            self.shuffled = True
        self.ranks[key] = rank

    def _rank_all(self) -> None:
        self.ranks = {key: rank for rank, key in enumerate(dict.__iter__(self))}
        self.next_rank = dict.__len__(self)

    def in_order(self) -> JournaledDict:
        """Put the keys in order of rank, if an undone deletion disturbed it."""
        if self.shuffled:
            ranks = self.ranks
            assert ranks is not None
            items = sorted(dict.items(self), key=lambda item: ranks[item[0]])
            dict.clear(self)
            dict.update(self, items)
            self.shuffled = False
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        old = _get(self, key, MISSING)
        journal = self.journal
        journal.append((swap_item, self, key, old, None))
        if old is MISSING and self.ranks is not None:
            self.place(key, None)
        if type(value) not in ATOMIC:
            self.flat = False
            journal.fresh.append((self, key, value))
        _put(self, key, value)

    def __delitem__(self, key: Any) -> None:
        if key not in dict.keys(self):
            raise KeyError(key)
        self._take(key)

    def _take(self, key: Any) -> Any:
        if self.ranks is None:
            self._rank_all()
        ranks = self.ranks
        assert ranks is not None
        value = _get(self, key)
        self.journal.append((swap_item, self, key, value, ranks.pop(key)))
        _drop(self, key)
        return value

    def pop(self, key: Any, default: Any = MISSING) -> Any:
        if _get(self, key, MISSING) is not MISSING:
            return self._take(key)
        if default is MISSING:
            raise KeyError(key)
        return default

    def popitem(self) -> tuple[Any, Any]:
        if not dict.__len__(self):
            raise KeyError("popitem(): dictionary is empty")
        key = next(dict.__reversed__(self.in_order()))
        return key, self._take(key)

    def clear(self) -> None:
        for key in list(dict.__iter__(self.in_order())):
            self._take(key)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        old = _get(self, key, MISSING)
        if old is MISSING:
            JournaledDict.__setitem__(self, key, default)
            return default
        return old

    def update(self, *args: Any, **kwargs: Any) -> None:
        for key, value in dict(*args, **kwargs).items():
            JournaledDict.__setitem__(self, key, value)

    def __ior__(self, other: Any) -> JournaledDict:
        JournaledDict.update(self, other)
        return self

    def __iter__(self) -> Any:
        return dict.__iter__(self.in_order())

    def __reversed__(self) -> Any:
        return dict.__reversed__(self.in_order())

    def keys(self) -> Any:
        return dict.keys(self.in_order())

    def values(self) -> Any:
        return dict.values(self.in_order())

    def items(self) -> Any:
        return dict.items(self.in_order())

    def copy(self) -> dict[Any, Any]:
        return dict.copy(self.in_order())

    def __or__(self, other: Any) -> Any:
        return dict.copy(self.in_order()) | other

    def __repr__(self) -> str:
        return dict.__repr__(self.in_order())

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (thaw, (thaw(self),))


class JournaledList(list[Any]):
    """A list whose writes are journaled, each as the exchange of one slice."""

    __slots__ = ("journal",)
    journal: Journal
    journaled = True

    def __new__(cls, *args: Any) -> list[Any]:  # type: ignore[misc]
        return list(*args)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return list

    def _put(self, start: int, stop: int, items: list[Any]) -> None:
        journal = self.journal
        old = list.__getitem__(self, slice(start, stop))
        journal.append((swap_slice, self, (start, start + len(items)), old, None))
        for item in items:
            if type(item) not in ATOMIC:
                journal.fresh.append((self, None, item))
        list.__setitem__(self, slice(start, stop), items)

    def append(self, item: Any) -> None:
        journal, size = self.journal, list.__len__(self)
        journal.append((swap_slice, self, (size, size + 1), [], None))
        if type(item) not in ATOMIC:
            journal.fresh.append((self, None, item))
        list.append(self, item)

    def extend(self, items: Iterable[Any]) -> None:
        size = list.__len__(self)
        self._put(size, size, list(items))

    def insert(self, index: SupportsIndex, item: Any) -> None:
        start = slice(index, None).indices(list.__len__(self))[0]
        self._put(start, start, [item])

    def pop(self, index: SupportsIndex = -1) -> Any:
        value = list.__getitem__(self, index)
        start = index.__index__() % list.__len__(self)
        self._put(start, start + 1, [])
        return value

    def remove(self, item: Any) -> None:
        start = list.index(self, item)
        self._put(start, start + 1, [])

    def clear(self) -> None:
        self._put(0, list.__len__(self), [])

    def sort(self, **kwargs: Any) -> None:
        self._put(0, list.__len__(self), sorted(list.__iter__(self), **kwargs))

    def reverse(self) -> None:
        self._put(0, list.__len__(self), list.__getitem__(self, slice(None, None, -1)))

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            items = list(list.__iter__(self))
            items[index] = value
            self._put(0, list.__len__(self), items)
            return
        list.__getitem__(self, index)
        start = index % list.__len__(self)
        self._put(start, start + 1, [value])

    def __delitem__(self, index: Any) -> None:
        if isinstance(index, slice):
            items = list(list.__iter__(self))
            del items[index]
            self._put(0, list.__len__(self), items)
            return
        list.__getitem__(self, index)
        start = index % list.__len__(self)
        self._put(start, start + 1, [])

    def __iadd__(self, items: Iterable[Any]) -> JournaledList:  # type: ignore[misc]
        JournaledList.extend(self, items)
        return self

    def __imul__(self, count: SupportsIndex) -> JournaledList:
        self._put(0, list.__len__(self), list(list.__iter__(self)) * count.__index__())
        return self

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (thaw, (thaw(self),))
