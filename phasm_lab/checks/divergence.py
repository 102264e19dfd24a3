"""Lines of a transition found by what its code has there: where two runs differ, where an address gets into text.

Theory of operation. The transition is run with a trace function, for a difference a few times. At each line of the
machine's own code what can be compared is kept: the variables, the state, the actions, what a function returns. The line
before the first difference is the one that made it. An object whose class says nothing about equality is kept as its class, so that two
objects alike do not count as a difference.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.actions import Actions
from phasm_lab.engine.memory import MemoryVersion
from phasm_lab.interpreter.places import Place, place_of
from phasm_lab.interpreter.tracing import Traced
from phasm_lab.machine.data import field_names

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from types import FrameType

    from phasm_lab.engine.drive import Limits
    from phasm_lab.engine.versions import Version

__all__ = ["address_place", "divergence", "has_address", "text_of_values"]

MAX_RUN_COUNT = 8
"""Runs after which no more are compared with the first: an address may be the same for a few times."""

MAX_LINE_EVENT_COUNT = 2_000
MAX_DEPTH = 8
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
_PLAIN = (bool, bytes, complex, float, int, str, type(None))


def divergence(
    run: Callable[[Limits], object], version: Version, limits: Limits, is_own: Callable[[str], bool]
) -> Place | None:
    """Return the line after which runs of a transition first differ, or None where they do not differ again.

    Parameters
    ----------
    run
        Runs the transition once with the limits that it is given, and takes it back.
    version
        The state that it is run on.
    limits
        Who calls user code.
    is_own
        Tells from a file name whether code in it is the machine's own.
    """
    first = _recorded(run, version, limits, is_own)
    for _ in range(MAX_RUN_COUNT):
        place = _first_difference(first, _recorded(run, version, limits, is_own))
        if place is not None:
            return place
    return None


def address_place(
    run: Callable[[Limits], object], version: Version, limits: Limits, is_own: Callable[[str], bool]
) -> Place | None:
    """Return the line of a transition after which something holds the text of an address; the parameters are the same."""
    lines = _recorded(run, version, limits, is_own)
    return next((place for place, had in zip(lines.before, lines.had, strict=True) if has_address(repr(had))), None)


def text_of_values(value: Any) -> str:
    """Return the plain values in a value as text; no code of the user's runs for it."""
    return repr(comparable(value))


def has_address(text: str) -> bool:
    """Tell whether text has an address in it, as the `repr` of an object has where its class has none of its own.

    Examples
    --------
    >>> has_address(text_of_values([f"{object()}"])), has_address(text_of_values(["at 12", object()]))
    (True, False)
    """
    return _ADDRESS.search(text) is not None


def _recorded(
    run: Callable[[Limits], object], version: Version, limits: Limits, is_own: Callable[[str], bool]
) -> _Lines:
    lines = _Lines(limits, version, is_own)
    run(lines)
    return lines


def _first_difference(first: _Lines, second: _Lines) -> Place | None:
    pairs = zip(first.had, second.had, strict=False)
    shorter = min(len(first.had), len(second.had))
    index = next((index for index, (one, other) in enumerate(pairs) if one != other), shorter)
    longest = max(first.before, second.before, key=len)
    return longest[index] if index < len(longest) else None


class _Lines(Traced):
    """Calls user code and keeps what its code had at each line.

    Attributes
    ----------
    before
        For each event the line that ran before it.
    had
        For each event what could be compared there.
    """

    def __init__(self, inner: Limits, version: Version, is_own: Callable[[str], bool]) -> None:
        super().__init__(inner)
        self.before: list[Place] = []
        self.had: list[Hashable] = []
        self._version = version
        self._is_own = is_own
        self._last: Place | None = None

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
        if not self._is_own(frame.f_code.co_filename) or len(self.had) >= MAX_LINE_EVENT_COUNT:
            return None
        here = place_of(frame)
        returned = comparable(argument) if event == "return" else None
        self.before.append(self._last or here)
        self.had.append((event, here, comparable(frame.f_locals), returned, comparable(_written(self._version))))
        back = frame.f_back
        if event != "return":
            self._last = here
        elif back is not None and self._is_own(back.f_code.co_filename):
            self._last = place_of(back)
        return self._trace


def _written(version: Any) -> Any:
    """Return the state in the middle of a transition: a dataclass, or the statements that were executed."""
    return version.segment.root if isinstance(version, MemoryVersion) else version.store.statements


def comparable(value: Any, depth: int = 0) -> Hashable:
    """Return a stand-in for a value that another run can be compared with.

    Examples
    --------
    >>> comparable([1, {"a": True}]) == comparable([1, {"a": 1}]), comparable(object()) == comparable(object())
    (False, True)
    """
    cls = type(value)
    if cls in _PLAIN:
        return (cls, repr(value))
    if depth == MAX_DEPTH:
        return cls.__qualname__
    parts = [comparable(part, depth + 1) for part in _parts(value)]
    return (cls, frozenset(parts) if isinstance(value, set | frozenset) else tuple(parts))


def _parts(value: Any) -> Iterable[Any]:
    """Return what a value is made of; a container of the engine's would count each look as an access."""
    cls: Any = type(value)
    if isinstance(value, dict):
        return dict.items(value)
    kind: Any = next((kind for kind in (list, tuple, set, frozenset) if issubclass(cls, kind)), None)
    if kind is not None:
        return kind.__iter__(value)  # type: ignore[no-any-return]
    if cls is Actions:
        return value.taken()  # type: ignore[no-any-return]
    return [getattr(value, name, None) for name in field_names(cls)] if hasattr(cls, "__dataclass_fields__") else ()
