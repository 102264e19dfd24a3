"""The lab's verbs: one for each event, by the words a person uses for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.engine.configuration import ANSWERED, UNFIRED
from phasm_lab.engine.enabled import outcomes
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
    Perform,
    Recover,
    Request,
    Transition,
)
from phasm_lab.engine.rules import input_index, is_declared
from phasm_lab.engine.step import step
from phasm_lab.errors import NotEnabledError, PhasmLabError
from phasm_lab.lab.arguments import require_count, require_plain
from phasm_lab.lab.cursor import Cursor, locked
from phasm_lab.lab.find import ANY, Finder, messages, one_message
from phasm_lab.lab.wrong import Wrong
from phasm_lab.machine.text import line_of
from phasm_lab.trace.asked import asked_on_the_way
from phasm_lab.trace.labels import label

if TYPE_CHECKING:
    from phasm_lab.trace.history import Node

__all__ = ["Verbs"]

MAX_RUN_STEP_COUNT = 1_000
"""Steps after which `run` gives up on a machine that never becomes quiescent."""


class Verbs(Cursor):
    """A cursor with a verb for each event; each selects the step that the event leads to."""

    @locked
    def fire(
        self,
        value: Any,
        *,
        again: bool = False,
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
        again
            Whether an answered input is sent again although an equal one is still to be fired.
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
            What the crash takes from the wire: "all", ids, ``("request", id)``, ``("result", id)``, or one message written out:
            ``("request", id, payload, life)`` or ``("result", id, payload, life, value)``.

        Raises
        ------
        NotEnabledError
            If it cannot happen here.
        """
        require_plain(value, "an input")
        again = bool(again) or (
            is_declared(self.scenario, value)
            and input_index(self.scenario, self.configuration, value, UNFIRED) < 0
            and input_index(self.scenario, self.configuration, value, ANSWERED) >= 0
        )
        clean = Fire(value, again=again)
        wrong = Wrong(crash, fails, number, sticky=sticky, lose=lose)
        return self.take(Fire(value, again=again, fault=self._fault(clean, wrong)))

    @locked
    def dispatch(self, identity: Any, *, action: Any = ANY, life: Any = ANY) -> Node:
        """Hand over a queued action: a tracked one by id, an untracked one by payload."""
        return self._keep(self._finder(identity, action, life).dispatch(self.configuration))

    @locked
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

    @locked
    def deliver(
        self,
        identity: Any,
        result: Any = ANY,
        *,
        action: Any = ANY,
        life: Any = ANY,
        probe: bool = False,
        crash: str | None = None,
        fails: str | None = None,
        number: int | None = None,
        sticky: bool = False,
        lose: Any = (),
    ) -> Node:
        """Deliver a result to the machine; crash, fails, number, sticky and lose are those of `fire`.

        Parameters
        ----------
        probe
            Whether to try any `result` at all for an id that was asked for, although nothing on the wire carries it: to see
            what the machine does with a result that comes again, or late. It costs no budget, and nothing goes wrong in it.

        Raises
        ------
        NotEnabledError
            If it cannot happen here.
        AmbiguousError
            If more than one result fits.
        """
        finder = self._finder(identity, action, life)
        wrong = Wrong(crash, fails, number, sticky=sticky, lose=lose)
        if probe:
            return self._probe(finder, result, faulted=crash is not None or fails is not None)
        planned = finder.deliver(self.configuration, result)
        if crash is not None or fails is not None:
            last = planned.pop()
            before = planned[-1].configuration if planned else self.configuration
            assert isinstance(last.event, Deliver)
            event = Deliver(last.event.result, wrong.fault(self.scenario, before, last.event, self.limits))
            planned.append(step(self.scenario, before, event, limits=self.limits))
        return self._keep(planned)

    @locked
    def lose(self, message: Any, *, action: Any = ANY, life: Any = ANY, result: Any = ANY) -> Node:
        """Lose one message on the wire: an id, ``("request", id)`` or ``("result", id)``.

        Raises
        ------
        NotEnabledError
            If it cannot happen here.
        AmbiguousError
            If more than one fits; what differs only in life counts as the same, and the oldest is taken.
        """
        return self.take(Lose(one_message(self._finder(message, action, life), "lose", self.configuration, result)))

    @locked
    def lose_input(self, value: Any) -> Node:
        """Lose an input on its way to the machine."""
        require_plain(value, "an input")
        return self.take(Lose(Fire(value)))

    @locked
    def duplicate(self, message: Any, *, action: Any = ANY, life: Any = ANY, result: Any = ANY) -> Node:
        """Have the wire make a second copy of a message, named as for `lose`."""
        finder = self._finder(message, action, life)
        return self.take(Duplicate(one_message(finder, "duplicate", self.configuration, result)))

    @locked
    def delay(self, identity: Any, *, action: Any = ANY, life: Any = ANY) -> Node:
        """Have the executor send a request again while the first is still under way."""
        named = identity if isinstance(identity, Request | list | set) else ("request", identity)
        message = one_message(self._finder(named, action, life), "delay", self.configuration)
        assert isinstance(message, Request)
        return self.take(Delay(message))

    @locked
    def crash(self, *, lose: Any = ()) -> Node:
        """Have the process die: queue and memory are gone; the wire keeps what `lose` does not name."""
        return self.take(Crash(messages(self.configuration, lose)))

    @locked
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
        wrong = Wrong(crash, fails, number, sticky=sticky, lose=lose)
        return self.take(Recover(self._fault(Recover(), wrong)))

    @locked
    def run(self) -> Node:
        """Go on without further faults or inputs until nothing is left to do.

        Raises
        ------
        PhasmLabError
            If the machine is not quiescent after 1,000 steps; they are kept.
        """
        try:
            for _ in range(MAX_RUN_STEP_COUNT):
                event = self._next_without_faults()
                if event is None:
                    return self._selected
                self._keep([step(self.scenario, self.configuration, event, limits=self.limits)], announce=False)
                if isinstance(event, Recover) and not self.configuration.up:
                    return self._selected
        finally:
            self._announce()
        raise PhasmLabError(
            "lab.run()",
            f"not quiescent after {MAX_RUN_STEP_COUNT:,} steps",
            "the machine keeps emitting; step by hand",
        )

    def _probe(self, finder: Finder, result: Any, *, faulted: bool) -> Node:
        event = finder.probe(asked_on_the_way(self._selected), result)
        require_plain(result, "a result")
        if faulted:
            raise NotEnabledError(label(event), "nothing can go wrong in a probe", "leave out crash= and fails=")
        return self.take(event)

    def _finder(self, identity: Any, action: Any, life: Any) -> Finder:
        if life is not ANY:
            require_count(f"life={line_of(life)}", life, "lives", "the one before the first crash is life=0")
        return Finder(self.scenario, self.limits, identity, action, life)

    def _fault(self, event: Transition, wrong: Wrong) -> Fault | None:
        return wrong.fault(self.scenario, self.configuration, event, self.limits)

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
