"""What the lab's verbs may be given; a call that does not fit is refused in words, before anything happens."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.events import Event
from phasm_lab.errors import DefinitionError, NotEnabledError
from phasm_lab.machine.data import detach
from phasm_lab.machine.text import line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["misfit", "require_count", "require_event", "require_one_of", "require_plain"]

INSIDE = ("crash", "fails", "number", "sticky")
"""The arguments that say what goes wrong inside a transition."""


def misfit(verb: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> NotEnabledError:
    """Return what is said of a call that does not fit the arguments of a verb.

    Examples
    --------
    >>> def crash(self, *, lose=()): ...
    >>> str(misfit(crash, ["now"], {}))
    "crash('now'): too many positional arguments; it takes: lose"
    """
    name, signature = verb.__name__, inspect.signature(verb)
    given = [*map(line_of, args), *(f"{key}={line_of(value)}" for key, value in kwargs.items())]
    asked, takes = f"{name}({', '.join(given)})", list(signature.parameters)[1:]
    unknown = next((key for key in kwargs if key not in takes), None)
    if unknown is None:
        return NotEnabledError(asked, _problem(signature, args, kwargs), *_what_it_takes(name, takes))
    if unknown in INSIDE:
        case = f"it has no {unknown}=, since only fire, deliver and recover go wrong inside"
        return NotEnabledError(asked, case, *_what_it_takes(name, takes))
    return NotEnabledError(asked, f"it has no {unknown}=", *_what_it_takes(name, takes))


def _problem(signature: inspect.Signature, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    try:
        signature.bind(None, *args, **kwargs)
    except TypeError as error:
        return str(error)
    raise AssertionError(signature)


def _what_it_takes(name: str, takes: list[str]) -> tuple[str, list[str]]:
    return ("it takes", takes) if takes else (f"write {name}()", [])


def require_count(asked: str, count: Any, what: str, todo: str) -> None:
    """Refuse what is not a whole number from 0 on; `what` says what is counted.

    Raises
    ------
    NotEnabledError
        If it is not.
    """
    if type(count) is not int or count < 0:
        raise NotEnabledError(asked, f"{what} are counted in whole numbers from 0 on", todo)


def require_event(verb: str, event: Any) -> None:
    """Refuse what is no event.

    Raises
    ------
    NotEnabledError
        If it is none.
    """
    if not isinstance(event, Event):
        raise NotEnabledError(
            f"{verb}({line_of(event)})", "it is not an event", "take one of lab.enabled, or call a verb"
        )


def require_one_of(asked: str, word: Any, known: Sequence[str], what: str) -> None:
    """Refuse a word that is not known.

    Raises
    ------
    NotEnabledError
        If it is not.
    """
    if not isinstance(word, str) or word not in known:
        raise NotEnabledError(asked, f"there is no such {what}", "name one of", map(repr, known))


def require_plain(value: Any, what: str) -> None:
    """Refuse a value that cannot be compared by value.

    Raises
    ------
    DefinitionError
        If it cannot.
    """
    try:
        detach(value, what)
    except RecursionError:
        raise DefinitionError(what, "it holds itself, or is nested too deeply", "use plain data") from None
