"""Filling a crash matrix: each hit is taken by the engine, its futures are looked up, and what they end in is judged."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import takewhile
from typing import TYPE_CHECKING

from phasm_lab.engine.configuration import Configuration
from phasm_lab.engine.events import Deliver, Fire
from phasm_lab.engine.step import Step
from phasm_lab.errors import NotEnabledError
from phasm_lab.machine.data import freeze, same
from phasm_lab.recoveries.cells import Recovery
from phasm_lab.recoveries.crash_free_end import crash_free_faults
from phasm_lab.recoveries.crash_points import Hit, hits_of, hits_of_recovery
from phasm_lab.recoveries.free_runs import FreeRuns
from phasm_lab.recoveries.futures import Future, Futures, Performed, end_of, performed_in
from phasm_lab.recoveries.outcome_classes import Judged, Reference, judge, named
from phasm_lab.recoveries.running import Runner, asked_in
from phasm_lab.recoveries.unlike import Unlike, commits_alike, how_commits_differ
from phasm_lab.trace.labels import shorten
from phasm_lab.trace.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.engine.events import Event
    from phasm_lab.engine.scenario import Scenario

__all__ = ["Filler"]


@dataclass(frozen=True)
class _First:
    """Where a run stands when it is hit: what it did before, and the class of what its step breaks by itself."""

    steps: tuple[Step, ...]
    configuration: Configuration
    performed: tuple[Performed, ...]
    asked: Counter[Hashable]


class Filler:
    """Finds what every hit of a crash-free run ends in.

    Attributes
    ----------
    run
        The crash-free run.
    given
        The scenario as it was given, with its own budgets.
    lock
        Held by whoever takes steps: the state behind them is one, and a screen's messages come on a thread of their own.
    """

    def __init__(self, runner: Runner, run: Trace, given: Scenario, *, storage_faults: bool) -> None:
        self.runner = runner
        self.run = run
        self.given = given
        self.storage_faults = storage_faults
        self.lock = threading.RLock()
        self.futures = Futures(runner)
        self._references: dict[int, Reference] = {}
        self._rests: dict[int, tuple[Step, ...]] = {}

    @cached_property
    def crash_free_faults(self) -> str:
        """What is wrong with the crash-free run itself, or ""."""
        with self.lock:
            return crash_free_faults(self.runner, self.run)

    @cached_property
    def free_runs(self) -> FreeRuns:
        """The runs in which nothing goes wrong."""
        return FreeRuns(self.runner)

    def hits(self, step_number: int) -> list[Hit]:
        """Return every way in which a step can be hit."""
        taken = self.run[step_number - 1]
        return list(hits_of(self.runner, self._at(step_number - 1), taken, storage_faults=self.storage_faults))

    def recovery(self, step_number: int, hit: Hit) -> Recovery:
        """Return what a hit ends in, the worst of its orders."""
        first = self._standing(step_number if hit.is_after else step_number - 1)
        crashed = self._take(step_number, first.configuration, hit.event)
        judged, future = self._worst(step_number, first, crashed)
        return self._made(step_number, hit, judged, len(first.steps), (hit.event, *future.events))

    def second_recoveries(self, step_number: int, hits: list[Hit]) -> Iterator[Recovery]:
        """Yield what each second crash ends in, after each different first crash at a step that is recovered from."""
        seen: set[int] = set()
        for hit in hits:
            before = self._standing(step_number if hit.is_after else step_number - 1)
            crashed = self._take(step_number, before.configuration, hit.event)
            future = self.futures.of(crashed, before.asked)[0]
            if future.end.is_quiescent and not crashed.configuration.up and id(future) not in seen:
                seen.add(id(future))
                yield from self._after_first(step_number, hit, crashed, future)

    def _after_first(self, step_number: int, first: Hit, crashed: Step, future: Future) -> Iterator[Recovery]:
        prefix_count = step_number if first.is_after else step_number - 1
        steps = [crashed]
        for event in future.events:
            here = steps[-1].configuration
            taken = self.runner.take(here, event)
            for hit in hits_of_recovery(self.runner, here, taken):
                before = self._extended(prefix_count, (*steps, taken) if hit.is_after else tuple(steps))
                crashed_again = self._take(step_number, before.configuration, hit.event)
                judged, after = self._worst(step_number, before, crashed_again)
                events = (*(each.event for each in before.steps[prefix_count:]), hit.event, *after.events)
                wire = " and then ".join(part for part in (first.wire, hit.wire) if part)
                # Two steps of a recovery may be hit at the same kind of point.
                again = f"and again at step {prefix_count + len(steps) + 1}, {hit.point}"
                whole = hit._replace(point=f"{first.point}, {again}", wire=wire)
                yield self._made(step_number, whole, judged, prefix_count, events)
            steps.append(taken)

    def _made(
        self, step_number: int, hit: Hit, judged: Judged, prefix_count: int, events: tuple[Event, ...]
    ) -> Recovery:
        return Recovery(
            step_number=step_number,
            column=hit.column,
            point=hit.point,
            wire=hit.wire,
            outcome=judged.outcome,
            slug=judged.slug,
            sentence=judged.sentence,
            broken=judged.broken,
            prefix_count=prefix_count,
            events=events,
            _trace=self.trace_of,
            _crash_free=self.crash_free,
            _crash_free_title=self.crash_free_title,
            _given=self.given,
        )

    def trace_of(self, recovery: Recovery) -> Trace:
        """Return the run of a recovery, taken anew."""
        steps = list(self.run[: recovery.prefix_count])
        here = self._at(recovery.prefix_count)
        with self.lock:
            for event in recovery.events:
                steps.append(self._take(recovery.step_number, here, event))
                here = steps[-1].configuration
        return Trace(self.runner.scenario, self.run.start, steps)

    def crash_free(self, step_number: int) -> Trace:
        """Return the crash-free run up to a step, come to rest."""
        with self.lock:
            rest = self._rest(step_number)
        return Trace(self.runner.scenario, self.run.start, (*self.run[:step_number], *rest))

    def crash_free_title(self, step_number: int) -> str:
        """Say how far the crash-free run goes that ends before the next input after a step."""
        events = [step.event for step in self.crash_free(step_number)]
        whole = [step.event for step in self.run]
        if freeze(events) == freeze(whole):
            return "the crash-free run"
        # Where several inputs were in flight, it comes to rest otherwise than the whole run goes on.
        same_count = sum(takewhile(bool, map(same, events, whole)))
        after = "" if same_count == len(events) else ", come to rest"
        later = any(isinstance(event, Fire) for event in whole[same_count:])
        unfired = ", later inputs not fired" if later else ""
        return f"the crash-free run to step {same_count:,} of {len(whole):,}{after}{unfired}"

    def _take(self, step_number: int, here: Configuration, event: Event) -> Step:
        """Return the step that an event makes which was possible when this place was looked at before.

        Raises
        ------
        NotEnabledError
            If it is not any more: the machine gives something else when it is run again.
        """
        try:
            return self.runner.take(here, event)
        except NotEnabledError as error:
            name = shorten(self.run.scenario.name)
            raise NotEnabledError(
                f"crash {name} at step {step_number:,} and what follows",
                "run again on the same state, the machine gives something else, so that no crash can be told from another",
                "take times, random values and new ids from the input or the state; pl.check says where they come from",
            ) from error

    def _worst(self, step_number: int, before: _First, crashed: Step) -> tuple[Judged, Future]:
        reference, finding = self._reference(step_number), self._finding(step_number, crashed)
        judged = []
        for future in self.futures.of(crashed, before.asked):
            unlike = Unlike(self.runner.scenario, self._at_rest(step_number), future.last)
            how_allowed = partial(self._how_allowed, step_number, future.end.outcome, unlike)
            performed = (*before.performed, *future.performed)
            judged.append((judge(reference, performed, future.end, how_allowed, unlike, finding=finding), future))
        return max(judged, key=lambda pair: pair[0].badness)

    def _how_allowed(self, step_number: int, outcome: Hashable, unlike: Unlike) -> str | None:
        """Say how a fault-free run can end so: as the one that stops before the step, or any other; None if not known."""
        if outcome == self._reference(step_number - 1).end.outcome:
            return f"it ends as the crash-free run does without step {step_number}"
        known = self.free_runs.has(outcome)
        if known is None:
            return None
        words = "it ends otherwise than the crash-free run, as another run without faults can"
        return named(words, unlike.outcome) if known else ""

    def _finding(self, step_number: int, crashed: Step) -> tuple[str, str]:
        """Return what the step breaks by itself, whatever comes after."""
        taken = self.run[step_number - 1]
        if step_number in self._unsteady_steps:
            words = "run again on the same state, the step's transition gives something else"
            return "nondeterministic", named(words, self._unsteady_steps[step_number])
        fault = getattr(crashed.event, "fault", None)
        if fault is None or fault.is_crash or crashed.record.result != "committed":
            return "", ""
        if commits_alike(crashed, taken):
            return "", ""
        words = "the error is swallowed, and what commits differs from the run without it"
        return "swallowed-error", named(words, how_commits_differ(taken, crashed, "without the error"))

    @cached_property
    def _unsteady_steps(self) -> dict[int, str]:
        """The steps whose transition gives something else when it is run again on the same state, and what."""
        found = {}
        for index, taken in enumerate(self.run):
            if isinstance(taken.event, Fire | Deliver):
                again = self.runner.take(self._at(index), taken.event)
                if not commits_alike(again, taken):
                    found[index + 1] = how_commits_differ(taken, again, "the first time")
        return found

    def _at(self, step_count: int) -> Configuration:
        return self.run[step_count - 1].configuration if step_count else self.run.start

    def _standing(self, step_count: int) -> _First:
        return self._extended(step_count, ())

    def _extended(self, step_count: int, more: tuple[Step, ...]) -> _First:
        steps = (*self.run[:step_count], *more)
        here = steps[-1].configuration if steps else self.run.start
        performed = (*self._performed(step_count), *performed_in(self._at(step_count), more))
        return _First(steps, here, performed, asked_in(steps))

    def _performed(self, step_count: int) -> tuple[Performed, ...]:
        return tuple(each for index, each in self._all_performed if index < step_count)

    @cached_property
    def _all_performed(self) -> list[tuple[int, Performed]]:
        return [
            (index, each) for index, taken in enumerate(self.run) for each in performed_in(self._at(index), [taken])
        ]

    def _rest(self, step_count: int) -> tuple[Step, ...]:
        if step_count not in self._rests:
            asked = asked_in(self.run[:step_count])
            self._rests[step_count] = tuple(self.runner.run_on(self._at(step_count), asked))
        return self._rests[step_count]

    def _at_rest(self, step_count: int) -> Configuration:
        rest = self._rest(step_count)
        return rest[-1].configuration if rest else self._at(step_count)

    def _reference(self, step_count: int) -> Reference:
        """Return how the crash-free run ends that takes no input after so many steps."""
        if step_count not in self._references:
            rest, here = self._rest(step_count), self._at(step_count)
            end = end_of(self.runner, self.run.start, (*self.run[:step_count], *rest))
            performed = (*self._performed(step_count), *performed_in(here, rest))
            self._references[step_count] = Reference(end, performed)
        return self._references[step_count]
