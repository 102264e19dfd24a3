"""What was found about a machine as one offline page: verdict, counterexamples, crash matrix, comparisons, source, versions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.errors import PhasmLabError
from phasm_lab.export.comparison_html import comparison_html
from phasm_lab.export.marks import definitions, mark
from phasm_lab.export.markup import Markup, element, join
from phasm_lab.export.matrix_html import cell_key, class_mark, matrix_html
from phasm_lab.export.page import Page, whole_page
from phasm_lab.export.report_facts import scenario_html, source_html, versions_html
from phasm_lab.export.report_runs import Runs
from phasm_lab.recoveries.matrix import CrashMatrix, crash_matrix
from phasm_lab.recoveries.matrix_text import counts_text
from phasm_lab.trace.labels import shorten
from phasm_lab.views.search_words import branch_name, ended, goals, goals_note, not_searched, unreached_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phasm_lab.checks.findings import Finding, Report
    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.recoveries.cells import Cell, Recovery

__all__ = ["Section", "findings_html", "judged_html", "matrix_bound", "page_of", "report_page"]

MAX_COMPARISONS_LENGTH = 300_000
"""Characters of all comparisons together, so that a page of a long run can still be sent to somebody."""

MAX_MESSAGE_LENGTH = 2_000
MAX_CELL_LENGTH = 400


class Section(NamedTuple):
    """A part of the page with a heading that the list at the top leads to."""

    key: str
    title: str
    body: Markup


def report_page(report: Report | None, matrix: CrashMatrix | None) -> Page:
    """Return the page of a search, of a crash matrix, or of both; without a matrix that of the search's scenario is made.

    Raises
    ------
    PhasmLabError
        If the front end's bundle is not what it should be.
    """
    runs = Runs()
    scenario = report.scenario if report is not None else _scenario(matrix)
    sections = [*_of_report(report, runs), *_of_matrix(matrix, scenario, runs), *_facts(scenario)]
    return page_of(scenario.name, _summary(report, matrix), sections, runs)


def page_of(title: str, summary: Markup, sections: Sequence[Section], runs: Runs) -> Page:
    """Return a page with a list of its sections."""
    links = [element("li", element("a", section.title, href=f"#{section.key}")) for section in sections]
    parts = [element("section", element("h2", each.title), each.body, id=each.key) for each in sections]
    head = element("header", element("h1", shorten(title, 120)), summary, element("nav", element("ul", *links)))
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    return whole_page(title, style, join([definitions(), element("main", head, *parts)]), runs.data(), runs.mounts())


def _scenario(matrix: CrashMatrix | None) -> Scenario:
    assert matrix is not None
    return matrix.scenario


def _facts(scenario: Scenario) -> Iterator[Section]:
    yield Section("scenario", "Scenario and budgets", scenario_html(scenario))
    yield Section("source", "Source of the machine", source_html(scenario))
    yield Section("versions", "Versions", versions_html())


def _summary(report: Report | None, matrix: CrashMatrix | None) -> Markup:
    if report is not None:
        return _verdict(report)
    assert matrix is not None
    bad = sum(cell.outcome.is_bad for cell in matrix.cells)
    kind, words = ("broken", f"{bad:,} cells end badly") if bad else ("ok", "no cell ends badly")
    return judged_html(kind if bad or matrix.is_complete else "run", words, matrix_bound(matrix))


def _verdict(report: Report) -> Markup:
    # The sentence about steps needs a level that was searched to its end.
    said = ended(report, was_stopped=False, at_limit=report.depth > 1)
    verdict = judged_html(said["kind"], said["text"], report.bound)
    missed = unreached_words(report)
    if not missed:
        return verdict
    first = shorten(report.goals_unreached[0], MAX_CELL_LENGTH)
    return join([verdict, element("p", element("a", missed, href="#goals"), f" · {first}", class_="missed")])


def judged_html(kind: str, words: str, bound: str) -> Markup:
    """Return the sentence that a reader sees first: what was found, of the kind "broken", "ok" or "run", and within what."""
    icon = {"broken": mark("broken"), "ok": mark("ok")}.get(kind, Markup(""))
    return join([element("p", icon, " ", words, class_=f"judged {kind}"), element("p", bound, class_="bound")])


def _of_report(report: Report | None, runs: Runs) -> Iterator[Section]:
    if report is None:
        return
    if report.findings:
        yield Section("findings", "Findings", findings_html(report.findings, runs))
    yield Section("goals", "What was not reached, and not searched", _left_out(report))


def findings_html(findings: Sequence[Finding], runs: Runs) -> Markup:
    """Return each finding with its run, the shortest that there is."""
    return join(element("article", *_finding(finding, runs)) for finding in findings)


def _finding(finding: Finding, runs: Runs) -> Iterator[Markup]:
    count = len(finding.trace)
    steps = f"after {count:,} step{'' if count == 1 else 's'}"
    yield element("h3", mark("broken"), " ", branch_name(finding), " ", element("small", steps))
    yield element("p", shorten(finding.told, MAX_MESSAGE_LENGTH))
    yield runs.show(finding.trace)


def _left_out(report: Report) -> Markup:
    found = goals(report)
    note = [element("p", goals_note(report))] if goals_note(report) else []
    listed = [element("li", "reached: " if goal["reached"] else "not reached: ", goal["name"]) for goal in found] or [
        element("li", "no goals are named; every input, result and fault was met")
    ]
    left = [element("li", f"not searched: {sentence}") for sentence in not_searched(report.scenario, report.not_run)]
    return join([*note, element("ul", *listed, *left)])


def _of_matrix(matrix: CrashMatrix | None, scenario: Scenario, runs: Runs) -> Iterator[Section]:
    try:
        matrix = crash_matrix(scenario) if matrix is None else matrix
    except PhasmLabError as error:
        yield Section("matrix", "Crash matrix", element("p", f"There is none: {error}"))
        return
    yield from matrix_sections(matrix, runs)


def matrix_sections(matrix: CrashMatrix, runs: Runs) -> Iterator[Section]:
    """Yield a matrix with the comparison behind each cell, and the runs behind its worst cell."""
    if not matrix.rows:
        yield Section("matrix", "Crash matrix", element("p", "The crash-free run has no step that could be hit."))
        return
    laid_out = _comparisons(matrix)
    worst = matrix.worst
    said = [] if worst is None else [element("p", matrix[worst.step_number, worst.column].sentence, class_="worst")]
    table = join([element("p", matrix_bound(matrix)), matrix_html(matrix, laid_out), *said])
    beside = join([element("h3", "Recoveries beside the crash-free run"), _comparisons_html(matrix, laid_out)])
    yield Section("matrix", "Crash matrix", runs.show_matrix(matrix, join([table, beside])))
    yield Section("runs", "Crash-free run and worst recovery", _both(matrix, worst, runs))


def matrix_bound(matrix: CrashMatrix) -> str:
    """Return how much a matrix looked at."""
    points = f"{counts_text(matrix)}; of several in a cell the worst is shown"
    return points if matrix.is_complete else f"{points}; not all searched"


def _both(matrix: CrashMatrix, worst: Recovery | None, runs: Runs) -> Markup:
    if worst is None or not worst.outcome.is_bad:
        return runs.show(matrix.run, scenario=matrix.given)
    return runs.show(worst.trace, matrix.run, scenario=worst.scenario)


def _comparisons(matrix: CrashMatrix) -> dict[str, Markup]:
    """Return the comparison behind each cell as far as there is room, the worst cells first, by the key of the cell."""
    found: dict[str, Markup] = {}
    length = 0
    told: set[str] = set()
    for cell in sorted(matrix.cells, key=lambda each: each.badness, reverse=True):
        worst = cell.worst
        if worst is None or length > MAX_COMPARISONS_LENGTH:
            continue
        is_first = cell.outcome.is_bad and cell.outcome.letter not in told
        told.add(cell.outcome.letter)
        made = _comparison(cell, worst, on_paper=is_first, is_open=not found)
        found[cell_key(cell)] = made
        length += len(made)
    return found


def _comparison(cell: Cell, worst: Recovery, *, on_paper: bool, is_open: bool) -> Markup:
    """Return a cell's comparison to be unfolded; the first of each bad class is printed unfolded."""
    summary = element("summary", class_mark(cell.outcome.letter), " ", shorten(cell.sentence, MAX_CELL_LENGTH))
    others = [
        element("li", class_mark(each.outcome.letter), " ", shorten(f"{each.point}: {each.wire or each.sentence}", 200))
        for each in cell.recoveries
    ]
    listed = [element("ul", *others, class_="others")] if len(others) > 1 else []
    body = element("div", comparison_html(worst.comparison, worst.crash_free_title), *listed, id=cell_key(cell))
    attributes = {"open": ""} if is_open else {}
    return element("details", summary, body, class_="paper" if on_paper else "cell", **attributes)


def _comparisons_html(matrix: CrashMatrix, laid_out: dict[str, Markup]) -> Markup:
    cells = [cell for cell in matrix.cells if cell.worst is not None]
    shown = [laid_out[cell_key(cell)] for cell in cells if cell_key(cell) in laid_out]
    left = [cell for cell in cells if cell_key(cell) not in laid_out]
    if left:
        bad = sum(cell.outcome.is_bad for cell in left)
        shown.append(
            element("p", f"{len(left):,} more cells are not laid out, {bad:,} of them bad; the worst ones are.")
        )
    return join(shown)
