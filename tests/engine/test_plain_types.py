# ruff: noqa: RUF005 - the ways to make a container are what is tested
import copy
import dataclasses
import json
import pickle
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Mapping, MutableSequence
from dataclasses import InitVar, dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

import pytest

from phasm_lab.engine.accesses import Meter
from phasm_lab.engine.memory import MemorySource
from phasm_lab.errors import DefinitionError

Item = TypeVar("Item")


@dataclass
class Order:
    cents: int = 5
    lines: list[Any] = field(default_factory=list)

    def double(self):
        self.cents *= 2
        return self


@dataclass(frozen=True)
class Limits:
    largest: int = 9
    tags: dict[str, int] = field(default_factory=lambda: {"a": 1})


@dataclass(slots=True)
class Slot:
    number: int = 1


@dataclass
class Stack(Generic[Item]):
    items: list[Item] = field(default_factory=list)


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclass
class Shop:
    table: dict[Any, Any] = field(default_factory=lambda: {"b": 1, "a": [2]})
    queue: list[Any] = field(default_factory=lambda: [3, 1, 2])
    seen: set[Any] = field(default_factory=lambda: {1, 2})
    order: Order = field(default_factory=Order)
    limits: Limits = field(default_factory=Limits)
    slot: Slot = field(default_factory=Slot)
    generic: Stack[int] = field(default_factory=Stack)
    pair: Pair = field(default_factory=lambda: Pair([1], 2))


@pytest.fixture(params=["unmetered", "metered"])
def state(request):
    version, meter = MemorySource(Shop, "initial").start(), Meter()
    yield version.begin(meter if request.param == "metered" else None)
    meter.release()
    version.rollback()


def test_values_are_instances_of_their_own_classes(state):
    kinds = (dict, list, set, Order, Limits, Slot, Stack, Pair)
    values = [getattr(state, part.name) for part in dataclasses.fields(state)]
    assert [True] * 8 == [isinstance(value, kind) for value, kind in zip(values, kinds, strict=True)]
    assert list(kinds) == [value.__class__ for value in values]
    assert [kind.__name__ for kind in kinds] == [type(value).__name__ for value in values]
    assert (isinstance(state.table, Mapping), isinstance(state.queue, MutableSequence)) == (True, True)


def test_match_sees_plain_values(state):
    match state:
        case Shop(table={"a": [two]}, queue=[first, *_], order=Order(cents=cents), limits=Limits(tags={"a": one})):
            assert (2, 3, 5, 1) == (two, first, cents, one)
        case _:
            pytest.fail("it does not match")


def test_equality_goes_both_ways(state):
    assert state == Shop()
    assert Shop() == state
    assert {"b": 1, "a": [2]} == state.table
    assert ([3, 1, 2], {1, 2}, Order()) == (state.queue, state.seen, state.order)
    assert state.order != Order(6)


def test_repr_is_that_of_plain_values(state):
    assert repr(Shop()) == repr(state)
    assert str(Shop().table) == f"{state.table}"


def test_an_error_names_the_plain_type(state):
    with pytest.raises(TypeError) as caught:
        _ = state.queue + 1
    assert 'can only concatenate list (not "int") to list' == str(caught.value)
    with pytest.raises(TypeError) as caught:
        _ = {state.table}
    assert "unhashable type: 'dict'" == str(caught.value)


def test_dataclasses_functions_give_plain_values(state):
    changed = dataclasses.replace(state.order, cents=7)
    assert (Order, Order(7)) == (type(changed), changed)
    assert dataclasses.asdict(Shop()) == dataclasses.asdict(state)
    assert [dict, list, set] == [type(value) for value in list(dataclasses.asdict(state).values())[:3]]
    assert dataclasses.astuple(Shop()) == dataclasses.astuple(state)
    assert dataclasses.is_dataclass(state)


