"""What the widgets of recoveries share, whichever host shows them: the traits of one, kept up with its session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import traitlets

from phasm_lab.widgets.follower import BUNDLE_PATH, RECOVERIES_BUNDLE_PATH, Follower, Writer, bundle_text
from phasm_lab.widgets.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from phasm_lab.views.shapes import Answer

__all__ = ["RecoveriesFollower", "RecoveriesSession", "RecoveriesWidget"]


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
        self._writer = Writer(write)
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
            self._writer.write(self.session.shapes())

    def handle(self, post: Any) -> None:
        """Do what a widget posted and write its answer together with what changed."""
        if self._inside is not None and isinstance(post, dict) and post.get("inside") is True:
            self._inside.handle(post)
            return
        with self.session.held():
            answer = self.session.handle(post)
            self._follow_lab()
            self._writer.write(self.session.shapes() | {"answer": answer})

    def _follow_lab(self) -> None:
        lab = getattr(self.session, "lab", None)
        if lab is not None and (self._inside is None or self._inside.lab is not lab):
            if self._inside is not None:
                self._inside.stop()
            self._inside = Follower(lab, "inside", self._write)
            self._inside.update()
            self._writer.write({"other_bundle": bundle_text(BUNDLE_PATH)})


class RecoveriesWidget(Picture):
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

    def __init__(self, session: RecoveriesSession, options: Mapping[str, Any]) -> None:
        super().__init__(part=self.part_name, **options)
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

    def text(self) -> str:
        """Return it as text."""
        return repr(self.shown)

    def close(self) -> None:
        """Follow no more, and take the widget off every page."""
        if self._follower is not None:
            self._follower.stop()
        super().close()

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        assert self._follower is not None
        self._follower.handle(content)
