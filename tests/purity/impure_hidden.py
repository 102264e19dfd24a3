"""Functions that keep something beside the state."""

# ruff: noqa: ARG001, ARG002 - stf and restore take what they are given, in a test of what they do with something else too

import collections
import contextvars
import functools
import io
import itertools
import random
import threading
from types import SimpleNamespace

import phasm_lab as pl
from tests.purity import helpers
from tests.purity.corpus import impure
from tests.purity.drive import plain_restore, plain_stf
from tests.purity.helpers import TALLY, count, remember

CALLS = 0
LINES = []
SEEN = set()
BY_WORD = {}
NESTED = {"lines": [[]]}
NUMBERS = itertools.count(1)
SQUARES = (number * number for number in range(1_000_000))
WORDS = iter(["a"] * 1_000_000)
DICE = random.Random(1)
LATEST = collections.deque(maxlen=3)
TALLIES = collections.Counter()
LAST = None
CURRENT = contextvars.ContextVar("CURRENT", default=0)
SETTINGS = SimpleNamespace(count=0)
BUFFER = io.StringIO()
BITS = bytearray(1)
OF_A_THREAD = threading.local()
PUT = {}.setdefault


@impure("hidden-state")
async def counts_in_a_global(state, input, actions):
    global CALLS  # noqa: PLW0603
    CALLS += 1  # here: counts_in_a_global


@impure("hidden-state")
async def appends_to_a_global(state, input, actions):
    LINES.append(input)  # here: appends_to_a_global


@impure("hidden-state")
async def adds_to_a_set_once(state, input, actions):
    SEEN.add(input)  # here: adds_to_a_set_once


@impure("hidden-state")
async def caches_by_hand(state, input, actions):
    if input not in BY_WORD:
        BY_WORD[input] = len(BY_WORD)  # here: caches_by_hand


@impure("hidden-state", role="restore")
async def appends_deep_inside(state, actions):
    NESTED["lines"][0].append(state.count)  # here: appends_deep_inside


def counting():
    calls = 0

    @impure("hidden-state")
    async def counts_in_a_closure(state, input, actions):
        nonlocal calls
        calls += 1  # here: counts_in_a_closure

    return counts_in_a_closure


counting()


@impure("hidden-state")
async def appends_to_a_default(state, input, actions, seen=[]):  # noqa: B006
    seen.append(input)  # here: appends_to_a_default


@impure("hidden-state")
async def appends_to_a_named_default(state, input, actions, *, seen=[]):  # noqa: B006
    seen.append(input)  # here: appends_to_a_named_default


@impure("hidden-state")
async def counts_in_an_attribute_of_its_own(state, input, actions):
    before = getattr(counts_in_an_attribute_of_its_own, "calls", 0)
    counts_in_an_attribute_of_its_own.calls = before + 1  # here: counts_in_an_attribute_of_its_own


class Clerk:
    shared = 0

    def __init__(self):
        self.count = 0
        self.seen = []

    async def stf(self, state, input, actions):
        self.count += 1  # here: counts_in_self

    async def restore(self, state, actions):
        self.seen.append(state.count)  # here: appends_to_self

    async def shared_stf(self, state, input, actions):
        type(self).shared += 1  # here: counts_in_its_class


impure("hidden-state", name="counts_in_self")(Clerk().stf)
impure("hidden-state", role="restore", name="appends_to_self")(Clerk().restore)
impure("hidden-state", name="counts_in_its_class")(Clerk().shared_stf)


class Slotted:
    __slots__ = ("count",)

    def __init__(self):
        self.count = 0

    async def __call__(self, state, input, actions):
        self.count += 1  # here: counts_in_a_slot


impure("hidden-state", name="counts_in_a_slot")(Slotted())


def counted(function):
    calls = []

    @functools.wraps(function)
    async def call(*arguments):
        calls.append(arguments[1])  # here: counts_in_a_decorator
        await function(*arguments)

    return call


