"""Functions whose outcome depends on the hash seed, on addresses or on the time zone of the interpreter."""

# ruff: noqa: ARG001 - stf and restore take what they are given, in a test of what they do with something else too

import datetime

import phasm_lab as pl
from tests.purity import helpers
from tests.purity.corpus import impure
from tests.purity.helpers import first_of

NAMES = frozenset({"ada", "bob", "cyd", "dee"})


@impure("nondeterministic")
async def tells_a_set(state, input, actions):
    for name in {"ada", "bob", "cyd"}:  # noqa: PLC0208  # here: tells_a_set
        actions.add(pl.Tracked(name, ("tell", name)))


@impure("nondeterministic")
async def joins_a_set(state, input, actions):
    state.lines.append(", ".join(set("ada bob cyd".split())))  # noqa: SIM905  # here: joins_a_set


@impure("nondeterministic")
async def lists_what_is_left(state, input, actions):
    left = {name for name in ("ada", "bob", "cyd") if name != input}  # here: lists_what_is_left
    state.lines.extend(left)


@impure("nondeterministic")
async def takes_the_first_of_a_constant(state, input, actions):
    state.lines.append(next(iter(NAMES)))  # here: takes_the_first_of_a_constant


@impure("nondeterministic")
async def subtracts_keys(state, input, actions):
    first, second = dict.fromkeys(("ada", "bob", "cyd", "dee")), {"dee": 1}
    state.lines.extend(first.keys() - second.keys())  # here: subtracts_keys


@impure("nondeterministic")
async def lists_its_tags(state, input, actions):
    state.tags.update({"ada", "bob", "cyd"})  # here: lists_its_tags
    state.lines = list(state.tags)


@impure("nondeterministic")
async def sorts_by_hash(state, input, actions):
    state.lines = sorted(("ada", "bob", "cyd"), key=hash)  # here: sorts_by_hash


@impure("nondeterministic")
async def keeps_a_hash(state, input, actions):
    state.lines.append(str(hash("ada")))  # here: keeps_a_hash


class Thing:
    pass


THING = Thing()


@impure("nondeterministic")
async def tells_an_address(state, input, actions):
    label = f"{THING}"  # here: tells_an_address
    state.lines.append(label)


@impure("nondeterministic", role="restore")
async def emits_the_address_of_a_function(state, actions):
    actions.add(pl.Tracked("a", ("tell", repr(helpers.bucket))))  # here: emits_the_address_of_a_function


@impure("nondeterministic")
async def tells_an_address_behind_a_helper(state, input, actions):
    state.lines.append(helpers.told(THING))


@impure("nondeterministic")
async def reads_local_time(state, input, actions):
    state.lines.append(datetime.datetime.fromtimestamp(0).isoformat())  # noqa: DTZ006  # here: reads_local_time


@impure("nondeterministic")
async def picks_behind_a_helper(state, input, actions):
    state.lines.append(first_of(("ada", "bob", "cyd")))


@impure("nondeterministic")
async def orders_behind_a_helper(state, input, actions):
    for name in helpers.in_some_order(("ada", "bob", "cyd")):
        actions.add(pl.Tracked(name, ("tell", name)))


@impure("nondeterministic", role="restore")
async def buckets_behind_a_helper(state, actions):
    actions.add(pl.Tracked(helpers.bucket("ada"), ("tell", "ada")))