def pickled(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - it was made one line before


@pytest.mark.parametrize("name", ["table", "queue", "seen", "order", "limits", "slot", "generic", "pair"])
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
def test_copies_are_plain(state, name, copied):
    found, plain = copied(getattr(state, name)), getattr(Shop(), name)
    assert (type(plain), plain) == (type(found), found)


def test_a_copy_of_a_state_is_plain_all_the_way_down(state):
    found = copy.deepcopy(state)
    assert [Shop, dict, list, list, set, Order, list, dict] == [
        type(value)
        for value in (
            found,
            found.table,
            found.table["a"],
            found.queue,
            found.seen,
            found.order,
            found.order.lines,
            found.limits.tags,
        )
    ]


def test_a_shallow_copy_shares_what_it_holds(state):
    shallow = copy.copy(state.table)
    shallow["a"].append(9)
    assert [2, 9] == state.table["a"]
    shallow["b"] = 7
    assert 1 == state.table["b"]


def test_plain_containers_come_of_every_way_to_make_one(state):
    made = [
        dict(state.table),
        {**state.table},
        state.table | {},
        {} | state.table,
        state.table.copy(),
        dict.fromkeys(state.table),
        type(state.table)(a=1),
        list(state.queue),
        [*state.queue],
        state.queue[:],
        state.queue + [],
        [] + state.queue,
        state.queue * 2,
        sorted(state.queue),
        type(state.queue)("ab"),
        set(state.seen),
        state.seen | set(),
        set() | state.seen,
        state.seen - {1},
        {1} - state.seen,
        state.seen.union([3]),
        type(state.seen)([1]),
    ]
    assert [dict] * 7 + [list] * 8 + [set] * 7 == [type(value) for value in made]


def test_json_sees_plain_values_in_their_order(state):
    assert '{"table": {"b": 1, "a": [2]}, "queue": [3, 1, 2]}' == json.dumps(
        {"table": state.table, "queue": state.queue}
    )


def test_methods_and_defaults_work(state):
    assert 10 == state.order.double().cents
    assert Order(10) == state.order


def grow_set(state):
    for member in state.seen:
        state.seen.add(member + 10)


def grow_dict(state):
    for key in state.table:
        state.table[key * 2] = 1


@pytest.mark.parametrize(
    ("grow", "message"),
    [(grow_set, "Set changed size during iteration"), (grow_dict, "dictionary changed size during iteration")],
)
def test_what_changes_while_it_is_iterated_says_so(state, grow, message):
    with pytest.raises(RuntimeError) as caught:
        grow(state)
    assert message == str(caught.value)


@dataclass
class Holding:
    part: Any = None
    table: dict[Any, Any] = field(default_factory=dict)
    queue: list[Any] = field(default_factory=list)
    seen: set[Any] = field(default_factory=set)


class MutableKey:
    def __init__(self):
        self.cents = 0


@dataclass(eq=False)
class OrderByIdentity:
    cents: int = 0


class Numbers:
    def __eq__(self, other):
        raise ValueError("the truth value of an array is ambiguous")

    __hash__ = None


class Ids(list):
    pass


def itself():
    found = []
    found.append(found)
    return found


ROLLED_BACK = "use plain data: numbers, text, dict, list, set, tuples and dataclasses"
UNSUPPORTED = {
    "deque": (deque, f"it holds a deque, which cannot be rolled back; {ROLLED_BACK}"),
    "Counter": (Counter, "it holds a Counter, which cannot be rolled back; use a plain dict with .get(key, 0)"),
    "defaultdict": (
        lambda: defaultdict(list),
        "it holds a defaultdict, which cannot be rolled back; use a plain dict with .setdefault(key, ...)",
    ),
    "OrderedDict": (OrderedDict, "it holds a OrderedDict, which cannot be rolled back; use a plain dict"),
    "a subclass of list": (Ids, "it holds a Ids, which cannot be rolled back; use a plain list"),
    "bytearray": (bytearray, f"it holds a bytearray, which cannot be rolled back; {ROLLED_BACK}"),
    "a class of its own": (MutableKey, f"it holds a MutableKey, which cannot be rolled back; {ROLLED_BACK}"),
    "an array": (Numbers, f"it holds a Numbers, which cannot be rolled back; {ROLLED_BACK}"),
    "a generator": (lambda: iter([]), f"it holds a list_iterator, which cannot be rolled back; {ROLLED_BACK}"),
}


def error_of(version, body):
    before = repr(version.view())
    body(version.begin(None))
    with pytest.raises(DefinitionError) as caught:
        version.commit()
    assert before == repr(version.view())
    return str(caught.value)


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_cannot_be_rolled_back_is_refused_by_its_path_and_nothing_is_kept(name):
    make, expected = UNSUPPORTED[name]
    version = MemorySource(lambda: Holding(part=[1]), "initial").start()

    def put_attribute(state):
        state.queue.append("before")
        state.part = make()

    def put_item(state):
        state.table["a"] = {"b": [make()]}

    def put_in_list(state):
        state.queue.extend([0, (1, make())])

    assert f"Holding.part: {expected}" == error_of(version, put_attribute)
    assert f"Holding.table['a']['b'][0]: {expected}" == error_of(version, put_item)
    assert f"Holding.queue[1][1]: {expected}" == error_of(version, put_in_list)


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_it_is_refused_at_the_start_too(name):
    make, expected = UNSUPPORTED[name]
    with pytest.raises(DefinitionError) as caught:
        MemorySource(lambda: Holding(part={"a": make()}), "initial").start()
    assert f"Holding.part['a']: {expected}" == str(caught.value)


def test_keys_and_members_that_may_change_are_refused():
    version = MemorySource(Holding, "initial").start()
    frozen = "which may change; use a frozen dataclass, a tuple or an id"

    def put_key(state):
        state.table[key] = 1

    def put_member(state):
        state.seen.add(key)

    key = OrderByIdentity()
    assert f"Holding.table, key {key!r}: it is a OrderByIdentity, {frozen}" == error_of(version, put_key)
    assert f"Holding.seen, member {key!r}: it is a OrderByIdentity, {frozen}" == error_of(version, put_member)


def test_what_holds_itself_is_refused():
    version = MemorySource(Holding, "initial").start()

    def put(state):
        state.part = itself()

    def put_root(state):
        state.part = state

    expected = "Holding.part: it is nested too deeply, or holds itself; keep ids instead of references"
    assert expected == error_of(version, put)
    assert expected == error_of(version, put_root)


class Guarded:
    def __init_subclass__(cls, *, licence):
        pass


@dataclass
class Registered(Guarded, licence="free"):
    cents: int = 0


def test_a_dataclass_that_cannot_be_subclassed_is_refused():
    with pytest.raises(DefinitionError) as caught:
        MemorySource(Registered, "initial").start()
    assert (
        "Registered: the lab cannot make a subclass of it: Guarded.__init_subclass__() missing 1 required keyword-only "
        "argument: 'licence'; use a plain dataclass"
    ) == str(caught.value)


@dataclass
class Account:
    _cents: int = 0
    opened: InitVar[int] = 0
    limit: int = 100

    def __post_init__(self, opened):
        self._cents += opened

    @property
    def cents(self):
        return self._cents

    @cents.setter
    def cents(self, value):
        if value > self.limit:
            raise ValueError("over the limit")
        self._cents = value


def test_a_property_that_sets_a_field_is_undone_and_redone_by_the_field():
    first = MemorySource(lambda: Account(opened=5), "initial").start()
    state = first.begin(None)
    state.cents = 50
    second = first.commit()
    assert (5, 50, 5) == (first.view().cents, second.view().cents, first.view().cents)
    assert second.commit() is second


def test_a_property_that_refuses_leaves_the_field():
    version = MemorySource(Account, "initial").start()
    state = version.begin(None)
    with pytest.raises(ValueError, match="over the limit"):
        state.cents = 500
    assert version is version.commit()
