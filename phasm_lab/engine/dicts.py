"""A dict that enters every write in a journal and otherwise cannot be told from a plain one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.engine.journal import MISSING, set_class, stored_key
from phasm_lab.machine.data import ATOMIC, thaw

if TYPE_CHECKING:
    from phasm_lab.engine.journal import Journal

__all__ = ["JournaledDict", "empty_dict", "key_type_of"]

# Methods of a dict, past the overridden ones. `setdefault` and `pop` are faster than the operators that they stand for.
_get, _put, _put_new, _drop = dict.get, dict.__setitem__, dict.setdefault, dict.pop

AS_AT_FIRST = -1
"""The rank of a key that stands where it stood at the first deletion."""

_MIXED = object
"""The `key_type` of a dict whose keys are not all `int` or all `str`."""


def empty_dict(journal: Journal) -> JournaledDict:
    """Return a journaled dict without keys."""
    empty = dict.__new__(JournaledDict)
    empty.journal = journal
    empty.flat, empty.key_type = True, None
    empty.first, empty.later, empty.next_rank, empty.shuffled = None, {}, 0, False
    return empty


def key_type_of(keys: dict[Any, Any]) -> type | None:
    """Return the one type of all keys, where equal keys of it are the same; None where there are no keys.

    Examples
    --------
    >>> key_type_of({1: "a", 2: "b"}), key_type_of({})
    (<class 'int'>, None)
    """
    found = set(map(type, keys))
    if not found:
        return None
    return found.pop() if found in ({int}, {str}) else _MIXED


def swap_item(log: list[Any], place: int) -> None:
    """Exchange the value under a key; the note is the rank of a key that comes back."""
    container, key, other, note = log[place + 1 : place + 5]
    current = _get(container, key, MISSING)
    ranked = container.first is not None
    if other is MISSING:
        rank = container.later.pop(key, AS_AT_FIRST) if ranked else None
        _drop(container, key, None)
    else:
        rank = None
        if ranked and (current is MISSING or note is not None):
            container.place(key, note)
        _put(container, key, other)
    log[place + 3], log[place + 4] = current, rank


class _Kept(dict[Any, Any]):
    """A dict with what a journaled one knows, and nothing overridden: the C code then copies it in one go."""

    __slots__ = ("first", "flat", "journal", "key_type", "later", "next_rank", "shuffled")
    journal: Journal
    first: list[Any] | None
    later: dict[Any, int]
    next_rank: int
    shuffled: bool
    flat: bool
    key_type: type | None


class JournaledDict(_Kept):
    """A dict whose writes are journaled and whose order survives an undone deletion.

    A key that comes back must stand where it stood, or code that iterates would see an order that depends on what was
    undone. From the first deletion on, each key has a *rank*: its place in a list of the keys made then, or a number
    greater than all before if it was put in later. Where a deletion was undone, keys are put in order of rank the next
    time somebody looks at the order, which costs as much as looking.

    Attributes
    ----------
    first
        The keys at the first deletion, in order; None before it.
    later
        Ranks of the keys that were put in after it.
    flat
        Whether nothing in it can be mutable.
    key_type
        `int` or `str` where all its keys are, so that equal keys are the same; None before the first key.
    """

    __slots__ = ()
    __phasm_journaled__ = True

    def __new__(cls, *args: Any, **kwargs: Any) -> dict[Any, Any]:  # type: ignore[misc]
        return dict(*args, **kwargs)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return dict

    def place(self, key: Any, rank: int | None) -> None:
        """Give a key that was not there its rank: its old one, or the next."""
        if rank is None:
            rank = self.next_rank
            self.next_rank += 1
        else:
            self.shuffled = True
        if rank != AS_AT_FIRST:
            self.later[key] = rank

    def in_order(self) -> JournaledDict:
        """Put the keys in order of rank, if an undone deletion disturbed it."""
        if self.shuffled:
            ranks = {key: rank for rank, key in enumerate(self.first or ())} | self.later
            items = sorted(dict.items(self), key=lambda item: ranks[item[0]])
            dict.clear(self)
            dict.update(self, items)
            self.shuffled = False
        return self

    def _note_key(self, key: Any, value: Any) -> None:
        """See to a key that was not there: its type, its rank, and whether it may be a key of a state."""
        if type(key) is not self.key_type:
            self.key_type = type(key) if self.key_type is None and type(key) in (int, str) else _MIXED
            if type(key) not in ATOMIC:
                self.journal.fresh.append((self, key, value))
        if self.first is not None:
            self.place(key, None)

    def __setitem__(self, key: Any, value: Any) -> None:
        old = _get(self, key, MISSING)
        journal = self.journal
        journal.log.extend((swap_item, self, key, old, None))
        if type(value) not in ATOMIC and value is not old:
            self.flat = False
            journal.fresh.append((self, key, value))
        if old is not MISSING:
            _put(self, key, value)
            return
        if self.first is not None or type(key) is not self.key_type:
            self._note_key(key, value)
        _put_new(self, key, value)

    def __delitem__(self, key: Any) -> None:
        if not dict.__contains__(self, key):
            raise KeyError(key)
        self._take(key)

    def _take(self, key: Any) -> Any:
        if self.first is None:
            self.first = list(dict.__iter__(self))
            self.next_rank = len(self.first)
        if type(key) is not self.key_type:
            key = stored_key(dict.__contains__, self, key)
        value = _get(self, key)
        self.journal.log.extend((swap_item, self, key, value, self.later.get(key, AS_AT_FIRST)))
        self.later.pop(key, None)
        _drop(self, key)
        return value

    def pop(self, key: Any, default: Any = MISSING, /) -> Any:
        if dict.__contains__(self, key):
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

    def setdefault(self, key: Any, default: Any = None, /) -> Any:
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
        return self.copied_to({})

    def copied_to(self, other: dict[Any, Any]) -> dict[Any, Any]:
        """Put all items into another dict, which is empty; return it."""
        cls = type(self.in_order())
        set_class(self, _Kept)
        try:
            dict.update(other, self)
        finally:
            set_class(self, cls)
        return other

    __copy__ = copy

    def __or__(self, other: Any) -> Any:
        return dict.__or__(JournaledDict.copy(self), other)

    def __ror__(self, other: Any) -> Any:
        return dict.__or__(other, JournaledDict.copy(self)) if isinstance(other, dict) else NotImplemented

    def __repr__(self) -> str:
        return dict.__repr__(self.in_order())

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (thaw, (thaw(self),))


JournaledDict.__name__ = JournaledDict.__qualname__ = "dict"
