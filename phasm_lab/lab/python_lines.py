"""The line of Python that makes a step: what a click in the widget would have been at a prompt."""

from __future__ import annotations

import enum
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.configuration import UNFIRED, Configuration
from phasm_lab.engine.drive import Limits
from phasm_lab.engine.enabled import distinct
from phasm_lab.engine.events import (
    Crash,
    Delay,
    Deliver,
    Dispatch,
    Duplicate,
    Event,
    Fire,
    Lose,
    Message,
    Perform,
    Recover,
    Request,
    Result,
)
from phasm_lab.engine.rules import input_index
from phasm_lab.engine.scenario import Scenario
from phasm_lab.errors import PhasmLabError
from phasm_lab.lab.find import ANY, Finder, messages, one_message
from phasm_lab.lab.wrong import sent_before
from phasm_lab.machine.data import same
from phasm_lab.machine.text import text_of
from phasm_lab.machine.values import Tracked, Untracked, kind_of
from phasm_lab.trace.asked import is_probe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    return text_of(value)


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
        by_name = by_name or field.kw_only is True
        text = python_value(getattr(value, field.name))
        written.append(f"{field.name}={text}" if by_name else text)
    return written


def python_line(
    scenario: Scenario, configuration: Configuration, event: Event, limits: Limits, asked: Iterable[Request] = ()
) -> str:
    """Return the call of the lab that makes `event` from `configuration`; `asked` is what its run asked for so far."""
    meaning = _Meaning(scenario, configuration, limits, event, tuple(asked) if is_probe(event) else ())
    match event:
        case Fire(input=value, again=again):
            unfired = again and input_index(scenario, configuration, value, UNFIRED) >= 0
            named = ["again=True"] if unfired else []
            return f"lab.fire({_joined([python_value(value), *named, *_fault_arguments(meaning)])})"
        case Recover():
            return f"lab.recover({_joined(_fault_arguments(meaning))})"
        case Crash(lose=lose):
            return f"lab.crash({_joined(_lose_argument(configuration, lose))})"
        case Lose(message=Fire(input=value)):
            return f"lab.lose_input({python_value(value)})"
        case Lose(message=Request() | Result() as message) | Duplicate(message=message):
            return _narrowed(meaning, type(event).__name__.lower(), message, [])
        case Delay(request=request):
            return _narrowed(meaning, "delay", request, [])
    return _line_by_id(meaning)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """An event that a call names by id, and where it is to happen."""

    scenario: Scenario
    configuration: Configuration
    limits: Limits
    event: Event
    asked: tuple[Request, ...]

    def fits(self, identity: Any, narrowing: dict[str, Any]) -> bool:
        """Tell whether a call with this id and these arguments means exactly this event and no other step."""
        finder = Finder(self.scenario, self.limits, identity, narrowing.get("action", ANY), narrowing.get("life", ANY))
        event = self.event
        try:
            if isinstance(event, Dispatch):
                planned = finder.dispatch(self.configuration)
            elif isinstance(event, Perform):
                planned = finder.perform(self.configuration, event.choices or ANY)
            elif isinstance(event, Deliver) and event.probe:
                return same(finder.probe(self.asked, narrowing["result"]), event)
            elif isinstance(event, Deliver):
                planned = finder.deliver(self.configuration, narrowing.get("result", ANY), event.fault)
            else:
                return self._is_message(finder, narrowing.get("result", ANY))
        except PhasmLabError:
            return False
        return len(planned) == 1 and same(planned[0].event, event)

    def _is_message(self, finder: Finder, result: Any) -> bool:
        assert isinstance(self.event, Lose | Duplicate | Delay)
        wanted = self.event.request if isinstance(self.event, Delay) else self.event.message
        staged = replace(finder, identity=("request", finder.identity)) if isinstance(self.event, Delay) else finder
        return same(one_message(staged, "", self.configuration, result), wanted)


