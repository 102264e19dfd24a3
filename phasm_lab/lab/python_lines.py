"""The line of Python that makes a step: what a click in the widget would have been at a prompt."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from phasm_lab.engine.configuration import Configuration
from phasm_lab.engine.drive import Limits
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
)
from phasm_lab.engine.scenario import Scenario
from phasm_lab.errors import PhasmLabError
from phasm_lab.lab.find import ANY, Finder
from phasm_lab.machine.data import same
from phasm_lab.machine.values import Untracked, kind_of

__all__ = ["python_line", "python_value"]


def python_value(value: Any) -> str:
    """Return a value as a person would write it.

    Examples
    --------
    >>> python_value(("charge", 5)), python_value({"a": None})
    ('("charge", 5)', '{"a": None}')
    """
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, str):
        return _quoted(value)
    if is_dataclass(value) and not isinstance(value, type):
        return f"{_class_name(value.__class__)}({', '.join(_arguments(value))})"
    if type(value) is tuple:
        inner = ", ".join(map(python_value, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, list):
        return f"[{', '.join(map(python_value, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{python_value(k)}: {python_value(v)}' for k, v in value.items())}}}"
    return repr(value)


def _quoted(text: str) -> str:
    written = repr(text)
    if written[0] == "'" and '"' not in written:
        return '"' + written[1:-1].replace("\\'", "'") + '"'
    return written


def _class_name(cls: type) -> str:
    return cls.__name__ if "<locals>" in cls.__qualname__ else cls.__qualname__


def _arguments(value: Any) -> list[str]:
    written, by_name = [], False
    for field in fields(value):
        if not field.init:
            continue
        by_name = by_name or field.kw_only
        text = python_value(getattr(value, field.name))
        written.append(f"{field.name}={text}" if by_name else text)
    return written


def python_line(scenario: Scenario, configuration: Configuration, event: Event, limits: Limits) -> str:
    """Return the call of the lab that makes `event` from `configuration`."""
    match event:
        case Fire(input=value, fault=fault):
            return f"lab.fire({_joined([python_value(value), *_fault_arguments(fault)])})"
        case Dispatch(action=Untracked(payload=payload)):
            return f"lab.dispatch({python_value(payload)})"
        case Dispatch(action=action, life=life):
            return _narrowed(scenario, configuration, limits, event, "dispatch", action, life, [])
        case Perform(request=request, choices=choices):
            outcome = choices[0] if len(choices) == 1 else choices
            extra = [python_value(outcome)] if choices else []
            return _narrowed(scenario, configuration, limits, event, "perform", request.action, request.life, extra)
        case Deliver(result=result, fault=fault):
            extra = _fault_arguments(fault)
            return _narrowed(
                scenario, configuration, limits, event, "deliver", result.action, result.life, extra, result.value
            )
        case Lose(message=Fire(input=value)):
            return f"lab.lose_input({python_value(value)})"
        case Lose(message=message):
            return f"lab.lose({_message(message)})"
        case Duplicate(message=message):
            return f"lab.duplicate({_message(message)})"
        case Delay(request=request):
            return f"lab.delay({python_value(request.action.id)})"
        case Crash(lose=lose):
            return f"lab.crash({_joined(_lose_argument(lose))})"
        case Recover(fault=fault):
            return f"lab.recover({_joined(_fault_arguments(fault))})"
    raise AssertionError(event)


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(parts)


def _message(message: Message) -> str:
    stage = "request" if isinstance(message, Request) else "result"
    return f'("{stage}", {python_value(message.action.id)})'


def _lose_argument(lose: Sequence[Message]) -> list[str]:
    return [f"lose=[{_joined([_message(message) for message in lose])}]"] if lose else []


def _fault_arguments(fault: Fault | None) -> list[str]:
    if fault is None:
        return []
    if fault.is_crash:
        arguments = [f'crash="{fault.kind}"']
        if fault.kind in ("at access", "after commit"):
            arguments.append(f"number={fault.number}")
        return arguments + _lose_argument(fault.lose)
    arguments = [f'fails="{fault.kind.split()[0]}"']
    if fault.number:
        arguments.append(f"number={fault.number}")
    return [*arguments, "sticky=True"] if fault.sticky else arguments


def _narrowed(  # noqa: PLR0913 - one search serves three verbs
    scenario: Scenario,
    configuration: Configuration,
    limits: Limits,
    event: Event,
    verb: str,
    action: Any,
    life: int,
    extra: list[str],
    result: Any = ANY,
) -> str:
    """Return the shortest call that means exactly this event."""
    narrowings: list[dict[str, Any]] = [{}, {"result": result}, {"action": kind_of(action.payload)}, {"life": life}]
    narrowings += [{"life": life, "result": result}, {"life": life, "result": result, "action": action.payload}]
    if result is ANY:
        narrowings = [{k: v for k, v in way.items() if k != "result"} for way in narrowings]
    for narrowing in narrowings:
        if _means(scenario, configuration, limits, event, action.id, narrowing):
            break
    named = [f"{name}={python_value(value)}" for name, value in narrowing.items()]
    return f"lab.{verb}({_joined([python_value(action.id), *extra, *named])})"


def _means(  # noqa: PLR0913 - as above
    scenario: Scenario,
    configuration: Configuration,
    limits: Limits,
    event: Event,
    identity: Any,
    narrowing: dict[str, Any],
) -> bool:
    finder = Finder(scenario, limits, identity, narrowing.get("action", ANY), narrowing.get("life", ANY))
    try:
        if isinstance(event, Dispatch):
            planned = finder.dispatch(configuration)
        elif isinstance(event, Perform):
            planned = finder.perform(configuration, event.choices or ANY)
        else:
            assert isinstance(event, Deliver)
            planned = finder.deliver(configuration, narrowing.get("result", ANY), event.fault)
    except PhasmLabError:
        return False
    return len(planned) == 1 and same(planned[0].event, event)
