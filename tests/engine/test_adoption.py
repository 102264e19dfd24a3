import bisect
import contextlib
import heapq
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasm_lab.engine import memory
from phasm_lab.engine.memory import MemorySource
from phasm_lab.errors import DefinitionError
from tests.bytecodes import at_bytecode


@dataclass
class Order:
    lines: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Limits:
    tags: dict[str, int] = field(default_factory=dict)


@dataclass
class Shop:
    first: Any = None
    second: Any = None
    table: dict[Any, Any] = field(default_factory=dict)
    queue: list[Any] = field(default_factory=list)
    seen: set[Any] = field(default_factory=set)


def after(version, body):
    body(version.begin(None))
    return version.commit()


def start(**parts):
    return MemorySource(lambda: Shop(**parts), "initial").start()


@pytest.mark.parametrize("make", [lambda: [1], lambda: {"a": 1}, lambda: {1}, Order, lambda: ([1],)])
def test_what_is_in_two_places_is_one_value_within_a_transition_and_two_after_it(make):
    def put(state):
        state.first = state.second = make()
        assert state.first is state.second

    version = after(start(), put)
    assert version.view().first == version.view().second
    assert version.view().first is not version.view().second


def test_a_journaled_value_put_in_a_second_place_is_copied_at_the_commit():
    def alias(state):
        state.second = state.first
        state.second.append(2)

    def change(state):
        state.first.append(3)

    version = after(start(first=[1]), alias)
    assert ([1, 2], [1, 2]) == (version.plain().first, version.plain().second)
    version = after(version, change)
    assert ([1, 2, 3], [1, 2]) == (version.plain().first, version.plain().second)


def test_an_alias_ends_at_the_commit_whatever_the_length_of_a_segment(monkeypatch):
    found = []
    for shortest_segment in (1, 5_000):
        monkeypatch.setattr(memory, "SHORTEST_SEGMENT", shortest_segment)
        version = start(table={"a": Order([1])})
        version = after(version, lambda state: state.table.update(b=state.table["a"]))
        version = after(version, lambda state: state.table["a"].lines.append(2))
        found.append(version.plain().table)
    assert [{"a": Order([1, 2]), "b": Order([1])}] * 2 == found


def test_a_value_that_moves_is_found_where_it_went():
    def move(state):
        order = state.table.pop("a")
        order.lines.append(2)
        state.queue.append(order)

    first = start(table={"a": Order([1])})
    second = after(first, move)
    third = after(second, lambda state: state.queue[0].lines.append(3))
    assert ({}, [Order([1, 2, 3])]) == (third.plain().table, third.plain().queue)
    assert ({"a": Order([1])}, []) == (first.plain().table, first.plain().queue)
    assert [Order([1, 2])] == second.plain().queue


def test_what_user_code_keeps_stays_its_own():
    kept = [1], Order([1]), Limits({"a": 1})
    version = after(start(), lambda state: state.queue.extend(kept))
    version = after(version, lambda state: state.queue[0].append(2))
    version = after(version, lambda state: state.queue[1].lines.append(2))
    version = after(version, lambda state: state.queue[2].tags.update(b=2))
    assert ([1], Order([1]), Limits({"a": 1})) == kept
    assert [list, Order, dict] == [type(kept[0]), type(kept[1]), type(kept[2].tags)]
    kept[0].append(9)
    assert [[1, 2], Order([1, 2]), Limits({"a": 1, "b": 2})] == version.plain().queue


def test_a_constant_may_be_put_into_two_states():
    shared = Limits({"a": 1})
    one, two = (after(start(), lambda state: setattr(state, "first", shared)) for _ in range(2))
    one = after(one, lambda state: state.first.tags.update(a=2))
    assert ({"a": 2}, {"a": 1}, {"a": 1}) == (one.plain().first.tags, two.plain().first.tags, shared.tags)


def test_a_value_of_another_state_is_copied():
    one, two = start(first={"a": [1]}), start()
    theirs = one.view().first
    two = after(two, lambda state: setattr(state, "first", theirs))
    two = after(two, lambda state: state.first["a"].append(2))
    assert ({"a": [1]}, {"a": [1, 2]}) == (one.plain().first, two.plain().first)


@dataclass(slots=True)
class Narrow:
    queue: list[int] = field(default_factory=list)


def test_augmenting_a_container_in_a_slot_does_not_copy_it():
    def augment(state):
        state.first.queue += [2]

    version = start(first=Narrow([1]))
    before = version.view().first.queue
    assert before is after(version, augment).view().first.queue


