"""How to look at each kind of value that can be changed, and how to put it back."""

from __future__ import annotations

import array
import collections
import contextvars
import io
import itertools
import operator
import queue
import random
import threading
from types import GeneratorType, SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Parts", "kind_of", "put_dict_back", "read_dict"]

Parts: TypeAlias = list[Any]

_NOTHING = object()


class Kind(NamedTuple):
    """How to look at values of some types, and how to put them back.

    Attributes
    ----------
    types
        The types.
    read
        Returns the parts of a value.
    put_back
        Makes a value have these parts again.
    by_identity
        Whether parts are the same only where they are the same objects.
    """

    types: tuple[type, ...]
    read: Callable[[Any], Parts]
    put_back: Callable[[Any, Parts], object]
    by_identity: bool = True


def read_dict(value: dict[Any, Any]) -> Parts:
    """Return the keys and then the values of a dict."""
    return [*dict.keys(value), *dict.values(value)]


def put_dict_back(value: dict[Any, Any], parts: Parts) -> None:
    """Make a dict have these keys and values again."""
    half = len(parts) // 2
    dict.clear(value)
    dict.update(value, zip(parts[:half], parts[half:], strict=True))


def _leave(value: Any, parts: Parts) -> None:
    """Do nothing: where an iterator stands cannot be put back."""
    del value, parts


def _put_items_back(value: Any, parts: Parts) -> None:
    value.clear()
    value.extend(parts)


def _put_set_back(value: set[Any], parts: Parts) -> None:
    value.clear()
    value.update(parts)


def _put_bytes_back(value: Any, parts: Parts) -> None:
    value[:] = array.array(value.typecode, parts[0]) if isinstance(value, array.array) else parts[0]


def _read_generator(value: Any) -> Parts:
    frame = value.gi_frame
    return [-1] if frame is None else [frame.f_lasti, *map(id, frame.f_locals.values())]


_ITERABLES: tuple[Any, ...] = ([], (), range(0), {}, set(), "", b"", {}.values(), {}.items())
_ITERATORS = tuple(type(iter(value)) for value in _ITERABLES)
_NAMESPACES = (SimpleNamespace, threading.local, collections.UserDict, collections.UserList, queue.Queue)
_KINDS = (
    Kind((dict,), read_dict, put_dict_back),
    Kind((list, collections.deque), list, _put_items_back),
    Kind((set,), list, _put_set_back),
    Kind(_NAMESPACES, lambda value: read_dict(vars(value)), lambda value, parts: put_dict_back(vars(value), parts)),
    Kind((bytearray, array.array), lambda value: [bytes(value)], _put_bytes_back, by_identity=False),
    Kind((io.StringIO, io.BytesIO), lambda value: [value.getvalue(), value.tell()], _leave, by_identity=False),
    Kind(
        (random.Random,),
        lambda value: [value.getstate()],
        lambda value, parts: value.setstate(parts[0]),
        by_identity=False,
    ),
    Kind((contextvars.ContextVar,), lambda value: [value.get(_NOTHING)], _leave),
    Kind((itertools.count,), lambda value: [repr(value)], _leave, by_identity=False),
    Kind((GeneratorType,), _read_generator, _leave, by_identity=False),
    Kind(_ITERATORS, lambda value: [operator.length_hint(value)], _leave, by_identity=False),
)


def kind_of(value: Any) -> Kind | None:
    """Return how to look at a value, or None where it cannot be changed or cannot be looked at.

    Examples
    --------
    >>> kind_of(itertools.count()) is None, kind_of(itertools.cycle("ab")) is None
    (False, True)
    """
    return next((kind for kind in _KINDS if isinstance(value, kind.types)), None)
