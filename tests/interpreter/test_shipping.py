"""What is shipped to another interpreter does there what it does here; here it is unpacked in the same one."""

import contextlib
import contextvars
import enum
import functools
import threading
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest

from phasm_lab.interpreter.shipping import ship, unship
from phasm_lab.machine.values import Normal

RATE = 3
LEVEL = contextvars.ContextVar("LEVEL", default=4)
LOCK = threading.Lock()


class Colour(enum.Enum):
    RED = "red"

    def shout(self):
        return self.value.upper()


class Point(NamedTuple):
    x: int
    y: int = 2

    def total(self):
        return self.x + self.y


@dataclass(frozen=True, slots=True)
class Price:
    cents: int
    tags: tuple[str, ...] = field(default=("new",), compare=False)

    def doubled(self):
        return Price(2 * self.cents)


@dataclass(frozen=True)
class Special(Price):
    reason: str = ""


class Shop:
    rate = RATE

    def __init__(self, number):
        self.number = number

    @property
    def total(self):
        return self.number * self.rate

    @staticmethod
    def one():
        return 1

    @classmethod
    def made(cls):
        return cls(7)

    def __eq__(self, other):
        return self.number == other.number

    __hash__ = None


class Store(Shop):
    def __init__(self, number):
        super().__init__(number + 1)


def is_even(number):
    return number == 0 or is_odd(number - 1)


def is_odd(number):
    return number != 0 and is_even(number - 1)


@functools.cache
def fibonacci(number):
    return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)


def counting():
    count = 0

    def next_one():
        nonlocal count
        count += RATE
        return count

    return next_one


def under_lock():
    with LOCK:
        return LEVEL.get()


@functools.singledispatch
def told(_value):
    return "something"


@told.register
def _(value: int):
    return "a number" if value else told("")


@told.register(Shop)
def _(_value):
    return "a shop"


class Teller:
    @functools.singledispatchmethod
    def tell(self, _value):
        return "something"

    @tell.register
    def _(self, _value: str):
        return f"a word, {self.tell(0)}"


@contextlib.contextmanager
def written(words):
    words.append("begun")
    yield words
    words.append("ended")


def written_down():
    with written([]) as words:
        words.append("now")
    return words


@functools.total_ordering
class Size:
    def __init__(self, number):
        self.number = number

    def __eq__(self, other):
        return self.number == other.number

    def __lt__(self, other):
        return self.number < other.number

    __hash__ = None


class Registered(type):
    names = ()

    def __init__(cls, *_):
        Registered.names += (cls.__name__,)

    def shout(cls):
        return cls.__name__.upper()


class Plugin(metaclass=Registered):
    pass


@dataclass
class Entry(metaclass=Registered):
    number: int = 0


def there(value):
    return unship(ship(value, lambda file: file == __file__))


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda: is_even(10), True),
        (lambda: fibonacci(10), 55),
        (lambda: Colour("red").shout(), "RED"),
        (lambda: Point(1).total(), 3),
        (lambda: (Price(2).doubled() == Price(4, ()), Price(1).tags), (True, ("new",))),
        (lambda: (repr(Price(2)), hash(Price(2)) == hash(Price(2))), ("Price(cents=2, tags=('new',))", True)),
        (lambda: Special(2, reason="rain").doubled().cents, 4),
        (lambda: Shop.made().total, 21),
        (lambda: Store(1).number + Shop.one(), 3),
        (lambda: Shop(1) == Shop(1), True),
        (counting(), 3),
        (under_lock, 4),
        (functools.partial(pow, 2, 3), 8),
        (Shop(2).__class__.made, Shop(7)),
        (lambda: Normal("a").payload, "a"),
        (lambda: [told(value) for value in (1, 0, Shop(1), True)], ["a number", "something", "a shop", "a number"]),
        (lambda: (told.__name__, told.dispatch(int).__name__), ("told", "_")),
        (lambda: Teller().tell("a"), "a word, something"),
        (written_down, ["begun", "now", "ended"]),
        (lambda: Size(1) <= Size(2) and Size(2) >= Size(1), True),
        (lambda: (Plugin.shout(), Registered.names), ("PLUGIN", ("Plugin", "Entry"))),
    ],
)
def test_a_function_gives_the_same_there(function, expected):
    assert expected == there(function)()


def test_what_is_shipped_is_the_users_own_made_anew():
    shipped = there(Price(3))
    assert (3, "Price", False) == (shipped.cents, type(shipped).__name__, type(shipped) is Price)


def test_a_name_that_functions_share_is_shared_there():
    first, second = there((lambda: globals().__setitem__("RATE", 8), lambda: RATE))
    first()
    assert (8, 3) == (second(), RATE)


def test_a_method_goes_with_its_object():
    assert 7 == there(Store(6).__init__.__self__).number


def test_what_cannot_be_shipped_says_what_it_is():
    with pytest.raises(TypeError, match=r"cannot pickle '_io.TextIOWrapper' object"), open(__file__) as file:  # noqa: PTH123
        there(file)


def test_a_dataclass_with_a_metaclass_of_the_users_is_not_shipped():
    with pytest.raises(TypeError, match="cannot ship class Entry: its metaclass Registered is your own"):
        there(Entry())
