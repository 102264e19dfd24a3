"""What a host's adapter drives to show two runs side by side: posts go in, shapes come out."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from phasm_lab.views.comparison_view import WINDOW_ROW_COUNT, ComparisonBook
from phasm_lab.views.posts import do_post, field, serial_of
from phasm_lab.views.quiet import muted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from phasm_lab.views.recoveries_shapes import Comparison
    from phasm_lab.views.shapes import Answer

__all__ = ["ComparisonSession"]


class ComparisonSession:
    """One front end's view of a comparison.

    Parameters
    ----------
    book
        What is shown.
    """

    def __init__(self, book: ComparisonBook) -> None:
        self.book = book
        self._lock = threading.RLock()
        self._window: tuple[int | None, int] = (None, WINDOW_ROW_COUNT)
        self._shown: Comparison | None = None

    def handle(self, post: Any) -> Answer:
        """Do what a post asks for and say what became of it; never raises."""
        with self._lock:
            found = do_post(post, {"ready": lambda _: None, "compared_rows": self.show_rows, "swap": self.swap})
        return {"serial": serial_of(post), "problem": found}

    def observe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Return what ends an observer's hearing of what is new; nothing is, but by a post."""
        del observer
        return lambda: None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nobody else in until the end of the block."""
        with self._lock:
            yield

    def stop(self) -> None:
        """Stop what goes on: here nothing does."""

    def shapes(self) -> dict[str, Any]:
        """Return what is shown, by trait."""
        return {"comparison": self.comparison()}

    def comparison(self) -> Comparison:
        """Return the comparison with the rows that were asked for last."""
        with self._lock, muted():
            if self._shown is None:
                self._shown = self.book.shape(*self._window)
            return self._shown

    def show_rows(self, post: Mapping[str, Any]) -> None:
        """Show other rows."""
        self._window, self._shown = (field(post, "first", int), field(post, "count", int)), None

    def swap(self, _post: Mapping[str, Any]) -> None:
        """Swap the sides."""
        self.book = self.book.swapped()
        self._window, self._shown = (None, WINDOW_ROW_COUNT), None
