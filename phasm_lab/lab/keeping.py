"""Keeping a lab's history in a journal file, and building it up again from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.errors import PhasmLabError
from phasm_lab.trace.codec import encode_event
from phasm_lab.trace.journal import Journal
from phasm_lab.trace.replay import resolve

if TYPE_CHECKING:
    from pathlib import Path

    from phasm_lab.trace.history import History, Node

__all__ = ["Keeper"]


class Keeper:
    """Writes down each new step, selection and name.

    A journal numbers its steps by itself: where the code has changed and a step does not fit any more, that step and
    what came after it are left out of the history, and stay in the file.

    Attributes
    ----------
    reopened
        The step that was selected when the journal was last written.
    problems
        What did not fit any more, one sentence each.
    """

    def __init__(self, path: str | Path, history: History) -> None:
        self.problems: list[str] = []
        self.reopened = history.root
        self._nodes: dict[int, Node] = {0: history.root}
        self._numbers: dict[int, int] = {0: 0}
        self._next = 1
        self._journal, records = Journal.open(path, history.scenario.name)
        for record in records:
            self._read(record, history)

    def _read(self, record: dict[str, Any], history: History) -> None:
        if record["record"] == "step":
            self._read_step(record, history)
            return
        node = self._nodes.get(record["step"])
        if node is None:
            return
        if record["record"] == "select":
            self.reopened = node
        elif record["name"]:
            history.names[node.number] = record["name"]
        else:
            history.names.pop(node.number, None)

    def _read_step(self, record: dict[str, Any], history: History) -> None:
        number = self._next
        self._next += 1
        parent = self._nodes.get(record["parent"])
        if parent is None:
            return
        try:
            event = resolve(history.scenario, parent.configuration, record["event"], limits=history.limits)
            node = history.take(parent, event)
        except PhasmLabError as error:
            self.problems.append(f"step {number} of the journal does not fit any more: {error}")
            return
        self._enter(number, node)
        self.reopened = node

    def _enter(self, number: int, node: Node) -> None:
        self._nodes[number] = node
        self._numbers[node.number] = number

    def step(self, parent: Node, child: Node) -> None:
        """Write down a new step."""
        assert child.step is not None
        self._enter(self._next, child)
        self._next += 1
        parent_number = self._numbers[parent.number]
        self._journal.append({"record": "step", "parent": parent_number, "event": encode_event(child.step.event)})

    def select(self, node: Node) -> None:
        """Write down which step is selected, unless it is the one that was written last."""
        if self._numbers[node.number] != self._next - 1 or node.children:
            self._journal.append({"record": "select", "step": self._numbers[node.number]})

    def name(self, node: Node, name: str) -> None:
        """Write down the name of a branch."""
        self._journal.append({"record": "name", "step": self._numbers[node.number], "name": name})

    def close(self) -> None:
        """Let go of the file."""
        self._journal.close()
