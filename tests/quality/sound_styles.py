"""Sound machines in different styles of Python: nested dataclasses, methods, records, plain tuples, sets, retries."""

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NamedTuple

import phasm_lab as pl
from tests.quality.jobs import Do, Work, jobs
from tests.quality.sound import CLIENT, CRASHES, NOTHING, ONE, STORAGE, TWO, WIRE, Sound, scenario


@dataclass
class Item:
    job_id: int
    result: str | None = None


@dataclass
class Order:
    items: list[Item] = field(default_factory=list)
    is_open: bool = True


@dataclass
class Customer:
    name: str
    orders: dict[int, Order] = field(default_factory=dict)


@dataclass
class Shop:
    customers: dict[str, Customer] = field(default_factory=lambda: {"ada": Customer("ada")})


async def fills_orders(state, input, actions):
    """An order has two items, each worked on by itself; it closes with the last one."""
    orders = state.customers["ada"].orders
    match input:
        case pl.Normal(Do(order_id)) if order_id not in orders:
            items = [Item(order_id * 10), Item(order_id * 10 + 1)]
            for item in items:
                actions.add(pl.Tracked(item.job_id, Work(item.job_id)))
            orders[order_id] = Order(items)
        case pl.TrackedActionCompleted(job_id, result):
            order = orders[job_id // 10]
            item = order.items[job_id % 10]
            others = [other.result for other in order.items if other.job_id != job_id]
            if item.result is None:
                item.result = result
                order.is_open = None in others


async def asks_for_open_items(state, actions):
    for customer in state.customers.values():
        for order in customer.orders.values():
            for item in order.items:
                if item.result is None:
                    actions.add(pl.Tracked(item.job_id, Work(item.job_id)))


def nested(**faults):
    return scenario(Shop, fills_orders, asks_for_open_items, **faults)


class Desk:
    """A machine whose functions are methods, and a property that is one."""

    kind = Work

    @dataclass
    class State:
        results: dict[int, str | None] = field(default_factory=dict)

    async def stf(self, state, input, actions):
        handler = self.accept if isinstance(input, pl.Normal) else self.take_in
        handler(state, input, actions)

    def accept(self, state, input, actions):
        if input.payload.job_id in state.results:
            raise ValueError(f"{input.payload!r} is known")
        actions.add(pl.Tracked(input.payload.job_id, self.kind(input.payload.job_id)))
        state.results[input.payload.job_id] = None

    def take_in(self, state, completed, _actions):
        if state.results[completed.id] is None:
            state.results[completed.id] = completed.result

    async def restore(self, state, actions):
        for job_id in [job_id for job_id, result in state.results.items() if result is None]:
            actions.add(pl.Tracked(job_id, self.kind(job_id)))

    def results_are_the_workshops(self, here):
        answered = {job_id: result for job_id, result in here.state.results.items() if result is not None}
        return answered.items() <= here.environment.answers.items()


def methods(**faults):
    desk = Desk()
    properties = [desk.results_are_the_workshops]
    return scenario(Desk.State, desk.stf, desk.restore, properties=properties, inputs=TWO, **faults)


class Status(Enum):
    OPEN = "open"
    OVER = "over"


class Entry(NamedTuple):
    status: Status
    result: str = ""


@dataclass(frozen=True)
class Record:
    job_id: int
    entry: Entry


@dataclass
class Records:
    """Frozen records in a tuple: every change makes a new tuple."""

    records: tuple[Record, ...] = ()


async def replaces_records(state, input, actions):
    records = {record.job_id: record for record in state.records}
    match input:
        case pl.Normal(Do(job_id)) if job_id not in records:
            actions.add(pl.Tracked(job_id, Work(job_id)))
            state.records = (*state.records, Record(job_id, Entry(Status.OPEN)))
        case pl.TrackedActionCompleted(job_id, result) if records[job_id].entry.status is Status.OPEN:
            over = replace(records[job_id], entry=Entry(Status.OVER, result))
            state.records = tuple((records | {job_id: over}).values())


async def asks_for_open_records(state, actions):
    for record in state.records:
        if record.entry.status is Status.OPEN:
            actions.add(pl.Tracked(record.job_id, Work(record.job_id)))


def records(**faults):
    return scenario(Records, replaces_records, asks_for_open_records, **faults)


@dataclass
class Numbers:
    open: set[int] = field(default_factory=set)
    good: set[int] = field(default_factory=set)
    bad: set[int] = field(default_factory=set)


async def uses_tuples(state, input, actions):
    """Payloads are tuples led by their kind, ids are text, jobs move between sets."""
    match input:
        case pl.Normal(("do", number)) if number not in state.open | state.good | state.bad:
            actions.add(pl.Tracked(f"job-{number}", ("work", number)))
            actions.add(pl.Untracked(("tell", f"job {number} begins")))
            state.open.add(number)
        case pl.TrackedActionCompleted(name, ("done", result)):
            number = int(name.removeprefix("job-"))
            if number in state.open:
                actions.add(pl.Untracked(("tell", f"job {number} is {result}")))
                getattr(state, result).add(number)
                state.open.discard(number)


async def asks_for_the_open_set(state, actions):
    for number in sorted(state.open):
        actions.add(pl.Tracked(f"job-{number}", ("work", number)))


def works_on_tuples(workshop, action, choose):
    _, number = action
    if number not in workshop.answers:
        workshop.answers[number] = choose("good", "bad")
    return ("done", workshop.answers[number])


def tuples(**faults):
    return scenario(Numbers, uses_tuples, asks_for_the_open_set, inputs=[("do", 1)], perform=works_on_tuples, **faults)


def tried_twice(call):
    """Try once more where storage fails: either the clean result, or the error."""
    try:
        return call()
    except pl.StorageError:
        return call()


class BusyError(Exception):
    """The machine's own word for a storage error."""


@contextmanager
def own_errors():
    try:
        yield
    except (pl.StorageError, pl.AddError) as error:
        raise BusyError(str(error)) from error


async def tries_again(state, input, actions):
    """Read a second time where the first fails, and turn what still fails into an error of its own."""
    with own_errors():
        match input:
            case pl.Normal(Do(job_id)) if tried_twice(lambda: job_id not in state.status):
                actions.add(pl.Tracked(job_id, Work(job_id)))
                state.status[job_id] = "open"
            case pl.TrackedActionCompleted(job_id, result):
                if tried_twice(lambda: state.status[job_id]) == "open":
                    state.status[job_id] = result


async def restores_with_tries(state, actions):
    with own_errors():
        for job_id, status in tried_twice(lambda: dict(state.status)).items():
            if status == "open":
                actions.add(pl.Tracked(job_id, Work(job_id)))


def tries(**faults):
    return jobs(stf=tries_again, restore=restores_with_tries, inputs=ONE, **faults)


SOUND = [
    Sound("nested dataclasses", nested, ((NOTHING, 37), (CRASHES, 6_890), (STORAGE, 296))),
    Sound("methods", methods, ((NOTHING, 43), (CRASHES, 7_028), (CLIENT, 1_786))),
    Sound("frozen records", records, ((NOTHING, 7), (CRASHES | CLIENT, 983), (STORAGE, 56))),
    Sound("tuples and sets", tuples, ((NOTHING, 7), (CRASHES, 86), (STORAGE | CLIENT, 632), (WIRE, 746))),
    Sound("tries again", tries, ((NOTHING, 7), (STORAGE, 56), (STORAGE | CRASHES, 688))),
]
