"""The history tree: every run tried from one start, never truncated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.engine.drive import Limits, NoLimits
from phasm_lab.engine.scenario import Scenario, start
from phasm_lab.engine.step import Step, step
from phasm_lab.machine.data import same
from phasm_lab.trace.asked import is_probe
from phasm_lab.trace.labels import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.events import Event

__all__ = ["History", "Node"]

NO_LIMITS = NoLimits()


class Node:
    """One configuration reached in one way.

    Attributes
    ----------
    number
        Its step number: nodes count up in order of creation, the start is 0.
    parent
        The node before it, None at the start.
    step
        The step that led here, None at the start.
    configuration
        Where the run stands here.
    scenario
        What is run.
    children
        The nodes after it, in order of creation.
    depth
        How many steps from the start.
    probed
        Whether a probe is among the steps to here: what follows is no run of the scenario, so no property judges it.
    """

    __slots__ = ("children", "configuration", "depth", "number", "parent", "probed", "scenario", "step")

    def __init__(
        self, number: int, parent: Node | None, taken: Step | None, configuration: Configuration, scenario: Scenario
    ) -> None:
        self.number = number
        self.scenario = scenario
        self.parent = parent
        self.step = taken
        self.configuration = configuration
        self.children: list[Node] = []
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.probed: bool = parent is not None and (parent.probed or (taken is not None and is_probe(taken.event)))

    def path(self) -> list[Node]:
        """Return the nodes from the start to here."""
        nodes = list(self.ancestors())
        nodes.reverse()
        return nodes

    def ancestors(self) -> Iterator[Node]:
        """Yield this node, the one before it, and so on to the start."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def child(self, event: Event) -> Node | None:
        """Return the node that `event` led to from here before, or None."""
        for child in self.children:
            assert child.step is not None
            if child.step.event is event or same(child.step.event, event):
                return child
        return None

    def __repr__(self) -> str:
        return f"step {self.number}: {'start' if self.step is None else label(self.step.event)}"


class History:
    """Every run tried from one start.

    Attributes
    ----------
    nodes
        All nodes, by step number.
    names
        Names that somebody gave to branches, by the step number of the node that was named.
    """

    def __init__(self, scenario: Scenario, *, limits: Limits = NO_LIMITS) -> None:
        self.scenario = scenario
        self.limits = limits
        self.root = Node(0, None, None, start(scenario), scenario)
        self.nodes: list[Node] = [self.root]
        self.names: dict[int, str] = {}

    def look(self, configuration: Configuration, event: Event) -> Step:
        """Return the step that `event` would make, without keeping it.

        Raises
        ------
        NotEnabledError
            If it cannot happen there.
        """
        return step(self.scenario, configuration, event, limits=self.limits)

    def take(self, node: Node, event: Event) -> Node:
        """Return the node that `event` leads to: the one there is, or a new one.

        Raises
        ------
        NotEnabledError
            If it cannot happen there.
        """
        found = node.child(event)
        return found if found is not None else self.add(node, self.look(node.configuration, event))

    def add(self, node: Node, taken: Step) -> Node:
        """Keep a step that was made from `node`, unless there is one with the same event."""
        found = node.child(taken.event)
        if found is not None:
            return found
        child = Node(len(self.nodes), node, taken, taken.configuration, self.scenario)
        node.children.append(child)
        self.nodes.append(child)
        return child

    def leaves(self) -> list[Node]:
        """Return the last node of each branch, in order of creation."""
        return [node for node in self.nodes if not node.children]

    def __len__(self) -> int:
        return len(self.nodes)
