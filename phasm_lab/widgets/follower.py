"""What every host's adapter shares: the traits that one widget shows of a lab, kept up with it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phasm_lab.errors import DefinitionError
from phasm_lab.lab.lab import Lab
from phasm_lab.views.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "BUNDLES",
    "BUNDLE_PATH",
    "RECOVERIES_BUNDLE_PATH",
    "Follower",
    "Writer",
    "bundle_text",
    "require_lab",
    "session_of",
]

BUNDLES = Path(__file__).with_name("static")
"""The front end, in modules that hosts load: what they draw is what stands in ``widgets/entries/``."""

BUNDLE_PATH = BUNDLES / "phasm_lab.js"
"""The module that draws the explorer and its parts."""

RECOVERIES_BUNDLE_PATH = BUNDLES / "recoveries.js"
"""The module that draws a crash matrix, and two runs side by side."""

WINDOW_ROW_COUNT = 80
"""Rows that are written around the selected one, six times what is seen at once; the browser asks for others."""

USES = {
    "explorer": ("view", "timeline", "tree", "search", "comparison", "other_bundle", "selected"),
    "inside": ("view", "timeline", "tree", "search", "selected"),
    "timeline": ("view", "timeline", "tree", "selected"),
    "choices": ("view", "selected"),
    "state_panel": ("view", "selected"),
    "state_graph": ("view", "graph", "selected"),
}


@cache
def bundle_text(path: Path) -> str:
    """Return the text of a bundle."""
    return path.read_text(encoding="utf-8")


def require_lab(name: str, lab: Any) -> Lab:
    """Return `lab`, which a widget called `name` was asked to show.

    Raises
    ------
    DefinitionError
        If it is not a Lab.
    """
    if not isinstance(lab, Lab):
        raise DefinitionError(f"{name}({lab!r})", "it is not a Lab", f"write {name}(pl.Lab(scenario))")
    return lab


def session_of(lab: Lab) -> Session:
    """Return the one session that all widgets of a lab share."""
    with lab._lock:  # noqa: SLF001 - two widgets may be made at once, on two threads
        if not hasattr(lab, "_session"):
            lab._session = Session(lab)  # type: ignore[attr-defined]  # noqa: SLF001 - it lives as long as the lab
        return lab._session  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001


class Writer:
    """Writes what has changed of the traits of a widget.

    Parameters
    ----------
    write
        Given the traits that have changed.
    """

    def __init__(self, write: Callable[[dict[str, Any]], None]) -> None:
        self._write = write
        self._written: dict[str, Any] = {}

    def write(self, made: dict[str, Any]) -> None:
        """Write those of the traits that are not as they were last written."""
        written = self._written
        changed = {name: value for name, value in made.items() if name not in written or written[name] != value}
        if changed:
            written |= changed
            self._write(changed)


class Follower:
    """Keeps the traits of one widget up with its lab, and takes what the widget posts.

    Parameters
    ----------
    lab
        What is shown.
    part
        Which widget: a key of `USES`.
    write
        Given the traits that have changed, on whichever thread changed the lab, under the lab's lock.
    """

    def __init__(self, lab: Lab, part: str, write: Callable[[dict[str, Any]], None]) -> None:
        self.lab = lab
        self.session = session_of(lab)
        self._part = part
        self._writer = Writer(write)
        self._waiting = False
        self._asked_for_rows = False
        self._leave = [lab.observe(self.update)]
        if "search" in USES[part]:
            self._leave.append(self.session.searching.observe(self._update_search))

    def stop(self) -> None:
        """Follow no more; a search that nobody else shows ends."""
        for leave in self._leave:
            leave()

    def update(self) -> None:
        """Write what has changed since it was last written."""
        with self.lab._lock:  # noqa: SLF001 - what is written must be of one moment
            if not self._waiting:
                self._asked_for_rows = False
                self._write_changed({})

    def handle(self, post: Any) -> None:
        """Do what a widget posted and write its answer together with what changed."""
        with self.session.searching.let_before(), self.lab._lock:  # noqa: SLF001 - a post may come on a thread of its own
            self._waiting = True
            try:
                answer = self.session.handle(post)
            finally:
                self._waiting = False
            self._asked_for_rows = isinstance(post, dict) and post.get("kind") == "rows"
            self._write_changed({"answer": answer})

    def _update_search(self) -> None:
        """Write how far the search is; it tells so many times a second, on its worker's thread."""
        with self.lab._lock:  # noqa: SLF001 - what is written must be of one moment
            self._writer.write({"search": self.session.search()})

    def select(self, number: int) -> None:
        """Select a step that the widget's trait names; one that there is not leaves the selection alone."""
        with self.lab._lock:  # noqa: SLF001 - between the look and the move nobody else may move
            if number != self.lab.selected.number and 0 <= number < len(self.lab.history):
                self.lab.goto(number)

    def _write_changed(self, more: dict[str, Any]) -> None:
        self._writer.write({name: getattr(self, f"_{name}")() for name in USES[self._part]} | more)

    def _view(self) -> Any:
        return self.session.view()

    def _timeline(self) -> Any:
        if self._asked_for_rows:
            return self.session.timeline()
        return self.session.timeline(max(0, self.lab.selected.depth - WINDOW_ROW_COUNT // 2), WINDOW_ROW_COUNT)

    def _tree(self) -> Any:
        return self.session.tree()

    def _graph(self) -> Any:
        return self.session.graph()

    def _search(self) -> Any:
        return self.session.search()

    def _comparison(self) -> Any:
        return self.session.comparison()

    def _other_bundle(self) -> str:
        """Return what draws the comparison, once there is one."""
        return bundle_text(RECOVERIES_BUNDLE_PATH) if self.session.comparison() is not None else ""

    def _selected(self) -> int:
        return self.lab.selected.number
