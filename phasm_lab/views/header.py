"""The head of the explorer: what is run, what may happen in it, and what is known of this run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.trace.labels import shorten
from phasm_lab.views.words import count_of

if TYPE_CHECKING:
    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.views.shapes import Header, Verdict
    from phasm_lab.views.threads import Branch

__all__ = ["fault_word", "header", "summary"]


def fault_word(name: str, count: int = 1) -> str:
    """Return the name of a budget as words.

    Examples
    --------
    >>> fault_word("crashes"), fault_word("lost_inputs", 2), fault_word("commit_failures")
    ('crash', 'lost inputs', 'commit failure')
    """
    words = name.replace("_", " ")
    if count != 1:
        return words
    return words.removesuffix("es") if words.endswith("crashes") else words.removesuffix("s")


def summary(scenario: Scenario) -> str:
    """Return what may happen in a scenario in a few words."""
    budgets = [(name, getattr(scenario.faults, name)) for name in FAULT_NAMES]
    parts = [f"{count:,} {fault_word(name, count)}" for name, count in budgets if count]
    return " · ".join([count_of(len(scenario.inputs), "input"), *parts])


def header(scenario: Scenario, branch: Branch) -> Header:
    """Return the head for the selected branch."""
    said = " · ".join(filter(None, [summary(scenario), _left_out(len(branch.book.lab.problems))]))
    return {"name": shorten(scenario.name, 60), "summary": said, "verdict": _verdict(scenario, branch)}


def _left_out(problem_count: int) -> str:
    """Say how much of a reopened journal is left out, and where it says why."""
    if not problem_count:
        return ""
    verb = "does" if problem_count == 1 else "do"
    return f"{count_of(problem_count, 'step')} of the journal {verb} not fit any more"


def _verdict(scenario: Scenario, branch: Branch) -> Verdict | None:
    node = branch.first_broken()
    if node is None:
        return None
    facts = branch.book.of(node)
    names = [scenario.properties[index].name for index in facts.broken_first]
    many = ("finding", "findings") if facts.new_rules else ("property", "properties")
    names += [breach.slug for breach in facts.new_rules]
    named = names[0] if len(names) == 1 else count_of(len(names), *many)
    text, more = f"broken: {shorten(named, 60)}", f"at step {node.number}"
    told = "" if len(names) == 1 else f": {', '.join(names[:3])}"
    # What is seen stands in the name too, word for word, so that it can be spoken to be clicked.
    return {"kind": "broken", "text": text, "more": more, "label": f"{text} · {more}, first in this run{told}"}
