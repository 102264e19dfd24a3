# ruff: noqa: C416, RUF005 - the ways to write an operation are what is tested
import copy
import json
import pickle
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasm_lab.engine.accesses import Meter
from phasm_lab.engine.memory import MemorySource
from phasm_lab.errors import EndlessError, StorageError
from tests.engine.programs import PROGRAMS, run, shown, start_shop


@dataclass(frozen=True)
class Limits:
    largest: int = 9
    tags: list[str] = field(default_factory=lambda: ["a"])


@dataclass
class Order:
    cents: int = 5
    lines: list[int] = field(default_factory=lambda: [1, 2])

    @property
    def euros(self) -> float:
        return self.cents / 100


@dataclass
class Shop:
    count: int = 1
    missing: Any = None
    table: dict[Any, Any] = field(default_factory=lambda: {"a": 1, "b": 2})
    queue: list[Any] = field(default_factory=lambda: [3, 1, 2])
    seen: set[int] = field(default_factory=lambda: {1, 2})
    orders: dict[int, Order] = field(default_factory=lambda: {1: Order(), 2: Order()})
    stack: list[Order] = field(default_factory=lambda: [Order(), Order()])
    limits: Limits = field(default_factory=Limits)
    pair: tuple[int, list[int]] = field(default_factory=lambda: (1, [2]))
    order: Order = field(default_factory=Order)

    def larger(self, cents: int) -> bool:
        return cents > self.count


def accesses_of(body, meter=None, initial=Shop):
    meter = meter or Meter()
    version = MemorySource(initial, "initial").start()
    try:
        body(version.begin(meter))
    finally:
        meter.release()
        version.rollback()
    return [str(access) for access in meter.accesses]


def augment(state):
    state.count += 1


def augment_list(state):
    state.queue += [1]


def augment_item(state):
    state.table["a"] += 1


def loop(state):
    for key in state.table:
        state.table[key]


def lengths(state):
    for _ in range(3):
        len(state.queue)


def list_then_len(state):
    for function in (list, len):
        function(state.queue)


def sum_then_len(state):
    for function in (sum, len):
        function(state.queue)
        state.count += 1


def unpack(state):
    _, _, _ = state.queue


def call(*positional, **named):
    return positional, named


def merge_in(state):
    merged = {"z": 0}
    merged.update(state.table)
    merged |= state.table


