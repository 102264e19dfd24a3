"""Which events can happen: enumerated from a configuration, each one with everything it needs to be taken.

A *survey* runs a transition once, metered, and takes it back: it knows the accesses, adds and actions that faults and
crash points are made of. `enabled` lists what a search branches over: a crash before the commit once, since every
such crash leaves the same state; `crash_points` lists every place that a person may want to click.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.choose import alternatives
from phasm_lab.engine.configuration import ANSWERED, UNFIRED, Configuration
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
from phasm_lab.engine.perform import perform
from phasm_lab.engine.rules import obstacle, overtakes
from phasm_lab.engine.step import NO_LIMITS
from phasm_lab.engine.transition import Attempt, attempt
from phasm_lab.errors import DefinitionError
from phasm_lab.machine.data import detach, freeze
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import Normal, TrackedActionCompleted

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from phasm_lab.engine.drive import Limits
    from phasm_lab.engine.scenario import Scenario

__all__ = [
    "crash_points",
    "enabled",
    "error_points",
    "listed_losses",
    "losses",
    "next_inputs",
    "outcomes",
    "survey",
    "transitions",
]

MAX_BRANCH_COUNT = 1_000
"""Ways a perform may go before it is refused."""

MAX_LISTED_MESSAGE_COUNT = 6
"""Distinct messages on the wire above which not every part of it is listed as what a crash may take."""


def losses(messages: tuple[Message, ...]) -> list[tuple[Message, ...]]:
    """Return every distinct part of the wire that a crash may take, nothing first.

    Examples
    --------
    >>> from phasm_lab.machine.values import Tracked
    >>> len(losses((Request(Tracked(1, "a"), 0), Request(Tracked(1, "a"), 0), Request(Tracked(2, "b"), 0))))
    6
    """
    kinds = distinct(messages)
    counts = [sum(freeze(other) == freeze(kind) for other in messages) for kind in kinds]
    ways = product(*(range(count + 1) for count in counts))
    found = [tuple(kind for kind, count in zip(kinds, way, strict=True) for _ in range(count)) for way in ways]
    return sorted(found, key=len)


def enabled(
    scenario: Scenario,
    configuration: Configuration,
    *,
    limits: Limits = NO_LIMITS,
    taken_by_crash: Callable[[tuple[Message, ...]], list[tuple[Message, ...]]] = losses,
) -> list[Event]:
    """Return every event that a search would branch over, in a fixed order.

    `taken_by_crash` says what a crash may take from the wire, by default every part of it.
    """
    events: list[Event] = []
    if not configuration.up:
        events += _recoveries(scenario, configuration, limits)
    for transition in transitions(scenario, configuration):
        if not isinstance(transition, Recover):
            events += _with_faults(scenario, configuration, transition, limits, taken_by_crash)
    events += dispatches(configuration)
    for request in distinct(configuration.requests):
        events += [Perform(request, taken) for taken, _ in outcomes(scenario, configuration, request, limits=limits)]
    events += wire_faults(scenario, configuration)
    events += [
        Lose(Fire(value)) for value in next_inputs(scenario, configuration) if _budget(configuration, "lost_inputs")
    ]
    crash = Crash()
    if not obstacle(scenario, configuration, crash):
        events += [Crash(lose) for lose in taken_by_crash(configuration.requests + configuration.results)]
    return events


def _budget(configuration: Configuration, name: str) -> bool:
    return configuration.budget(name) > 0


def next_inputs(scenario: Scenario, configuration: Configuration) -> list[Any]:
    """Return the inputs that may be fired next, each distinct one once."""
    if not configuration.up:
        return []
    inputs = configuration.inputs
    indexes = range(inputs.next_index, len(scenario.inputs))
    if scenario.order == "given":
        indexes = indexes[:1]
    return distinct([scenario.inputs[index] for index in indexes if inputs.status(index) == UNFIRED])


def transitions(scenario: Scenario, configuration: Configuration) -> list[Transition]:
    """Return the transitions that could run next, without faults: inputs, results, inputs sent again, restore."""
    if not configuration.up:
        return [Recover()]
    found: list[Transition] = [Fire(value) for value in next_inputs(scenario, configuration)]
    may_overtake = _budget(configuration, "reordered_results")
    found += [
        Deliver(result)
        for result in distinct(configuration.results)
        if may_overtake or not overtakes(configuration, result)
    ]
    if _budget(configuration, "duplicated_inputs"):
        found += [Fire(value, again=True) for value in answered_inputs(scenario, configuration)]
    return found


def answered_inputs(scenario: Scenario, configuration: Configuration) -> list[Any]:
    """Return the inputs that a client may send again, each distinct one once."""
    inputs = configuration.inputs
    last = max([inputs.next_index - 1, *inputs.beyond], default=-1)
    return distinct([scenario.inputs[i] for i in range(last + 1) if inputs.status(i) == ANSWERED])


def distinct(items: Iterable[Any]) -> list[Any]:
    """Return each different item once, in the order of its first.

    Examples
    --------
    >>> distinct([1, True, 2, 1])
    [1, True, 2]
    """
    found: dict[Hashable, Any] = {}
    for item in items:
        found.setdefault(freeze(item), item)
    return list(found.values())


def dispatches(configuration: Configuration) -> list[Dispatch]:
    """Return the hand-overs that are possible: tracked actions, then untracked ones."""
    if not configuration.up:
        return []
    tracked = [Dispatch(item.action, item.life) for item in configuration.queue]
    return distinct(tracked + [Dispatch(action, configuration.life) for action in configuration.untracked])


def outcomes(
    scenario: Scenario, configuration: Configuration, request: Request, *, limits: Limits = NO_LIMITS
) -> list[tuple[tuple[Any, ...], Any]]:
    """Return each way that the environment may perform a request: (options taken, result).

    Raises
    ------
    DefinitionError
        If there are more ways than anybody could look at.
    """
    waiting: list[tuple[Any, ...]] = [()]
    found = []
    while waiting:
        script = waiting.pop(0)
        taken, offered, value = _look(scenario, configuration, request, script, limits)
        found.append((taken, value))
        waiting += alternatives(taken, offered, len(script))
        if len(found) > MAX_BRANCH_COUNT:
            raise DefinitionError(
                f"perform({line_of(request.action.payload)})",
                f"it can go more than {MAX_BRANCH_COUNT:,} ways",
                "offer fewer options",
            )
    return found


def _look(
    scenario: Scenario, configuration: Configuration, request: Request, script: tuple[Any, ...], limits: Limits
) -> tuple[tuple[Any, ...], list[tuple[Any, ...]], Any]:
    offered: list[tuple[Any, ...]] = []
    event = Perform(request, script)
    _, value, taken = perform(scenario, configuration, event, limits, keep=False, offered=offered)
    return taken, offered, value


def survey(
    scenario: Scenario,
    configuration: Configuration,
    event: Transition,
    *,
    limits: Limits = NO_LIMITS,
    metered: bool = True,
) -> Attempt:
    """Run a transition and take it back: what it would access, add, emit and end in."""
    machine = scenario.machine
    if isinstance(event, Recover):
        return attempt("restore", machine.restore, configuration.state, (), limits, metered=metered, keep=False)
    value = (
        Normal(detach(event.input, "an input"))
        if isinstance(event, Fire)
        else TrackedActionCompleted(event.result.action.id, detach(event.result.value, "a result"))
    )
    return attempt("stf", machine.stf, configuration.state, (value,), limits, metered=metered, keep=False)


def crash_points(attempted: Attempt, event: Transition) -> list[Fault]:
    """Return every place at which the process may die inside a transition, in the order in which they come.

    With a accesses and n tracked actions that is: before accept, a accesses, before commit, commit unknown and n + 1
    hand-overs; a rejected transition has no commit, and restore none either.
    """
    accesses = [Fault("at access", access.number) for access in attempted.accesses]
    handed_over = [Fault("after commit", count) for count in range(len(attempted.tracked) + 1)]
    if isinstance(event, Recover):
        return accesses + (handed_over if attempted.refusal is None else [])
    if attempted.refusal is not None:
        return [Fault("before accept"), *accesses]
    return [Fault("before accept"), *accesses, Fault("before commit"), Fault("commit unknown"), *handed_over]


def error_points(attempted: Attempt, event: Transition) -> list[Fault]:
    """Return every storage or add error that can hit a transition: at each access and add, once and from then on."""
    found = [Fault("access fails", a.number, sticky) for a in attempted.accesses for sticky in (False, True)]
    found += [
        Fault("add fails", number, sticky) for number in range(1, attempted.add_count + 1) for sticky in (False, True)
    ]
    if not isinstance(event, Recover) and attempted.refusal is None:
        found.append(Fault("commit fails"))
    return found


def listed_losses(messages: tuple[Message, ...]) -> list[tuple[Message, ...]]:
    """Return the losses that a person is shown: all, or nothing, each one and everything where the wire is crowded."""
    kinds = distinct(messages)
    if len(kinds) <= MAX_LISTED_MESSAGE_COUNT:
        return losses(messages)
    return [(), *((kind,) for kind in kinds), messages]


def wire_faults(scenario: Scenario, configuration: Configuration) -> list[Event]:
    """Return what the wire and the executor may do wrong here: lose, duplicate, delay."""
    candidates: list[Event] = []
    for request in distinct(configuration.requests):
        candidates += [Lose(request), Duplicate(request), Delay(request)]
    for result in distinct(configuration.results):
        candidates += [Lose(result), Duplicate(result)]
    return [event for event in candidates if not obstacle(scenario, configuration, event)]


def _recoveries(scenario: Scenario, configuration: Configuration, limits: Limits) -> Iterator[Event]:
    yield Recover()
    faults = ("access_errors", "add_errors", "crashes", "recovery_crashes")
    if any(_budget(configuration, name) for name in faults):
        attempted = survey(scenario, configuration, Recover(), limits=limits)
        for fault in error_points(attempted, Recover()):
            yield from _possible(scenario, configuration, Recover(fault))


def _possible(scenario: Scenario, configuration: Configuration, event: Event) -> Iterator[Event]:
    if not obstacle(scenario, configuration, event):
        yield event


def _with_faults(
    scenario: Scenario,
    configuration: Configuration,
    event: Fire | Deliver,
    limits: Limits,
    taken_by_crash: Callable[[tuple[Message, ...]], list[tuple[Message, ...]]],
) -> Iterator[Event]:
    yield event
    names = ("access_errors", "add_errors", "commit_failures", "unknown_commits", "crashes", "recovery_crashes")
    if not any(_budget(configuration, name) for name in names):
        return
    attempted = survey(scenario, configuration, event, limits=limits)
    for fault in error_points(attempted, event):
        yield from _possible(scenario, configuration, _faulted(event, fault))
    if attempted.refusal is not None:
        return
    wire = configuration.requests + configuration.results
    if isinstance(event, Deliver):
        wire = _after_delivery(configuration, event)
    sent = tuple(Request(action, configuration.life) for action in attempted.tracked)
    for fault in crash_points(attempted, event):
        if fault.kind in ("commit unknown", "after commit"):
            on_wire = (configuration.requests + configuration.results) if fault.kind == "commit unknown" else wire
            for lose in taken_by_crash(on_wire + sent[: fault.number]):
                yield from _possible(
                    scenario, configuration, _faulted(event, Fault(fault.kind, fault.number, lose=lose))
                )


def _after_delivery(configuration: Configuration, event: Deliver) -> tuple[Message, ...]:
    results = list(configuration.results)
    keys = [freeze(result) for result in results]
    del results[keys.index(freeze(event.result))]
    return configuration.requests + tuple(results)


def _faulted(event: Fire | Deliver, fault: Fault) -> Event:
    if isinstance(event, Fire):
        return Fire(event.input, again=event.again, fault=fault)
    return Deliver(event.result, fault=fault)
