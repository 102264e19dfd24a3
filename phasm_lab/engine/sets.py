"""A set that enters every write in a journal and otherwise cannot be told from a plain one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.engine.journal import stored_key
from phasm_lab.machine.data import ATOMIC, thaw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from phasm_lab.engine.journal import Journal

__all__ = ["JournaledSet", "empty_set"]


def empty_set(journal: Journal) -> JournaledSet:
    """Return a journaled set without members."""
    empty = set.__new__(JournaledSet)
    empty.journal = journal
    return empty


def swap_member(log: list[Any], place: int) -> None:
    """Put a member in, or take it out; `other` says which."""
    container, member, other = log[place + 1], log[place + 2], log[place + 3]
    if other:
        set.add(container, member)
    else:
        set.discard(container, member)
    log[place + 3] = not other


def _is_set(other: Any) -> bool:
    return isinstance(other, set | frozenset)


class JournaledSet(set[Any]):
    """A set whose writes are journaled member by member.

    The order in which a plain set shows its members depends on all that was ever put in and taken out, undone or not.
    Here it is the order of their hashes: one of those that a plain set may show, and the same whatever was undone.
    """

    __slots__ = ("journal",)
    journal: Journal
    __phasm_journaled__ = True

    def __new__(cls, *args: Any) -> set[Any]:  # type: ignore[misc]
        return set(*args)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return set

    def __iter__(self) -> Iterator[Any]:
        size = set.__len__(self)
        for member in sorted(set.__iter__(self), key=hash):
            yield member
            if set.__len__(self) != size:
                raise RuntimeError("Set changed size during iteration")

    def add(self, member: Any) -> None:
        if not set.__contains__(self, member):
            self.journal.log.extend((swap_member, self, member, False, None))
            if type(member) not in ATOMIC:
                self.journal.fresh.append((self, None, member))
            set.add(self, member)

    def discard(self, member: Any) -> None:
        if set.__contains__(self, member):
            self.journal.log.extend((swap_member, self, stored_key(set.__contains__, self, member), True, None))
            set.discard(self, member)

    def remove(self, member: Any) -> None:
        if not set.__contains__(self, member):
            raise KeyError(member)
        JournaledSet.discard(self, member)

    def pop(self) -> Any:
        if not set.__len__(self):
            return set.pop(self)
        member = min(set.__iter__(self), key=hash)
        JournaledSet.discard(self, member)
        return member

    def clear(self) -> None:
        for member in list(set.__iter__(self)):
            JournaledSet.discard(self, member)

    def update(self, *others: Iterable[Any]) -> None:
        for other in others:
            for member in list(other):
                JournaledSet.add(self, member)

    def difference_update(self, *others: Iterable[Any]) -> None:
        for other in others:
            for member in list(other):
                JournaledSet.discard(self, member)

    def intersection_update(self, *others: Iterable[Any]) -> None:
        kept = self._plain().intersection(*others)
        for member in list(set.__iter__(self)):
            if member not in kept:
                JournaledSet.discard(self, member)

    def symmetric_difference_update(self, other: Iterable[Any]) -> None:
        for member in set(other):
            if set.__contains__(self, member):
                JournaledSet.discard(self, member)
            else:
                JournaledSet.add(self, member)

    def __ior__(self, other: Any) -> JournaledSet:
        if not _is_set(other):
            return NotImplemented
        JournaledSet.update(self, other)
        return self

    def __isub__(self, other: Any) -> JournaledSet:
        if not _is_set(other):
            return NotImplemented
        JournaledSet.difference_update(self, other)
        return self

    def __iand__(self, other: Any) -> JournaledSet:
        if not _is_set(other):
            return NotImplemented
        JournaledSet.intersection_update(self, other)
        return self

    def __ixor__(self, other: Any) -> JournaledSet:
        if not _is_set(other):
            return NotImplemented
        JournaledSet.symmetric_difference_update(self, other)
        return self

    def _plain(self) -> set[Any]:
        return set(JournaledSet.__iter__(self))

    def copy(self) -> set[Any]:
        return self._plain()

    __copy__ = copy

    def union(self, *others: Iterable[Any]) -> set[Any]:
        return self._plain().union(*others)

    def intersection(self, *others: Iterable[Any]) -> set[Any]:
        return self._plain().intersection(*others)

    def difference(self, *others: Iterable[Any]) -> set[Any]:
        return self._plain().difference(*others)

    def symmetric_difference(self, other: Iterable[Any]) -> set[Any]:
        return self._plain().symmetric_difference(other)

    def __or__(self, other: Any) -> Any:
        return set.__or__(self._plain(), other)

    def __and__(self, other: Any) -> Any:
        return set.__and__(self._plain(), other)

    def __sub__(self, other: Any) -> Any:
        return set.__sub__(self._plain(), other)

    def __xor__(self, other: Any) -> Any:
        return set.__xor__(self._plain(), other)

    def __ror__(self, other: Any) -> Any:
        return other | self._plain()

    def __rand__(self, other: Any) -> Any:
        return other & self._plain()

    def __rsub__(self, other: Any) -> Any:
        return other - self._plain()

    def __rxor__(self, other: Any) -> Any:
        return other ^ self._plain()

    def __repr__(self) -> str:
        return repr(self._plain())

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (thaw, (thaw(self),))


JournaledSet.__name__ = JournaledSet.__qualname__ = "set"
