"""Reading what a browser posts: every field is checked before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from phasm_lab.errors import EndlessError, PhasmLabError
from phasm_lab.trace.labels import shorten

if TYPE_CHECKING:
    from phasm_lab.views.shapes import Problem

__all__ = ["Handlers", "PostError", "do_post", "field", "problem", "problem_of", "serial_of", "text_list", "text_map"]

MAX_TEXT_LENGTH = 100_000

Handlers: TypeAlias = Mapping[str, Callable[[Mapping[str, Any]], None]]
"""What is done for each kind of post."""


class PostError(Exception):
    """A post that cannot be done; it carries the problem to answer with."""

    def __init__(self, title: str, lines: list[str] | None = None, fields: dict[str, str] | None = None) -> None:
        super().__init__(title)
        self.problem = problem(title, lines, fields)


def problem(title: str, lines: list[str] | None = None, fields: dict[str, str] | None = None) -> Problem:
    """Return a problem."""
    return {"title": title, "lines": [line for line in lines or [] if line], "fields": fields or {}}


def problem_of(error: PhasmLabError) -> Problem:
    """Return an error as a problem: what was asked and is the case, then what to do."""
    title = f"{error.asked}: {error.case}" if error.case else error.asked
    lines = (
        [f"{error.todo}: {', '.join(error.choices)}"] if error.todo and error.choices else [error.todo, *error.choices]
    )
    return problem(shorten(title, 400), [shorten(line, 400) for line in lines])


def do_post(post: Any, handlers: Handlers) -> Problem | None:
    """Do what a post asks for and return what speaks against it, if anything; never raises."""
    try:
        _handler(post, handlers)(post)
    except PostError as error:
        return error.problem
    except PhasmLabError as error:
        return problem_of(error)
    except (Exception, EndlessError) as error:  # noqa: BLE001 - whatever user code raises, the front end is answered
        return problem(f"{type(error).__name__}: {shorten(str(error), 300)}", ["Nothing was changed."])
    return None


def _handler(post: Any, handlers: Handlers) -> Callable[[Mapping[str, Any]], None]:
    if not isinstance(post, Mapping):
        raise PostError(f"{post!r:.80}: it is not a post", ["a post is an object with a kind"])
    kind = post.get("kind")
    if not isinstance(kind, str) or kind not in handlers:
        raise PostError(f"{kind!r:.80}: there is no such post", [f"its kind is one of {', '.join(handlers)}"])
    return handlers[kind]


def serial_of(post: Any) -> int:
    """Return the serial of a post; 0 where it has none."""
    serial = post.get("serial") if isinstance(post, Mapping) else None
    return serial if type(serial) is int else 0


def field(post: Mapping[str, Any], name: str, kind: type) -> Any:
    """Return a field of a post.

    Raises
    ------
    PostError
        If it is missing or of another type.
    """
    value = post.get(name)
    if type(value) is not kind:
        raise PostError(f"{post.get('kind')}: its {name} is {value!r:.80}", [f"{name} must be of type {kind.__name__}"])
    if isinstance(value, str) and len(value) > MAX_TEXT_LENGTH:
        raise PostError(f"{post.get('kind')}: its {name} is too long", [f"at most {MAX_TEXT_LENGTH:,} characters"])
    return value


def text_list(post: Mapping[str, Any], name: str) -> list[str]:
    """Return a field that is a list of texts; an absent one is empty.

    Raises
    ------
    PostError
        If it is anything else.
    """
    value = post.get(name, [])
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise PostError(f"{post.get('kind')}: its {name} is {value!r:.80}", [f"{name} must be a list of texts"])
    return list(value)


def text_map(post: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return a field that maps texts to texts.

    Raises
    ------
    PostError
        If it is anything else.
    """
    value = post.get(name)
    if not isinstance(value, Mapping) or not all(isinstance(k, str) and isinstance(v, str) for k, v in value.items()):
        raise PostError(f"{post.get('kind')}: its {name} is {value!r:.80}", [f"{name} must map names to texts"])
    return dict(value)