def test_every_new_item_of_a_list_is_adopted():
    version = after(start(queue=[0]), lambda state: state.queue.__setitem__(slice(0, 0), [[1], [2]]))

    def change(state):
        for item in state.queue[:2]:
            item.append(9)

    assert [[1, 9], [2, 9], 0] == after(version, change).plain().queue
    assert [[1], [2], 0] == version.plain().queue


def test_augmenting_a_container_does_not_copy_it():
    version = start(queue=[1], table={"a": 1}, seen={1})
    before = version.view().queue, version.view().table, version.view().seen

    def augment(state):
        state.queue += [2]
        state.table |= {"b": 2}
        state.seen -= {1}

    state = after(version, augment).view()
    assert [True] * 3 == [old is new for old, new in zip(before, (state.queue, state.table, state.seen), strict=True)]


def test_sorting_a_list_does_not_copy_its_items():
    version = start(queue=[[2], [1]])
    two, one = version.view().queue
    state = after(version, lambda state: state.queue.sort()).view()
    assert (True, True) == (state.queue[0] is one, state.queue[1] is two)


def test_an_undone_deletion_brings_back_the_very_key():
    version = start(table={1: "a", 2.0: "b"}, seen={1, (2, 3)})
    state = version.begin(None)
    del state.table[True]
    state.table.pop(2)
    state.seen.discard(True)
    version.rollback()
    assert "{1: 'a', 2.0: 'b'} [(2, 3), 1]" == f"{version.view().table} {sorted(version.view().seen, key=str)}"


def test_keys_stand_where_they_stood_after_any_undo():
    first = start(table={"a": 1, "b": 2, "c": 3})
    second = after(first, lambda state: state.table.pop("a"))
    third = after(second, lambda state: state.table.update(a=9, d=4))
    orders = [list(version.view().table) for version in (first, third, second, third, first)]
    assert [["a", "b", "c"], ["b", "c", "a", "d"], ["b", "c"], ["b", "c", "a", "d"], ["a", "b", "c"]] == orders


def test_members_of_a_set_come_in_one_order_whatever_was_undone():
    version = start(seen={1, 9, 17})
    expected = list(version.view().seen)
    state = version.begin(None)
    state.seen.discard(1)
    state.seen.update(range(100))
    version.rollback()
    assert expected == list(version.view().seen)


class InterruptingList(list):
    """A log that is interrupted right after an entry is made, before the write itself."""

    armed = True

    def extend(self, entry):
        super().extend(entry)
        if self.armed:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    "write",
    [
        lambda state: setattr(state, "first", 2),
        lambda state: state.table.update(a=2),
        lambda state: state.table.update(z=2),
        lambda state: state.table.pop("a"),
        lambda state: state.queue.append(4),
        lambda state: state.queue.pop(0),
        lambda state: state.queue.insert(0, 4),
        lambda state: state.queue.clear(),
        lambda state: state.queue.sort(reverse=True),
        lambda state: state.seen.add(4),
        lambda state: state.seen.discard(1),
    ],
)
def test_an_interrupt_between_entry_and_write_tears_nothing(write):
    version = after(start(first=1, table={"a": 1, "b": 2}, queue=[1, 2], seen={1}), lambda state: state.table.pop("b"))
    expected = repr(version.view())
    log = version.segment.log = InterruptingList(version.segment.log)
    with pytest.raises(KeyboardInterrupt):
        write(version.begin(None))
    log.armed = False
    version.rollback()
    assert expected == repr(version.view())
    after(version, lambda state: state.table.pop("a"))
    assert expected == repr(version.view())


def test_what_was_written_outside_a_transition_is_taken_back():
    version = start(first=1)
    version.view().first = 2
    assert 1 == version.view().first
    version.view().first = 3
    assert version is after(version, lambda _: None)


def test_the_last_place_written_wins_over_what_was_put_in_before():
    def put_twice(state):
        state.first = [1]
        state.first = [2]
        state.table["a"] = [1]
        del state.table["a"]
        state.queue.append([1])
        state.queue.pop()

    assert Shop(first=[2]) == after(start(), put_twice).plain()


@pytest.mark.parametrize(
    "share", [lambda queue: queue.insert(0, queue[-1]), lambda queue: queue.__setitem__(0, queue[-1])]
)
def test_sharing_the_last_item_of_a_list_leaves_the_past_as_it_was(share):
    first = start(queue=[7, {"count": 0}])
    second = after(first, lambda state: state.queue[1].update(count=1))
    after(second, lambda state: share(state.queue))
    assert [7, {"count": 0}] == first.plain().queue
    assert [7, {"count": 1}] == second.plain().queue


