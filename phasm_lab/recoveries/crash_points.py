"""Where a run can be hit: for each step every crash point and storage fault, with every part of the wire that may be lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.engine.enabled import crash_points, error_points, listed_losses, survey
from phasm_lab.engine.events import Crash, Deliver, Dispatch, Event, Fault, Fire, Message, Perform, Recover, Request
from phasm_lab.machine.data import freeze
from phasm_lab.machine.values import Tracked
from phasm_lab.trace.codec import encode
from phasm_lab.trace.labels import shorten, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.step import Step
    from phasm_lab.engine.transition import Attempt
    from phasm_lab.recoveries.running import Runner

__all__ = ["COLUMNS", "SECOND", "Column", "Hit", "hits_of", "hits_of_recovery"]


class Column(NamedTuple):
    """One kind of point at which a run can be hit.

    Attributes
    ----------
    key
        What a cell is asked for by.
    label
        What stands above the column.
    group
        What stands above the columns of its group.
    """

    key: str
    label: str
    group: str


SECOND = "second crash"

COLUMNS = (
    Column("before accept", "before accept", "in a transition"),
    Column("in stf", "in stf", "in a transition"),
    Column("before commit", "before commit", "in a transition"),
    Column("commit unknown", "commit unknown", "in a transition"),
    Column("none out", "commit, none out", "in a transition"),
    Column("some out", "commit, some out", "in a transition"),
    Column("all out", "commit, all out", "in a transition"),
    Column("request on wire", "request on wire", "outside the process"),
    Column("performed", "performed, no result", "outside the process"),
    Column("result on wire", "result on wire", "outside the process"),
    Column(SECOND, "second crash", "recovery"),
    Column("access fails", "access fails", "storage"),
    Column("add fails", "add fails", "storage"),
    Column("commit fails", "commit fails", "storage"),
)


class Hit(NamedTuple):
    """One way in which a step is hit: a point, and what becomes of the wire there.

    Attributes
    ----------
    column
        Key of the column that it belongs to.
    point
        Where, in words.
    wire
        What becomes of each message on the wire, in words; "" where there is none.
    event
        The event that hits.
    is_after
        Whether the event comes after the step; else it comes in its place.
    """

    column: str
    point: str
    wire: str
    event: Event
    is_after: bool = False


def hits_of(runner: Runner, before: Configuration, taken: Step, *, storage_faults: bool = False) -> Iterator[Hit]:
    """Yield every way in which a step of the crash-free run can be hit, in the order of its life."""
    event = taken.event
    if getattr(event, "probe", False):
        return
    if isinstance(event, Fire | Deliver) and event.fault is None:
        attempted = survey(runner.scenario, before, event, limits=runner.limits)
        yield from _in_transition(before, event, attempted)
        if storage_faults:
            for fault in error_points(attempted, event):
                yield Hit(fault.kind, _error_words(fault, attempted), "", replace(event, fault=fault))
    else:
        yield from _on_wire(taken)


def hits_of_recovery(runner: Runner, before: Configuration, taken: Step) -> Iterator[Hit]:
    """Yield every way in which the process may die once more at a step of a recovery."""
    event = taken.event
    if isinstance(event, Recover):
        attempted = survey(runner.scenario, before, event, limits=runner.limits)
        found: Iterator[Hit] = _in_restore(before, event, attempted)
    else:
        found = hits_of(runner, before, taken)
    for hit in found:
        yield hit._replace(column=SECOND)


def _in_transition(before: Configuration, event: Fire | Deliver, attempted: Attempt) -> Iterator[Hit]:
    sent = tuple(Request(action, before.life) for action in attempted.tracked)
    whole = before.requests + before.results
    left = before.requests + _without(before, event) if isinstance(event, Deliver) else whole
    for fault in crash_points(attempted, event):
        wire = left + sent[: fault.number] if fault.kind == "after commit" else whole
        column, words = _place(fault, attempted)
        for lose in listed_losses(wire):
            yield Hit(column, words, wire_words(wire, lose), replace(event, fault=replace(fault, lose=lose)))


def _without(before: Configuration, event: Deliver) -> tuple[Message, ...]:
    keys = [freeze(result) for result in before.results]
    index = keys.index(freeze(event.result))
    return before.results[:index] + before.results[index + 1 :]


def _place(fault: Fault, attempted: Attempt) -> tuple[str, str]:
    """Return the column of a crash in stf, and where it is in words."""
    if fault.kind == "at access":
        return "in stf", f"in stf at access {fault.number}, {_access_text(attempted, fault)}"
    if fault.kind != "after commit":
        return fault.kind, {"before commit": "before the commit", "commit unknown": "the commit not acknowledged"}.get(
            fault.kind, fault.kind
        )
    count = len(attempted.tracked)
    column = "none out" if fault.number == 0 else "all out" if fault.number == count else "some out"
    return column, f"after the commit, {fault.number} of {count} handed over"


def _in_restore(before: Configuration, event: Recover, attempted: Attempt) -> Iterator[Hit]:
    sent = tuple(Request(action, before.life) for action in attempted.tracked)
    for fault in crash_points(attempted, event):
        words = f"in restore at access {fault.number}"
        wire = before.requests + before.results
        if fault.kind == "after commit":
            words = f"after restore returned, {fault.number} of {len(sent)} handed over"
            wire += sent[: fault.number]
        for lose in listed_losses(wire):
            yield Hit(SECOND, words, wire_words(wire, lose), Recover(replace(fault, lose=lose)))


def _on_wire(taken: Step) -> Iterator[Hit]:
    event, after = taken.event, taken.configuration
    wire = after.requests + after.results
    if isinstance(event, Dispatch) and isinstance(event.action, Tracked):
        for lose in listed_losses(wire):
            yield Hit("request on wire", "request on the wire", wire_words(wire, lose), Crash(lose), is_after=True)
    elif isinstance(event, Perform):
        newest = freeze(after.results[-1])
        for is_lost, column, words in (
            (True, "performed", "performed, no result"),
            (False, "result on wire", "result on the wire"),
        ):
            for lose in listed_losses(wire):
                if any(freeze(message) == newest for message in lose) is is_lost:
                    yield Hit(column, words, wire_words(wire, lose), Crash(lose), is_after=True)


def wire_words(wire: tuple[Message, ...], lose: tuple[Message, ...]) -> str:
    """Say what becomes of each message on the wire.

    Examples
    --------
    >>> sent = Request(Tracked(1, "charge"), 0)
    >>> wire_words((sent,), ()), wire_words((sent,), (sent,))
    ('request 1 performed late', 'request 1 lost')
    """
    left = [freeze(message) for message in lose]
    words = []
    for message in wire:
        key = freeze(message)
        is_request, identity = isinstance(message, Request), shorten(value_text(encode(message.action.id)), 40)
        if key in left:
            left.remove(key)
            fate = "lost"
        else:
            fate = "performed late" if is_request else "late"
        words.append(f"{'request' if is_request else 'result'} {identity} {fate}")
    return " and ".join(words)


def _error_words(fault: Fault, attempted: Attempt) -> str:
    if fault.kind == "commit fails":
        return "the commit fails"
    more = " and all after it" if fault.sticky else ""
    if fault.kind == "access fails":
        return f"access {fault.number}, {_access_text(attempted, fault)}, fails{more}"
    return f"add {fault.number} fails{more}"


def _access_text(attempted: Attempt, fault: Fault) -> str:
    return shorten(str(attempted.accesses[fault.number - 1]))
