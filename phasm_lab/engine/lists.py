"""A list that enters every write in a journal and otherwise cannot be told from a plain one."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, SupportsIndex

from phasm_lab.machine.data import ATOMIC, thaw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phasm_lab.engine.journal import Journal

__all__ = ["JournaledList", "written_places"]

_read, _write, _count = list.__getitem__, list.__setitem__, list.__len__


def swap_slice(log: list[Any], place: int) -> None:
    """Exchange a slice with other items, unless the write never happened: the note says how many items the list then had."""
    container, (start, stop), other = log[place + 1], log[place + 2], log[place + 3]
    if _count(container) != log[place + 4]:
        return
    log[place + 3] = _read(container, slice(start, stop))
    _write(container, slice(start, stop), other)
    log[place + 2] = (start, start + len(other))
    log[place + 4] = _count(container)


def written_places(entries: list[Any]) -> list[int]:
    """Return the places of a list that `entries`, all those of a transition for it, wrote to, as they are now.

    Examples
    --------
    >>> appended_then_inserted_first = [None, None, (3, 4), [], 4, None, None, (0, 1), [], 5]
    >>> written_places(appended_then_inserted_first)
    [0, 4]
    """
    spans, olds, counts = entries[2::5], entries[3::5], entries[4::5]
    first = min(start for start, _ in spans)
    count_before = counts[0] - (spans[0][1] - spans[0][0]) + len(olds[0])
    written = bytearray(count_before - first)
    for (start, stop), old in zip(spans, olds, strict=True):
        written[start - first : start - first + len(old)] = b"\1" * (stop - start)
    return [first + place for place, is_written in enumerate(written) if is_written]


class JournaledList(list[Any]):
    """A list whose writes are journaled, each as the exchange of one slice.

    Where a plain list would raise, the plain list's own method is called to say what is wrong.
    """

    __slots__ = ("journal",)
    journal: Journal
    __phasm_journaled__ = True

    def __new__(cls, *args: Any) -> list[Any]:  # type: ignore[misc]
        return list(*args)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return list

    def _put(self, start: int, stop: int, items: list[Any], fresh: Iterable[Any] = ()) -> None:
        """Replace ``self[start:stop]`` by `items`, of which those in `fresh` may be new here."""
        journal = self.journal
        count = _count(self) - (stop - start) + len(items)
        journal.log.extend((swap_slice, self, (start, start + len(items)), _read(self, slice(start, stop)), count))
        for item in fresh:
            if type(item) not in ATOMIC:
                journal.fresh.append((self, None, item))
        _write(self, slice(start, stop), items)

    def _place(self, index: Any) -> int | None:
        """Return the place of an item that is there, counted from 0; None where it is not or `index` is no number."""
        try:
            place = operator.index(index)
        except TypeError:
            return None
        size = _count(self)
        place += size if place < 0 else 0
        return place if 0 <= place < size else None

    def append(self, item: Any) -> None:
        journal, size = self.journal, _count(self)
        journal.log.extend((swap_slice, self, (size, size + 1), [], size + 1))
        if type(item) not in ATOMIC:
            journal.fresh.append((self, None, item))
        list.append(self, item)

    def extend(self, items: Iterable[Any]) -> None:
        size, items = _count(self), list(items)
        self._put(size, size, items, items)

    def insert(self, index: SupportsIndex, item: Any) -> None:
        size, place = _count(self), operator.index(index)
        place = min(size, max(0, place + size if place < 0 else place))
        self._put(place, place, [item], [item])

    def pop(self, index: SupportsIndex = -1, /) -> Any:
        place = self._place(index)
        if place is None:
            return list.pop(self, index)
        value = _read(self, place)
        self._put(place, place + 1, [])
        return value

    def remove(self, item: Any) -> None:
        if not list.__contains__(self, item):
            list.remove(self, item)
        place = list.index(self, item)
        self._put(place, place + 1, [])

    def clear(self) -> None:
        self._put(0, _count(self), [])

    def sort(self, **kwargs: Any) -> None:
        items = _read(self, slice(None))
        try:
            items.sort(**kwargs)
        finally:
            self._put(0, _count(self), items)

    def reverse(self) -> None:
        self._put(0, _count(self), _read(self, slice(None, None, -1)))

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            self._put_slice(index, value)
            return
        place = self._place(index)
        if place is None:
            _write(self, index, value)
            return
        self._put(place, place + 1, [value], [] if value is _read(self, place) else [value])

    def _put_slice(self, index: slice, value: Any) -> None:
        items: list[Any] = []
        items[:] = value
        start, stop, stride = index.indices(_count(self))
        if stride == 1:
            self._put(start, max(start, stop), items, items)
            return
        everything = _read(self, slice(None))
        everything[index] = items
        self._put(0, _count(self), everything, items)

    def __delitem__(self, index: Any) -> None:
        if isinstance(index, slice):
            rest = _read(self, slice(None))
            del rest[index]
            self._put(0, _count(self), rest)
            return
        place = self._place(index)
        if place is None:
            list.__delitem__(self, index)
            return
        self._put(place, place + 1, [])

    def __iadd__(self, items: Iterable[Any]) -> JournaledList:  # type: ignore[misc]
        JournaledList.extend(self, items)
        return self

    def __imul__(self, count: SupportsIndex) -> JournaledList:
        items = _read(self, slice(None)) * count
        self._put(0, _count(self), items, items)
        return self

    def __radd__(self, other: Any) -> Any:
        return list.__add__(other, self) if isinstance(other, list) else NotImplemented

    def __copy__(self) -> list[Any]:
        return _read(self, slice(None))

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (thaw, (thaw(self),))


JournaledList.__name__ = JournaledList.__qualname__ = "list"
