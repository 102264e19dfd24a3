"""The one place where a configuration changes: `step` takes an event and returns what became of it.

Theory of operation. `step` asks the rules for an obstacle, hands the event to the handler of its kind, and spends the
budgets that it costs. A handler that needs the user's code runs it once, through `attempt`; a fault rides on the event,
so the same handler plays the clean run, the failed one and the one in which the process dies. Nothing else anywhere makes
a configuration: the lab, a search, a simulation and a replay only choose events.

What it does not handle: untracked actions are handed over or lost, never performed; time does not exist, so an expiry is
an input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from phasm_lab.engine.configuration import UNFIRED, Configuration, Queued
from phasm_lab.engine.drive import Limits, NoLimits
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
    Result,
)
from phasm_lab.engine.perform import perform
from phasm_lab.engine.record import QUIET, Record, Step
from phasm_lab.engine.rules import cost, input_index, is_declared, obstacle, over_budget
from phasm_lab.engine.scenario import Scenario, checked_input
from phasm_lab.engine.transition import Attempt, Refusal, attempt, require_fault
from phasm_lab.errors import NotEnabledError
from phasm_lab.machine.data import detach, same
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import Normal, Tracked, TrackedActionCompleted, Untracked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Record", "Step", "step"]

NO_LIMITS = NoLimits()


Outcome: TypeAlias = tuple[Configuration, Record]


def step(
    scenario: Scenario,
    configuration: Configuration,
    event: Event,
    *,
    limits: Limits = NO_LIMITS,
    metered: bool = False,
) -> Step:
    """Return the step that `event` makes from `configuration`.

    Parameters
    ----------
    limits
        Stops user code that does not return.
    metered
        Whether to record each access of a transition.

    Raises
    ------
    NotEnabledError
        If the event cannot happen here.
    DefinitionError
        If the machine or the environment turns out to be ill-formed. The configuration is as it was.
    """
    problem = obstacle(scenario, configuration, event)
    if problem:
        raise NotEnabledError(line_of(event), problem)
    after, record = _HANDLERS[type(event)](_Run(scenario, limits, metered), configuration, event)
    spent = _spent(scenario, configuration, event, record)
    if spent:
        after = after._replace(budgets=_spend(after.budgets, spent))
    return Step(event, after, record)


@dataclass(frozen=True, slots=True)
class _Run:
    """What every handler is given beside configuration and event."""

    scenario: Scenario
    limits: Limits
    metered: bool


def _spent(scenario: Scenario, configuration: Configuration, event: Event, record: Record) -> list[str]:
    """Return what the event costs, now that it is known whether restore's work was all handed over before the crash.

    Raises
    ------
    NotEnabledError
        If it was, and the budget of ordinary crashes does not allow it.
    """
    fault = getattr(event, "fault", None)
    if not (isinstance(event, Recover) and fault is not None and fault.kind == "after commit"):
        return cost(configuration, event)
    if record.handed_over < sum(type(action) is Tracked for action in record.emitted):
        return cost(configuration, event)
    problem = over_budget(scenario, configuration, ["crashes"])
    if problem:
        raise NotEnabledError(line_of(event), problem)
    return ["crashes"]


def _spend(budgets: tuple[int, ...], names: Iterable[str]) -> tuple[int, ...]:
    left = list(budgets)
    for name in names:
        left[FAULT_NAMES.index(name)] -= 1
    return tuple(left)


def _fire(run: _Run, configuration: Configuration, event: Fire) -> Outcome:
    declared = is_declared(run.scenario, event.input)

    def used(after: Configuration) -> Configuration:
        index = -1 if event.again else input_index(run.scenario, after, event.input, UNFIRED)
        return after if index < 0 else after._replace(inputs=after.inputs.use(index))

    value = checked_input(event.input, "an input")
    return _transition(run, configuration, event, Normal(value), used, declared=declared)


def _deliver(run: _Run, configuration: Configuration, event: Deliver) -> Outcome:
    def used(after: Configuration) -> Configuration:
        return after if event.probe else after._replace(results=_without(after.results, event.result))

    completed = TrackedActionCompleted(event.result.action.id, detach(event.result.value, "a result"))
    return _transition(run, configuration, event, completed, used)


def _transition(
    run: _Run,
    configuration: Configuration,
    event: Fire | Deliver,
    value: Normal | TrackedActionCompleted,
    used: Callable[[Configuration], Configuration],
    *,
    declared: bool = True,
) -> Outcome:
    """Run stf on `value`; `used` takes the input or the result off the configuration."""
    fault = event.fault
    if fault is not None and fault.kind == "before accept":
        after, lost = _die(configuration, fault.lose)
        return after, Record("down", lost=lost, declared=declared)
    keep = fault is None or fault.kind in ("access fails", "add fails", "commit unknown", "after commit")
    tried = attempt(
        "stf",
        run.scenario.machine.stf,
        configuration.state,
        (value,),
        run.limits,
        fault=fault,
        metered=run.metered,
        keep=keep,
    )
    require_fault(event, fault, tried)
    return _conclude(configuration, tried, fault, used, declared=declared)


def _conclude(
    configuration: Configuration,
    tried: Attempt,
    fault: Fault | None,
    used: Callable[[Configuration], Configuration],
    *,
    declared: bool,
) -> Outcome:
    """Return what a run of stf leads to, by how it ended and what was to go wrong."""
    if fault is not None and fault.is_crash:
        return _conclude_crash(configuration, tried, fault, used, declared=declared)
    if fault is not None and fault.kind == "commit fails":
        refusal = Refusal("StorageError: the commit failed", (), injected=True)
        return configuration, _record("failed", tried, declared=declared, refusal=refusal, fault=fault)
    if tried.refusal is None:
        after = _queue(used(configuration._replace(state=tried.version)), tried.actions, restored=False)
        return after, _record("committed", tried, declared=declared, fault=fault)
    if fault is not None:
        return configuration, _record("failed", tried, declared=declared, fault=fault)
    return used(configuration), _record("rejected", tried, declared=declared)


def _conclude_crash(
    configuration: Configuration,
    tried: Attempt,
    fault: Fault,
    used: Callable[[Configuration], Configuration],
    *,
    declared: bool,
) -> Outcome:
    if fault.kind in ("at access", "before commit"):
        after, lost = _die(configuration, fault.lose)
        return after, _record("down", tried, declared=declared, fault=fault, lost=lost)
    committed = configuration._replace(state=tried.version)
    if fault.kind == "commit unknown":
        after, lost = _die(committed, fault.lose)
        return after, _record("unknown", tried, declared=declared, lost=lost)
    return _die_after(used(committed), tried, fault, declared=declared, restored=False)


def _die_after(
    configuration: Configuration, tried: Attempt, fault: Fault, *, declared: bool, restored: bool
) -> Outcome:
    """Hand over the first `fault.number` tracked actions, then die; the rest is lost with the queue."""
    out = tried.tracked[: fault.number]
    requests = tuple(Request(action, configuration.life) for action in out)
    rest = tuple(action for action in tried.actions if type(action) is Untracked) + tried.tracked[fault.number :]
    sent = configuration._replace(requests=configuration.requests + requests)
    after, lost = _die(_queue(sent, rest, restored=restored), fault.lose)
    record = _record("down", tried, declared=declared, lost=lost, handed_over=len(out))
    return after, record


def _record(result: str, tried: Attempt, *, fault: Fault | None = None, **more: Any) -> Record:
    access = None
    if fault is not None and fault.kind in ("access fails", "at access") and fault.number <= len(tried.accesses):
        access = tried.accesses[fault.number - 1]
    uncommitted = result in ("rejected", "failed") or (fault is not None and fault.is_crash)
    emitted = () if uncommitted else tried.actions
    more.setdefault("refusal", tried.refusal)
    return Record(result, emitted=emitted, accesses=tried.accesses, access=access, **more)


def _recover(run: _Run, configuration: Configuration, event: Recover) -> Outcome:
    fault = event.fault
    tried = attempt(
        "restore",
        run.scenario.machine.restore,
        configuration.state,
        (),
        run.limits,
        fault=fault,
        metered=run.metered,
        keep=False,
    )
    require_fault(event, fault, tried)
    if fault is not None and fault.kind == "at access":
        return _lose_wire(configuration, fault.lose), _record("down", tried, fault=fault, lost=fault.lose)
    if tried.refusal is not None:
        return configuration, _record("failed" if fault is not None else "rejected", tried, fault=fault)
    up = configuration._replace(up=True)
    if fault is not None and fault.kind == "after commit":
        return _die_after(up, tried, fault, declared=True, restored=True)
    return _queue(up, tried.actions, restored=True), _record("committed", tried, fault=fault)


def _queue(configuration: Configuration, actions: Iterable[Tracked | Untracked], *, restored: bool) -> Configuration:
    tracked = tuple(Queued(action, configuration.life, restored) for action in actions if type(action) is Tracked)
    untracked = tuple(action for action in actions if type(action) is Untracked)
    if not tracked and not untracked:
        return configuration
    return configuration._replace(queue=configuration.queue + tracked, untracked=configuration.untracked + untracked)


def _dispatch(run: _Run, configuration: Configuration, event: Dispatch) -> Outcome:
    del run
    if isinstance(event.action, Untracked):
        return configuration._replace(untracked=_without(configuration.untracked, event.action)), QUIET
    queue = configuration.queue
    index = next(i for i, item in enumerate(queue) if item.life == event.life and same(item.action, event.action))
    request = Request(queue[index].action, event.life)
    after = configuration._replace(queue=_drop(queue, index), requests=(*configuration.requests, request))
    return after, QUIET


def _perform(run: _Run, configuration: Configuration, event: Perform) -> Outcome:
    environment, value, taken = perform(run.scenario, configuration, event, run.limits)
    result = Result(event.request.action, event.request.life, value)
    after = configuration._replace(
        environment=environment,
        requests=_without(configuration.requests, event.request),
        results=(*configuration.results, result),
    )
    return after, Record(taken=taken, value=value)


def _lose(run: _Run, configuration: Configuration, event: Lose) -> Outcome:
    message = event.message
    if isinstance(message, Fire):
        index = input_index(run.scenario, configuration, message.input, UNFIRED)
        return configuration._replace(inputs=configuration.inputs.use(index, lost=True)), QUIET
    after = _lose_wire(configuration, (message,))
    if configuration.up and message.life == configuration.life and not _has_copy(after, message):
        after = after._replace(queue=(*after.queue, Queued(message.action, message.life, restored=False)))
    return after, QUIET


def _has_copy(configuration: Configuration, message: Message) -> bool:
    copies: list[Queued | Message] = [*configuration.queue, *configuration.requests, *configuration.results]
    return any(other.life == message.life and same(other.action, message.action) for other in copies)


def _duplicate(run: _Run, configuration: Configuration, event: Duplicate) -> Outcome:
    del run
    message = event.message
    if isinstance(message, Request):
        return configuration._replace(requests=(*configuration.requests, message)), QUIET
    last = max(
        index
        for index, other in enumerate(configuration.results)
        if other.life == message.life and same(other.action.id, message.action.id)
    )
    results = (*configuration.results[: last + 1], message, *configuration.results[last + 1 :])
    return configuration._replace(results=results), QUIET


def _delay(run: _Run, configuration: Configuration, event: Delay) -> Outcome:
    del run
    again = Queued(event.request.action, event.request.life, restored=False)
    return configuration._replace(queue=(*configuration.queue, again)), QUIET


def _crash(run: _Run, configuration: Configuration, event: Crash) -> Outcome:
    del run
    after, lost = _die(configuration, event.lose)
    return after, Record(lost=lost)


def _die(configuration: Configuration, lose: tuple[Message, ...]) -> tuple[Configuration, tuple[Any, ...]]:
    """Take the queue, all memory, and `lose` from the wire; return what was taken too."""
    taken = (*(item.action for item in configuration.queue), *configuration.untracked, *lose)
    after = _lose_wire(configuration, lose)
    return after._replace(queue=(), untracked=(), up=False, life=configuration.life + 1), taken


def _lose_wire(configuration: Configuration, lose: tuple[Message, ...]) -> Configuration:
    requests, results = configuration.requests, configuration.results
    for message in lose:
        if isinstance(message, Request):
            requests = _without(requests, message)
        else:
            results = _without(results, message)
    return configuration._replace(requests=requests, results=results)


Item = TypeVar("Item")


def _without(items: tuple[Item, ...], wanted: Any) -> tuple[Item, ...]:
    """Return `items` without the oldest that equals `wanted`.

    Raises
    ------
    NotEnabledError
        If there is none: a crash was to take something that is not on the wire.
    """
    for index, item in enumerate(items):
        if same(item, wanted):
            return _drop(items, index)
    raise NotEnabledError(line_of(wanted), "it is not there to be taken")


def _drop(items: tuple[Item, ...], index: int) -> tuple[Item, ...]:
    return items[:index] + items[index + 1 :]


_HANDLERS: dict[type, Callable[[_Run, Configuration, Any], Outcome]] = {
    Crash: _crash,
    Delay: _delay,
    Deliver: _deliver,
    Dispatch: _dispatch,
    Duplicate: _duplicate,
    Fire: _fire,
    Lose: _lose,
    Perform: _perform,
    Recover: _recover,
}
