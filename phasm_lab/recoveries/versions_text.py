"""What changed between two versions, as text for a review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.recoveries.readable import with_line_signs
from phasm_lab.trace.labels import one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phasm_lab.checks.findings import Finding
    from phasm_lab.recoveries.versions import CellChange, FindingChange, VersionComparison

__all__ = ["finding_line", "kept_lines", "summary_of", "versions_text"]

MAX_LISTED_COUNT = 12
MAX_LINE_LENGTH = 160


def versions_text(found: VersionComparison) -> str:
    """Return how many cells and findings changed, each of them in a line, and an example in each direction."""
    lines = [f"{_names(found)}: {summary_of(found)}", *found.crash_free_faults]
    for direction, changes in (("worse", found.worse), ("better", found.better)):
        leading = found.leading(direction)
        lines += _section(direction, _sentences(changes), "" if leading is None else leading.why)
        example = None if leading is None else leading.example
        if leading is not None and example is not None:
            heading = f"for example {shorten(leading.place, MAX_LINE_LENGTH)}, old on the left, new on the right:"
            lines += ["", heading, *str(example).splitlines()]
    others = [change for change in found.cells if change.direction == "other"]
    lines += _section("changed, and in order before and now", _sentences(others))
    lines += _section("broken in both", list(kept_lines(found)))
    if not found.is_complete:
        bounds = f"old: {found.old_report.bound}; new: {found.new_report.bound}"
        lines += ["", f"not all was searched: {bounds}"]
    return "\n".join(lines)


def _names(found: VersionComparison) -> str:
    old, new = (shorten(matrix.scenario.name, 40) for matrix in (found.old_matrix, found.new_matrix))
    return old if old == new else f"{old} against {new}"


def summary_of(found: VersionComparison) -> str:
    """Return how much got worse, how much got better, and how much is broken in both."""
    kept = f"; broken in both: {_counts(len(found.kept_cells), len(found.kept_findings))}" if found.keeps_faults else ""
    if not found.worse and not found.better:
        return f"nothing got worse, nothing got better{kept}"
    parts = []
    for direction in ("worse", "better"):
        cell_count = sum(change.direction == direction for change in found.cells)
        finding_count = sum(change.direction == direction for change in found.findings)
        parts.append(f"{_counts(cell_count, finding_count)} {direction}")
    return f"{', '.join(parts)}{kept}"


def kept_lines(found: VersionComparison) -> Iterator[str]:
    """Yield what is broken in both versions, a line for each finding, then for each cell of the new matrix."""
    yield from map(finding_line, found.kept_findings)
    for cell in found.kept_cells:
        yield cell.sentence


def finding_line(finding: Finding) -> str:
    """Return a finding as one line: ``late-result after 7 steps: ...``."""
    steps = f"{len(finding.trace):,} step{'' if len(finding.trace) == 1 else 's'}"
    return f"{finding.check} after {steps}: {with_line_signs(one_line(finding.message))}"


def _counts(cell_count: int, finding_count: int) -> str:
    cells = f"{cell_count:,} cell{'' if cell_count == 1 else 's'}"
    return f"{cells} and {finding_count:,} finding{'' if finding_count == 1 else 's'}"


def _sentences(changes: Sequence[CellChange | FindingChange]) -> list[str]:
    return [change.sentence for change in changes]


def _section(title: str, sentences: Sequence[str], why: str = "") -> Iterator[str]:
    if not sentences:
        return
    yield ""
    yield title
    for sentence in sentences[:MAX_LISTED_COUNT]:
        yield f"  {shorten(sentence, MAX_LINE_LENGTH)}"
    if len(sentences) > MAX_LISTED_COUNT:
        yield f"  … {len(sentences) - MAX_LISTED_COUNT:,} more"
    if why:
        yield f"  {shorten(why, 2 * MAX_LINE_LENGTH)}"
