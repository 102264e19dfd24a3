"""When an event can happen: for each kind of event the one obstacle that stands in its way, or none.

The source of each rule is `semantics.md`: §2 order, §3 crash and recovery, §4 rejection, §5 the executor, §8 probes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.engine.configuration import ANSWERED, UNFIRED, Configuration
from phasm_lab.engine.events import (
    CRASH_KINDS,
    ERROR_KINDS,
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
from phasm_lab.machine.data import freeze, same
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import Tracked

if TYPE_CHECKING:
    from collections.abc import Callable

    from phasm_lab.engine.scenario import Scenario

__all__ = ["cost", "input_index", "is_declared", "obstacle", "over_budget", "overtakes"]

DOWN = "the process is down: recover first"

RECOVER_FAULTS = ("access fails", "add fails", "at access", "after commit")
"""What may go wrong in restore, which accepts no input and commits nothing."""


def obstacle(scenario: Scenario, configuration: Configuration, event: Event) -> str:
    """Say why `event` cannot happen in `configuration`, or return "".

    What only a run can show (how many accesses stf makes, whether it commits) is found by `step` itself.
    """
    found = _OBSTACLES[type(event)](scenario, configuration, event) or _unknown_fault(event)
    return found or over_budget(scenario, configuration, cost(configuration, event))


def _unknown_fault(event: Event) -> str:
    fault = getattr(event, "fault", None)
    kinds = RECOVER_FAULTS if isinstance(event, Recover) else ERROR_KINDS + CRASH_KINDS
    if fault is None or fault.kind in kinds:
        return ""
    return f"no fault {fault.kind!r} can hit it, only one of: {', '.join(kinds)}"


def over_budget(scenario: Scenario, configuration: Configuration, names: list[str]) -> str:
    """Say which budget does not allow what costs one of each of `names`, and how to raise it."""
    for name in names:
        if configuration.budget(name) < names.count(name):
            total = getattr(scenario.faults, name)
            used = f"{name} is {total}" + (f" and used up ({total} of {total})" if total else "")
            return f"{used}: set Faults({name}={total + 1})"
    return ""


def cost(configuration: Configuration, event: Event) -> list[str]:
    """Return the budgets of which `event` takes one each."""
    names = []
    match event:
        case Fire(again=True):
            names.append("duplicated_inputs")
        case Deliver(result=result, probe=False) if overtakes(configuration, result):
            names.append("reordered_results")
        case Lose(message=message):
            names.append({Request: "lost_requests", Result: "lost_results", Fire: "lost_inputs"}[type(message)])
        case Duplicate(message=message):
            names.append("duplicated_requests" if isinstance(message, Request) else "duplicated_results")
        case Delay():
            names.append("delayed_requests")
        case Crash():
            names.append(crash_budget(configuration, restored=any(item.restored for item in configuration.queue)))
    fault = getattr(event, "fault", None)
    if fault is not None:
        names.append(_fault_budget(configuration, event, fault))
    return names


def crash_budget(configuration: Configuration, *, restored: bool) -> str:
    """Name the budget that a crash spends: that of recovery crashes while it lasts, where restore's work is unfinished."""
    return "recovery_crashes" if restored and configuration.budget("recovery_crashes") else "crashes"


def _fault_budget(configuration: Configuration, event: Event, fault: Fault) -> str:
    simple = {
        "access fails": "access_errors",
        "add fails": "add_errors",
        "commit fails": "commit_failures",
        "commit unknown": "unknown_commits",
    }
    if fault.kind in simple:
        return simple[fault.kind]
    inside = isinstance(event, Recover) or any(item.restored for item in configuration.queue)
    return crash_budget(configuration, restored=inside)


def input_index(scenario: Scenario, configuration: Configuration, value: Any, wanted: int) -> int:
    """Return the index of the first input that equals `value` and has status `wanted`, or -1."""
    for index in scenario.input_indexes.get(freeze(value), ()):
        if configuration.inputs.status(index) == wanted:
            return index
    return -1


def is_declared(scenario: Scenario, value: Any) -> bool:
    """Tell whether an input is one of the scenario's."""
    return freeze(value) in scenario.input_indexes


def overtakes(configuration: Configuration, result: Result) -> bool:
    """Tell whether an older result of the same id and life is on the wire, other than an equal one."""
    for other in configuration.results:
        if other.life == result.life and same(other.action.id, result.action.id):
            return not same(other, result)
    return False


