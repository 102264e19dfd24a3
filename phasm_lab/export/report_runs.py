"""The runs of a report: each steps through itself on the screen, and is a table on paper and where no script runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.errors import PhasmLabError
from phasm_lab.export.markup import Markup, element, join
from phasm_lab.export.page import saved_history
from phasm_lab.export.tables import run_table
from phasm_lab.lab.lab import Lab
from phasm_lab.trace.labels import one_line

if TYPE_CHECKING:
    from phasm_lab.trace.trace import Trace

__all__ = ["MOUNT", "Runs"]

MOUNT = """\
const { runs } = unpack(JSON.parse(document.getElementById("history").textContent));
document.documentElement.dataset.live = "";
for (const element of document.querySelectorAll("[data-run]")) mountStatic(element, runs[Number(element.dataset.run)]);
"""


class Runs:
    """Collects the runs that a page steps through.

    Attributes
    ----------
    histories
        The history of each, as the front end reads it.
    """

    def __init__(self) -> None:
        self.histories: list[dict[str, Any]] = []

    def show(self, trace: Trace, *others: Trace) -> Markup:
        """Return what shows a run; others that begin alike are further branches of it."""
        lab = Lab(trace.scenario)
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
        place = element("div", class_="run", data_run=len(self.histories) - 1)
        return join([place, element("div", Markup(run_table(lab)), class_="steps wide")])

    def data(self) -> dict[str, Any]:
        """Return what stands in the page for `MOUNT` to read."""
        return {"runs": self.histories}


def _take(lab: Lab, trace: Trace) -> None:
    for step in trace:
        lab.take(step.event)


def _as_text(trace: Trace, why: str) -> Markup:
    """Return a run that the lab does not take again, such as that of a machine that behaves otherwise each time."""
    lines = [element("span", one_line(line)) for line in str(trace).splitlines()]
    return join([element("p", f"It cannot be stepped through: {why}"), element("pre", join(lines, "\n"))])
