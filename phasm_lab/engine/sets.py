"""A set that enters every write in a journal and otherwise cannot be told from a plain one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.machine.data import thaw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phasm_lab.engine.journal import Entry, Journal

__all__ = ["JournaledSet"]


def swap_member(container: JournaledSet, member: Any, other: Any, rank: Any) -> Entry:
    """Put a member in (`other` is True) or take it out (False); `rank` is not used."""
    if other:
        set.add(container, member)
    else:
        set.discard(container, member)
    return (swap_member, container, member, not other, rank)


class JournaledSet(set[Any]):
    """A set whose writes are journaled member by member."""

    __slots__ = ("journal",)
    journal: Journal
    journaled = True

    def __new__(cls, *args: Any) -> set[Any]:  # type: ignore[misc]
        return set(*args)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return set

    def add(self, member: Any) -> None:
        if not set.__contains__(self, member):
            self.journal.append((swap_member, self, member, False, None))
            set.add(self, member)

    def discard(self, member: Any) -> None:
        if set.__contains__(self, member):
            self.journal.append((swap_member, self, member, True, None))
            set.discard(self, member)

    def remove(self, member: Any) -> None:
        if not set.__contains__(self, member):
            raise KeyError(member)
        JournaledSet.discard(self, member)

    def pop(self) -> Any:
        for member in set.__iter__(self):
            JournaledSet.discard(self, member)
            return member
        raise KeyError("pop from an empty set")

    def clear(self) -> None:
        for member in list(set.__iter__(self)):
            JournaledSet.discard(self, member)

    def _become(self, members: set[Any]) -> None:
        for member in list(set.__iter__(self)):
            if member not in members:
                JournaledSet.discard(self, member)
        for member in members:
            JournaledSet.add(self, member)

    def update(self, *others: Iterable[Any]) -> None:
        self._become(self._plain().union(*others))

    def difference_update(self, *others: Iterable[Any]) -> None:
        self._become(self._plain().difference(*others))

    def intersection_update(self, *others: Iterable[Any]) -> None:
        self._become(self._plain().intersection(*others))

    def symmetric_difference_update(self, other: Iterable[Any]) -> None:
        self._become(self._plain().symmetric_difference(other))

    def __ior__(self, other: Any) -> JournaledSet:
        self._become(self._plain() | other)
        return self

    def __isub__(self, other: Any) -> JournaledSet:
        self._become(self._plain() - other)
        return self

    def __iand__(self, other: Any) -> JournaledSet:
        self._become(self._plain() & other)
        return self

    def __ixor__(self, other: Any) -> JournaledSet:
        self._become(self._plain() ^ other)
        return self

    def _plain(self) -> set[Any]:
        return set(set.__iter__(self))

    def copy(self) -> set[Any]:
        return self._plain()

    def union(self, *others: Iterable[Any]) -> set[Any]:
        return self._plain().union(*others)

    def intersection(self, *others: Iterable[Any]) -> set[Any]:
        return self._plain().intersection(*others)

    def difference(self, *others: Iterable[Any]) -> set[Any]:
        return self._plain().difference(*others)

    def symmetric_difference(self, other: Iterable[Any]) -> set[Any]:
        return self._plain().symmetric_difference(other)

    def __or__(self, other: Any) -> Any:
        return self._plain() | other

    def __and__(self, other: Any) -> Any:
        return self._plain() & other

    def __sub__(self, other: Any) -> Any:
        return self._plain() - other

    def __xor__(self, other: Any) -> Any:
        return self._plain() ^ other

    __ror__, __rand__, __rxor__ = __or__, __and__, __xor__

    def __rsub__(self, other: Any) -> Any:
        return other - self._plain()

    def __repr__(self) -> str:
        return repr(self._plain())

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (thaw, (thaw(self),))
