"""What changed between two versions, as text for a review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.trace.labels import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phasm_lab.recoveries.versions import CellChange, FindingChange, VersionComparison

__all__ = ["summary_of", "versions_text"]

MAX_LISTED_COUNT = 12
MAX_LINE_LENGTH = 160


def versions_text(found: VersionComparison) -> str:
    """Return how many cells and findings changed, each of them in a line, and an example in each direction."""
    lines = [f"{_names(found)}: {summary_of(found)}", *found.crash_free_faults]
    for direction, changes in (("worse", found.worse), ("better", found.better)):
        leading = found.leading(direction)
        lines += _section(direction, changes, "" if leading is None else leading.why)
        example = None if leading is None else leading.example
        if leading is not None and example is not None:
            heading = f"for example {shorten(leading.place, MAX_LINE_LENGTH)}, old on the left, new on the right:"
            lines += ["", heading, *str(example).splitlines()]
    others = [change for change in found.cells if change.direction == "other"]
    lines += _section("changed, and in order before and now", others)
    if not found.is_complete:
        bounds = f"old: {found.old_report.bound}; new: {found.new_report.bound}"
        lines += ["", f"not all was searched: {bounds}"]
    return "\n".join(lines)


def _names(found: VersionComparison) -> str:
    old, new = (shorten(matrix.scenario.name, 40) for matrix in (found.old_matrix, found.new_matrix))
    return old if old == new else f"{old} against {new}"


def summary_of(found: VersionComparison) -> str:
    """Return how much got worse and how much got better."""
    if not found.worse and not found.better:
        return "nothing got worse, nothing got better"
    parts = []
    for direction in ("worse", "better"):
        cell_count = sum(change.direction == direction for change in found.cells)
        finding_count = sum(change.direction == direction for change in found.findings)
        cells = f"{cell_count:,} cell{'' if cell_count == 1 else 's'}"
        findings = f"{finding_count:,} finding{'' if finding_count == 1 else 's'}"
        parts.append(f"{cells} and {findings} {direction}")
    return ", ".join(parts)


def _section(title: str, changes: Sequence[CellChange | FindingChange], why: str = "") -> Iterator[str]:
    if not changes:
        return
    yield ""
    yield title
    for change in changes[:MAX_LISTED_COUNT]:
        yield f"  {shorten(change.sentence, MAX_LINE_LENGTH)}"
    if len(changes) > MAX_LISTED_COUNT:
        yield f"  … {len(changes) - MAX_LISTED_COUNT:,} more"
    if why:
        yield f"  {shorten(why, 2 * MAX_LINE_LENGTH)}"