READ_TABLE, WRITE_TABLE = "read table", "write table"
OPERATIONS = {
    "read a field": (lambda s: s.count, ["read count"]),
    "read a field that is None": (lambda s: s.missing, ["read missing"]),
    "write a field": (lambda s: setattr(s, "count", 2), ["write count"]),
    "delete a field": (lambda s: delattr(s, "count"), ["write count"]),
    "augment a field": (augment, ["read count", "write count"]),
    "call a method": (lambda s: s.larger(3), ["read count"]),
    "read a property": (lambda s: s.order.euros, ["read order.cents"]),
    "reach a container": (lambda s: s.table, []),
    "reach a dataclass": (lambda s: s.order, []),
    "read a frozen dataclass": (lambda s: s.limits.largest, ["read limits"]),
    "reach into a frozen dataclass": (lambda s: s.limits.tags.append("b"), ["read limits", "write limits.tags"]),
    "read a tuple": (lambda s: s.pair[0], ["read pair"]),
    "reach into a tuple": (lambda s: s.pair[1].append(3), ["read pair", "write pair[1]"]),
    "replace a container": (lambda s: setattr(s, "table", {}), ["write table"]),
    "dict get": (lambda s: s.table.get("a"), ["read table['a']"]),
    "dict item": (lambda s: s.table["a"], ["read table['a']"]),
    "dict in": (lambda s: "z" in s.table, ["read table['z']"]),
    "dict len": (lambda s: len(s.table), [READ_TABLE]),
    "dict bool": (lambda s: bool(s.table), [READ_TABLE]),
    "dict for": (lambda s: [key for key in s.table], [READ_TABLE]),
    "dict for, items read": (loop, [READ_TABLE, "read table['a']", "read table['b']"]),
    "dict keys": (lambda s: list(s.table.keys()), [READ_TABLE]),
    "dict values": (lambda s: list(s.table.values()), [READ_TABLE]),
    "dict items": (lambda s: list(s.table.items()), [READ_TABLE]),
    "dict list": (lambda s: list(s.table), [READ_TABLE]),
    "dict tuple": (lambda s: tuple(s.table), [READ_TABLE]),
    "dict sorted": (lambda s: sorted(s.table), [READ_TABLE]),
    "dict sorted by item": (
        lambda s: sorted(s.table, key=s.table.get),
        [READ_TABLE, "read table['a']", "read table['b']"],
    ),
    "dict dict": (lambda s: dict(s.table), [READ_TABLE]),
    "dict unpacked": (lambda s: {**s.table}, [READ_TABLE]),
    "dict as keywords": (lambda s: call(**s.table), [READ_TABLE]),
    "dict merged into another": (merge_in, [READ_TABLE, READ_TABLE]),
    "dict copy": (lambda s: s.table.copy(), [READ_TABLE]),
    "dict copy.copy": (lambda s: copy.copy(s.table), [READ_TABLE]),
    "dict deepcopy": (lambda s: copy.deepcopy(s.table), [READ_TABLE]),
    "dict pickle": (lambda s: pickle.dumps(s.table), [READ_TABLE]),
    "dict json": (lambda s: json.dumps(s.table), [READ_TABLE]),
    "dict repr": (lambda s: f"{s.table}", [READ_TABLE]),
    "dict ==": (lambda s: s.table == {}, [READ_TABLE]),
    "dict == from the other side": (lambda s: {} == s.table, [READ_TABLE]),
    "dict |": (lambda s: s.table | {"c": 1}, [READ_TABLE]),
    "dict | from the other side": (lambda s: {"c": 1} | s.table, [READ_TABLE]),
    "dict reversed": (lambda s: list(reversed(s.table)), [READ_TABLE]),
    "dict set item": (lambda s: s.table.update({}) or s.table.__setitem__("a", 3), [WRITE_TABLE, "write table['a']"]),
    "dict augment item": (augment_item, ["read table['a']", "write table['a']"]),
    "dict del": (lambda s: s.table.__delitem__("a"), ["write table['a']"]),
    "dict pop": (lambda s: s.table.pop("a"), ["write table['a']"]),
    "dict pop nothing": (lambda s: s.table.pop("z", None), ["write table['z']"]),
    "dict popitem": (lambda s: s.table.popitem(), [WRITE_TABLE]),
    "dict setdefault": (lambda s: s.table.setdefault("a", 3), ["write table['a']"]),
    "dict update": (lambda s: s.table.update(a=3, c=4), [WRITE_TABLE]),
    "dict clear": (lambda s: s.table.clear(), [WRITE_TABLE]),
    "list item": (lambda s: s.queue[0], ["read queue[0]"]),
    "list slice": (lambda s: s.queue[1:], ["read queue[slice(1, None, None)]"]),
    "list len": (lambda s: len(s.queue), ["read queue"]),
    "list len, three times": (lengths, ["read queue"] * 3),
    "list and len by one instruction": (list_then_len, ["read queue", "read queue"]),
    "sum and len by one instruction": (
        sum_then_len,
        ["read queue", "read count", "write count", "read queue", "read count", "write count"],
    ),
    "list bool": (lambda s: not s.queue, ["read queue"]),
    "list for": (lambda s: [item for item in s.queue], ["read queue"]),
    "list list": (lambda s: list(s.queue), ["read queue"]),
    "list sorted": (lambda s: sorted(s.queue), ["read queue"]),
    "list max": (lambda s: max(s.queue), ["read queue"]),
    "list unpacked": (unpack, ["read queue"]),
    "list starred": (lambda s: call(*s.queue), ["read queue"]),
    "list join": (lambda s: ",".join(map(str, s.queue)), ["read queue"]),
    "list in": (lambda s: 3 in s.queue, ["read queue"]),
    "list index": (lambda s: s.queue.index(3), ["read queue"]),
    "list count": (lambda s: s.queue.count(3), ["read queue"]),
    "list copy": (lambda s: s.queue.copy(), ["read queue"]),
    "list +": (lambda s: s.queue + [1], ["read queue"]),
    "list + from the other side": (lambda s: [1] + s.queue, ["read queue"]),
    "list ==": (lambda s: s.queue == [], ["read queue"]),
    "list <": (lambda s: s.queue < [], ["read queue"]),
    "list repr": (lambda s: str(s.queue), ["read queue"]),
    "list reversed": (lambda s: list(reversed(s.queue)), ["read queue"]),
    "list set item": (lambda s: s.queue.__setitem__(0, 1), ["write queue"]),
    "list append": (lambda s: s.queue.append(1), ["write queue"]),
    "list extend": (lambda s: s.queue.extend([1]), ["write queue"]),
    "list insert": (lambda s: s.queue.insert(0, 1), ["write queue"]),
    "list pop": (lambda s: s.queue.pop(), ["write queue[-1]"]),
    "list remove": (lambda s: s.queue.remove(3), ["write queue"]),
    "list sort": (lambda s: s.queue.sort(), ["write queue"]),
    "list +=": (augment_list, ["write queue", "write queue"]),
    "set len": (lambda s: len(s.seen), ["read seen"]),
    "set in": (lambda s: 1 in s.seen, ["read seen"]),
    "set for": (lambda s: [member for member in s.seen], ["read seen"]),
    "set sorted": (lambda s: sorted(s.seen), ["read seen"]),
    "set |": (lambda s: s.seen | {3}, ["read seen"]),
    "set | from the other side": (lambda s: {3} | s.seen, ["read seen"]),
    "set <=": (lambda s: s.seen <= {3}, ["read seen"]),
    "set repr": (lambda s: repr(s.seen), ["read seen"]),
    "set add": (lambda s: s.seen.add(3), ["write seen"]),
    "set discard": (lambda s: s.seen.discard(3), ["write seen"]),
    "set pop": (lambda s: s.seen.pop(), ["write seen"]),
    "set update": (lambda s: s.seen.update([3], [4]), ["write seen"]),
    "a field below a dict": (lambda s: s.orders[1].cents, ["read orders[1]", "read orders[1].cents"]),
    "a field below values": (
        lambda s: [o.cents for o in s.orders.values()],
        ["read orders", "read orders[1].cents", "read orders[2].cents"],
    ),
    "a list below a dict": (lambda s: s.orders[1].lines.append(3), ["read orders[1]", "write orders[1].lines"]),
    "a field below a list": (lambda s: s.stack[0].cents, ["read stack[0]", "read stack[0].cents"]),
    "a field below reversed": (lambda s: next(iter(reversed(s.stack))).cents, ["read stack", "read stack[1].cents"]),
    "a field below what was popped": (lambda s: s.stack.pop().cents, ["write stack[-1]", "read stack[-1].cents"]),
    "dataclasses.replace": (lambda s: replace(s.order, lines=[]), ["read order.cents"]),
    "repr of a dataclass": (lambda s: repr(s.order), ["read order.cents", "read order.lines"]),
    "== of dataclasses": (lambda s: s.order == Order(), ["read order.cents", "read order.lines"]),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_counts_as_these_accesses(name):
    body, expected = OPERATIONS[name]
    assert expected == accesses_of(body)


def put_and_use(state):
    state.table = {"a": 1}
    state.table["a"] += 1
    state.queue.append([1])
    state.order = Order()
    state.order.cents += 1


def test_what_was_put_in_by_the_same_transition_is_not_metered():
    assert ["write table", "write queue", "write order"] == accesses_of(put_and_use)


def test_an_access_names_the_line_of_user_code_that_made_it():
    meter = Meter()
    accesses_of(augment_item, meter)
    first = augment_item.__code__.co_firstlineno
    assert [(__file__, first + 1), (__file__, first + 1)] == [(access.file, access.line) for access in meter.accesses]


def test_an_access_through_the_standard_library_names_the_users_line():
    meter = Meter()
    accesses_of(lambda state: json.dumps(state.table), meter)
    assert [__file__] == [access.file for access in meter.accesses]


def classes_of(value):
    if isinstance(value, dict):
        return [type(value), *(cls for item in dict.values(value) for cls in classes_of(item))]
    if isinstance(value, list | tuple):
        return [type(value), *(cls for item in value for cls in classes_of(item))]
    if hasattr(value, "__dataclass_fields__"):
        return [type(value), *(cls for part in vars(value).values() for cls in classes_of(part))]
    return []


def test_after_a_metered_transition_no_class_stays_metered():
    version = MemorySource(Shop, "initial").start()
    meter = Meter()
    state = version.begin(meter)
    for body, _ in OPERATIONS.values():
        body(version.begin(meter))
    meter.release()
    version.rollback()
    assert [] == [cls for cls in classes_of(state) if getattr(cls, "__phasm_metered__", False)]


@given(PROGRAMS)
def test_a_metered_run_leads_to_what_an_unmetered_one_does(program):
    plain = start_shop()
    expected = [run(plain, operation) for operation in program]
    version, meter = MemorySource(start_shop, "initial").start(), Meter()
    state = version.begin(meter)
    found = [run(state, operation) for operation in program]
    meter.release()
    assert expected == found
    assert shown(plain) == shown(version.commit().view())


STORE_WRITES = ["read count", "write count", "write table['a']", "write queue"]


def four_accesses(state):
    state.count += 1
    state.table["a"] = 2
    state.queue.append(4)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("sticky", [False, True])
def test_the_nth_access_fails_and_is_the_last_one_made(number, sticky):
    meter = Meter(number, sticky=sticky)
    with pytest.raises(StorageError) as caught:
        accesses_of(four_accesses, meter)
    assert STORE_WRITES[:number] == [str(access) for access in meter.accesses]
    assert f"access {number} ({STORE_WRITES[number - 1]}): the lab made it fail" == str(caught.value)


def test_an_error_beyond_the_last_access_never_happens():
    meter = Meter(5)
    assert STORE_WRITES == accesses_of(four_accesses, meter)
    assert not meter.failed


def failures(meter):
    found = []

    def body(state):
        accesses = (
            lambda: state.count,
            lambda: state.queue.append(1),
            lambda: state.table["a"],
            lambda: len(state.seen),
        )
        for access in accesses:
            try:
                access()
            except StorageError:
                found.append(len(meter.accesses))

    accesses_of(body, meter)
    return found


@given(st.integers(1, 5))
def test_an_error_happens_once_or_from_then_on(number):
    assert [n for n in (1, 2, 3, 4) if n == number] == failures(Meter(number))
    assert [n for n in (1, 2, 3, 4) if n >= number] == failures(Meter(number, sticky=True))


def test_a_failed_write_writes_nothing():
    version, meter = MemorySource(Shop, "initial").start(), Meter(1)
    state = version.begin(meter)
    with pytest.raises(StorageError):
        state.queue.append(4)
    meter.release()
    assert version is version.commit()


def test_a_transition_without_end_is_stopped_by_the_number_of_its_accesses():
    def forever(state):
        while True:
            state.count += 1

    with pytest.raises(EndlessError) as caught:
        accesses_of(forever)
    assert "stopped after 100,000 accesses" == str(caught.value)


def test_copies_of_a_set_made_in_c_are_not_seen():
    assert [] == accesses_of(lambda state: (set(state.seen), frozenset(state.seen), {*state.seen}))


@dataclass
class Named:
    journal: list[int] = field(default_factory=list)
    journaled: bool = False
    metered: bool = False


@dataclass(slots=True)
class NamedSlots:
    journal: list[int] = field(default_factory=list)
    journaled: bool = False
    metered: bool = False


@pytest.mark.parametrize("cls", [Named, NamedSlots])
def test_a_field_may_have_any_name(cls):
    version, meter = MemorySource(cls, "initial").start(), Meter()
    state = version.begin(meter)
    state.journal.append(1)
    state.journaled = state.metered = True
    meter.release()
    assert cls([1], True, True) == version.commit().plain()
