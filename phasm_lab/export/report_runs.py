"""The runs and matrices of a report: on the screen a person steps through them, on paper and without scripts they are tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.errors import PhasmLabError
from phasm_lab.export.markup import Markup, element, join
from phasm_lab.export.page import BUNDLE_PATH, RECOVERIES_BUNDLE_PATH, saved_history
from phasm_lab.export.tables import run_table
from phasm_lab.lab.lab import Lab
from phasm_lab.trace.labels import one_line
from phasm_lab.views.matrix_saved import saved_recoveries

if TYPE_CHECKING:
    from pathlib import Path

    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.recoveries.matrix import CrashMatrix
    from phasm_lab.trace.trace import Trace
    from phasm_lab.views.recoveries_shapes import SavedRecoveries

__all__ = ["Runs"]

MAX_SAVED_CELL_COUNT = 150
"""Cells above which a matrix is a table on the screen too, so that a page of a long run can still be sent to somebody."""

MOUNT = """\
const found = unpack(JSON.parse(document.getElementById("history").textContent)).{kind};
for (const element of document.querySelectorAll("[data-{kind}]")) {{
  mountStatic(element, found[Number(element.dataset.{kind})]);
  element.dataset.live = "";
}}
"""


class Runs:
    """Collects the runs and matrices that a person steps through on a page.

    Attributes
    ----------
    histories, matrices
        Each of them as the front end reads it.
    """

    def __init__(self) -> None:
        self.histories: list[dict[str, Any]] = []
        self.matrices: list[SavedRecoveries] = []

    def show(self, trace: Trace, *others: Trace, scenario: Scenario | None = None) -> Markup:
        """Return what shows a run; others that begin alike are branches of it, `scenario` has other budgets than they had."""
        lab = Lab(scenario or trace.scenario)
        try:
            _take(lab, trace)
            end = lab.selected.number
            for each in others:
                lab.goto(0)
                _take(lab, each)
            lab.goto(end)
        except PhasmLabError as error:
            return _as_text(trace, str(error))
        self.histories.append(saved_history(lab))
        place = element("div", class_="live", data_runs=len(self.histories) - 1)
        return join([place, element("div", Markup(run_table(lab)), class_="still steps wide")])

    def show_matrix(self, matrix: CrashMatrix, table: Markup, version: str = "") -> Markup:
        """Return what shows a matrix, `table` where no script runs and on paper; `version` tells two on one page apart."""
        if sum(bool(cell.recoveries) for cell in matrix.cells) > MAX_SAVED_CELL_COUNT:
            return table
        name = f"{matrix.scenario.name}, {version}" if version else ""
        self.matrices.append(saved_recoveries(matrix, name, is_crossed=not version))
        place = element("div", class_="live", data_matrices=len(self.matrices) - 1)
        return join([place, element("div", table, class_="still")])

    def data(self) -> dict[str, Any]:
        """Return what stands in the page for the front end to read."""
        return {"runs": self.histories, "matrices": self.matrices}

    def mounts(self) -> dict[Path, str]:
        """Return what shows it, by the bundle of the front end that can."""
        shown = {BUNDLE_PATH: ("runs", self.histories), RECOVERIES_BUNDLE_PATH: ("matrices", self.matrices)}
        return {path: MOUNT.format(kind=kind) for path, (kind, saved) in shown.items() if saved}


def _take(lab: Lab, trace: Trace) -> None:
    for step in trace:
        lab.take(step.event)


def _as_text(trace: Trace, why: str) -> Markup:
    """Return a run that the lab does not take again, such as that of a machine that behaves otherwise each time."""
    lines = [element("span", one_line(line)) for line in str(trace).splitlines()]
    return join([element("p", f"It cannot be stepped through: {why}"), element("pre", join(lines, "\n"))])
