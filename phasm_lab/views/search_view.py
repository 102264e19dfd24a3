"""A search as it crosses to the browser: small while it goes on, whole when it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.trace.labels import shorten
from phasm_lab.views.search_words import ended, goals, goals_note, not_searched, runs_note, under_way, unsearchable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phasm_lab.lab.lab import Lab
    from phasm_lab.views.search import Run, SearchWork
    from phasm_lab.views.search_shapes import Opening, Progress, Search
    from phasm_lab.views.shapes import Verdict

__all__ = ["ranges_of", "search_view"]


def search_view(lab: Lab, work: SearchWork | None) -> Search | None:
    """Return what is known of a search, None where there was none."""
    if work is None:
        return None
    report = work.report
    return {
        "state": work.state,
        "verdict": _verdict(work),
        "progress": _progress(work),
        "findings": [_opening(lab, run) for run in work.findings],
        "goals": goals(report) if report is not None else [],
        "goals_note": goals_note(report) if report is not None else "",
        "not_searched": not_searched(work.scenario, report.not_run) if report is not None else [],
        "runs_note": runs_note(report, work.runs, has_more=work.has_more_runs) if report is not None else "",
        "runs": None if work.runs is None else [_opening(lab, run) for run in work.runs],
        "problem": work.problem,
    }


def _verdict(work: SearchWork) -> Verdict:
    if work.report is not None:
        return ended(work.report, was_stopped=work.was_stopped, at_limit=work.at_limit)
    if work.problem is not None:
        return unsearchable()
    return under_way(work.progress, ending=work.state == "ending")


def _progress(work: SearchWork) -> Progress:
    progress = work.progress
    if progress is None:
        return {"count": 0, "limit": work.scenario.limit, "depth": 0, "waiting": 0, "rate": 0, "left_s": 0}
    rate = progress.configuration_count / max(work.duration_s, 0.001)
    left = progress.limit - progress.configuration_count
    return {
        "count": progress.configuration_count,
        "limit": progress.limit,
        "depth": progress.depth,
        "waiting": progress.waiting_count,
        "rate": _rounded(rate),
        "left_s": round(left / max(rate, 1)),
    }


def _rounded(value: float) -> int:
    """Return a rate as far as it means something: its first two digits.

    Examples
    --------
    >>> _rounded(12_345.6), _rounded(7.2)
    (12000, 7)
    """
    digits = len(str(int(value)))
    return int(round(value, min(0, 2 - digits)))


def _opening(lab: Lab, run: Run) -> Opening:
    place = lab.place_of(run.trace)
    return {
        "id": run.id,
        "title": shorten(run.title, 80),
        "message": shorten(run.message, 400),
        "step_count": len(run.trace),
        "step": -1 if place is None else place.number,
        "numbers": "" if place is None else ranges_of(sorted(node.number for node in place.ancestors() if node.depth)),
    }


def ranges_of(numbers: Sequence[int]) -> str:
    """Return numbers in few words; they are given in their order.

    Examples
    --------
    >>> ranges_of([1, 2, 3, 8, 11, 12]), ranges_of([4])
    ('1 to 3, 8, 11 to 12', '4')
    """
    known = frozenset(numbers)
    firsts = [number for number in numbers if number - 1 not in known]
    lasts = [number for number in numbers if number + 1 not in known]
    pairs = zip(firsts, lasts, strict=True)
    return ", ".join(f"{first:,}" if first == last else f"{first:,} to {last:,}" for first, last in pairs)
