"""Filling a crash matrix beside everything else: shown while it goes on, stopped and gone on with at will."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING

from phasm_lab.errors import EndlessError, PhasmLabError
from phasm_lab.interpreter.worker import go_on_beside
from phasm_lab.trace.labels import shorten
from phasm_lab.views.posts import problem, problem_of
from phasm_lab.views.quiet import muted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from phasm_lab.recoveries.matrix import CrashMatrix
    from phasm_lab.views.recoveries_shapes import FillingState
    from phasm_lab.views.shapes import Problem

__all__ = ["WORKER_NAME", "MatrixFilling"]

WORKER_NAME = "phasm-lab-matrix"
TELL_EVERY_MS = 150
TELL_EVERY_MS_FOR_EACH_ROW = 2
"""A long matrix is long to write: it is told less often."""
LONGEST_WAIT_MS = 500
"""How long the filling stands still for a post that takes long to be done."""


class MatrixFilling:
    """Fills a matrix; at most one worker does.

    Parameters
    ----------
    matrix
        The matrix.
    tell
        Called, on any thread, when there is something new.

    Attributes
    ----------
    state
        "filling", "ending" from when it is asked to stop, "stopped", or "ended" where nothing is left.
    problem
        Why it could not go on.
    turn
        Cleared while a person waits for something else.
    """

    def __init__(self, matrix: CrashMatrix, tell: Callable[[], None]) -> None:
        self.state: FillingState = "ended" if matrix.is_complete else "stopped"
        self.problem: Problem | None = None
        self.turn = threading.Event()
        self.turn.set()
        self._matrix = matrix
        self._tell = tell
        self._lock = threading.Lock()

    def start(self) -> None:
        """Go on with what is not searched yet, on a worker."""
        with self._lock:
            if self.state != "stopped":
                return
            self.state, self.problem = "filling", None
        self._tell()
        go_on_beside(self._guarded(), WORKER_NAME)

    def stop(self) -> None:
        """Stop after the cell that is searched now; what is there stays."""
        with self._lock:
            if self.state != "filling":
                return
            self.state = "ending"
        self._tell()

    def _guarded(self) -> Iterator[None]:
        try:
            yield from self._fill()
        except PhasmLabError as error:
            self.problem = problem_of(error)
        except (Exception, EndlessError) as error:  # noqa: BLE001 - whatever user code raises, the front end is told
            self.problem = problem(f"{type(error).__name__}: {shorten(str(error), 300)}")
        finally:
            self.state = "ended" if self._matrix.is_complete else "stopped"
            self._tell()

    def _fill(self) -> Iterator[None]:
        cells = self._matrix.fill()
        every_ms = max(TELL_EVERY_MS, TELL_EVERY_MS_FOR_EACH_ROW * len(self._matrix.rows))
        told_at = -float("inf")
        while self.state == "filling":
            self.turn.wait(LONGEST_WAIT_MS / 1000)
            with muted():
                if next(cells, None) is None:
                    return
            if monotonic() - told_at > every_ms / 1000:
                self._tell()
                told_at = monotonic()
            yield
