"""The lab: a cursor over the history tree, with a verb for each event and a noun for what is seen at the selected step."""

from __future__ import annotations

import threading
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from phasm_lab.engine.configuration import ANSWERED, UNFIRED, Configuration
from phasm_lab.engine.enabled import enabled, outcomes, survey
from phasm_lab.engine.events import (
    Crash,
    Delay,
    Deliver,
    Dispatch,
    Duplicate,
    Event,
    Fault,
    Fire,
    Lose,
    Message,
    Perform,
    Recover,
    Request,
    Transition,
)
from phasm_lab.engine.here import InFlight, in_flight
from phasm_lab.engine.rules import input_index, is_declared
from phasm_lab.engine.scenario import Scenario
from phasm_lab.engine.step import Step, step
from phasm_lab.errors import DefinitionError, NotEnabledError, PhasmLabError
from phasm_lab.interpreter.watchdog import Watchdog
from phasm_lab.lab.find import ANY, Finder, messages
from phasm_lab.lab.judgements import Judgement, judge_all
from phasm_lab.lab.keeping import Keeper
from phasm_lab.lab.python_lines import python_line
from phasm_lab.lab.shown import EnabledEvents, lab_text
from phasm_lab.trace.history import History, Node
from phasm_lab.trace.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phasm_lab.engine.drive import Limits
    from phasm_lab.export.graphs import HistoryGraph

__all__ = ["Lab"]

MAX_RUN_STEP_COUNT = 1_000
"""Steps after which `run` gives up on a machine that never becomes quiescent."""

CRASHES = ("before accept", "at access", "before commit", "commit unknown", "after commit")
FAILURES = ("access", "add", "commit")

P = ParamSpec("P")
R = TypeVar("R")


def _locked(method: Callable[P, R]) -> Callable[P, R]:
    """Let one thread at a time into the lab: widget messages arrive on a thread of their own."""

    @wraps(method)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with args[0]._lock:  # type: ignore[attr-defined]  # noqa: SLF001 - this is the lab's own
            return method(*args, **kwargs)

    return inside


