"""Running on without choosing: no further faults or inputs, the outside world answering as it did in the crash-free run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.configuration import UNFIRED, Configuration
from phasm_lab.engine.drive import Limits
from phasm_lab.engine.enabled import outcomes
from phasm_lab.engine.events import Deliver, Dispatch, Event, Fire, Perform, Recover, Request
from phasm_lab.engine.scenario import Scenario, start
from phasm_lab.engine.step import Step, step
from phasm_lab.errors import NotEnabledError, PhasmLabError
from phasm_lab.machine.data import freeze
from phasm_lab.machine.definition import FAULT_NAMES, Faults
from phasm_lab.machine.values import Tracked, kind_of
from phasm_lab.trace.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

__all__ = ["ORDERS", "SENT_FIRST", "Answers", "Runner", "crash_free_run", "with_faults"]

MAX_STEP_COUNT = 1_000
"""Steps after which a crash-free run is taken not to come to rest."""

SENT_FIRST = ("dispatch", "result", "request", "late request", "late result")
"""What is asked in this life is answered first, what survived the crash comes last."""

ORDERS: tuple[tuple[str, ...], ...] = (
    SENT_FIRST,
    ("late request", "late result", "dispatch", "result", "request"),
    ("late request", "dispatch", "result", "request", "late result"),
    ("dispatch", "request", "late request", "late result", "result"),
)
"""The orders in which a recovery is tried where something on the wire survived the crash: survivors last; survivors first;
performed first and delivered last; performed and delivered between restore's own request and its answer."""

Key = tuple[Any, str]


def with_faults(scenario: Scenario, faults: Faults, **changes: Any) -> Scenario:
    """Return a scenario that differs in its budgets, and in what else is named."""
    parts = {
        "inputs": scenario.inputs,
        "environment": scenario.environment,
        "properties": scenario.properties,
        "order": scenario.order,
        "results": scenario.results,
        "outcome": scenario.outcome,
        "limit": scenario.limit,
        "name": scenario.name,
    }
    return Scenario(scenario.machine, faults=faults, **(parts | changes))


def spending(faults: Faults, steps: Sequence[Step], before: Configuration) -> Faults:
    """Return budgets that suffice for steps from a configuration: those that are given, more only where steps spend more."""
    left = steps[-1].configuration.budgets if steps else before.budgets
    spent = [most - least for most, least in zip(before.budgets, left, strict=True)]
    return Faults(**dict(zip(FAULT_NAMES, map(max, faults.counts(), spent), strict=True)))


def answer_key(action: Tracked) -> Hashable:
    """Return what the outside world recognises a request by: its id and its kind."""
    return freeze((action.id, kind_of(action.payload)))


class Answers:
    """What the outside world chose along a run, for each id and kind of action in the order of asking.

    Asked once more than in that run, it chooses as it did last. Asked what it was never asked there, it takes first options.
    """

    def __init__(self, steps: Iterable[Step] = ()) -> None:
        self._given: dict[Hashable, list[tuple[Any, ...]]] = {}
        for taken in steps:
            if isinstance(taken.event, Perform):
                self._given.setdefault(answer_key(taken.event.request.action), []).append(taken.record.taken)

    def choices(self, request: Request, asked: Counter[Hashable]) -> tuple[Any, ...] | None:
        """Return the choices for a request, `asked` counting what was performed before it; None where nothing is known."""
        key = answer_key(request.action)
        given = self._given.get(key)
        return None if given is None else given[min(asked[key], len(given) - 1)]

    def progress(self, asked: Counter[Hashable]) -> Hashable:
        """Return all of `asked` that later answers depend on."""
        many = ((key, len(given)) for key, given in self._given.items() if len(given) > 1)
        return frozenset((key, min(asked[key], count - 1)) for key, count in many)


