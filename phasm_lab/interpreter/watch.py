"""Values that code could change, looked at before and after, and put back in between.

Theory of operation. Of each value its *parts* are kept: the items of a list, the keys and values of a dict, the attributes
of an object, where an iterator stands. Parts are compared by identity, so that no code of the user's runs, or by equality
where they are made anew for each look. What a part itself holds is watched in its own right.

What it does not see: where an iterator of C code stands that does not tell (`itertools.cycle`, `zip`, `map`), what a
`functools.cache` keeps (a cache of a pure function is harmless), attributes that only C code can read.
"""

from __future__ import annotations

import functools
from operator import is_
from types import FunctionType, MappingProxyType, MemberDescriptorType
from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.interpreter.caches import cached_names
from phasm_lab.interpreter.kinds import kind_of, put_dict_back, read_dict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from phasm_lab.interpreter.kinds import Parts

__all__ = ["Watch"]

MISSING = object()
_MADE_ON_DEMAND = frozenset({"__annotations__", "__annotations_cache__", "__abstractmethods__", "_abc_impl", "__doc__"})
"""What a class gets when somebody asks for it for the first time."""


class _Watched(NamedTuple):
    """One value, how to look at it, and the name of its part with an index."""

    read: Callable[[], Parts]
    put_back: Callable[[Parts], object]
    name: Callable[[int], str]
    by_identity: bool = True


class Watch:
    """Many values, looked at together.

    Attributes
    ----------
    before
        The parts that it compares with.
    weight
        How many parts one look compares.
    """

    def __init__(self) -> None:
        self._watched: list[_Watched] = []
        self._names: dict[int, tuple[dict[str, Any], dict[str, None]]] = {}
        self._functions: list[FunctionType] = []
        self.before: list[Parts] = []
        self.weight = 0

    def container(self, name: str, value: Any) -> None:
        """Watch what a container holds, or where an iterator stands; nothing where it cannot change."""
        kind = None if isinstance(value, MappingProxyType) else kind_of(value)
        if kind is not None:
            read, put_back = functools.partial(kind.read, value), functools.partial(kind.put_back, value)
            self._watched.append(_Watched(read, put_back, lambda _: name, kind.by_identity))

    def names(self, names: dict[str, Any], wanted: Iterable[str]) -> None:
        """Watch some names of a module."""
        self._names.setdefault(id(names), (names, {}))[1].update(dict.fromkeys(wanted))

    def function(self, function: FunctionType) -> None:
        """Watch the defaults of a function, and whether it gets attributes."""
        self._functions.append(function)

    def cell(self, name: str, cell: Any) -> None:
        """Watch which value a closure cell holds."""
        self._attributes(f"{name} of the enclosing function", cell, ["cell_contents"])

    def cls(self, cls: type) -> None:
        """Watch the attributes of a class."""

        def read() -> Parts:
            return [value for name, value in vars(cls).items() if name not in _MADE_ON_DEMAND]

        def name(index: int) -> str:
            names = [name for name in vars(cls) if name not in _MADE_ON_DEMAND]
            return f"{cls.__name__}.{names[index]}" if index < len(names) else cls.__name__

        self._watched.append(_Watched(read, functools.partial(_put_class_back, cls), name))

    def instance(self, name: str, value: Any) -> None:
        """Watch the attributes of an object; what a `cached_property` keeps does not count."""
        members = [(attribute, item) for base in type(value).__mro__ for attribute, item in vars(base).items()]
        attributes = getattr(value, "__dict__", None)
        if attributes is not None:
            read = functools.partial(_read_attributes, attributes, cached_names(type(value)))
            self._watched.append(
                _Watched(read, functools.partial(put_dict_back, attributes), _attribute_name(name, attributes))
            )
        slots = [attribute for attribute, item in members if isinstance(item, MemberDescriptorType)]
        if slots:
            self._attributes(name, value, slots)

    def _attributes(self, name: str, value: Any, wanted: list[str]) -> None:
        read = functools.partial(_read_wanted, value, wanted)
        put_back = functools.partial(_put_wanted_back, value, wanted)
        is_cell = wanted == ["cell_contents"]
        self._watched.append(_Watched(read, put_back, lambda index: name if is_cell else f"{name}.{wanted[index]}"))

    def begin(self) -> None:
        """Look at everything, to compare with from now on."""
        self._watched += [_watched_names(names, list(wanted)) for names, wanted in self._names.values()]
        self._watched += _watched_functions(self._functions)
        self._names.clear()
        self.before = self.look()
        self.weight = len(self._watched) + sum(map(len, self.before))

    def look(self) -> list[Parts]:
        """Return the parts of every value as they are now."""
        return [watched.read() for watched in self._watched]

    def changed(self) -> str:
        """Return the name of a value that is not as it was, or ""."""
        for watched, before in zip(self._watched, self.before, strict=True):
            now = watched.read()
            if not _same(now, before, watched.by_identity):
                return watched.name(_first_difference(now, before))
        return ""

    def renew(self) -> None:
        """Compare with what is now from now on."""
        self.before = self.look()

    def put_back(self, parts: list[Parts] | None = None) -> None:
        """Make every value what it was when it was last looked at, or what it was when `parts` were, as far as can be."""
        for watched, before in zip(self._watched, self.before if parts is None else parts, strict=True):
            if not _same(watched.read(), before, watched.by_identity):
                watched.put_back(before)