class Lab:
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
        if not isinstance(scenario, Scenario):
            raise DefinitionError(
                f"Lab({scenario!r})", "it is not a Scenario", "write pl.Lab(pl.Scenario(machine, ...))"
            )
        self._lock = threading.RLock()
        self.scenario = scenario
        self.limits: Limits = Watchdog(limit_ms)
        self.history = History(scenario, limits=self.limits)
        self._judgements: dict[int, tuple[Judgement, ...]] = {}
        self._observers: list[Callable[[], None]] = []
        self._selected = self.history.root
        self._tip = self.history.root
        self._keeper = Keeper(journal, self.history) if journal is not None else None
        if self._keeper is not None:
            self._select(self._keeper.reopened)

    # Nouns: what is seen at the selected step.

    @property
    def selected(self) -> Node:
        """The selected step, as a node of the history tree."""
        return self._selected

    @property
    def tip(self) -> Node:
        """The newest step of the branch that the selected step is on."""
        return self._tip

    @property
    def configuration(self) -> Configuration:
        """The configuration after the selected step."""
        return self._selected.configuration

    @property
    def problems(self) -> tuple[str, ...]:
        """What of a reopened journal did not fit any more, one sentence each."""
        return tuple(self._keeper.problems) if self._keeper is not None else ()

    @property
    @_locked
    def state(self) -> Any:
        """A copy of the durable state."""
        return self.configuration.state.plain()

    @property
    @_locked
    def environment(self) -> Any:
        """A copy of the state of the outside world."""
        return self.configuration.environment.plain()

    @property
    def in_flight(self) -> tuple[InFlight, ...]:
        """What is emitted and not yet answered to the machine."""
        return in_flight(self.configuration)

    @property
    @_locked
    def enabled(self) -> EnabledEvents:
        """The events that can happen; prints as the calls that make them."""
        events = enabled(self.scenario, self.configuration, limits=self.limits)
        return EnabledEvents(events, [self.python_line(self._selected, event) for event in events])

    @property
    def trace(self) -> Trace:
        """The run from the start to the selected step."""
        nodes = self._selected.path()
        return Trace(
            self.scenario, nodes[0].configuration, tuple(node.step for node in nodes[1:] if node.step is not None)
        )

    @_locked
    def judgements(self, node: Node | None = None) -> tuple[Judgement, ...]:
        """Return what each property of the scenario says at a step, by default the selected one."""
        node = node or self._selected
        if node.number not in self._judgements:
            self._judgements[node.number] = judge_all(self.scenario, node.configuration, self.limits)
        return self._judgements[node.number]

    @_locked
    def python_line(self, node: Node, event: Event) -> str:
        """Return the call that makes `event` at a step."""
        return python_line(self.scenario, node.configuration, event, self.limits)

    # Verbs: each takes an event at the selected step.

    @_locked
    def take(self, event: Event) -> Node:
        """Take any event, given as it is; the other verbs end here."""
        return self._keep([step(self.scenario, self.configuration, event, limits=self.limits)])

    @_locked
    def fire(
        self,
        value: Any,
        *,
        crash: str | None = None,
        fails: str | None = None,
        number: int | None = None,
        sticky: bool = False,
        lose: Any = (),
    ) -> Node:
        """Fire an input; one that was answered already is sent again by the client.

        Parameters
        ----------
        value
            One of the scenario's inputs, or any other value: its step is then marked as not in the scenario.
        crash
            Where the process dies inside the transition: "before accept", "at access", "before commit", "commit unknown"
            or "after commit".
        fails
            What fails: an "access", an "add" or the "commit".
        number
            Which access or add (1 is the first); how many actions were handed over before the crash.
        sticky
            Whether every access or add after it fails too.
        lose
            What the crash takes from the wire: "all", ids, ``("request", id)`` or ``("result", id)``.

        Raises
        ------
        NotEnabledError
            If it cannot happen here.
        """
        again = (
            is_declared(self.scenario, value)
            and input_index(self.scenario, self.configuration, value, UNFIRED) < 0
            and input_index(self.scenario, self.configuration, value, ANSWERED) >= 0
        )
        clean = Fire(value, again=again)
        fault = self._fault(clean, crash, fails, number, sticky=sticky, lose=lose)
        return self.take(Fire(value, again=again, fault=fault))

    @_locked
    def dispatch(self, identity: Any, *, action: Any = ANY, life: Any = ANY) -> Node:
        """Hand over a queued action: a tracked one by id, an untracked one by payload."""
        return self._keep(self._finder(identity, action, life).dispatch(self.configuration))

    @_locked
    def perform(self, identity: Any, outcome: Any = ANY, *, action: Any = ANY, life: Any = ANY) -> Node:
        """Have the environment perform a request; `outcome` is its result or the only choice it makes.

        Raises
        ------
        NotEnabledError
            If nothing of this id can be performed, or it cannot end in `outcome`.
        AmbiguousError
            If more than one request or outcome fits.
        """
        return self._keep(self._finder(identity, action, life).perform(self.configuration, outcome))

    @_locked
    def deliver(
        self,
        identity: Any,
        result: Any = ANY,
        *,
        action: Any = ANY,
        life: Any = ANY,
        crash: str | None = None,
        fails: str | None = None,
        number: int | None = None,
        sticky: bool = False,
        lose: Any = (),
    ) -> Node:
        """Deliver a result to the machine; crash, fails, number, sticky and lose are those of `fire`."""
        finder = self._finder(identity, action, life)
        planned = finder.deliver(self.configuration, result)
        if crash is not None or fails is not None:
            last = planned.pop()
            before = planned[-1].configuration if planned else self.configuration
            assert isinstance(last.event, Deliver)
            fault = self._fault(last.event, crash, fails, number, sticky=sticky, lose=lose, configuration=before)
            event = Deliver(last.event.result, fault)
            planned.append(step(self.scenario, before, event, limits=self.limits))
        return self._keep(planned)

    @_locked
    def lose(self, message: Any) -> Node:
        """Lose one message on the wire: an id, ``("request", id)`` or ``("result", id)``."""
        return self.take(Lose(self._message(message)))

    @_locked
    def lose_input(self, value: Any) -> Node:
        """Lose an input on its way to the machine."""
        return self.take(Lose(Fire(value)))

    @_locked
    def duplicate(self, message: Any) -> Node:
        """Have the wire make a second copy of a message, named as for `lose`."""
        return self.take(Duplicate(self._message(message)))

    @_locked
    def delay(self, identity: Any) -> Node:
        """Have the executor send a request again while the first is still under way."""
        message = self._message(identity if isinstance(identity, Request) else ("request", identity))
        assert isinstance(message, Request)
        return self.take(Delay(message))

    @_locked
    def crash(self, *, lose: Any = ()) -> Node:
        """Have the process die: queue and memory are gone; the wire keeps what `lose` does not name."""
        return self.take(Crash(messages(self.configuration, lose)))

    @_locked
    def recover(
        self,
        *,
        crash: str | None = None,
        fails: str | None = None,
        number: int | None = None,
        sticky: bool = False,
        lose: Any = (),
    ) -> Node:
        """Start the process again and run restore; crash, fails, number, sticky and lose are those of `fire`."""
        return self.take(Recover(self._fault(Recover(), crash, fails, number, sticky=sticky, lose=lose)))

    @_locked
    def run(self) -> Node:
        """Go on without further faults or inputs until nothing is left to do.

        Raises
        ------
        PhasmLabError
            If the machine is not quiescent after 1,000 steps; they are kept.
        """
        for _ in range(MAX_RUN_STEP_COUNT):
            event = self._next_without_faults()
            if event is None:
                return self._selected
            self._keep([step(self.scenario, self.configuration, event, limits=self.limits)], announce=False)
            if isinstance(event, Recover) and not self.configuration.up:
                break
        else:
            self._announce()
            raise PhasmLabError(
                "lab.run()",
                f"not quiescent after {MAX_RUN_STEP_COUNT:,} steps",
                "the machine keeps emitting; step by hand",
            )
        self._announce()
        return self._selected

    # Moving about in the history.

    @_locked
    def back(self, count: int = 1) -> Node:
        """Select the step `count` before; the branch stays."""
        node = self._selected
        for _ in range(count):
            node = node.parent or node
        return self._select(node)

    @_locked
    def forward(self, count: int = 1) -> Node:
        """Select the step `count` after, on the branch that was looked at last."""
        path = self._tip.path()
        return self._select(path[min(self._selected.depth + count, len(path) - 1)])

    @_locked
    def goto(self, number: int) -> Node:
        """Select a step by its number in the whole history; 0 is the start.

        Raises
        ------
        NotEnabledError
            If there is no such step.
        """
        if type(number) is not int or not 0 <= number < len(self.history):
            raise NotEnabledError(
                f"goto({number!r})", "there is no such step", f"steps are numbered 0 to {len(self.history) - 1}"
            )
        return self._select(self.history.nodes[number])

    @_locked
    def name(self, name: str) -> Node:
        """Name the branch at the selected step; an empty name takes it away."""
        number = self._selected.number
        if name:
            self.history.names[number] = str(name)
        else:
            self.history.names.pop(number, None)
        if self._keeper is not None:
            self._keeper.name(self._selected, str(name))
        self._announce()
        return self._selected

    @_locked
    def without(self, number: int | None = None) -> Node:
        """Try the selected branch as if one step had not happened: what comes after it is taken again where it fits.

        Raises
        ------
        NotEnabledError
            If the step is not on the selected branch, or is the start.
        """
        path = self._tip.path()
        wanted = self._selected.number if number is None else number
        index = next((index for index, node in enumerate(path) if node.number == wanted), 0)
        if index == 0:
            raise NotEnabledError(f"without({wanted!r})", "it is not a step of this branch", "goto a later step first")
        self._select(path[index - 1])
        for node in path[index + 1 :]:
            assert node.step is not None
            try:
                self.take(node.step.event)
            except NotEnabledError:
                continue
        return self._selected

    def observe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Have `observer` called whenever the selected step or the history changes; return what ends that."""
        self._observers.append(observer)

        def stop() -> None:
            if observer in self._observers:
                self._observers.remove(observer)

        return stop

    def close(self) -> None:
        """Let go of the journal, so that another lab may open it; the lab itself stays usable, unjournaled."""
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None

    # What the lab is shown as.

    @_locked
    def graph(self) -> HistoryGraph:
        """Return the configurations of the whole history as a networkx graph; see `phasm_lab.export.graphs`."""
        from phasm_lab.export.graphs import history_graph

        return history_graph(self)

    @_locked
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
        from phasm_lab.widgets import Explorer

        return Explorer(self)._repr_mimebundle_(**options)

    def __panel__(self) -> Any:
        """Return the explorer as a Panel component: what ``pn.Row(lab)`` shows."""
        from phasm_lab.widgets.panel import explorer_pane

        return explorer_pane(self)

    # Within.

    def _finder(self, identity: Any, action: Any, life: Any) -> Finder:
        return Finder(self.scenario, self.limits, identity, action, life)

    def _message(self, named: Any) -> Message:
        found = messages(self.configuration, [named] if not isinstance(named, list) else named)
        return found[0]

    def _fault(
        self,
        event: Transition,
        crash: str | None,
        fails: str | None,
        number: int | None,
        *,
        sticky: bool,
        lose: Any,
        configuration: Configuration | None = None,
    ) -> Fault | None:
        if crash is None and fails is None:
            return None
        if crash is not None and crash not in CRASHES:
            raise NotEnabledError(f"crash={crash!r}", "there is no such crash point", "name one of", map(repr, CRASHES))
        if fails is not None and fails not in FAILURES:
            raise NotEnabledError(f"fails={fails!r}", "there is no such failure", "name one of", map(repr, FAILURES))
        if crash is None:
            default = 0 if fails == "commit" else 1
            return Fault(f"{fails} fails", default if number is None else number, sticky)
        default = 1 if crash == "at access" else 0
        count = default if number is None else number
        configuration = configuration or self.configuration
        sent: tuple[Message, ...] = ()
        if lose and crash == "after commit":
            tracked = survey(self.scenario, configuration, event, limits=self.limits).tracked[:count]
            sent = tuple(Request(action, configuration.life) for action in tracked)
        taken = messages(configuration, lose, sent) if lose else ()
        return Fault(crash, count if crash in ("at access", "after commit") else 0, lose=taken)

    def _next_without_faults(self) -> Event | None:
        """Return the event that `run` takes: Recover, Dispatch, Deliver, Perform, first options."""
        configuration = self.configuration
        if not configuration.up:
            return Recover()
        if configuration.queue:
            return Dispatch(configuration.queue[0].action, configuration.queue[0].life)
        if configuration.untracked:
            return Dispatch(configuration.untracked[0], configuration.life)
        if configuration.results:
            return Deliver(configuration.results[0])
        return self._next_performed()

    def _next_performed(self) -> Event | None:
        configuration = self.configuration
        if not configuration.requests:
            return None
        request = configuration.requests[0]
        ways = outcomes(self.scenario, configuration, request, limits=self.limits)
        return Perform(request, ways[0][0])

    def _keep(self, steps: Sequence[Step], *, announce: bool = True) -> Node:
        node = self._selected
        for taken in steps:
            child = self.history.add(node, taken)
            if child.number == len(self.history) - 1 and self._keeper is not None:
                self._keeper.step(node, child)
            node = child
        return self._select(node, announce=announce)

    def _select(self, node: Node, *, announce: bool = True) -> Node:
        self._tip = _tip_after(self._tip, node)
        if node is not self._selected and self._keeper is not None:
            self._keeper.select(node)
        self._selected = node
        if announce:
            self._announce()
        return node

    def _announce(self) -> None:
        for observer in list(self._observers):
            observer()


def _tip_after(tip: Node, node: Node) -> Node:
    """Return the end of the branch that `node` is on: the same as before if `node` is on that one."""
    if node.parent is tip and not node.children:
        return node
    ancestor: Node = tip
    while ancestor.depth > node.depth:
        assert ancestor.parent is not None
        ancestor = ancestor.parent
    if ancestor is node:
        return tip
    while node.children:
        node = node.children[-1]
    return node
