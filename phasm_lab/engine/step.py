"""The one place where a configuration changes: `step` takes an event and returns what became of it.

Theory of operation. `step` asks the rules for an obstacle, hands the event to the handler of its kind, and spends the
budgets that it costs. A handler that needs the user's code runs it once, through `attempt`; a fault rides on the event,
so the same handler plays the clean run, the failed one and the one in which the process dies. Nothing else anywhere makes
a configuration: the lab, a search, a simulation and a replay only choose events.

What it does not handle: untracked actions are handed over or lost, never performed; time does not exist, so an expiry is
an input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from phasm_lab.engine.accesses import Access
from phasm_lab.engine.choose import Chooser, NoSuchOptionError
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
from phasm_lab.engine.rules import cost, input_index, is_declared, obstacle, over_budget
from phasm_lab.engine.scenario import Scenario
from phasm_lab.engine.transition import Attempt, Refusal, attempt, describe
from phasm_lab.errors import DefinitionError, NotEnabledError, PhasmLabError
from phasm_lab.machine.data import detach, same
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.machine.values import Normal, Tracked, TrackedActionCompleted, Untracked, kind_of

__all__ = ["Record", "Step", "step"]

NO_LIMITS = NoLimits()


@dataclass(frozen=True, slots=True)
class Record:
    """What happened in one step, beyond the configuration after it.

    Attributes
    ----------
    result
        Of a transition: "committed", "rejected" (by stf or restore itself), "failed" (an injected error), "unknown"
        (committed, not acknowledged, the process is down) or "down" (the process died inside); "" otherwise.
    emitted
        What the transition emitted, in order.
    handed_over
        How many tracked actions went out before the process died inside.
    refusal
        Why it was rejected or failed, else None.
    accesses
        The accesses it made; empty unless it was metered.
    taken
        The options that perform took.
    value
        The result of a perform.
    lost
        What a crash took: queued actions and what was to be taken from the wire.
    declared
        False for an input that is not among the scenario's.
    access
        The access at which it failed or died, else None.
    """

    result: str = ""
    emitted: tuple[Tracked | Untracked, ...] = ()
    handed_over: int = 0
    refusal: Refusal | None = None
    accesses: tuple[Access, ...] = ()
    taken: tuple[Any, ...] = ()
    value: Any = None
    lost: tuple[Tracked | Untracked | Message, ...] = ()
    declared: bool = True
    access: Access | None = None


QUIET = Record()


@dataclass(frozen=True, slots=True)
class Step:
    """One event and the configuration after it."""

    event: Event
    configuration: Configuration
    record: Record


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
        raise NotEnabledError(repr(event), problem)
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
        raise NotEnabledError(repr(event), problem)
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

    value = detach(event.input, "an input")
    return _transition(run, configuration, event, Normal(value), used, declared=declared)


def _deliver(run: _Run, configuration: Configuration, event: Deliver) -> Outcome:
    def used(after: Configuration) -> Configuration:
        return after._replace(results=_without(after.results, event.result))

    completed = TrackedActionCompleted(event.result.action.id, event.result.value)
    return _transition(run, configuration, event, completed, used)


def _transition(  # noqa: PLR0913 - fire and deliver share everything but their input
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
    _require_fault(event, fault, tried)
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
    emitted = tried.actions if result not in ("rejected", "failed") else ()
    more.setdefault("refusal", tried.refusal)
    return Record(result, emitted=emitted, accesses=tried.accesses, access=access, **more)


def _require_fault(event: Event, fault: Fault | None, tried: Attempt) -> None:
    """Refuse a fault that this run never met.

    Raises
    ------
    NotEnabledError
        If it made fewer accesses or adds, emitted fewer actions, or did not get to its commit.
    """
    if fault is None:
        return
    problem = _unmet(fault, tried)
    if problem:
        raise NotEnabledError(repr(event), problem)


def _unmet(fault: Fault, tried: Attempt) -> str:
    if fault.kind == "access fails":
        return "" if tried.injected else f"it makes {len(tried.accesses)} accesses"
    if fault.kind == "at access":
        return "" if 0 < fault.number <= len(tried.accesses) else f"it makes {len(tried.accesses)} accesses"
    if fault.kind == "add fails":
        return "" if tried.injected else f"it adds {tried.add_count} actions"
    if tried.refusal is not None:
        return f"it does not get to its commit: {tried.refusal.text}"
    if fault.kind == "after commit" and not 0 <= fault.number <= len(tried.tracked):
        return f"it emits {len(tried.tracked)} tracked actions"
    return ""


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
    _require_fault(event, fault, tried)
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
    return configuration._replace(
        queue=configuration.queue + tracked, untracked=configuration.untracked + untracked
    )


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


def perform(  # noqa: PLR0913 - the same run serves a step and a look ahead
    scenario: Scenario,
    configuration: Configuration,
    event: Perform,
    limits: Limits,
    *,
    keep: bool = True,
    offered: list[tuple[Any, ...]] | None = None,
) -> tuple[Any, Any, tuple[Any, ...]]:
    """Run the environment's perform; return the environment after it, the result and the options taken.

    Unless `keep`, what it did is taken back. `offered` collects the options that there were each time.

    Raises
    ------
    NotEnabledError
        If a choice of the event is not offered, or not all are asked for.
    DefinitionError
        If perform raises, or its result cannot be compared by value.
    """
    chooser = Chooser(event.choices)
    tried = _try_perform(scenario, configuration, event, limits, chooser)
    problem = tried if isinstance(tried, PhasmLabError) else None
    if problem is None and len(chooser.taken) < len(event.choices):
        problem = NotEnabledError(repr(event), f"perform makes {len(chooser.taken)} choices")
    if problem is not None:
        configuration.environment.rollback()
        raise problem
    if offered is not None:
        offered += chooser.offered
    if keep:
        return configuration.environment.commit(), tried, tuple(chooser.taken)
    configuration.environment.rollback()
    return configuration.environment, tried, tuple(chooser.taken)


def _try_perform(
    scenario: Scenario, configuration: Configuration, event: Perform, limits: Limits, chooser: Chooser
) -> Any:
    """Return the result, or the error that stands for what went wrong."""
    payload = event.request.action.payload
    world = configuration.environment.begin(None)
    try:
        result = limits.call(scenario.environment.perform or _declared(scenario), world, payload, chooser)
        return detach(result, f"the result of {kind_of(payload)}")
    except NoSuchOptionError as error:
        return NotEnabledError(repr(event), f"choose does not offer {error.wanted!r}", "choose one of", map(repr, error.options))
    except KeyboardInterrupt:
        configuration.environment.rollback()
        raise
    except PhasmLabError as error:
        return error
    except BaseException as error:  # noqa: BLE001 - whatever perform raises makes the environment ill-formed
        refusal = describe(error)
        place = "".join(f" at {frame.file}:{frame.line}" for frame in refusal.frames[-1:])
        return DefinitionError(
            f"perform({payload!r})", f"it raised {refusal.text}{place}", "return a result instead: an outside failure is one too"
        )


def _declared(scenario: Scenario) -> Callable[[Any, Any, Any], Any]:
    def perform_declared(environment: Any, action: Any, choose: Any) -> Any:
        del environment
        results = scenario.results.get(kind_of(action), ())
        return choose(*results) if results else None

    return perform_declared


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
    copies = [*configuration.queue, *configuration.requests, *configuration.results]
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
    raise NotEnabledError(repr(wanted), "it is not there to be taken")


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
