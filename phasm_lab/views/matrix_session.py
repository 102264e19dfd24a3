"""What a host's adapter drives to show a crash matrix and two of its recoveries: posts go in, shapes come out."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from phasm_lab.lab.lab import Lab
from phasm_lab.recoveries.comparison import compare
from phasm_lab.recoveries.matrix_text import HARMLESS
from phasm_lab.recoveries.running import spending, with_faults
from phasm_lab.trace.trace import Trace
from phasm_lab.views.comparison_session import ComparisonSession
from phasm_lab.views.comparison_view import ComparisonBook, Shown
from phasm_lab.views.matrix_filling import MatrixFilling
from phasm_lab.views.matrix_view import MatrixBook, cell_id, recovery_words
from phasm_lab.views.posts import PostError, do_post, field, serial_of
from phasm_lab.views.quiet import muted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from phasm_lab.machine.definition import Faults
    from phasm_lab.recoveries.cells import Cell, Recovery
    from phasm_lab.recoveries.matrix import CrashMatrix
    from phasm_lab.views.recoveries_shapes import Comparison, Matrix
    from phasm_lab.views.shapes import Answer

__all__ = ["MatrixSession", "headed", "shown_run"]

SIDES = ("left", "right")
CRASH_FREE = "crash-free run"


class MatrixSession:
    """One front end's view of a matrix; until a person chooses, the worst recovery found so far is shown.

    Parameters
    ----------
    matrix
        The matrix.

    Attributes
    ----------
    filling
        What fills it.
    sides
        The recovery on each side; None is the crash-free run.
    lab
        Where recoveries were opened; None before one was. It is another one once the budgets of the first do not suffice.
    """

    def __init__(self, matrix: CrashMatrix) -> None:
        self.matrix = matrix
        self.filling = MatrixFilling(matrix, self._tell)
        self.sides: dict[str, Recovery | None] = {"left": None, "right": None}
        self.lab: Lab | None = None
        self._lock = matrix._filler.lock  # noqa: SLF001 - whoever takes steps of the matrix's runs holds it
        self._book = MatrixBook(matrix)
        self._beside: ComparisonSession | None = None
        self._is_chosen = False
        self._observers: list[Callable[[], None]] = []
        self._handlers: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "ready": lambda _: None,
            "fill": lambda _: self.filling.start(),
            "stop": lambda _: self.filling.stop(),
            "put": self._put,
            "choose": self._choose,
            "swap": self._swap,
            "compared_rows": self._rows,
            "open": lambda post: self._open(self._cell(field(post, "run", str)).worst),
        }

    def handle(self, post: Any) -> Answer:
        """Do what a post asks for and say what became of it; never raises."""
        with self.held(), muted():
            return {"serial": serial_of(post), "problem": do_post(post, self._handlers)}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nobody else in until the end of the block; the filling stands still, since a person waits."""
        self.filling.turn.clear()
        try:
            with self._lock:
                yield
        finally:
            self.filling.turn.set()

    def stop(self) -> None:
        """Stop the filling."""
        self.filling.stop()

    def observe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Have `observer` called, on any thread, when there is something new; return what ends that.

        When the last observer leaves, nobody looks any more, and the filling is stopped.
        """
        self._observers.append(observer)

        def leave() -> None:
            if observer in self._observers:
                self._observers.remove(observer)
                if not self._observers:
                    self.filling.stop()

        return leave

    def _tell(self) -> None:
        for observer in list(self._observers):
            observer()

    # What is shown.

    def shapes(self) -> dict[str, Any]:
        """Return what is shown, by trait."""
        return {"matrix": self.matrix_shape(), "comparison": self.comparison()}

    def matrix_shape(self) -> Matrix:
        """Return the matrix as far as it is searched."""
        with self._lock:
            return self._book.shape(self.filling.state)

    def comparison(self) -> Comparison | None:
        """Return the two runs side by side; None before there is a recovery."""
        with self._lock, muted():
            worst = self.matrix.worst
            if not self._is_chosen and worst is not None and worst is not self.sides["right"]:
                self._show(None, worst)
            return None if self._beside is None else headed(self.matrix, self._beside.comparison())

    # What is posted.

    def _put(self, post: Mapping[str, Any]) -> None:
        """Show the worst recovery of a cell on one side."""
        self._set(_side(post), self._cell(field(post, "cell", str)).worst)

    def _choose(self, post: Mapping[str, Any]) -> None:
        """Show another of the recoveries that one side offers."""
        side, name = _side(post), field(post, "run", str)
        options = self._options(side)
        if name not in options:
            raise PostError(f"show {name!r:.80}: it is not among the runs offered there", ["choose one that is shown"])
        self._set(side, options[name])

    def _swap(self, _post: Mapping[str, Any]) -> None:
        self._is_chosen = True
        self.sides = {"left": self.sides["right"], "right": self.sides["left"]}
        if self._beside is not None:
            self._beside.swap({})

    def _rows(self, post: Mapping[str, Any]) -> None:
        if self._beside is not None:
            self._beside.show_rows(post)

    def _open(self, recovery: Recovery | None) -> None:
        """Open a recovery in the lab, as a branch of what was opened before."""
        assert recovery is not None
        if self.lab is None:
            self.lab = recovery.open()
            return
        trace = recovery.trace
        faults = spending(self.lab.scenario.faults, trace.steps, trace.start)
        lab = self.lab if faults == self.lab.scenario.faults else _with_budgets(self.lab, faults)
        lab.branch(trace, recovery.heading)
        self.lab = lab

    def _cell(self, name: str) -> Cell:
        for cell in self.matrix.cells:
            if cell_id(cell) == name and cell.recoveries:
                return cell
        raise PostError(f"show {name!r:.80}: there is no such recovery", ["choose a cell that is searched"])

    def _set(self, side: str, recovery: Recovery | None) -> None:
        sides = self.sides | {side: recovery}
        if sides["left"] is None and sides["right"] is None:
            raise PostError("show the crash-free run on both sides: there is nothing to compare", ["choose a recovery"])
        self._is_chosen = True
        self._show(sides["left"], sides["right"])

    def _show(self, left: Recovery | None, right: Recovery | None) -> None:
        """Lay two runs side by side; the crash-free one as far as it is comparable with the other."""
        self.sides = {"left": left, "right": right}
        names = [self._shown(side) for side in SIDES]
        self._beside = ComparisonSession(ComparisonBook(compare(_run(left, right), _run(right, left)), *names))

    def _shown(self, side: str) -> Shown:
        recovery = self.sides[side]
        options = self._options(side)
        chosen = next(name for name, each in options.items() if each is recovery)
        words = tuple((name, CRASH_FREE if each is None else recovery_words(each)) for name, each in options.items())
        other = self.sides["left" if side == "right" else "right"]
        return shown_run(recovery, other)._replace(chosen=chosen, options=words)

    def _options(self, side: str) -> dict[str, Recovery | None]:
        """Return what a side can show, by id: the crash-free run, and every recovery of the cell that stands there."""
        recovery = self.sides[side]
        found: dict[str, Recovery | None] = {"": None}
        if recovery is not None:
            for index, each in enumerate(self.matrix[recovery.step_number, recovery.column].recoveries):
                found[f"{cell_id(each)} {index}"] = each
        return found


def shown_run(recovery: Recovery | None, other: Recovery | None) -> Shown:
    """Return how a run of a matrix is called; None is the crash-free run, as far as it goes beside the other."""
    if recovery is None:
        return Shown(f"the {CRASH_FREE}" if other is None else other.crash_free_title)
    return Shown(
        recovery.title, cell_id(recovery), is_bad=recovery.outcome.is_bad, judgement="" if other else recovery.judgement
    )


def headed(matrix: CrashMatrix, shape: Comparison) -> Comparison:
    """Return two runs of a matrix with a verdict that begins with that on the whole of it, where nothing does harm."""
    if not matrix.is_harmless:
        return shape
    return {**shape, "verdict": [{"text": HARMLESS, "bad": False}, *shape["verdict"]]}


def _run(recovery: Recovery | None, other: Recovery | None) -> Trace:
    """Return the run of one side; the crash-free one as far as it is comparable with the other."""
    if recovery is not None:
        return recovery.trace
    assert other is not None
    return other.crash_free


def _with_budgets(lab: Lab, faults: Faults) -> Lab:
    """Return a lab with the history of another, whose budgets do not suffice for what is to be opened next."""
    wider, history = Lab(with_faults(lab.scenario, faults)), lab.history
    for number in dict.fromkeys([*history.names, *(leaf.number for leaf in history.leaves())]):
        path = history.nodes[number].path()
        steps = tuple(node.step for node in path[1:] if node.step is not None)
        wider.branch(Trace(lab.scenario, path[0].configuration, steps), history.names.get(number, ""))
    return wider


def _side(post: Mapping[str, Any]) -> str:
    side: str = field(post, "side", str)
    if side not in SIDES:
        raise PostError(f"show on the {side!r:.80}: there is no such side", [f"sides are {', '.join(SIDES)}"])
    return side
