"""The whole run as a pytest function that ends in what is true after it, or in what should be."""

from __future__ import annotations

import re
import sys
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.events import Deliver
from phasm_lab.lab.python_lines import python_value
from phasm_lab.machine.text import text_of
from phasm_lab.views.rows import tracked_of

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
        body = [*self._run(node), *self._end(node)]
        head = [
            "import phasm_lab as pl",
            *self._imports("\n".join(body), _probed_values(node)),
            "",
            "",
            f"def test_{name}_{node.number}():",
        ]
        return "\n".join([*head, *(f"    {line}" for line in body)]) + "\n"

    def _imports(self, body: str, probed: list[Any]) -> list[str]:
        """Return where the names in the test come from: a module, or else a reminder; `probed` are the results of probes."""
        scenario = self.book.lab.scenario
        classes = {type(value) for value in [*scenario.inputs, *probed]} | {self._state_class()}
        used = [
            cls
            for cls in classes
            if cls.__module__ != "builtins" and re.search(rf"\b{re.escape(cls.__name__)}\(", body)
        ]
        module = sys.modules.get(getattr(scenario.machine.stf, "__module__", ""))
        names = [name for name, value in vars(module).items() if value is scenario] if module is not None else []
        if module is None or module.__name__ == "__main__" or not names:
            return [f"# from your own module import {', '.join([*sorted([cls.__name__ for cls in used]), 'scenario'])}"]
        brought = [f"from {cls.__module__} import {cls.__name__}" for cls in used]
        alias = "" if names[0] == "scenario" else " as scenario"
        return sorted([*brought, f"from {module.__name__} import {names[0]}{alias}"])

    def _state_class(self) -> type:
        return type(self.book.lab.history.root.configuration.state.plain())

    def _run(self, node: Node) -> list[str]:
        if node.depth > MAX_STEP_COUNT:
            return [
                "lab = pl.Lab(scenario)",
                'for step in pl.Trace.read("run.jsonl").replay(scenario).steps:  # lab.trace.write("run.jsonl")',
                "    lab.take(step.event)",
                f"assert len(lab.trace) == {node.depth}",
            ]
        return [self.line(each) for each in node.path()]

    def _end(self, node: Node) -> list[str]:
        properties = self.book.lab.scenario.properties
        breach = self.book.of(node).breach
        if breach:
            return self._end_of_probe(node, breach)
        broken = sorted(self.book.of(node).broken)
        if broken:
            return [f"assert lab.judgements()[{index}].holds, {properties[index].words!r}" for index in broken]
        found = [judgement.holds for judgement in self.book.lab.judgements(node)]
        held = [index for index, claim in enumerate(properties) if claim.kind != "sometimes" and found[index]]
        return self._state(node) + [
            f"assert lab.judgements()[{index}].holds, {properties[index].words!r}" for index in held
        ]

    def _end_of_probe(self, node: Node, breach: str) -> list[str]:
        """Return what should be true after a probe that breaks a rule: the state is as it was, no tracked action is emitted."""
        assert node.parent is not None
        assert node.step is not None
        lines = self._state(node.parent)
        if tracked_of(node.step.record):
            lines.append(
                "assert not [action for action in lab.trace[-1].record.emitted if isinstance(action, pl.Tracked)]"
            )
        if not lines:
            lines = ["assert lab.configuration.state.frozen() == lab.selected.parent.configuration.state.frozen()"]
        return [f"{line}, {breach!r}" for line in lines]

    def _state(self, node: Node) -> list[str]:
        state = node.configuration.state
        if not is_dataclass(state.view()) or len(text_of(state.view())) > 2 * LONGEST_STATE:
            return []
        text = python_value(node.configuration.state.plain())
        return [f"assert lab.state == {text}"] if len(text) <= LONGEST_STATE else []


def _probed_values(node: Node) -> list[Any]:
    events = [each.step.event for each in node.path() if each.step is not None]
    return [event.result.value for event in events if isinstance(event, Deliver) and event.probe]
