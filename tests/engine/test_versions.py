from dataclasses import dataclass, field
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from phasm_lab.engine.memory import MemorySource
from phasm_lab.machine.data import same
from tests.engine.programs import PROGRAMS, run, start_shop


@dataclass
class Order:
    cents: int = 0
    lines: list[Any] = field(default_factory=list)


@dataclass
class Shop:
    count: int = 0
    note: str = ""
    table: dict[Any, Any] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    queue: list[Any] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)


def after(version, body):
    body(version.begin(None))
    return version.commit()


def start():
    value = Shop(1, "a", {"x": 1, "y": 2}, {1: Order(5, [1, 2]), 2: Order()}, [1, 2, 3], {1, 2})
    return MemorySource(lambda: value, "initial").start()


def changes(body):
    return [f"{change.sign} {change.path} {change.old} {change.new}" for change in after(start(), body).changes()]


def write_everywhere(state):
    state.count += 1
    state.table["z"] = 3
    del state.table["x"]
    state.table["y"] = 4
    state.orders[1].cents = 7
    state.orders[1].lines.append(3)
    state.queue[1] = "two"
    state.queue.pop()
    state.seen.add(3)
    state.seen.remove(1)


def test_changes_come_in_the_order_of_their_first_write():
    assert [
        "~ count 1 2",
        "+ table['z']  3",
        "- table['x'] 1 ",
        "~ table['y'] 2 4",
        "~ orders[1].cents 5 7",
        "+ orders[1].lines[2]  3",
        "~ queue[1] 2 'two'",
        "- queue[2] 3 ",
        "+ seen  3",
        "- seen  1",
    ] == changes(write_everywhere)


def write_in_vain(state):
    state.count = 5
    state.count = 1
    state.table["z"] = 3
    del state.table["z"]
    state.queue.append(4)
    state.queue.pop()


def test_what_is_as_it_was_is_no_change():
    assert [] == changes(write_in_vain)


def move(state):
    order = state.orders.pop(1)
    order.cents = 9
    state.queue.append(order)


def test_what_is_gone_is_one_change_whatever_was_written_to_it_before():
    assert [
        "- orders[1] Order(cents=5, lines=[1, 2]) ",
        "+ queue[3]  Order(cents=9, lines=[1, 2])",
    ] == changes(move)


def test_the_first_version_changed_nothing():
    assert [] == start().changes()


def test_the_first_version_of_a_segment_has_the_changes_of_the_one_it_is_a_copy_of():
    version = after(start(), lambda state: setattr(state, "count", 2))
    assert version.changes() == version.begin_segment().changes()


@given(PROGRAMS)
@example([("delete", "slot.number"), ("move", "slot", "table", 1), ("call", "slot.items", "insert", (0, {4}))])
def test_there_are_changes_exactly_where_the_values_differ(program):
    before = MemorySource(start_shop, "initial").start()
    state = before.begin(None)
    for operation in program:
        run(state, operation)
    version = before.commit()
    assert same(before.plain(), version.plain()) == (not version.changes())


def test_the_listing_shows_containers_indented():
    assert [
        ("", "Shop", 0, "count", "1"),
        ("", "Shop", 0, "note", "'a'"),
        ("", "Shop", 0, "table", ""),
        ("", "Shop", 1, "'x'", "1"),
        ("", "Shop", 1, "'y'", "2"),
        ("", "Shop", 0, "orders", ""),
        ("", "Shop", 1, "1", "Order"),
        ("", "Shop", 2, "cents", "5"),
        ("", "Shop", 2, "lines", ""),
        ("", "Shop", 3, "0", "1"),
        ("", "Shop", 3, "1", "2"),
        ("", "Shop", 1, "2", "Order"),
        ("", "Shop", 2, "cents", "0"),
        ("", "Shop", 2, "lines", "[]"),
        ("", "Shop", 0, "queue", ""),
        ("", "Shop", 1, "0", "1"),
        ("", "Shop", 1, "1", "2"),
        ("", "Shop", 1, "2", "3"),
        ("", "Shop", 0, "seen", ""),
        ("", "Shop", 1, "", "1"),
        ("", "Shop", 1, "", "2"),
    ] == start().listing()


def test_a_transition_that_writes_nothing_makes_no_version():
    version = start()
    assert version is after(version, lambda state: state.table.get("x"))


def test_a_plain_copy_is_independent():
    version = start()
    copy = version.plain()
    copy.table["x"] = 99
    assert (Shop, 1) == (type(copy), version.view().table["x"])


def test_versions_of_many_segments_keep_their_values():
    def write(number):
        def body(state):
            state.count = number
            state.table[number % 50] = number
            state.queue.append(number)
            state.queue.pop(0)
            state.table.pop((number * 7) % 50, None)

        return body

    def expected(version):
        return version.plain().count, list(version.plain().table.items())

    versions, kept = [start()], {}
    for number in range(3_000):
        versions.append(after(versions[-1], write(number)))
        if number % 500 == 0:
            kept[len(versions) - 1] = expected(versions[-1])
    assert 3 == len({id(version.segment) for version in versions})
    assert kept == {index: expected(versions[index]) for index in reversed(kept)}


@given(st.data())
def test_a_frozen_version_is_equal_exactly_where_the_values_are(data):
    versions = [MemorySource(start_shop, "initial").start()]
    for program in data.draw(st.lists(PROGRAMS, max_size=4)):
        base = data.draw(st.sampled_from(versions))
        state = base.begin(None)
        for operation in program:
            run(state, operation)
        versions.append(base.commit())
    plain = [version.plain() for version in versions]
    for first, one in zip(versions, plain, strict=True):
        for second, other in zip(versions, plain, strict=True):
            assert same(one, other) == (first.frozen() == second.frozen())
