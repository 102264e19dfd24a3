"""The lab: a cursor over the history tree, with a verb for each event and a noun for what is seen at the selected step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.enabled import enabled, listed_losses
from phasm_lab.engine.here import InFlight, in_flight
from phasm_lab.lab.arguments import require_event
from phasm_lab.lab.branching import Branching
from phasm_lab.lab.cursor import locked
from phasm_lab.lab.judgements import NOT_JUDGED, Judgement, judge_all
from phasm_lab.lab.python_lines import python_line
from phasm_lab.lab.shown import EnabledEvents, lab_text
from phasm_lab.lab.verbs import Verbs
from phasm_lab.trace.asked import asked_on_the_way
from phasm_lab.trace.trace import Trace

if TYPE_CHECKING:
    from phasm_lab.engine.events import Event
    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.export.graphs import HistoryGraph
    from phasm_lab.trace.history import Node

__all__ = ["Lab"]


class Lab(Verbs, Branching):
    """Runs a scenario step by step, keeps every run tried, and shows the selected step.

    Each verb takes one event (or the few that must come before it) at the selected step and selects the step it leads
    to. A choice made at an earlier step starts a branch and deletes nothing; the same choice selects the step there is.
    A refused call changes nothing.

    Parameters
    ----------
    scenario
        What may happen.
    journal
        Path of a file in which every step is kept, so that the history survives the death of this process; the same call
        opens it again where it was.
    limit_ms
        How long one call of user code may take before it is stopped.

    Raises
    ------
    DefinitionError
        If `scenario` is not a Scenario.
    TraceError
        If the journal is of another scenario, another format, or in use.

    Examples
    --------
    >>> from phasm_lab.examples.payments import payments_charging_again as scenario
    >>> lab = Lab(scenario)
    >>> lab.fire(scenario.inputs[0])
    step 1: fire Pay(user='ada', cents=500)
    >>> lab.perform(1, "charged")
    step 3: perform 1, 'charged'
    """

    def __init__(self, scenario: Scenario, *, journal: str | Path | None = None, limit_ms: float = 2_000) -> None:
        self._judgements: dict[int, tuple[Judgement, ...]] = {}
        super().__init__(scenario, journal=journal, limit_ms=limit_ms)

    @property
    @locked
    def state(self) -> Any:
        """A copy of the durable state."""
        return self.configuration.state.plain()

    @property
    @locked
    def environment(self) -> Any:
        """A copy of the state of the outside world."""
        return self.configuration.environment.plain()

    @property
    def in_flight(self) -> tuple[InFlight, ...]:
        """What is emitted and not yet answered to the machine."""
        return in_flight(self.configuration)

    @property
    @locked
    def enabled(self) -> EnabledEvents:
        """The events that can happen; prints as the calls that make them."""
        events = enabled(self.scenario, self.configuration, limits=self.limits, taken_by_crash=listed_losses)
        return EnabledEvents(events, [self.python_line(self._selected, event) for event in events])

    @property
    def trace(self) -> Trace:
        """The run from the start to the selected step."""
        nodes = self._selected.path()
        return Trace(
            self.scenario, nodes[0].configuration, tuple(node.step for node in nodes[1:] if node.step is not None)
        )

    @locked
    def judgements(self, node: Node | None = None) -> tuple[Judgement, ...]:
        """Return what each property of the scenario says at a step, by default the selected one.

        After a probe they say nothing: probes are judged by repeated-result and late-result alone.

        Raises
        ------
        NotEnabledError
            If it is no step of this lab.
        """
        node = self._selected if node is None else node
        self._require_own(node, "judgements")
        if node.probed:
            return (NOT_JUDGED,) * len(self.scenario.properties)
        if node.number not in self._judgements:
            self._judgements[node.number] = judge_all(self.scenario, node.configuration, self.limits)
        return self._judgements[node.number]

    def _judge(self, node: Node) -> None:
        self.judgements(node)

    @locked
    def python_line(self, node: Node, event: Event) -> str:
        """Return the call that makes `event` at a step.

        Raises
        ------
        NotEnabledError
            If it is no step of this lab, or no event.
        """
        self._require_own(node, "python_line")
        require_event("python_line", event)
        return python_line(self.scenario, node.configuration, event, self.limits, asked_on_the_way(node))

    @locked
    def graph(self) -> HistoryGraph:
        """Return the configurations of the whole history as a networkx graph; see `phasm_lab.export.graphs`."""
        from phasm_lab.export.graphs import history_graph

        return history_graph(self)

    @locked
    def to_html(self, path: str | Path | None = None) -> str:
        """Return the whole history as one page that steps through it with no kernel and no network; write it to `path`."""
        from phasm_lab.export.page import history_page

        page = history_page(self)
        if path is not None:
            Path(path).write_text(page, encoding="utf-8")
        return page

    def __repr__(self) -> str:
        return lab_text(self)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        from phasm_lab.widgets.explorer import explorer_of

        return explorer_of(self)._repr_mimebundle_(**options)

    def __panel__(self) -> Any:
        """Return the explorer as a Panel component: what ``pn.Row(lab)`` shows."""
        from phasm_lab.widgets.panel import explorer_pane

        return explorer_pane(self)
