"""A trace as a pandas data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas

from phasm_lab.engine.events import Delay, Deliver, Dispatch, Duplicate, Event, Fire, Lose, Perform, Request, Result
from phasm_lab.machine.values import Tracked, Untracked, kind_of
from phasm_lab.trace.labels import label

if TYPE_CHECKING:
    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.step import Step
    from phasm_lab.trace.trace import Trace

__all__ = ["COLUMNS", "trace_frame"]

COLUMNS: dict[str, str] = {
    "step_index": "int64",
    "event": "str",
    "label": "str",
    "id": "object",
    "kind": "str",
    "value": "object",
    "result": "str",
    "why": "str",
    "emitted": "object",
    "lost": "object",
    "state_changed": "bool",
    "up": "bool",
    "quiescent": "bool",
    "in_flight_count": "int64",
    "life": "int64",
}


def trace_frame(trace: Trace) -> pandas.DataFrame:
    """Return a trace as a data frame, one row an event.

    Columns: ``step_index`` int (1 is the first event; 0 is the start, which has no row), ``event`` str ("fire",
    "dispatch", ...), ``label`` str (the event in words), ``id`` object (of the action, else None), ``kind`` str (of the
    input or action, else ""), ``value`` object (the input fired, the result performed or delivered, else None),
    ``result`` str ("committed", "rejected", "failed", "unknown", "down"; "" where nothing ran), ``why`` str (why it was
    rejected or failed), ``emitted`` tuple (actions), ``lost`` tuple (what a crash took), ``state_changed`` bool, and, all
    after the event, ``up`` bool, ``quiescent`` bool, ``in_flight_count`` int (tracked actions queued, requests and
    results) and ``life`` int (crashes before).

    Examples
    --------
    >>> import phasm_lab as pl
    >>> from phasm_lab.examples.payments import payments
    >>> lab = pl.Lab(payments)
    >>> lab.fire(payments.inputs[0])
    step 1: fire Pay(user='ada', cents=500)
    >>> trace_frame(lab.trace)[["step_index", "event", "kind", "result"]]
       step_index event kind     result
    0           1  fire  Pay  committed
    """
    before = (trace.start, *(taken.configuration for taken in trace))
    rows = [_row(index, before[index - 1], taken) for index, taken in enumerate(trace, start=1)]
    # As objects first: pandas would make floats of ids where some are missing.
    return pandas.DataFrame(rows, columns=list(COLUMNS), dtype=object).astype(COLUMNS)


def _row(index: int, before: Configuration, taken: Step) -> tuple[Any, ...]:
    configuration, record = taken.configuration, taken.record
    identity, kind, value = _about(taken.event, record.value)
    return (
        index,
        type(taken.event).__name__.lower(),
        label(taken.event),
        identity,
        kind,
        value,
        record.result,
        "" if record.refusal is None else record.refusal.text,
        record.emitted,
        record.lost,
        configuration.state is not before.state,
        configuration.up,
        configuration.quiescent,
        len(configuration.queue) + len(configuration.requests) + len(configuration.results),
        configuration.life,
    )


def _about(event: Event, performed: Any) -> tuple[Any, str, Any]:
    """Return id, kind and value of what an event is about."""
    match event:
        case Fire(value) | Lose(Fire(value)):
            return None, kind_of(value), value
        case Dispatch(Untracked(payload)):
            return None, kind_of(payload), None
        case Perform(Request(action)):
            return action.id, kind_of(action.payload), performed
        case Deliver(Result(action, _, value)) | Lose(Result(action, _, value)) | Duplicate(Result(action, _, value)):
            return action.id, kind_of(action.payload), value
        case (
            Dispatch(Tracked() as action) | Lose(Request(action)) | Duplicate(Request(action)) | Delay(Request(action))
        ):
            return action.id, kind_of(action.payload), None
        case _:
            return None, "", None
