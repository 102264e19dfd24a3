"""The whole run as a pytest function that ends in what is true after it, or in what should be."""

from __future__ import annotations

import re
from dataclasses import is_dataclass
from typing import TYPE_CHECKING

from phasm_lab.lab.python_lines import python_value

if TYPE_CHECKING:
    from phasm_lab.trace.history import Node
    from phasm_lab.views.facts import FactBook

__all__ = ["MAX_STEP_COUNT", "LineBook"]

MAX_STEP_COUNT = 200
"""Steps above which the run is read from a trace file in place of one line a step."""

LONGEST_STATE = 400


class LineBook:
    """The line of Python of each step, each made once."""

    def __init__(self, book: FactBook) -> None:
        self.book = book
        self._lines: dict[int, str] = {0: "lab = pl.Lab(scenario)"}

    def line(self, node: Node) -> str:
        """Return the call that made a step."""
        if node.number not in self._lines:
            assert node.parent is not None
            assert node.step is not None
            self._lines[node.number] = self.book.lab.python_line(node.parent, node.step.event)
        return self._lines[node.number]

    def test(self, node: Node) -> str:
        """Return the run that ends at a step as a pytest function."""
        name = re.sub(r"\W+", "_", self.book.lab.scenario.name).strip("_") or "run"
        head = ["import phasm_lab as pl", "", "", f"def test_{name}_{node.number}():"]
        return "\n".join([*head, *(f"    {line}" for line in [*self._run(node), *self._end(node)])]) + "\n"

    def _run(self, node: Node) -> list[str]:
        if node.depth > MAX_STEP_COUNT:
            return [
                '# written by lab.trace.write("run.jsonl")',
                'trace = pl.Trace.read("run.jsonl").replay(scenario).trace',
                f"assert len(trace) == {node.depth}",
                "lab = pl.Lab(scenario)",
                "for step in trace:",
                "    lab.take(step.event)",
            ]
        return [self.line(each) for each in node.path()]

    def _end(self, node: Node) -> list[str]:
        facts = self.book.of(node)
        properties = self.book.lab.scenario.properties
        if facts.broken:
            index = min(facts.broken)
            return [f"assert lab.judgements()[{index}].holds, {properties[index].words!r}"]
        found = [] if not properties else ["assert all(judgement.holds is not False for judgement in lab.judgements())"]
        if any(claim.kind == "sometimes" for claim in properties):
            indexes = [index for index, claim in enumerate(properties) if claim.kind != "sometimes"]
            found = [f"assert all(lab.judgements()[index].holds is not False for index in {indexes})"] if indexes else []
        return [*self._state(node), *found]

    def _state(self, node: Node) -> list[str]:
        state = node.configuration.state.view()
        if not is_dataclass(state):
            return []
        text = python_value(node.configuration.state.plain())
        return [f"assert lab.state == {text}"] if len(text) <= LONGEST_STATE else []
