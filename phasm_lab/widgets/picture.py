"""What every widget is, whatever it shows: options, a place on the page, and a table where no script runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import anywidget
import traitlets

from phasm_lab.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["OPTIONS", "Picture", "checked_options"]

OPTIONS = ("layout", "read_only", "theme")


class Picture(anywidget.AnyWidget):
    """The base of all widgets: traits only.

    Attributes
    ----------
    place
        Class of the table that stands beside the widget, over which a notebook opened again draws the widget.
    """

    answer = traitlets.Dict().tag(sync=True)
    theme = traitlets.Enum(["auto", "light", "dark"], default_value="auto").tag(sync=True)
    read_only = traitlets.Bool(default_value=False).tag(sync=True)
    place = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(place=f"phasm-lab-{uuid4().hex}", answer={"serial": 0, "problem": None}, **traits)

    def text(self) -> str:
        """Return what stands in its place where there is text alone."""
        raise NotImplementedError

    def table(self) -> str:
        """Return what stands in its place where no script runs, as HTML."""
        raise NotImplementedError

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None, **_: Any
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return the widget, and a table in its place for a notebook that is read without a kernel."""
        del include, exclude
        bundle = super()._repr_mimebundle_()
        if bundle is None:
            return None
        data, metadata = bundle
        table = f'<div class="{self.place}">{self.table()}</div>'
        return data | {"text/plain": self.text(), "text/html": table}, metadata

    def _write(self, traits: dict[str, Any]) -> None:
        with self.hold_sync():
            for name, value in traits.items():
                setattr(self, name, value)


def checked_options(asked: str, options: Mapping[str, Any], allowed: tuple[str, ...] = OPTIONS) -> Mapping[str, Any]:
    """Return the options that a widget was given; `asked` is how it was called, but for them.

    Raises
    ------
    DefinitionError
        If it has no such option.
    """
    unknown = [option for option in options if option not in allowed]
    if unknown:
        raise DefinitionError(f"{asked}, {unknown[0]}=...)", "there is no such option", "name one of", allowed)
    return options