def _missing(messages: tuple[Message, ...], wanted: tuple[Message, ...]) -> bool:
    left = list(messages)
    for message in wanted:
        index = next((index for index, other in enumerate(left) if same(other, message)), -1)
        if index < 0:
            return True
        del left[index]
    return False


def _wire(configuration: Configuration) -> tuple[Message, ...]:
    return configuration.requests + configuration.results


def _not_on_wire(configuration: Configuration, message: Message) -> str:
    if _missing(_wire(configuration), (message,)):
        word = "request" if isinstance(message, Request) else "result"
        return f"no such {word} for {line_of(message.action.id)} is on the wire"
    return ""


def _fire(scenario: Scenario, configuration: Configuration, event: Fire) -> str:
    if not configuration.up:
        return DOWN
    if event.again:
        if input_index(scenario, configuration, event.input, ANSWERED) < 0:
            return f"{line_of(event.input)} was not answered yet, so nobody sends it again"
        return ""
    if not is_declared(scenario, event.input):
        return ""
    index = input_index(scenario, configuration, event.input, UNFIRED)
    if index < 0:
        return f"{line_of(event.input)} was fired already"
    if scenario.order == "given" and index > configuration.inputs.next_index:
        earlier = scenario.inputs[configuration.inputs.next_index]
        return f"{line_of(earlier)} comes first: inputs are fired in the order given"
    return ""


def _dispatch(scenario: Scenario, configuration: Configuration, event: Dispatch) -> str:
    del scenario
    if not configuration.up:
        return DOWN
    if isinstance(event.action, Tracked):
        queued: Any = [(item.action, item.life) for item in configuration.queue]
        if not any(life == event.life and same(action, event.action) for action, life in queued):
            return f"no action {line_of(event.action.id)} is queued"
    elif event.life != configuration.life or not any(same(action, event.action) for action in configuration.untracked):
        return f"no untracked action {line_of(event.action.payload)} is queued"
    return ""


def _perform(scenario: Scenario, configuration: Configuration, event: Perform) -> str:
    del scenario
    return _not_on_wire(configuration, event.request)


def _deliver(scenario: Scenario, configuration: Configuration, event: Deliver) -> str:
    del scenario
    if not configuration.up:
        return DOWN
    return _probe(configuration, event) if event.probe else _not_on_wire(configuration, event.result)


def _probe(configuration: Configuration, event: Deliver) -> str:
    """Say why a result that nothing on the wire carries cannot be tried (`semantics.md` §8, repeated-result, late-result).

    It asks what the machine does with a result for an id that it asked for, so it is never hit by a fault and needs no
    budget. What was asked for is a fact of the run, of which a configuration keeps the lives alone: whoever chooses the
    event knows the run, and sees to the rest.
    """
    if event.fault is not None:
        return "nothing can go wrong in a probe"
    if event.result.life > configuration.life:
        return f"life {event.result.life} has not begun, so it asked for nothing"
    return ""


def _lose(scenario: Scenario, configuration: Configuration, event: Lose) -> str:
    if isinstance(event.message, Fire):
        return _lose_input(scenario, configuration, event.message)
    return _not_on_wire(configuration, event.message)


def _lose_input(scenario: Scenario, configuration: Configuration, event: Fire) -> str:
    if event.again or event.fault is not None:
        return "only an input's first way can be lost: write Lose(Fire(input))"
    if not is_declared(scenario, event.input):
        return f"{line_of(event.input)} is not among the scenario's inputs, so it is not on its way"
    return _fire(scenario, configuration, event)


def _duplicate(scenario: Scenario, configuration: Configuration, event: Duplicate) -> str:
    del scenario
    return _not_on_wire(configuration, event.message)


def _delay(scenario: Scenario, configuration: Configuration, event: Delay) -> str:
    del scenario
    if not configuration.up:
        return DOWN
    if event.request.life != configuration.life:
        return "it was sent before a crash: nobody waits for it any more"
    return _not_on_wire(configuration, event.request)


def _crash(scenario: Scenario, configuration: Configuration, event: Crash) -> str:
    del scenario
    if not configuration.up:
        return "the process is down already"
    return "what it is to take is not on the wire" if _missing(_wire(configuration), event.lose) else ""


def _recover(scenario: Scenario, configuration: Configuration, event: Recover) -> str:
    del scenario, event
    return "the process is up" if configuration.up else ""


_OBSTACLES: dict[type, Callable[[Scenario, Configuration, Any], str]] = {
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
