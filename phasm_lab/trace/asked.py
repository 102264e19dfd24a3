"""What a run asked for: every tracked action that it emitted, which is all that a probe may be about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.engine.events import Deliver, Event, Request, Result
from phasm_lab.machine.data import same
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import Tracked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from phasm_lab.engine.step import Step
    from phasm_lab.trace.history import Node

__all__ = ["asked_for", "asked_on_the_way", "is_probe", "not_asked", "probe_of"]


def asked_for(steps: Iterable[Step]) -> Iterator[Request]:
    """Yield what the steps of a run, from the start, emitted to be answered, with the life that emitted it.

    What restore emits is asked for too: the results of an id are those of every kind asked under it (`semantics.md` §8).
    """
    life = 0
    for step in steps:
        for action in step.record.emitted:
            if type(action) is Tracked:
                yield Request(action, life)
        life = step.configuration.life


def asked_on_the_way(node: Node) -> Iterator[Request]:
    """Yield what the run from the start to a node asked for."""
    return asked_for(each.step for each in node.path() if each.step is not None)


def probe_of(steps: Iterable[Step], identity: Any, value: Any) -> Deliver:
    """Return the probe that tries a result for an id, as one for the last that a run asked for under it."""
    asked = [request for request in asked_for(steps) if same(request.action.id, identity)]
    return Deliver(Result(asked[-1].action, asked[-1].life, value), probe=True)


def is_probe(event: object) -> bool:
    """Tell whether an event delivers a result that nothing on the wire carries."""
    return isinstance(event, Deliver) and event.probe


def not_asked(event: Event, asked: Iterable[Request]) -> str:
    """Say why a probe has no place in a run that asked for these, or return ""; any other event has one."""
    if not isinstance(event, Deliver) or not event.probe:
        return ""
    wanted = Request(event.result.action, event.result.life)
    if any(same(request, wanted) for request in asked):
        return ""
    return f"no action {line_of(event.result.action.id)} like this was asked for on the way here"
