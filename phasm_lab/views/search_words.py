"""The words of a search: a verdict that never claims more than was searched, goals, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.trace.labels import shorten
from phasm_lab.views.header import fault_word
from phasm_lab.views.words import count_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phasm_lab.checks.checking import Progress
    from phasm_lab.checks.findings import Finding, Report
    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.machine.definition import Faults
    from phasm_lab.views.search_shapes import Goal
    from phasm_lab.views.shapes import Verdict

__all__ = [
    "branch_name",
    "budget_words",
    "ended",
    "goals",
    "goals_note",
    "not_searched",
    "runs_note",
    "under_way",
    "unreached_words",
    "unsearchable",
]

MAX_NAMED_BUDGET_COUNT = 3
MAX_GOAL_LENGTH = 320
"""Room for an input, what it is rejected with, and the line that raises it."""

KINDS = (
    ("requests", {"lost_requests": "lost", "duplicated_requests": "duplicated", "delayed_requests": "delayed"}),
    ("results", {"lost_results": "lost", "duplicated_results": "duplicated", "reordered_results": "reordered"}),
    ("inputs", {"lost_inputs": "lost", "duplicated_inputs": "duplicated"}),
)
"""Budgets that are told together: the noun, and for each budget the word before it."""

STORAGE = ("access_errors", "add_errors", "commit_failures", "unknown_commits")


def _verdict(kind: str, text: str, more: list[str], label: str) -> Verdict:
    said = [part for part in more if part]
    sentences = [label, *([", ".join(said)] if said else []), "Open the findings"]
    return {"kind": kind, "text": text, "more": " · ".join(said), "label": ". ".join(sentences) + "."}  # type: ignore[typeddict-item]


def under_way(progress: Progress | None, *, ending: bool) -> Verdict:
    """Return what may be said while a search goes on."""
    if progress is None:
        return _verdict("run", "starting to search", [], "Starting to search")
    more = [count_of(progress.configuration_count, "configuration"), "stopping" if ending else ""]
    found = len(progress.found)
    if not found:
        return _verdict("run", "nothing broken so far", more, "Nothing broken so far")
    text = f"{count_of(found, 'finding')} so far"
    return _verdict("broken", text, [*more[:1], more[1] or "search not finished"], text)


def ended(report: Report, *, was_stopped: bool, at_limit: bool) -> Verdict:
    """Return what may be said of a search that has ended; "holds" only if everything was seen."""
    count = count_of(report.configuration_count, "configuration")
    bound = f"complete {_for(report.scenario.faults)}" if report.complete else "not complete"
    if report.findings:
        text = f"broken: {count_of(len(report.findings), 'finding')}"
        return _verdict("broken", text, [count, bound], text.capitalize())
    if report.complete:
        return _verdict("ok", "holds", [unreached_words(report), count, bound], "Holds")
    if at_limit:
        # Of the last level not every configuration was met.
        text = f"nothing broken up to {count_of(max(report.depth - 1, 0), 'step')}"
        return _verdict("run", text, [count], text.capitalize())
    why = "stopped" if was_stopped else shorten(report.stopped, 160)
    return _verdict("run", "nothing broken so far", [count, why], "Nothing broken so far")


def unsearchable() -> Verdict:
    """Return what may be said of a scenario that cannot be searched."""
    return _verdict("run", "could not be searched", [], "Could not be searched")


def _for(faults: Faults) -> str:
    words = budget_words(faults)
    if not words:
        return "without faults"
    more = len(words) - MAX_NAMED_BUDGET_COUNT
    return f"for {', '.join(words[:MAX_NAMED_BUDGET_COUNT])}" + (
        f" and {count_of(more, 'other fault')}" if more > 0 else ""
    )


def budget_words(faults: Faults) -> list[str]:
    """Return the faults that may happen.

    Examples
    --------
    >>> from phasm_lab.machine.definition import Faults
    >>> budget_words(Faults(crashes=1, lost_results=2))
    ['1 crash', '2 lost results']
    """
    return [
        f"{count:,} {fault_word(name, count)}"
        for name, count in zip(FAULT_NAMES, faults.counts(), strict=True)
        if count
    ]


def not_searched(scenario: Scenario, not_run: tuple[str, ...]) -> list[str]:
    """Return what a search leaves out, as sentences.

    Examples
    --------
    >>> from phasm_lab.examples.payments import payments
    >>> for sentence in not_searched(payments, ("outside-effect",)):
    ...     print(sentence)
    More than 1 crash.
    Budget 0: crashes during recovery; lost, duplicated or delayed requests; lost, duplicated or reordered results; lost or duplicated inputs; storage faults.
    Rules not run: outside-effect.
    """
    used, unused = budget_words(scenario.faults), _unused(scenario.faults)
    said = [f"More than {_either(used)}." if used else "", f"Budget 0: {'; '.join(unused)}." if unused else ""]
    return [*filter(None, said), *([f"Rules not run: {'; '.join(not_run)}."] if not_run else [])]


def _unused(faults: Faults) -> list[str]:
    zero = {name for name, count in zip(FAULT_NAMES, faults.counts(), strict=True) if not count}
    said = [
        words
        for name, words in (("crashes", "crashes"), ("recovery_crashes", "crashes during recovery"))
        if name in zero
    ]
    for noun, words in KINDS:
        named = [word for name, word in words.items() if name in zero]
        said += [f"{_either(named)} {noun}"] if named else []
    storage = [fault_word(name, 2) for name in STORAGE if name in zero]
    return said + (["storage faults"] if len(storage) == len(STORAGE) else storage)


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def unreached_words(report: Report) -> str:
    """Return how much no run got to, "" where everything was reached."""
    missed = len(report.goals_unreached)
    so_far = "" if report.complete else " so far"
    return f"{count_of(missed, 'goal')} not reached{so_far}" if missed else ""


def goals(report: Report) -> list[Goal]:
    """Return the user's goals, and what else no run got to."""
    unreached = list(report.goals_unreached)
    own: list[Goal] = []
    for claim in report.scenario.properties:
        if claim.kind == "sometimes":
            missed = f"sometimes {claim.name}"
            own.append({"name": shorten(claim.name, 80), "reached": missed not in unreached})
            unreached = [goal for goal in unreached if goal != missed]
    return own + [{"name": shorten(goal, MAX_GOAL_LENGTH), "reached": False} for goal in unreached]


def goals_note(report: Report) -> str:
    """Return how many of the user's goals were reached, and how much else was not."""
    own = [claim for claim in report.scenario.properties if claim.kind == "sometimes"]
    missed = sum(f"sometimes {claim.name}" in report.goals_unreached for claim in own)
    if not own:
        return unreached_words(report)
    others = len(report.goals_unreached) - missed
    return f"{len(own) - missed} of {len(own)} reached" + (f", {others:,} more not reached" if others else "")


def runs_note(report: Report, runs: Sequence[object] | None, *, has_more: bool) -> str:
    """Return how many different runs are shown, and whether there are others."""
    if runs is None:
        return ""
    if has_more:
        return f"{len(runs)}, and there are more"
    if report.complete:
        return f"{len(runs)}, there are no more" if runs else "there are none"
    return f"{len(runs)}, no others were met so far" if runs else "none were met so far"


def branch_name(finding: Finding) -> str:
    """Return what the branch of a finding is called: its slug, and which property where it is the user's."""
    for claim in finding.trace.scenario.properties:
        if finding.check == "broken-property" and finding.message.startswith(f"{claim.name} is broken"):
            return shorten(f"{finding.check}: {claim.name}", 80)
    return finding.check
