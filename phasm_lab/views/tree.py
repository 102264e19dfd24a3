"""The history as a tree of stretches, for the branch strip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.trace.labels import shorten

if TYPE_CHECKING:
    from phasm_lab.trace.history import Node
    from phasm_lab.views.facts import FactBook
    from phasm_lab.views.run_shapes import Segment, Tree

__all__ = ["Segments", "tree"]


class _Stretch:
    __slots__ = ("kinds", "nodes", "parent")

    def __init__(self, first: Node) -> None:
        self.parent = first.parent
        self.nodes = [first]
        self.kinds: list[str] = []


class Segments:
    """The history tree as stretches: a first child goes on with its parent's, any other begins one of its own."""

    def __init__(self) -> None:
        self.stretches: list[_Stretch] = []
        self._home: list[_Stretch] = []

    def add(self, node: Node) -> None:
        """Take in a node; nodes come in order of creation."""
        if node.parent is not None and node.parent.children[0] is node:
            stretch = self._home[node.parent.number]
            stretch.nodes.append(node)
        else:
            stretch = _Stretch(node)
            self.stretches.append(stretch)
        self._home.append(stretch)

    def is_on_way(self, earlier: Node, node: Node) -> bool:
        """Tell whether `earlier` is `node` or on the way to it."""
        wanted = self._home[earlier.number]
        stretch = self._home[node.number]
        while stretch is not wanted:
            if stretch.parent is None or stretch.parent.depth < earlier.depth:
                return False
            node = stretch.parent
            stretch = self._home[node.number]
        return earlier.depth <= node.depth


def tree(book: FactBook) -> Tree:
    """Return the whole history."""
    book.update()
    lab = book.lab
    return {
        "step_count": len(lab.history),
        "segments": [_segment(book, stretch) for stretch in book.segments.stretches],
        "names": [{"step": step, "name": shorten(name)} for step, name in sorted(lab.history.names.items())],
        "selected": lab.selected.number,
        "newest": lab.tip.number,
    }


def _segment(book: FactBook, stretch: _Stretch) -> Segment:
    for node in stretch.nodes[len(stretch.kinds) :]:
        stretch.kinds.append(book.of(node).letter)
    return {
        "parent": -1 if stretch.parent is None else stretch.parent.number,
        "depth": stretch.nodes[0].depth,
        "steps": [node.number for node in stretch.nodes],
        "kinds": "".join(stretch.kinds),
    }