@impure("hidden-state")
@counted
async def counts_in_a_decorator(state, input, actions):
    await plain_stf(state, input, actions)


async def noting(notes, state, input, actions):
    notes.append(input)  # here: appends_to_an_argument_of_a_partial


impure("hidden-state", name="appends_to_an_argument_of_a_partial")(functools.partial(noting, []))


@impure("hidden-state", inputs=([1], [2]))
async def changes_its_input(state, input, actions):
    input.payload.append(3)  # here: changes_its_input


@impure("hidden-state", inputs=({"word": "a"},))
async def marks_its_input(state, input, actions):
    match input:
        case pl.Normal(payload):
            payload["seen"] = True  # here: marks_its_input


@impure("hidden-state", results=({"lines": []},))
async def changes_a_result(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, result):
            result["lines"].append("seen")  # here: changes_a_result


@impure("hidden-state")
async def takes_the_next_number(state, input, actions):
    state.lines.append(str(next(NUMBERS)))  # here: takes_the_next_number


@impure("hidden-state")
async def takes_from_a_generator(state, input, actions):
    state.lines.append(str(next(SQUARES)))  # here: takes_from_a_generator


@impure("hidden-state")
async def takes_from_an_iterator(state, input, actions):
    state.lines.append(next(WORDS))  # here: takes_from_an_iterator


@impure("hidden-state")
async def draws_from_a_seeded_generator(state, input, actions):
    state.lines.append(str(DICE.random()))  # here: draws_from_a_seeded_generator


@impure("hidden-state")
async def keeps_the_latest(state, input, actions):
    LATEST.append(object())  # here: keeps_the_latest


@impure("hidden-state")
async def keeps_a_tally(state, input, actions):
    TALLIES[input.__class__] += 1  # here: keeps_a_tally


@impure("hidden-state")
async def lets_the_state_out(state, input, actions):
    global LAST  # noqa: PLW0603
    LAST = state  # here: lets_the_state_out


@impure("hidden-state")
async def sets_a_context_variable(state, input, actions):
    CURRENT.set(CURRENT.get() + 1_000)  # here: sets_a_context_variable


@impure("hidden-state", role="restore")
async def counts_in_a_namespace(state, actions):
    SETTINGS.count += 1  # here: counts_in_a_namespace
    await plain_restore(state, actions)


@impure("hidden-state")
async def writes_to_a_buffer(state, input, actions):
    BUFFER.write("note")  # here: writes_to_a_buffer


@impure("hidden-state")
async def counts_in_its_thread(state, input, actions):
    OF_A_THREAD.count = getattr(OF_A_THREAD, "count", 0) + 1  # here: counts_in_its_thread


@impure("hidden-state")
async def puts_by_a_method_that_it_was_given(state, input, actions):
    PUT(state.count, input)  # here: puts_by_a_method_that_it_was_given


class Counted(type):
    made = 0

    def __call__(cls):
        Counted.made += 1  # here: counts_in_a_metaclass
        return super().__call__()


class Ticket(metaclass=Counted):
    pass


@impure("hidden-state")
async def counts_in_a_metaclass(state, input, actions):
    Ticket()


@impure("hidden-state")
async def sets_a_byte(state, input, actions):
    BITS[0] = (BITS[0] + 1) % 256  # here: sets_a_byte


@impure("hidden-state")
async def sets_a_name_of_another_module(state, input, actions):
    helpers.TOTAL = helpers.TOTAL + 10  # here: sets_a_name_of_another_module


@impure("hidden-state")
async def counts_behind_a_helper(state, input, actions):
    state.count = count() and 1


@impure("hidden-state")
async def remembers_behind_a_helper(state, input, actions):
    remember(input)


@impure("hidden-state", role="restore")
async def tallies_behind_a_helper(state, actions):
    TALLY.add()
    await plain_restore(state, actions)


@impure("hidden-state")
async def counts_only_later(state, input, actions):
    global CALLS  # noqa: PLW0603
    state.count += 1
    if state.count == 4:
        CALLS += 1  # here: counts_only_later
