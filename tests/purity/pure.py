"""Careful functions that look impure to a careless eye: nothing may be said about them."""

# ruff: noqa: ARG001, ARG002 - stf and restore take what they are given, in a test of what they do with something else too

import bisect
import contextlib
import contextvars
import copy
import dataclasses
import datetime
import decimal
import enum
import functools
import hashlib
import heapq
import io
import itertools
import json
import logging
import math
import operator
import random
import re
import string
import textwrap
import threading
import time
import traceback
import typing
import uuid
import warnings
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple

import phasm_lab as pl
from tests.purity.corpus import pure
from tests.purity.drive import plain_restore

LOCK = threading.Lock()
PATTERN = re.compile("[a-z]+")
LEVEL = contextvars.ContextVar("LEVEL", default=3)
LOG = logging.getLogger("notes.quiet")
NAMESPACE = uuid.UUID(int=7)
RATES = {"first": 1, "second": 2}
Point = namedtuple("Point", "x y")  # noqa: PYI024


class Colour(enum.Flag):
    RED = enum.auto()
    GREEN = enum.auto()


@dataclasses.dataclass(frozen=True)
class Price:
    cents: int = 5

    @functools.cached_property
    def euros(self):
        return decimal.Decimal(self.cents) / 100


class Shop:
    prices: typing.ClassVar = {"first": Price(1)}

    def __init__(self):
        self.rate = 3
        self.price = Price(7)

    async def stf(self, state, input, actions):
        state.lines.append(str(self.price.euros))
        state.count += self.rate

    async def restore(self, state, actions):
        await plain_restore(state, actions)


class Pages:
    def __init__(self, lines):
        self.lines = lines

    def write(self, text):
        self.lines.append(text)


@functools.cache
def fibonacci(number):
    return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)


@functools.singledispatch
def shown(value):
    return repr(value)


@shown.register
def _(value: str):
    return value


@contextlib.contextmanager
def noted(state, word):
    state.lines.append(word)
    yield
    state.lines.append(f"end of {word}")


SHOP = Shop()
pure()(SHOP.stf)
pure(role="restore")(SHOP.restore)


@pure()
async def imports_inside(state, input, actions):
    import colorsys
    import fractions

    state.lines.append(str(fractions.Fraction(colorsys.rgb_to_hsv(1, 1, 1)[2])))


@pure()
async def replaces(state, input, actions):
    state.count = dataclasses.replace(Price(), cents=9).cents


@pure()
async def writes_json(state, input, actions):
    state.lines.append(json.dumps({"b": [1, 2], "a": json.loads("null")}, sort_keys=True))


@pure()
async def matches(state, input, actions):
    found = [PATTERN.findall("ab 12"), re.sub("[0-9]", "", "a1"), re.split(r"\W", "a b")]
    state.lines.append(str(found))


@pure()
async def counts_money(state, input, actions):
    with decimal.localcontext() as context:
        context.prec = 5
        state.lines.append(str(decimal.Decimal(1) / 3))


@pure()
async def combines_flags(state, input, actions):
    state.lines.append(str(Colour.RED | Colour.GREEN))


@pure()
async def caches(state, input, actions):
    state.count = fibonacci(state.count + 5) % 7


@pure()
async def adds_days(state, input, actions):
    day = datetime.date(2024, 2, 28) + datetime.timedelta(days=state.count % 9)
    parsed = datetime.datetime.strptime("2024", "%Y").replace(tzinfo=datetime.UTC)
    state.lines.append(f"{day.isoformat()} {parsed:%Y-%m}")


@pure()
async def formats_a_given_time(state, input, actions):
    state.lines.append(time.strftime("%Y", time.gmtime(0)))


@pure()
async def draws_from_a_seed_of_the_state(state, input, actions):
    state.count = random.Random(state.count).randint(0, 9)


@pure()
async def copies(state, input, actions):
    state.lines = [*copy.deepcopy(list(state.lines)), "copied"]


@pure()
async def sorts_a_set(state, input, actions):
    for name in sorted({"ada", "bob", "cyd"}):
        actions.add(pl.Tracked(name, ("tell", name)))


@pure()
async def asks_a_set(state, input, actions):
    state.tags |= {"ada", "bob"}
    state.count = len(state.tags & {"ada", "eve"}) + ("bob" in state.tags)