@dataclass(frozen=True)
class Runner:
    """Takes the events of a scenario that need no decision.

    Attributes
    ----------
    scenario
        What is run.
    limits
        Stops user code that does not return.
    answers
        What the outside world answers.
    max_step_count
        Steps after which a run is taken not to come to rest.
    """

    scenario: Scenario
    limits: Limits
    answers: Answers
    max_step_count: int = MAX_STEP_COUNT

    def take(self, configuration: Configuration, event: Event, *, metered: bool = False) -> Step:
        """Return the step that an event makes."""
        return step(self.scenario, configuration, event, limits=self.limits, metered=metered)

    def perform(self, configuration: Configuration, request: Request, asked: Counter[Hashable]) -> Step:
        """Return the step in which a request is performed, answered as in the crash-free run if that is still offered."""
        choices = self.answers.choices(request, asked)
        if choices is not None:
            try:
                return self.take(configuration, Perform(request, choices))
            except NotEnabledError:
                pass
        return self.take(configuration, Perform(request, self._first_choices(configuration, request)))

    def _first_choices(self, configuration: Configuration, request: Request) -> tuple[Any, ...]:
        return outcomes(self.scenario, configuration, request, limits=self.limits)[0][0]

    def run_on(
        self,
        configuration: Configuration,
        asked: Counter[Hashable],
        order: Sequence[str] = SENT_FIRST,
    ) -> list[Step]:
        """Return the steps until nothing is left to do, restore fails, or there are too many; `asked` is counted on."""
        steps: list[Step] = []
        while len(steps) < self.max_step_count:
            taken = self._next(configuration, asked, order)
            if taken is None:
                return steps
            steps.append(taken)
            configuration = taken.configuration
            if isinstance(taken.event, Recover) and not configuration.up:
                return steps
        return steps

    def _next(self, here: Configuration, asked: Counter[Hashable], order: Sequence[str]) -> Step | None:
        if not here.up:
            return self.take(here, Recover())
        if here.quiescent:
            return None
        what, item = next(_waiting(here, order))
        if what == "dispatch":
            return self.take(here, Dispatch(item.action, item.life))
        if what == "result":
            return self.take(here, Deliver(item))
        taken = self.perform(here, item, asked)
        asked[answer_key(item.action)] += 1
        return taken


def _waiting(here: Configuration, order: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield what waits to be handed over, performed or delivered, in an order; the oldest of a kind first."""
    kinds = {"dispatch": here.queue, "request": here.requests, "result": here.results}
    for name in order:
        what = name.removeprefix("late ")
        for item in kinds[what]:
            if what == "dispatch" or (item.life < here.life) is name.startswith("late "):  # type: ignore[attr-defined]
                yield what, item


def asked_in(steps: Iterable[Step]) -> Counter[Hashable]:
    """Return how often each id and kind was performed."""
    return Counter(answer_key(taken.event.request.action) for taken in steps if isinstance(taken.event, Perform))


def crash_free_run(scenario: Scenario, limits: Limits) -> Trace:
    """Return the run that fires each input in order and comes to rest after each, nothing going wrong, first answers.

    Untracked actions stay queued, as in a search: nothing depends on them.

    Raises
    ------
    PhasmLabError
        If it does not come to rest.
    """
    runner = Runner(scenario, limits, Answers())
    first = configuration = start(scenario)
    steps: list[Step] = []
    for index, value in enumerate(scenario.inputs):
        if configuration.inputs.status(index) != UNFIRED:
            continue
        taken = runner.take(configuration, Fire(value))
        more = runner.run_on(taken.configuration, Counter())
        steps += [taken, *more]
        configuration = steps[-1].configuration
        if not configuration.quiescent:
            raise PhasmLabError(
                f"the crash-free run of {scenario.name}",
                f"it does not come to rest within {MAX_STEP_COUNT:,} steps of its input {index}, first answers given",
                "pass a run in which the outside world answers otherwise: pl.crash_matrix(scenario, lab.trace)",
            )
    return Trace(scenario, first, steps)
