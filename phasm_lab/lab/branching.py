"""Taking a whole run at once, as a branch of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.errors import DefinitionError, NotEnabledError, TraceError
from phasm_lab.lab.cursor import Cursor, locked
from phasm_lab.machine.text import line_of
from phasm_lab.trace.asked import asked_for, not_asked
from phasm_lab.trace.labels import label, shorten
from phasm_lab.trace.trace import Trace

if TYPE_CHECKING:
    from phasm_lab.engine.step import Step
    from phasm_lab.trace.history import Node

__all__ = ["Branching"]


class Branching(Cursor):
    """A cursor that takes whole runs."""

    @locked
    def branch(self, trace: Trace, name: str = "") -> Node:
        """Take every step of a run, from the start, and select the last; what the history has already is not taken again.

        Parameters
        ----------
        trace
            A run of this scenario, such as that of a finding.
        name
            What to call the branch, unless its last step has a name.

        Raises
        ------
        DefinitionError
            If `trace` is not a Trace.
        TraceError
            If a step cannot be taken here; then nothing is changed.
        """
        _require_trace("branch", trace)
        steps = self._fitting(trace)
        self._select(self.history.root, announce=False)
        node = self._keep(steps, announce=False)
        if name and node.number not in self.history.names:
            return self.name(name, node.number)
        self._announce()
        return node

    @locked
    def place_of(self, trace: Trace) -> Node | None:
        """Return the step at the end of a run, or None if the history does not hold it whole.

        Raises
        ------
        DefinitionError
            If `trace` is not a Trace.
        """
        _require_trace("place_of", trace)
        node: Node | None = self.history.root
        for taken in trace:
            node = node.child(taken.event) if node is not None else None
        return node

    def _fitting(self, trace: Trace) -> list[Step]:
        """Return the steps that the events of a run make here."""
        steps: list[Step] = []
        node: Node | None = self.history.root
        configuration: Any = self.history.root.configuration
        for taken in trace:
            node = node.child(taken.event) if node is not None else None
            if node is not None and node.step is not None:
                steps.append(node.step)
            else:
                steps.append(self._look(configuration, steps, taken))
            configuration = steps[-1].configuration
        return steps

    def _look(self, configuration: Any, steps: list[Step], taken: Step) -> Step:
        asked = f"branch(...): step {len(steps) + 1}, {label(taken.event)}"
        why = not_asked(taken.event, asked_for(steps))
        if why:
            raise TraceError(asked, why, "give it a run of this scenario")
        try:
            return self.history.look(configuration, taken.event)
        except NotEnabledError as error:
            raise TraceError(asked, error.case, "give it a run of this scenario") from None


def _require_trace(verb: str, trace: Any) -> None:
    if not isinstance(trace, Trace):
        raise DefinitionError(
            f"{verb}({shorten(line_of(trace))})", "it is not a Trace", "give it the trace of a finding or of a lab"
        )
