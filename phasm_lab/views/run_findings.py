"""What a search found of a whole run, such as its outcome: said at the run's last step, since nothing in that step alone shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.trace.labels import shorten
from phasm_lab.views.marks import NEWLY_BROKEN
from phasm_lab.views.search import search_of

if TYPE_CHECKING:
    from phasm_lab.trace.history import Node
    from phasm_lab.views.facts import FactBook
    from phasm_lab.views.run_shapes import Row
    from phasm_lab.views.search import Run
    from phasm_lab.views.shapes import PropertyLine

__all__ = ["Found", "found_lines", "marked", "run_findings"]

Found = dict[int, list["Run"]]
"""Findings by the number of the step at which their run ends."""


def run_findings(book: FactBook) -> Found:
    """Return what was found of the runs in the history and is not said by a rule or property of their last step."""
    work = search_of(book.lab).work
    found: Found = {}
    for run in work.findings if work is not None else ():
        node = book.lab.place_of(run.trace)
        if node is not None and not _is_said(book, node, run):
            found.setdefault(node.number, []).append(run)
    return found


def _is_said(book: FactBook, node: Node, run: Run) -> bool:
    return run.title == "broken-property" or any(breach.slug == run.title for breach in book.of(node).rules)


def marked(row: Row, found: Found) -> Row:
    """Return a row with the mark of a rule that its run breaks."""
    titles = [run.title for run in found.get(row["step"], ())]
    if not titles:
        return row
    said = "".join(f" Rule {title} is broken." for title in titles)
    return {**row, "rules": NEWLY_BROKEN, "say": row["say"] + said}


def found_lines(node: Node, found: Found) -> list[PropertyLine]:
    """Return what was found at a step as lines of its panel."""
    return [
        {
            "name": run.title,
            "kind": "rule",
            "state": "broken",
            "sentence": shorten(run.message, 300),
            "since": node.number,
        }
        for run in found.get(node.number, ())
    ]
