"""What is queued and on the wire: what an event makes of it, as the difference of two numbers, worked out once each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.checks.interning import Remembered
from phasm_lab.checks.packing import REQUESTS_SHIFT, RESULTS_SHIFT, unpack, unpair, untriple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.checks.endings import Ending
    from phasm_lab.checks.interning import Table
    from phasm_lab.checks.space import Space

__all__ = ["Deliverable", "Flights", "Performable"]

Changes = tuple[int, ...]


class Performable(NamedTuple):
    """A request on the wire: the request, its action, and the difference that taking it off makes."""

    request: int
    action: int
    taken: int


class Deliverable(NamedTuple):
    """A result on the wire: how stf takes it, the difference that taking it off makes, whether it overtakes."""

    taking: int
    taken: int
    overtakes: bool


class Flights:
    """Remembers what becomes of queue, requests and results.

    Attributes
    ----------
    handing_over
        By (queue, requests): a difference for each queued action.
    queued, restored
        By (queue, ending, life): the difference that actions emitted by stf, by restore, make.
    handed
        By (requests, ending, life): the requests after none, one, ... all of the emitted actions were handed over.
    performable
        By requests.
    landed
        By (results, request, value): the difference that a new result makes.
    deliverable
        By results.
    surviving_requests, surviving_results
        By requests, by results: a difference for each part of them that a crash may leave.
    queue_ids, request_ids, result_ids
        By queue, requests, results: the ids in it, one bit each.
    """

    def __init__(self, space: Space, endings: Table[Ending], *, oldest_dispatch: bool) -> None:
        self.space = space
        self.endings = endings
        self.oldest_dispatch = oldest_dispatch
        self.handing_over = Remembered(self._hand_over)
        self.queued = Remembered(lambda key: self._queue(key, restored=False))
        self.restored = Remembered(lambda key: self._queue(key, restored=True))
        self.handed = Remembered(self._handed)
        self.performable = Remembered(self._performable)
        self.landed = Remembered(self._land)
        self.deliverable = Remembered(self._deliverable)
        self.surviving_requests = Remembered(self._surviving_requests)
        self.surviving_results = Remembered(self._surviving_results)
        self.queue_ids = Remembered(lambda queue: space.bits(space.queued[item][0] for item in space.queues[queue]))
        self.request_ids = Remembered(
            lambda requests: space.bits(space.requests[item][0] for item in space.request_sets[requests])
        )
        self.result_ids = Remembered(
            lambda results: space.bits(space.results[item][0] for item in space.result_sets[results])
        )
        self.wire_faults = Remembered(self._wire_faults)

    def _hand_over(self, key: int) -> Changes:
        queue, requests = unpair(key)
        hand_overs = self.space.hand_overs(queue)
        if self.oldest_dispatch:
            hand_overs = hand_overs[:1]
        with_request = self.space.with_request
        return tuple(
            (after - queue) + (with_request(requests, item) - requests << REQUESTS_SHIFT) for item, after in hand_overs
        )

    def _queue(self, key: int, *, restored: bool) -> int:
        queue, ending, life = untriple(key)
        return self.space.with_queued(queue, self.endings[ending].tracked, life, restored=restored) - queue

    def _handed(self, key: int) -> Changes:
        requests, ending, life = untriple(key)
        tracked = self.endings[ending].tracked
        return tuple(self.space.with_requests(requests, tracked[:count], life) for count in range(len(tracked) + 1))

    def _performable(self, requests: int) -> tuple[Performable, ...]:
        space = self.space
        return tuple(
            Performable(item, space.requests[item][0], after - requests << REQUESTS_SHIFT)
            for item, after in space.on_wire(requests)
        )

    def _land(self, key: int) -> int:
        results, request, value = untriple(key)
        return self.space.with_result(results, request, value) - results << RESULTS_SHIFT

    def _deliverable(self, results: int) -> tuple[Deliverable, ...]:
        return tuple(
            Deliverable(taking, after - results << RESULTS_SHIFT, overtakes)
            for taking, after, overtakes in self.space.deliveries(results)
        )

    def _surviving_requests(self, requests: int) -> Changes:
        left = dict.fromkeys(after for after, _ in self.space.surviving(requests, 0))
        return tuple(after - requests << REQUESTS_SHIFT for after in left)

    def _surviving_results(self, results: int) -> Changes:
        left = dict.fromkeys(after for _, after in self.space.surviving(0, results))
        return tuple(after - results << RESULTS_SHIFT for after in left)

    # Faults of the wire, which most searches do without.

    def _wire_faults(self, key: int) -> tuple[tuple[str, int], ...]:
        """Return what the wire may do wrong: (budget, difference); the key is a place with its mode as the only other part."""
        place = unpack(key)
        flight = _Flight(place.queue, place.requests, place.results)
        return tuple((budget, _difference(flight, after)) for budget, after in self._faults(flight, place.phase))

    def _faults(self, here: _Flight, mode: int) -> Iterator[tuple[str, _Flight]]:
        space, up, life = self.space, mode % 2, mode // 2
        for item, requests in space.on_wire(here.requests):
            action, sent = space.requests[item]
            yield "lost_requests", self._lost(here._replace(requests=requests), mode, action, sent)
            yield "duplicated_requests", here._replace(requests=space.with_request(here.requests, item))
            if up and sent == life:
                again = space.with_queued(here.queue, (action,), life, restored=False)
                yield "delayed_requests", here._replace(queue=again)
        for item in dict.fromkeys(space.result_sets[here.results]):
            action, sent, _ = space.results[item]
            without = here._replace(results=space.without_result(here.results, item))
            yield "lost_results", self._lost(without, mode, action, sent)
            twice = space.result_set([*space.result_sets[here.results], item])
            yield "duplicated_results", here._replace(results=twice)

    def _lost(self, after: _Flight, mode: int, action: int, sent: int) -> _Flight:
        """Return what is left after a loss: the executor that waits for it queues it again, unless there is a copy."""
        space = self.space
        if not mode % 2 or sent != mode // 2:
            return after
        copies = [space.queued[item][:2] for item in space.queues[after.queue]]
        copies += [space.requests[item] for item in space.request_sets[after.requests]]
        copies += [space.results[item][:2] for item in space.result_sets[after.results]]
        if (action, sent) in copies:
            return after
        return after._replace(queue=space.with_queued(after.queue, (action,), sent, restored=False))


class _Flight(NamedTuple):
    """What is in flight, by its numbers."""

    queue: int
    requests: int
    results: int


def _difference(before: _Flight, after: _Flight) -> int:
    return (
        after.queue
        - before.queue
        + (after.requests - before.requests << REQUESTS_SHIFT)
        + (after.results - before.results << RESULTS_SHIFT)
    )
