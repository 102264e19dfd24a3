"""Plain HTML tables: what stands in for a picture where no script runs."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from phasm_lab.checks.different_runs import BROKEN_MARK
from phasm_lab.recoveries.moments import change_path, change_value
from phasm_lab.trace.labels import label, shorten
from phasm_lab.views.facts import FactBook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phasm_lab.checks.findings import Report
    from phasm_lab.engine.versions import Change
    from phasm_lab.lab.lab import Lab
    from phasm_lab.trace.history import Node

__all__ = ["changed_text", "report_table", "run_rows", "run_table", "table_html"]

MAX_ROW_COUNT = 200
MAX_CELL_LENGTH = 200
MAX_CHANGE_COUNT = 3
RUN_COLUMNS = ("step", "event", "result", "changed", "process", "broken")
STYLE = "text-align:left;overflow-wrap:anywhere"


def shown(text: str) -> str:
    r"""Return a text as HTML that shows it on one line, with nothing in it that a browser acts upon.

    Examples
    --------
    >>> shown("<b>\u202e")
    '&lt;b&gt;\\u202e'
    """
    return escape(shorten(text, MAX_CELL_LENGTH))


def table_html(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as HTML; every text in it shows as it is."""
    head = "".join(f'<th scope="col" style="{STYLE}">{shown(column)}</th>' for column in columns)
    body = "".join(
        "<tr>" + "".join(f'<td style="{STYLE}">{shown(cell)}</td>' for cell in row) + "</tr>" for row in rows
    )
    return (
        f'<table><caption style="text-align:left">{shown(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def run_table(lab: Lab) -> str:
    """Return the selected run as a table, one row a step; of a long one the last 200."""
    path = lab.tip.path()
    caption = f"PHASM Lab, {shorten(lab.scenario.name)}: step {lab.selected.number} of a run of {len(path) - 1} steps"
    if len(path) > MAX_ROW_COUNT:
        caption += f", the last {MAX_ROW_COUNT} shown"
    return table_html(caption, RUN_COLUMNS, run_rows(lab, path[-MAX_ROW_COUNT:]))


def report_table(report: Report) -> str:
    """Return a report as a table, one row a finding."""
    caption = f"PHASM Lab, {shorten(report.scenario.name)}: {report.verdict} · {report.bound}"
    rows = [[finding.check, f"{len(finding.trace):,}", finding.message] for finding in report.findings]
    return table_html(caption, ("finding", "steps", "what is broken"), rows)


def run_rows(lab: Lab, path: Sequence[Node]) -> list[list[str]]:
    """Return what the table of a run says of each step; columns as in `RUN_COLUMNS`."""
    book = FactBook(lab)
    return [_run_row(book, node) for node in path]


def _run_row(book: FactBook, node: Node) -> list[str]:
    process, broken = "up" if node.configuration.up else "down", _broken_text(book, node)
    if node.step is None:
        return [str(node.number), "start", "", "", process, broken]
    record = node.step.record
    result = record.result + (f": {record.refusal.text}" if record.refusal is not None else "")
    return [str(node.number), label(node.step.event), result, changed_text(node), process, broken]


def _broken_text(book: FactBook, node: Node) -> str:
    """Say with a mark which properties and rules are broken at a step, here first or since when."""
    facts, properties = book.of(node), book.lab.scenario.properties
    first = [properties[index].words for index in facts.broken_first] + [breach.slug for breach in facts.new_rules]
    known = [
        f"{claim.words} (at {since})"
        for claim, since in zip(properties, facts.since, strict=True)
        if 0 <= since < node.number
    ] + [breach.slug for breach in facts.rules if breach not in facts.new_rules]
    said = [("broken here first", first), ("broken before", known)]
    return "; ".join(f"{BROKEN_MARK} {words}: {', '.join(names)}" for words, names in said if names)


def changed_text(node: Node) -> str:
    """Return what a step changed in the state and in the environment; of many values the first three."""
    assert node.parent is not None
    before, after = node.parent.configuration, node.configuration
    pairs = ((before.state, after.state), (before.environment, after.environment))
    changes = [change for old, new in pairs if old is not new for change in new.changes()]
    texts = [_change_text(change) for change in changes[:MAX_CHANGE_COUNT]]
    left = len(changes) - len(texts)
    return ", ".join([*texts, f"and {left} more"] if left else texts)


def _change_text(change: Change) -> str:
    path = change_path(change)
    return f"{path} removed" if change.sign == "-" else f"{path} = {change_value(change)}"