def _same(first: Parts, second: Parts, by_identity: bool) -> bool:
    if not by_identity:
        return first == second
    return len(first) == len(second) and all(map(is_, first, second))


def _first_difference(first: Parts, second: Parts) -> int:
    pairs = enumerate(zip(first, second, strict=False))
    return next((index for index, (one, other) in pairs if one is not other), min(len(first), len(second)))


def _attribute_name(name: str, attributes: dict[str, Any]) -> Callable[[int], str]:
    def told(index: int) -> str:
        names = list(attributes)
        return f"{name}.{names[index % len(names)]}" if names else name

    return told


def _watched_names(names: dict[str, Any], wanted: list[str]) -> _Watched:
    def put_back(parts: Parts) -> None:
        for name, part in zip(wanted, parts, strict=True):
            if part is MISSING:
                names.pop(name, None)
            else:
                names[name] = part

    missing = [MISSING] * len(wanted)
    return _Watched(lambda: [*map(names.get, wanted, missing)], put_back, lambda index: wanted[index])


def _watched_functions(functions: list[FunctionType]) -> list[_Watched]:
    """Watch the defaults of all functions as one value, and their attributes as another."""
    dicts = [function.__dict__ for function in functions]

    def put_defaults_back(parts: Parts) -> None:
        for function, positional, named in zip(functions, parts[::2], parts[1::2], strict=True):
            function.__defaults__, function.__kwdefaults__ = positional, named

    def read_attributes() -> Parts:
        return [tuple(map(id, attributes.values())) for attributes in dicts]

    kept = [dict(attributes) for attributes in dicts]

    def put_attributes_back(parts: Parts) -> None:
        del parts
        for attributes, before in zip(dicts, kept, strict=True):
            attributes.clear()
            attributes.update(before)

    return [
        _Watched(
            lambda: [part for function in functions for part in (function.__defaults__, function.__kwdefaults__)],
            put_defaults_back,
            lambda index: f"the defaults of {functions[index // 2].__name__}",
        ),
        _Watched(read_attributes, put_attributes_back, lambda _: "an attribute of a function", by_identity=False),
    ]


def _put_class_back(cls: type, parts: Parts) -> None:
    names = [name for name in vars(cls) if name not in _MADE_ON_DEMAND]
    for name, part in zip(names, parts, strict=False):
        if vars(cls)[name] is not part:
            type.__setattr__(cls, name, part)


def _read_attributes(attributes: dict[str, Any], left_out: frozenset[str]) -> Parts:
    if left_out:
        attributes = {name: item for name, item in attributes.items() if name not in left_out}
    return read_dict(attributes)


def _read_wanted(value: Any, wanted: list[str]) -> Parts:
    return [_attribute(value, name) for name in wanted]


def _attribute(value: Any, name: str) -> Any:
    try:
        return object.__getattribute__(value, name)
    except (AttributeError, ValueError):
        return MISSING


def _put_wanted_back(value: Any, wanted: list[str], parts: Parts) -> None:
    for name, part in zip(wanted, parts, strict=True):
        if part is MISSING:
            object.__delattr__(value, name)
        else:
            object.__setattr__(value, name, part)
