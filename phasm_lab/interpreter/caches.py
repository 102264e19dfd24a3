"""What the code keeps of results that it had before, emptied for a run, so that they are made again where one can see it."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Caches", "cached_names"]


def cached_names(cls: type) -> frozenset[str]:
    """Return the attributes that a `cached_property` of a class keeps its values in.

    Examples
    --------
    >>> class Price:
    ...     @functools.cached_property
    ...     def euros(self): ...
    >>> sorted(cached_names(Price))
    ['euros']
    """
    members = [pair for base in cls.__mro__ for pair in vars(base).items()]
    return frozenset(name for name, item in members if isinstance(item, functools.cached_property))


class Caches:
    """The caches of functions, and the objects with a `cached_property`."""

    def __init__(self) -> None:
        self._functions: list[Any] = []
        self._objects: list[tuple[dict[str, Any], frozenset[str]]] = []

    def function(self, function: Any) -> None:
        """Have what `functools.cache` or `lru_cache` made among them."""
        self._functions.append(function)

    def instance(self, value: Any) -> None:
        """Have an object among them, if a `cached_property` can keep values in it."""
        names = cached_names(type(value))
        if names and hasattr(value, "__dict__"):
            self._objects.append((value.__dict__, names))

    @contextmanager
    def emptied(self) -> Iterator[None]:
        """Empty them; a value that an object kept is there again afterwards, so that it stays the same object."""
        for function in self._functions:
            function.cache_clear()
        kept = [
            (attributes, {name: attributes[name] for name in names & attributes.keys()})
            for attributes, names in self._objects
        ]
        for attributes, values in kept:
            for name in values:
                del attributes[name]
        try:
            yield
        finally:
            for attributes, values in kept:
                attributes.update(values)
