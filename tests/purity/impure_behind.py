"""Functions that are clean themselves: what breaks a rule stands behind a decorator, a property, a table, a base class."""

# ruff: noqa: ARG001 - stf and restore take what they are given, in a test of what they do with something else too

import contextlib
import dataclasses
import functools
import os
import random
import time
from collections import defaultdict

import phasm_lab as pl
from tests.purity.corpus import impure
from tests.purity.drive import plain_restore, plain_stf

CALLS = []
COUNTS = defaultdict(int)


def outer(word):
    return inner(word)


def inner(word):
    return f"{word} {time.time_ns()}"  # here: stamps_two_helpers_down


@impure("outside-effect")
async def stamps_two_helpers_down(state, input, actions):
    state.lines.append(outer("a"))


def timed(function):
    @functools.wraps(function)
    async def call(state, input, actions):
        started = time.monotonic()  # here: is_timed_by_a_decorator
        await function(state, input, actions)
        state.count += time.monotonic() > started

    return call


@impure("outside-effect")
@timed
async def is_timed_by_a_decorator(state, input, actions):
    await plain_stf(state, input, actions)


class Clock:
    @property
    def now(self):
        return time.time()  # here: asks_a_property

    @staticmethod
    def today():
        return time.localtime().tm_yday  # here: asks_a_static_method

    def __format__(self, form):
        return time.ctime()  # here: formats_a_clock

    def __eq__(self, other):
        return os.getpid() == other  # here: compares_with_a_process

    def __hash__(self):
        return 7


CLOCK = Clock()


@impure("outside-effect")
async def asks_a_property(state, input, actions):
    state.lines.append(CLOCK.now)


@impure("outside-effect", role="restore")
async def asks_a_static_method(state, actions):
    if Clock.today():
        await plain_restore(state, actions)


@impure("outside-effect")
async def formats_a_clock(state, input, actions):
    state.lines.append(f"it is {CLOCK}")


@impure("outside-effect")
async def compares_with_a_process(state, input, actions):
    state.count += CLOCK == state.count


@dataclasses.dataclass
class Ticket:
    number: int = 0

    def __post_init__(self):
        self.number = random.randrange(9)  # here: makes_a_ticket


@impure("outside-effect")
async def makes_a_ticket(state, input, actions):
    state.count = Ticket().number


class Base:
    def stamp(self):
        return time.process_time()  # here: inherits_a_clock


class Derived(Base):
    pass


@impure("outside-effect")
async def inherits_a_clock(state, input, actions):
    state.lines.append(Derived().stamp())


def handle_first(state):
    state.lines.append(os.getcwd())  # noqa: PTH109  # here: looks_up_a_handler


HANDLERS = {"first": handle_first}


@impure("outside-effect")
async def looks_up_a_handler(state, input, actions):
    HANDLERS.get(getattr(input, "payload", None), len)(state.lines if input != pl.Normal("first") else state)


@functools.cache
def started():
    return time.time()  # here: asks_a_cached_helper


@impure("outside-effect")
async def asks_a_cached_helper(state, input, actions):
    state.lines.append(started())


@contextlib.contextmanager
def stopwatch():
    time.perf_counter()  # here: works_inside_a_stopwatch
    yield


@impure("outside-effect")
async def works_inside_a_stopwatch(state, input, actions):
    with stopwatch():
        await plain_stf(state, input, actions)


def maker():
    def draw():
        return random.choice("ab")  # here: calls_what_a_factory_made

    return draw


DRAW = maker()


@impure("outside-effect")
async def calls_what_a_factory_made(state, input, actions):
    state.lines.append(DRAW())


async def fetched(name):
    return os.environ[name]  # here: awaits_a_helper


@impure("outside-effect")
async def awaits_a_helper(state, input, actions):
    state.lines.append(await fetched("PATH"))


def stamps():
    while True:
        yield time.time()  # here: takes_from_a_generator_of_its_own


@impure("outside-effect")
async def takes_from_a_generator_of_its_own(state, input, actions):
    state.lines.append(next(stamps()))


def note(word):
    CALLS.append(word)  # here: notes_behind_a_lambda


NOTED = lambda word: note(word)  # noqa: E731, PLW0108


@impure("hidden-state")
async def notes_behind_a_lambda(state, input, actions):
    NOTED("a")


class Registry:
    def __init__(self):
        self._items = {}

    def __getitem__(self, key):
        return self._items.setdefault(key, len(self._items))  # here: reads_a_registry_that_grows


REGISTRY = Registry()


@impure("hidden-state")
async def reads_a_registry_that_grows(state, input, actions):
    state.count = REGISTRY[str(input)]


@impure("hidden-state", role="restore")
async def reads_a_dict_that_grows(state, actions):
    COUNTS[state.count]  # here: reads_a_dict_that_grows


class Numbers:
    last = 0

    @classmethod
    def next(cls):
        cls.last += 1  # here: takes_a_number_of_a_class
        return cls.last


@impure("hidden-state")
async def takes_a_number_of_a_class(state, input, actions):
    actions.add(pl.Tracked(Numbers.next(), ("write", "a")))


class Settings:
    _level = 0

    @property
    def level(self):
        return self._level

    @level.setter
    def level(self, value):
        self._level = value  # here: sets_a_property


SETTINGS = Settings()


@impure("hidden-state")
async def sets_a_property(state, input, actions):
    SETTINGS.level += 1


@dataclasses.dataclass
class Diary:
    lines: list[str] = dataclasses.field(default_factory=list)
    count: int = 0
    readers: "set[str]" = dataclasses.field(default_factory=set)

    def write(self, line):
        self.lines.append(line)
        CALLS.append(line)  # here: writes_through_a_method_of_the_state

    def greet(self):
        self.readers.update(("ada", "bob", "cyd"))  # here: greets_through_a_method_of_the_state
        self.lines.append(" ".join(self.readers))


@impure("hidden-state", initial=Diary)
async def writes_through_a_method_of_the_state(state, input, actions):
    state.write("a")


@impure("nondeterministic", initial=Diary)
async def greets_through_a_method_of_the_state(state, input, actions):
    state.greet()


def only_new(names):
    return list({*names} - {"ada"})  # here: lists_what_is_new_behind_two_helpers


def names_to_tell():
    return only_new(("ada", "bob", "cyd", "dee"))


@impure("nondeterministic")
async def lists_what_is_new_behind_two_helpers(state, input, actions):
    state.lines.extend(names_to_tell())


def rank(name):
    return id(name), hash(name)  # here: sorts_by_a_helper


@impure("nondeterministic")
async def sorts_by_a_helper(state, input, actions):
    state.lines.append(str(rank("ada")))


class Loud:
    def __enter__(self):
        print("begin", end="")  # noqa: T201  # here: speaks_inside_a_block

    def __exit__(self, *error):
        return None


@impure("outside-effect")
async def speaks_inside_a_block(state, input, actions):
    with Loud():
        await plain_stf(state, input, actions)
