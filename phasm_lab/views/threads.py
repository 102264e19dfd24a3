"""The selected branch as a timeline: a window of its rows and the threads that are longer than one row."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phasm_lab.trace.history import Node
    from phasm_lab.views.facts import FactBook
    from phasm_lab.views.origins import Opened
    from phasm_lab.views.run_shapes import Found, Row, Thread, Timeline

__all__ = ["WINDOW_ROW_COUNT", "Branch"]

WINDOW_ROW_COUNT = 200
"""Rows that a window holds at most."""

NEAR_ROW_COUNT = 80
"""Rows around the selected one that go with every step: what is on the screen, and some to scroll to."""
"""Rows that are sent unless others are asked for."""


class Branch:
    """The run that ends at the lab's tip, followed from one change to the next.

    Attributes
    ----------
    nodes
        The steps of the branch, from the start.
    """

    def __init__(self, book: FactBook) -> None:
        self.book = book
        self.nodes: list[Node] = []
        self._letters: list[str] = []
        self._threads: list[Thread] = []
        self._open: dict[int, Thread] = {}
        self._found: Found | None = None

    def follow(self, tip: Node) -> None:
        """Become the branch that ends at `tip`; costs what changed."""
        self.book.update()
        new = []
        node: Node | None = tip
        while node is not None and not (node.depth < len(self.nodes) and self.nodes[node.depth] is node):
            new.append(node)
            node = node.parent
        kept = node.depth + 1 if node is not None else 0
        if kept < len(self.nodes):
            self._cut(kept)
        for node in reversed(new):
            self._append(node)
        if new or kept < len(self.nodes):
            self.find(self._found["text"] if self._found else "")

    def _cut(self, kept: int) -> None:
        nodes = self.nodes[:kept]
        self.nodes, self._threads, self._open = [], [], {}
        del self._letters[:]
        for node in nodes:
            self._append(node)

    def _append(self, node: Node) -> None:
        facts = self.book.of(node)
        row_index = len(self.nodes)
        self.nodes.append(node)
        self._letters.append(facts.letter)
        for opened in facts.begun:
            self._open[id(opened)] = thread = _thread(opened)
            self._threads.append(thread)
        for opened, end in facts.ended:
            thread = self._open.pop(id(opened))
            thread["to"], thread["end"] = row_index, end

    def first_broken(self) -> Node | None:
        """Return the first step that breaks something while every input was one of the scenario's."""
        for node, letter in zip(self.nodes, self._letters, strict=True):
            if letter.islower():
                facts = self.book.of(node)
                if facts.breaks and facts.declared:
                    return node
        return None

    def find(self, text: str) -> None:
        """Look for the rows whose sentence holds a text; "" ends the search."""
        wanted = text.casefold()
        rows = [i for i, node in enumerate(self.nodes) if wanted in self._searched(node)] if wanted else []
        self._found = {"text": text, "rows": rows} if wanted else None

    def _searched(self, node: Node) -> str:
        row = self.book.of(node).row
        return f"{row['kind']} {row['label']} {row['say']}".casefold()

    def timeline(self, first: int | None = None, count: int | None = None) -> Timeline:
        """Return a window of rows; by default the whole branch, or where that is long the rows around the selected one."""
        total = len(self.nodes)
        count = NEAR_ROW_COUNT if count is None else max(1, min(count, WINDOW_ROW_COUNT))
        if first is None:
            first = self.book.lab.selected.depth - count // 2
        first = max(0, min(first, total - count))
        rows: list[Row] = [self.book.of(node).row for node in islice(self.nodes, first, first + count)]
        last = first + len(rows) - 1
        return {
            "branch": self.nodes[-1].number,
            "row_count": total,
            "first": first,
            "rows": rows,
            "threads": [
                each for each in self._threads if each["from"] <= last and (each["to"] < 0 or each["to"] >= first)
            ],
            "outline": "".join(self._letters),
            "systems": self.book.systems or [self.book.lab.scenario.environment.name],
            "found": self._found,
        }


def _thread(opened: Opened) -> Thread:
    return {
        "kind": opened.kind,
        "id": opened.id,
        "from": opened.row,
        "to": -1,
        "end": "open",
        "slot": opened.slot,
        "tracked": opened.tracked,
    }
