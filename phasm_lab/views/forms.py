"""Forms for inputs: made from the fields of a dataclass, and read back into a value."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from phasm_lab.views.literals import LiteralError, annotation_text, hints_of, literal_text, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phasm_lab.views.shapes import FormField

__all__ = ["FormError", "form_fields", "form_type", "read_form"]

ONLY_FIELD = "value"
"""The field of a form for a value that is no dataclass."""


class FormError(Exception):
    """What was typed makes no input.

    Attributes
    ----------
    fields
        For each field what is wrong with it.
    problem
        What is wrong with them together.
    """

    def __init__(self, problem: str, wrong: Mapping[str, str] | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.fields = dict(wrong or {})


def form_type(value: Any) -> str:
    """Name the kind of form that a value gets."""
    return str(value.__class__.__name__)


def form_fields(value: Any) -> list[FormField]:
    """Return the fields of the form for a value, filled in."""
    if not is_dataclass(value) or isinstance(value, type):
        return [{"name": ONLY_FIELD, "annotation": form_type(value), "value": literal_text(value)}]
    return [
        {
            "name": field.name,
            "annotation": annotation_text(field.type),
            "value": literal_text(getattr(value, field.name, None)),
        }
        for field in fields(value)
        if field.init
    ]


def read_form(like: Any, texts: Mapping[str, str]) -> Any:
    """Return the value that a form for `like` writes; a field that was left as it was keeps its value.

    Raises
    ------
    FormError
        If a field does not fit, or the class refuses them together.
    """
    cls: type = like.__class__
    if not is_dataclass(cls):
        return _read_all({ONLY_FIELD: (cls, like)}, texts)[ONLY_FIELD]
    hints = hints_of(cls)
    wanted = {
        field.name: (hints.get(field.name, Any), getattr(like, field.name, None)) for field in fields(cls) if field.init
    }
    values = _read_all(wanted, texts)
    try:
        return cls(**values)
    except Exception as error:
        raise FormError(f"{cls.__name__} refuses it: {type(error).__name__}: {error}") from error


def _read_all(wanted: Mapping[str, tuple[Any, Any]], texts: Mapping[str, str]) -> dict[str, Any]:
    values, wrong = {}, {}
    for name, (annotation, current) in wanted.items():
        text = texts.get(name, "")
        try:
            values[name] = current if text.strip() == literal_text(current) else read(text, annotation)
        except LiteralError as error:
            wrong[name] = str(error)
    if wrong:
        raise FormError("what is typed does not fit", wrong)
    return values
