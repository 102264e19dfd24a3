"""What a property sees of a node of the search, and how far it looked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.engine.here import Here
from phasm_lab.errors import DefinitionError

if TYPE_CHECKING:
    from phasm_lab.checks.parts import Node
    from phasm_lab.checks.space import Space

__all__ = ["WatchedHere"]


class WatchedHere(Here):
    """A configuration for a property, which remembers whether more than state and environment was looked at."""

    __slots__ = ("_node", "_space", "looked_further")

    def __init__(self, space: Space, node: Node) -> None:
        self._space = space
        self._node = node
        self.looked_further = False

    @property
    def configuration(self) -> Any:  # type: ignore[override]
        """The configuration itself, made when somebody looks."""
        self.looked_further = True
        return self._space.configuration(self._node)

    @property
    def untracked(self) -> Any:
        """Refused: a search leaves untracked actions out, so that a property about them would be judged wrongly."""
        raise DefinitionError("here.untracked", "a search leaves untracked actions out", "look at it in the lab")

    @property
    def state(self) -> Any:
        """The durable state."""
        return self._space.states[self._node.state].view()

    @property
    def environment(self) -> Any:
        """The state of the outside world."""
        return self._space.environments[self._node.environment].view()