@pure(role="restore")
async def restores_from_a_set_in_any_order(state, actions):
    for name in {"ada", "bob", "cyd"}:  # noqa: PLC0208
        actions.add(pl.Tracked(name, ("tell", name)))


@pure()
async def asserts_and_casts(state, input, actions):
    assert isinstance(state.count, int), f"{state.count!r}"
    state.count = typing.cast("int", state.count) + 1


@pure()
async def catches(state, input, actions):
    try:
        state.count += int(input.payload)
    except (ValueError, AttributeError) as error:
        state.lines.append(type(error).__name__)


@pure()
async def rejects(state, input, actions):
    raise LookupError("nothing of this kind") from ValueError("a cause")


@pure()
async def warns(state, input, actions):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn("old", DeprecationWarning, stacklevel=1)


@pure()
async def logs_what_nobody_wants(state, input, actions):
    LOG.debug("a detail: %r", input)
    state.count += 1


@pure()
async def calculates(state, input, actions):
    state.lines.append(f"{math.sqrt(2):.3f} {math.isclose(1, 1)} {sum([1, 2])} {max(3, 4)} {round(2.5)} {divmod(7, 2)}")


@pure()
async def uses_containers_of_its_own(state, input, actions):
    queue, groups, tally = deque([1, 2]), defaultdict(list), Counter("abba")
    queue.popleft()
    groups["a"].append(OrderedDict(a=1))
    heap = [3, 1, 2]
    heapq.heapify(heap)
    bisect.insort(sorted_numbers := [1, 5], 3)
    state.lines.append(f"{queue} {dict(groups)} {tally.most_common()} {heapq.heappop(heap)} {sorted_numbers}")


@pure()
async def iterates_for_itself(state, input, actions):
    numbers = itertools.count(1)
    squares = (number * number for number in numbers)
    state.lines.append(str([next(squares), next(squares), *itertools.accumulate([1, 2])]))


@pure()
async def counts_in_a_closure_of_its_own(state, input, actions):
    calls = 0

    def count():
        nonlocal calls
        calls += 1

    count()
    count()
    state.count += calls


@pure()
async def digests(state, input, actions):
    state.lines.append(hashlib.sha256(b"a").hexdigest()[:4] + str(uuid.uuid5(NAMESPACE, "a")))


@pure()
async def writes_to_a_buffer_of_its_own(state, input, actions):
    buffer = io.StringIO()
    buffer.write("note")
    state.lines.append(buffer.getvalue())


@pure()
async def prints_to_a_buffer_of_its_own(state, input, actions):
    buffer = io.StringIO()
    print("note", *state.lines, sep=", ", file=buffer)
    state.lines.append(buffer.getvalue())


@pure()
async def prints_to_a_writer_of_its_own(state, input, actions):
    print("note", file=Pages(state.lines))


@pure()
async def tells_a_traceback(state, input, actions):
    buffer = io.StringIO()
    try:
        state.lines[99].split()
    except IndexError:
        traceback.print_exc(limit=0, file=buffer)
    state.lines.append(buffer.getvalue() + repr(Price()))


@pure()
async def writes_what_looks_like_an_address(state, input, actions):
    state.lines.append(f"{input} stopped at 0x7ffd12345678")


@pure()
async def looks_things_up(state, input, actions):
    match input:
        case pl.Normal(word):
            state.count += RATES.get(word, 0)
        case pl.TrackedActionCompleted(_, result):
            state.lines.append(shown(result))


@pure()
async def reads_a_context_variable(state, input, actions):
    state.count = LEVEL.get() + Point(1, 2).x + operator.add(1, 2)


@pure()
async def uses_a_context_manager(state, input, actions):
    with noted(state, "a"), LOCK, contextlib.suppress(KeyError):
        state.count += 1


@pure()
async def writes_prose(state, input, actions):
    text = string.Template("$a b").substitute(a="c").title().casefold()
    state.lines.append(textwrap.fill(text, 3) + f"{state.count:>5}{text!r}")


@pure()
async def builds_classes(state, input, actions):
    made = dataclasses.make_dataclass("Made", ["part"])
    state.lines.append(repr(made(part=functools.partial(int, base=2)("101"))))
