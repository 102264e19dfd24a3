"""Two versions of a machine as one offline page: what got worse and what got better, with an example of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.export.comparison_html import comparison_html
from phasm_lab.export.markup import Markup, element, join
from phasm_lab.export.matrix_html import matrix_html
from phasm_lab.export.report import Section, findings_html, judged_html, matrix_bound, page_of
from phasm_lab.export.report_facts import scenario_html, source_html, versions_html
from phasm_lab.export.report_runs import Runs
from phasm_lab.recoveries.versions_text import kept_lines, summary_of
from phasm_lab.trace.labels import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.export.page import Page
    from phasm_lab.recoveries.matrix import CrashMatrix
    from phasm_lab.recoveries.versions import CellChange, FindingChange, VersionComparison

__all__ = ["versions_page"]

MAX_LISTED_COUNT = 200
MAX_SENTENCE_LENGTH = 400


def versions_page(found: VersionComparison) -> Page:
    """Return the page of a comparison of two versions."""
    runs = Runs()
    old, new = (matrix.scenario.name for matrix in (found.old_matrix, found.new_matrix))
    title = old if old == new else f"{old} against {new}"
    return page_of(title, _summary(found), list(_sections(found, runs)), runs)


def _summary(found: VersionComparison) -> Markup:
    kind = "broken" if found.got_worse else "ok" if found.is_complete and not found.keeps_faults else "run"
    bound = f"old: {found.old_report.bound}; new: {found.new_report.bound}"
    return judged_html(kind, summary_of(found), bound)


def _sections(found: VersionComparison, runs: Runs) -> Iterator[Section]:
    others = [change for change in found.cells if change.direction == "other"]
    for key, title, changes in (
        ("worse", "Worse", found.worse),
        ("better", "Better", found.better),
        ("other", "Changed, and in order before and now", others),
    ):
        if changes:
            yield Section(key, title, _changes(found, key, changes))
    if found.keeps_faults:
        yield Section(
            "kept",
            "Broken in both",
            _listed([element("li", shorten(line, MAX_SENTENCE_LENGTH)) for line in kept_lines(found)]),
        )
    findings = [change.finding for change in found.findings if change.direction == "worse"]
    if findings:
        yield Section("findings", "New findings", findings_html(findings, runs))
    yield from _of_version("old", found.old_matrix, found.old_report.scenario, runs)
    yield from _of_version("new", found.new_matrix, found.new_report.scenario, runs)
    yield Section("versions", "Versions", versions_html())


def _changes(found: VersionComparison, direction: str, changes: Sequence[CellChange | FindingChange]) -> Markup:
    listed = _listed([element("li", *_change(change)) for change in changes])
    leading = found.leading(direction)
    example = None if leading is None else leading.example
    if leading is None or example is None:
        return listed
    heading = element("h3", f"For example {shorten(leading.place, MAX_SENTENCE_LENGTH)}")
    return join([listed, heading, comparison_html(example, "old", "new")])


def _listed(items: Sequence[Markup]) -> Markup:
    more = [element("li", f"{len(items) - MAX_LISTED_COUNT:,} more")] if len(items) > MAX_LISTED_COUNT else []
    return element("ul", *items[:MAX_LISTED_COUNT], *more)


def _change(change: CellChange | FindingChange) -> Iterator[Markup]:
    yield element("b", shorten(change.sentence, MAX_SENTENCE_LENGTH))
    if change.why:
        yield element("div", shorten(change.why, MAX_SENTENCE_LENGTH))


def _of_version(name: str, matrix: CrashMatrix, scenario: Scenario, runs: Runs) -> Iterator[Section]:
    table = join([element("p", matrix_bound(matrix)), matrix_html(matrix, ())])
    yield Section(f"{name}-matrix", f"Crash matrix, {name}", runs.show_matrix(matrix, table, name))
    source = join([scenario_html(scenario), element("h3", "Source"), source_html(scenario)])
    yield Section(f"{name}-source", f"Scenario and source, {name}", source)
