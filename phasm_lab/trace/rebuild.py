"""Values back from JSON: plain data, and instances of classes that the scenario itself names, never anything else."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from phasm_lab.errors import PhasmLabError, TraceError
from phasm_lab.machine.naming import classes_known_to, is_value_class, name_of
from phasm_lab.trace.codec import PLAIN_FORMS, Json
from phasm_lab.trace.labels import value_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from phasm_lab.engine.scenario import Scenario

__all__ = ["classes_of", "rebuild"]

_READERS = {f"${cls.__name__}": read for cls, (_, read) in PLAIN_FORMS.items()}
_CONTAINERS: dict[str, Callable[[Any], Any]] = {"$tuple": tuple, "$set": set, "$frozenset": frozenset, "$dict": dict}


def classes_of(scenario: Scenario) -> dict[str, type]:
    """Return the classes that inputs and results may be built from, by qualified name, and by a last name that one has.

    They are those of the scenario's inputs and declared results, and those that stf, restore and perform could name: in
    their own modules, around them, within such a class, and in modules that they import.
    """
    found: dict[str, type] = {}
    for cls in _classes_of(scenario):
        if is_value_class(cls):
            found.setdefault(name_of(cls), cls)
    counts = Counter(cls.__name__ for cls in found.values())
    return {cls.__name__: cls for cls in found.values() if counts[cls.__name__] == 1} | found


def _classes_of(scenario: Scenario) -> Iterator[type]:
    yield from _classes_in(scenario.inputs)
    yield from _classes_in(scenario.results)
    for function in (scenario.machine.stf, scenario.machine.restore, scenario.environment.perform):
        yield from classes_known_to(function)


def _classes_in(value: Any) -> Iterator[type]:
    yield type(value)
    if is_dataclass(value) and not isinstance(value, type):
        value = [getattr(value, field.name, None) for field in fields(value)]
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _classes_in(item)


def rebuild(encoded: Json, classes: Mapping[str, type]) -> Any:
    """Return the value that `encode` turned into this JSON.

    Raises
    ------
    TraceError
        If it is of a class that is not among `classes`, or does not fit that class any more.

    Examples
    --------
    >>> rebuild({"$tuple": [1, {"$Decimal": "1.10"}]}, {})
    (1, Decimal('1.10'))
    """
    try:
        return _rebuild(encoded, classes)
    except PhasmLabError:
        raise
    except Exception as error:  # a class of the user's may raise anything
        raise TraceError(value_text(encoded), f"it cannot be built: {type(error).__name__}: {error}") from error


def _rebuild(encoded: Json, classes: Mapping[str, type]) -> Any:
    if isinstance(encoded, list):
        return [_rebuild(item, classes) for item in encoded]
    if not isinstance(encoded, dict):
        return encoded
    if "$" in encoded:
        return _instance(encoded, classes)
    if "$enum" in encoded:
        cls: Any = _class(encoded, encoded["$enum"], classes)
        return cls[encoded["name"]] if "name" in encoded else cls(_rebuild(encoded["value"], classes))
    for tag, part in encoded.items():
        if tag in _READERS:
            return _READERS[tag](part)
        if tag in _CONTAINERS:
            return _CONTAINERS[tag](_rebuild(item, classes) for item in part)
        if tag.startswith("$"):
            raise TraceError(value_text(encoded), "it cannot be built from what is stored", "fire it once more")
    return {key: _rebuild(item, classes) for key, item in encoded.items()}


def _instance(encoded: dict[str, Json], classes: Mapping[str, type]) -> Any:
    if any(name.startswith("$") and name != "$" for name in encoded):
        raise TraceError(value_text(encoded), "it cannot be built from what is stored", "fire it once more")
    cls = _class(encoded, encoded["$"], classes)
    derived = {field.name for field in fields(cls) if not field.init} if is_dataclass(cls) else set()
    given = {name: _rebuild(item, classes) for name, item in encoded.items() if name != "$" and name not in derived}
    return cls(**given)


def _class(encoded: Json, name: str, classes: Mapping[str, type]) -> type:
    if name in classes:
        return classes[name]
    alike = sorted(known for known in classes if known.endswith(f".{name}"))
    if alike:
        raise TraceError(value_text(encoded), "more than one class is named so", "fire it once more, as one of", alike)
    raise TraceError(
        value_text(encoded), f"no input is a {name}, and stf's module has no such class", "define it beside stf"
    )
