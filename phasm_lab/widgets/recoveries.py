"""What the widgets of recoveries share, whichever host shows them: the traits of one, kept up with its session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from uuid import uuid4

import anywidget
import traitlets

from phasm_lab.errors import DefinitionError
from phasm_lab.widgets.follower import BUNDLE_PATH, RECOVERIES_BUNDLE_PATH, Follower, bundle_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from phasm_lab.views.shapes import Answer

__all__ = ["RecoveriesFollower", "RecoveriesSession", "RecoveriesWidget", "checked_options"]

OPTIONS = ("layout", "read_only", "theme")


class RecoveriesSession(Protocol):
    """What shows a matrix or a comparison: posts go in, shapes come out."""

    def handle(self, post: Any) -> Answer:
        """Do what a post asks for."""

    def shapes(self) -> dict[str, Any]:
        """Return what is shown, by trait."""

    def held(self) -> AbstractContextManager[None]:
        """Let nobody else in until the end of a block."""

    def stop(self) -> None:
        """Stop what goes on."""

    def observe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Have `observer` called when there is something new; return what ends that."""


class RecoveriesFollower:
    """Keeps the traits of one widget up with its session, and takes what the widget posts.

    What an explorer inside the widget posts is for the lab in which a recovery was opened.

    Parameters
    ----------
    session
        What is shown.
    write
        Given the traits that have changed, on any thread.
    """

    def __init__(self, session: RecoveriesSession, write: Callable[[dict[str, Any]], None]) -> None:
        self.session = session
        self._write = write
        self._shown: dict[str, Any] = {}
        self._leave = session.observe(self.update)
        self._inside: Follower | None = None

    def stop(self) -> None:
        """Follow no more."""
        self._leave()
        if self._inside is not None:
            self._inside.stop()

    def update(self) -> None:
        """Write what has changed since it was last written."""
        with self.session.held():
            self._write_new(self.session.shapes())

    def handle(self, post: Any) -> None:
        """Do what a widget posted and write its answer together with what changed."""
        if self._inside is not None and isinstance(post, dict) and post.get("inside") is True:
            self._inside.handle(post)
            return
        with self.session.held():
            answer = self.session.handle(post)
            self._follow_lab()
            self._write_new(self.session.shapes() | {"answer": answer})

    def _follow_lab(self) -> None:
        lab = getattr(self.session, "lab", None)
        if lab is not None and self._inside is None:
            self._inside = Follower(lab, "inside", self._write)
            self._inside.update()
            self._write_new({"other_bundle": bundle_text(BUNDLE_PATH)})

    def _write_new(self, made: dict[str, Any]) -> None:
        changed = {name: value for name, value in made.items() if name not in self._shown or self._shown[name] != value}
        if changed:
            self._shown |= changed
            self._write(changed)


class RecoveriesWidget(anywidget.AnyWidget):
    """The base of both widgets: traits only.

    Parameters
    ----------
    session
        What is shown.
    theme
        "auto" (what the notebook has), "light" or "dark".
    read_only
        Whether it is for looking only.
    layout
        An `ipywidgets.Layout`, as for any widget.

    Attributes
    ----------
    place
        Class of the table that stands beside the widget, over which a notebook opened again draws the widget.
    """

    _esm = RECOVERIES_BUNDLE_PATH
    part_name: ClassVar[str]
    _follower: RecoveriesFollower | None = None

    part = traitlets.Unicode().tag(sync=True)
    matrix = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    comparison = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    other_bundle = traitlets.Unicode().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    timeline = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    tree = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    search = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    selected = traitlets.Int(0).tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    theme = traitlets.Enum(["auto", "light", "dark"], default_value="auto").tag(sync=True)
    read_only = traitlets.Bool(default_value=False).tag(sync=True)
    place = traitlets.Unicode().tag(sync=True)

    def __init__(self, session: RecoveriesSession, options: Mapping[str, Any]) -> None:
        fixed = {"part": self.part_name, "place": f"phasm-lab-{uuid4().hex}", "answer": {"serial": 0, "problem": None}}
        super().__init__(**fixed, **options)
        self._follower = RecoveriesFollower(session, self._write)
        self._follower.update()
        self.on_msg(self._receive)

    @property
    def session(self) -> Any:
        """What is shown."""
        assert self._follower is not None
        return self._follower.session

    @property
    def shown(self) -> Any:
        """The matrix or the comparison."""
        raise NotImplementedError

    def table(self) -> str:
        """Return what stands in its place where no script runs, as HTML."""
        raise NotImplementedError

    def close(self) -> None:
        """Follow no more, and take the widget off every page."""
        if self._follower is not None:
            self._follower.stop()
        super().close()

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
        return data | {"text/plain": repr(self.shown), "text/html": table}, metadata

    def _write(self, traits: dict[str, Any]) -> None:
        with self.hold_sync():
            for name, value in traits.items():
                setattr(self, name, value)

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        assert self._follower is not None
        self._follower.handle(content)


def checked_options(name: str, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the options that a widget called `name` was given.

    Raises
    ------
    DefinitionError
        If it has no such option.
    """
    unknown = [option for option in options if option not in OPTIONS]
    if unknown:
        raise DefinitionError(f"{name}(..., {unknown[0]}=...)", "there is no such option", "name one of", OPTIONS)
    return options