LIST_WRITES = st.lists(
    st.tuples(
        st.sampled_from(["append", "bump", "insert", "move", "new", "reverse", "set", "slice", "sort"]),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    max_size=6,
)


def write(queue, name, one, two):
    """Write to a list of lists that is never empty, sharing its items."""
    place, item = two % len(queue), queue[one % len(queue)]
    if name == "bump":
        item.append(two)
    elif name == "move":
        queue.insert(place, queue.pop(one % len(queue)))
    elif name == "set":
        queue[place] = item
    elif name == "slice":
        queue[place : place + 2] = [item, [two], item]
    else:
        arguments = {"append": [item], "insert": [place, item], "new": [[two]]}.get(name, [])
        getattr(queue, "append" if name == "new" else name)(*arguments)


@given(st.lists(st.tuples(st.integers(0, 100), LIST_WRITES), max_size=8))
def test_every_version_of_a_list_that_shares_its_items_keeps_its_value(transitions):
    versions, plains = [start(queue=[[1], [2], [3]])], [[[1], [2], [3]]]
    for index, writes in transitions:
        base = index % len(versions)
        plain = [list(item) for item in plains[base]]
        state = versions[base].begin(None)
        for operation in writes:
            write(plain, *operation)
            write(state.queue, *operation)
        versions.append(versions[base].commit())
        plains.append([list(item) for item in plain])
    assert plains == [version.plain().queue for version in versions]


def test_a_sort_that_fails_leaves_the_list_as_a_plain_one_would_be():
    plain, version = [1, 2, 0, "v"], start(queue=[1, 2, 0, "v"])
    for queue in (plain, version.begin(None).queue):
        with pytest.raises(TypeError):
            queue.sort()
    assert plain == version.commit().plain().queue
    assert [1, 2, 0, "v"] == version.plain().queue


@dataclass
class Prepared:
    count: int = 0

    def __post_init__(self):
        self._seen = {}


@dataclass
class Cached:
    lines: list[int] = field(default_factory=list)

    @cached_property
    def total(self):
        return len(self.lines)


@dataclass(frozen=True)
class FrozenCached:
    lines: list[int] = field(default_factory=list)

    @cached_property
    def total(self):
        return len(self.lines)


NOT_A_FIELD = (
    "_seen: it is not a field of the dataclass, so it is no part of the state; "
    "declare it in Prepared: _seen: ... = field(init=False)"
)
OUTLIVES = "total: it is a cached_property, whose value would outlive a rollback and a crash; use @property"


@pytest.mark.parametrize(
    ("initial", "expected"),
    [
        (Prepared, f"Prepared.{NOT_A_FIELD}"),
        (lambda: Shop(first=Prepared()), f"Shop.first.{NOT_A_FIELD}"),
        (Cached, f"Cached.{OUTLIVES}"),
        (lambda: Shop(queue=[FrozenCached()]), f"Shop.queue[0].{OUTLIVES}"),
    ],
)
def test_what_an_instance_keeps_beside_its_fields_is_refused(initial, expected):
    with pytest.raises(DefinitionError) as caught:
        MemorySource(initial, "initial").start()
    assert expected == str(caught.value)


def test_a_sorted_list_is_kept_by_insort_and_a_heap_as_a_copy():
    def push(state):
        bisect.insort(state.queue, 2)
        heap = list(state.first)
        heapq.heappush(heap, 0)
        state.first[:] = heap

    first = start(queue=[1, 3], first=[1, 3])
    second = after(first, push)
    assert ([1, 2, 3], [0, 3, 1]) == (second.plain().queue, second.plain().first)
    assert ([1, 3], [1, 3]) == (first.plain().queue, first.plain().first)


def test_a_new_item_that_heapq_took_out_again_is_noticed():
    version = start()
    state = version.begin(None)
    state.queue.append([1])
    heapq.heappop(state.queue)
    with pytest.raises(DefinitionError) as caught:
        version.commit()
    assert (
        "Shop.queue: something wrote to this list without asking it, as heapq does, and no rollback would undo that; "
        "use bisect.insort, or work on a copy and put it back: queue[:] = heap"
    ) == str(caught.value)


def interrupt():
    raise KeyboardInterrupt


def test_a_rollback_that_is_interrupted_anywhere_can_be_done_again():
    count, raised = 0, ["first"]
    while raised:
        count += 1
        version = after(start(first=1, table={"a": 1}, queue=[1, 2], seen={1}), lambda state: state.table.pop("a"))
        expected, state = repr(version.view()), version.begin(None)
        state.first, state.table["b"], state.queue[0] = 5, 2, 9
        state.queue.append(3)
        state.seen.add(7)
        with contextlib.suppress(KeyboardInterrupt), at_bytecode(count, interrupt) as raised:
            version.rollback()
        assert expected == repr(version.view())
    assert count > 100
