"""The four envelopes that cross the border of a machine: two kinds of input, two kinds of action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Normal", "Tracked", "TrackedActionCompleted", "Untracked", "kind_of"]


@dataclass(frozen=True, slots=True)
class Normal:
    """An input from a caller: a request, an external event, a timer.

    Examples
    --------
    >>> Normal("open") == Normal("open")
    True
    """

    payload: Any


@dataclass(frozen=True, slots=True)
class TrackedActionCompleted:
    """The result of a tracked action, arriving as an input."""

    id: Any
    result: Any


@dataclass(frozen=True, slots=True)
class Tracked:
    """An action whose result comes back as an input and which `restore` emits again after a crash."""

    id: Any
    payload: Any


@dataclass(frozen=True, slots=True)
class Untracked:
    """An action that is handed over once and forgotten: nothing comes back and a crash loses it."""

    payload: Any


def kind_of(payload: Any) -> str:
    """Name the kind of an action: the class of its payload; of a plain tuple, its leading string.

    Examples
    --------
    >>> kind_of(("charge", 500)), kind_of("ping")
    ('charge', 'str')
    """
    if type(payload) is tuple and payload and isinstance(payload[0], str):
        return payload[0]
    return type(payload).__name__
