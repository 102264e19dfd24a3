"""Random programs on a dataclass state, and what a state looks like to a plain eye."""

from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from hypothesis import strategies as st

from phasm_lab.machine.data import thaw


@dataclass(frozen=True)
class Point:
    x: int
    y: int = 0


@dataclass
class Order:
    lines: list[Any] = field(default_factory=list)
    note: str = ""


@dataclass(slots=True)
class Slot:
    number: int = 0
    items: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Box:
    contents: dict[Any, Any] = field(default_factory=dict)


@dataclass
class Shop:
    count: int = 0
    table: dict[Any, Any] = field(default_factory=dict)
    queue: list[Any] = field(default_factory=list)
    seen: set[Any] = field(default_factory=set)
    orders: dict[Any, Any] = field(default_factory=dict)
    slot: Slot = field(default_factory=Slot)
    box: Box = field(default_factory=Box)
    pair: tuple[list[Any], int] = field(default_factory=lambda: ([], 0))


def start_shop():
    return Shop(
        count=1,
        table={3: "c", 1: "a", 2: "b"},
        queue=[5, [6], 7],
        seen={1, 9, 17},
        orders={"x": Order([1, 2], "first"), "y": Order()},
        slot=Slot(4, [1]),
        box=Box({"k": [1]}),
        pair=([1, 2], 3),
    )


def shown(value):
    """Return everything that plain code can see of a value, except the order of a set."""
    name = value.__class__.__name__
    if isinstance(value, dict):
        return (name, *((shown(key), shown(item)) for key, item in value.items()))
    if isinstance(value, list | tuple):
        return (name, *map(shown, value))
    if isinstance(value, set | frozenset):
        return (name, *sorted(map(repr, value)))
    if is_dataclass(value):
        return (name, *((part.name, shown(getattr(value, part.name, "missing"))) for part in fields(value)))
    return (name, repr(value))


KEYS = st.sampled_from([1, True, 1.0, 2, 3, "x", "y", "k", (1, 2), Point(1)])
MEMBERS = st.sampled_from([1, 2, 3, "x", (1, 2), Point(1)])
VALUES = st.sampled_from(["v", 0, None, Point(2)]) | st.builds(
    lambda make: make(),
    st.sampled_from(
        [lambda: [1, 2], lambda: {"k": 1}, lambda: {4}, lambda: Order([8]), lambda: Slot(1), lambda: ([0], 1)]
    ),
)
INDEXES = st.integers(-3, 4)
SLICES = st.builds(slice, INDEXES | st.none(), INDEXES | st.none(), st.sampled_from([None, 1, 2, -1]))
NUMBERS = st.lists(st.integers(0, 20), max_size=4)


def call(path, method, *arguments):
    """Return an operation: a method of what stands at `path`, called with drawn arguments."""
    return st.tuples(st.just("call"), st.sampled_from(path), st.just(method), st.tuples(*arguments))


DICTS = ["table", "orders", "box.contents"]
LISTS = ["queue", "slot.items", "pair.0", "orders.x.lines", "queue.1"]
SETS = ["seen"]
OPERATIONS = st.one_of(
    call(DICTS, "__setitem__", KEYS, VALUES),
    call(DICTS, "__delitem__", KEYS),
    call(DICTS, "pop", KEYS),
    call(DICTS, "pop", KEYS, VALUES),
    call(DICTS, "popitem"),
    call(DICTS, "setdefault", KEYS, VALUES),
    call(DICTS, "update", st.dictionaries(KEYS, VALUES, max_size=3)),
    call(DICTS, "clear"),
    call(DICTS, "get", KEYS),
    call(DICTS, "__or__", st.dictionaries(KEYS, VALUES, max_size=2)),
    call(LISTS, "append", VALUES),
    call(LISTS, "extend", st.lists(VALUES, max_size=3)),
    call(LISTS, "insert", INDEXES, VALUES),
    call(LISTS, "pop"),
    call(LISTS, "pop", INDEXES),
    call(LISTS, "remove", VALUES),
    call(LISTS, "__setitem__", INDEXES, VALUES),
    call(LISTS, "__setitem__", SLICES, st.lists(VALUES, max_size=3)),
    call(LISTS, "__delitem__", INDEXES | SLICES),
    call(LISTS, "__imul__", st.integers(-1, 2)),
    call(LISTS, "__getitem__", INDEXES | SLICES),
    call(LISTS, "sort"),
    call(LISTS, "reverse"),
    call(LISTS, "clear"),
    call(LISTS, "index", VALUES),
    call(SETS, "add", MEMBERS),
    call(SETS, "discard", MEMBERS),
    call(SETS, "remove", MEMBERS),
    call(SETS, "clear"),
    call(SETS, "update", NUMBERS, NUMBERS),
    call(SETS, "difference_update", NUMBERS),
    call(SETS, "intersection_update", NUMBERS),
    call(SETS, "symmetric_difference_update", NUMBERS),
    call(SETS, "__ior__", NUMBERS.map(set)),
    call(SETS, "__isub__", NUMBERS.map(set) | NUMBERS),
    call(SETS, "__ixor__", NUMBERS.map(frozenset)),
    call(SETS, "__sub__", NUMBERS.map(set)),
    st.tuples(st.just("set"), st.sampled_from(["count", "slot.number", "orders.x.note"]), st.integers(0, 9)),
    st.tuples(st.just("set"), st.sampled_from(["slot", "pair", "box", "queue"]), VALUES),
    st.tuples(st.just("delete"), st.sampled_from(["queue", "slot.number", "nothing"])),
    st.tuples(st.just("add"), st.sampled_from(["count", "queue", "slot.items", "pair.0"]), st.integers(0, 9) | NUMBERS),
    st.tuples(st.just("move"), st.sampled_from(["queue", "slot", "orders.x", "seen"]), st.sampled_from(DICTS), KEYS),
)
PROGRAMS = st.lists(OPERATIONS, max_size=8)


def _at(state, path):
    for name in path.split(".") if path else []:
        if isinstance(state, dict):
            state = state[name]
        elif isinstance(state, list | tuple):
            state = state[int(name)]
        else:
            state = getattr(state, name)
    return state


def _operate(state, operation):
    match operation:
        case ("call", path, method, arguments):
            return getattr(_at(state, path), method)(*arguments)
        case ("move", source, target, key):
            _at(state, target)[key] = _at(state, source)
            return None
    above, _, name = operation[1].rpartition(".")
    owner = _at(state, above)
    match operation:
        case ("set", _, value):
            return setattr(owner, name, value)
        case ("delete", _):
            return delattr(owner, name)
        case ("add", _, value) if isinstance(owner, tuple):
            owner[int(name)].__iadd__(value)
            return None
        case ("add", _, value):
            current = getattr(owner, name)
            current += value
            return setattr(owner, name, current)
    raise AssertionError(operation)


def run(state, operation):
    """Return what an operation on a state leads to: its result or its exception, as plain code sees it."""
    try:
        return shown(_operate(state, thaw(operation)))
    except Exception as error:  # noqa: BLE001 - the exception is what is compared
        # How a wrong call is worded depends on whether a method is written in C.
        return (type(error).__name__, "" if isinstance(error, TypeError) else str(error))
