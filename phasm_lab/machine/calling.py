"""Calls of the user's code outside every lab and search: when a scenario is made, and when a value is shown.

What a machine is written with has no clock, so whoever has one hands in a watchdog; until then a call takes as long as it takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["call_within", "hand_in"]

_WATCHDOGS: list[Callable[[float], Any]] = []


def hand_in(watchdog: Callable[[float], Any]) -> None:
    """Have calls watched from now on by what `watchdog` makes of a limit in milliseconds."""
    _WATCHDOGS[:] = [watchdog]


def call_within(limit_ms: float, function: Callable[..., Any], *arguments: Any) -> Any:
    """Call `function`.

    Raises
    ------
    EndlessError
        If somebody watches, and it does not return in time.

    Examples
    --------
    >>> call_within(1_000, len, "abc")
    3
    """
    return _WATCHDOGS[0](limit_ms).call(function, *arguments) if _WATCHDOGS else function(*arguments)