def _line_by_id(meaning: _Meaning) -> str:
    match meaning.event:
        case Dispatch(action=Untracked(payload=payload)):
            return f"lab.dispatch({python_value(payload)})"
        case Dispatch(action=Tracked() as action, life=life):
            return _narrowed(meaning, "dispatch", Request(action, life), [])
        case Perform(request=request, choices=choices):
            outcome = choices[0] if len(choices) == 1 else choices
            return _narrowed(meaning, "perform", request, [python_value(outcome)] if choices else [])
        case Deliver(result=result, probe=True):
            return _probe_line(meaning, result)
        case Deliver(result=result):
            return _narrowed(meaning, "deliver", result, _fault_arguments(meaning))
    raise AssertionError(meaning)


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(parts)


def _staged(message: Message) -> tuple[str, Any]:
    return ("request" if isinstance(message, Request) else "result", message.action.id)


def _written_out(message: Message) -> tuple[Any, ...]:
    value = (message.value,) if isinstance(message, Result) else ()
    return (*_staged(message), message.action.payload, message.life, *value)


def _lose_argument(configuration: Configuration, lose: Sequence[Message], sent: Sequence[Message] = ()) -> list[str]:
    """Return the argument that takes exactly these messages from the wire."""
    names: list[Any] = distinct([_staged(message) for message in lose])
    if not _takes(configuration, names, sent, lose):
        names = [
            _staged(message) if _takes(configuration, [_staged(message)], sent, [message]) else _written_out(message)
            for message in lose
        ]
    return [f"lose={python_value(names)}"] if lose else []


def _takes(configuration: Configuration, names: list[Any], sent: Sequence[Message], lose: Sequence[Message]) -> bool:
    try:
        return same(messages(configuration, names, sent), tuple(lose))
    except PhasmLabError:
        return False


def _fault_arguments(meaning: _Meaning) -> list[str]:
    event = meaning.event
    assert isinstance(event, Fire | Deliver | Recover)
    fault = event.fault
    if fault is None:
        return []
    if fault.is_crash:
        arguments = [f'crash="{fault.kind}"']
        if fault.kind in ("at access", "after commit"):
            arguments.append(f"number={fault.number}")
        if not fault.lose:
            return arguments
        clean = Recover() if isinstance(event, Recover) else replace(event, fault=None)
        sent = sent_before(meaning.scenario, meaning.configuration, clean, fault, meaning.limits)
        return arguments + _lose_argument(meaning.configuration, fault.lose, sent)
    arguments = [f'fails="{fault.kind.split()[0]}"']
    if fault.number:
        arguments.append(f"number={fault.number}")
    return [*arguments, "sticky=True"] if fault.sticky else arguments


def _probe_line(meaning: _Meaning, result: Result) -> str:
    """Return the shortest call that tries exactly this result, though nothing on the wire carries it."""
    kind, life = {"action": kind_of(result.action.payload)}, {"life": result.life}
    narrowings = [{"result": result.value} | way for way in ({}, kind, life, life | {"action": result.action.payload})]
    narrowing = next((way for way in narrowings if meaning.fits(result.action.id, way)), narrowings[-1])
    named = [f"{name}={python_value(value)}" for name, value in narrowing.items()]
    return f"lab.deliver({_joined([python_value(result.action.id), *named, 'probe=True'])})"


def _narrowed(meaning: _Meaning, verb: str, message: Message, extra: list[str]) -> str:
    """Return the shortest call that means exactly this event."""
    result = {"result": message.value} if isinstance(message, Result) else {}
    life = {"life": message.life}
    narrowings = [{}, result, {"action": kind_of(message.action.payload)}, life, life | result]
    narrowings.append(life | result | {"action": message.action.payload})
    identity = _staged(message) if verb in ("lose", "duplicate") else message.action.id
    narrowing = next((way for way in narrowings if meaning.fits(identity, way)), narrowings[-1])
    named = [f"{name}={python_value(value)}" for name, value in narrowing.items()]
    return f"lab.{verb}({_joined([python_value(identity), *extra, *named])})"
