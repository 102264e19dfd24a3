"""Where what is in flight comes from: beside each queued action and each message, the step that put it there.

A configuration keeps what is in flight by value, so that equal configurations are equal; which step sent a message is a
fact of the run. It is carried along from step to step, by the identity of the items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.engine.events import Deliver, Duplicate, Event, Lose
from phasm_lab.machine.data import same
from phasm_lab.machine.values import Untracked
from phasm_lab.views.words import id_text, untracked_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phasm_lab.engine.configuration import Configuration

__all__ = ["NOTHING", "Moves", "Opened", "Origins", "carry", "free_slot"]


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """The beginning of a thread on the timeline.

    Attributes
    ----------
    kind
        "queue", "request", "result" or "keep".
    id
        What it is about, as text.
    step, row
        The step that began it, by number and by row.
    slot
        Which of the parallel tracks it takes.
    tracked
        False for an untracked action.
    """

    kind: str
    id: str
    step: int
    row: int
    slot: int
    tracked: bool = True


class Origins(NamedTuple):
    """For each thing in flight, in the order of the configuration, where it began."""

    queue: tuple[Opened, ...] = ()
    untracked: tuple[Opened, ...] = ()
    requests: tuple[Opened, ...] = ()
    results: tuple[Opened, ...] = ()


NOTHING = Origins()


class Moves(NamedTuple):
    """What a step did to what is in flight.

    Attributes
    ----------
    origins
        Those after the step.
    begun
        Threads that begin at it.
    ended
        Threads that end at it, each with "used" or "lost".
    """

    origins: Origins
    begun: tuple[Opened, ...]
    ended: tuple[tuple[Opened, str], ...]


def free_slot(threads: Sequence[Opened]) -> int:
    """Return the lowest slot that none of `threads` takes."""
    taken = {thread.slot for thread in threads}
    return next(slot for slot in range(len(taken) + 1) if slot not in taken)


class _Carrier:
    """Carries the origins of one step along."""

    def __init__(self, event: Event, step: int, row: int, *, died: bool) -> None:
        self.event = event
        self.step = step
        self.row = row
        self.died = died
        self.begun: list[Opened] = []
        self.ended: list[tuple[Opened, str]] = []

    def carry(
        self,
        kind: str,
        before: tuple[Any, ...],
        after: tuple[Any, ...],
        origins: tuple[Opened, ...],
        beside: Sequence[Opened],
    ) -> tuple[Opened, ...]:
        """Return the origins of `after`; `beside` are other threads on the same tracks."""
        if after is before:
            return origins
        matched = self._match(before, after, origins)
        kept = {id(origin) for origin in matched if origin is not None}
        gone = [(item, origin) for item, origin in zip(before, origins, strict=True) if id(origin) not in kept]
        self._end(kind, gone)
        begun: list[Opened] = []
        for item, origin in zip(after, matched, strict=True):
            if origin is None:
                slot = free_slot([*origins, *beside, *begun])
                begun.append(Opened(kind, _text(item), self.step, self.row, slot, not isinstance(item, Untracked)))
        self.begun += begun
        new = iter(begun)
        return tuple(origin if origin is not None else next(new) for origin in matched)

    def _match(
        self, before: tuple[Any, ...], after: tuple[Any, ...], origins: tuple[Opened, ...]
    ) -> list[Opened | None]:
        """Match items by identity: what is taken away is the oldest of its like, and a copy is the newest."""
        waiting: dict[int, list[Opened]] = {}
        for item, origin in zip(before, origins, strict=True):
            waiting.setdefault(id(item), []).append(origin)
        copies = isinstance(self.event, Duplicate)
        items = list(after) if copies else list(reversed(after))
        found = [waiting[id(item)].pop(0 if copies else -1) if waiting.get(id(item)) else None for item in items]
        return found if copies else found[::-1]

    def _end(self, kind: str, gone: list[tuple[Any, Opened]]) -> None:
        delivered = isinstance(self.event, Deliver)
        for item, origin in gone:
            used = not self.died and not isinstance(self.event, Lose)
            if kind == "result" and delivered and same(item, getattr(self.event, "result", None)):
                used, delivered = True, False
            self.ended.append((origin, "used" if used else "lost"))


def _text(item: Any) -> str:
    return untracked_text(item.payload) if isinstance(item, Untracked) else id_text(item.action.id)


def carry(origins: Origins, before: Configuration, after: Configuration, event: Event, *, step: int, row: int) -> Moves:
    """Return what `event`, taken as step number `step`, does to what is in flight."""
    fault = getattr(event, "fault", None)
    died = (before.up and not after.up) or (fault is not None and fault.is_crash)
    carrier = _Carrier(event, step, row, died=died)
    queue = carrier.carry("queue", before.queue, after.queue, origins.queue, origins.untracked)
    untracked = carrier.carry("queue", before.untracked, after.untracked, origins.untracked, [*origins.queue, *queue])
    requests = carrier.carry("request", before.requests, after.requests, origins.requests, ())
    results = carrier.carry("result", before.results, after.results, origins.results, ())
    return Moves(Origins(queue, untracked, requests, results), tuple(carrier.begun), tuple(carrier.ended))
