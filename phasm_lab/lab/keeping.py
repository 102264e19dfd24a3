"""Keeping a lab's history in a journal file, and building it up again from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.errors import PhasmLabError
from phasm_lab.trace.asked import asked_on_the_way
from phasm_lab.trace.codec import encode_event
from phasm_lab.trace.journal import Journal
from phasm_lab.trace.labels import shorten
from phasm_lab.trace.replay import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from phasm_lab.engine.step import Step
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
        self._selected = 0
        self._journal, records = Journal.open(path, history.scenario.name)
        for record in records:
            self._read(record, history)

    def _read(self, record: dict[str, Any], history: History) -> None:
        kind = record.get("record")
        if kind == "step":
            self._read_step(record, history)
        elif kind in ("select", "name"):
            self._read_about_step(record, history)
        else:
            self._misses(record, "no record of a step, a selection or a name")

    def _read_step(self, record: dict[str, Any], history: History) -> None:
        number = self._next
        self._next += 1
        self._selected = number
        parent = self._node(record, "parent", below=number)
        if parent is None:
            return
        try:
            event = resolve(
                history.scenario,
                parent.configuration,
                record.get("event"),
                limits=history.limits,
                asked=asked_on_the_way(parent),
            )
            node = history.take(parent, event)
        except PhasmLabError as error:
            self.problems.append(f"step {number} of the journal does not fit any more: {error}")
            return
        self._numbers[node.number] = number
        self._nodes[number] = self.reopened = node

    def _read_about_step(self, record: dict[str, Any], history: History) -> None:
        node = self._node(record, "step", below=self._next)
        if node is None:
            return
        if record["record"] == "select":
            self.reopened, self._selected = node, record["step"]
        elif not isinstance(record.get("name"), str):
            self._misses(record, "its 'name' is no text")
        elif record["name"]:
            history.names[node.number] = record["name"]
        else:
            history.names.pop(node.number, None)

    def _node(self, record: dict[str, Any], key: str, *, below: int) -> Node | None:
        """Return the node that a record is about; None where it is not known, or left out."""
        number = record.get(key)
        if type(number) is not int or not 0 <= number < below:
            self._misses(record, f"its {key!r} is no step before it")
            return None
        return self._nodes.get(number)

    def _misses(self, record: dict[str, Any], why: str) -> None:
        self.problems.append(f"a record of the journal means nothing: {shorten(repr(record))}: {why}")

    def steps(self, parent: Node, taken: Sequence[Step], *, first_number: int) -> None:
        """Write down new steps, all or none; the node of the first will have `first_number`."""
        before = [self._numbers[parent.number], *range(self._next, self._next + len(taken) - 1)]
        self._journal.append(
            *(
                {"record": "step", "parent": number, "event": encode_event(step.event)}
                for number, step in zip(before, taken, strict=True)
            )
        )
        for index in range(len(taken)):
            self._numbers[first_number + index] = self._next + index
        self._next += len(taken)
        self._selected = self._next - 1

    def select(self, node: Node) -> None:
        """Write down which step is selected, unless it is so in the file."""
        number = self._numbers[node.number]
        if number != self._selected:
            self._journal.append({"record": "select", "step": number})
            self._selected = number

    def name(self, node: Node, name: str) -> None:
        """Write down the name of a branch."""
        self._journal.append({"record": "name", "step": self._numbers[node.number], "name": name})

    def close(self) -> None:
        """Let go of the file."""
        self._journal.close()
