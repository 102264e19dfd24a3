"""What the detectors do not see, each by one machine."""

# ruff: noqa: ARG001 - stf and restore take what they are given, in a test of what they do with something else too

import decimal
import functools
import itertools
import sys
import time
import weakref

from tests.purity.corpus import Case, _file
from tests.purity.drive import plain_stf

KNOWN: list[Case] = []
WORDS = itertools.cycle("ab")
WEAK = weakref.WeakValueDictionary()


def missed(slug, **options):
    def put(function):
        KNOWN.append(Case(function.__name__, slug, "stf", function, _file(), options))
        return function

    return put


@missed("outside-effect")
async def a_clock_that_only_c_code_calls(state, input, actions):
    next(iter(time.monotonic, None))


@missed("outside-effect")
async def a_name_that_is_made_at_run_time(state, input, actions):
    state.count = len(getattr(sys, "arg" + "v"))


@missed("hidden-state")
async def an_iterator_that_does_not_tell_where_it_stands(state, input, actions):
    next(WORDS)


@missed("hidden-state")
async def a_global_that_is_named_at_run_time(state, input, actions):
    names = globals()
    names["CA" + "LLS"] = names.get("CA" + "LLS", 0) + 1


@functools.cache
def registry():
    return {}


@missed("hidden-state")
async def what_a_cached_function_returned(state, input, actions):
    registry()[len(registry())] = state.count


@missed("hidden-state", results=({"word": "a"},))
async def a_mark_on_a_result_that_is_there_already_when_it_runs_again(state, input, actions):
    if isinstance(getattr(input, "result", None), dict):
        input.result["seen"] = True


@missed("nondeterministic")
async def two_strings_with_one_order_under_all_five_seeds(state, input, actions):
    state.lines.extend({"apple", "plum"})


@missed("hidden-state")
async def what_a_package_keeps(state, input, actions):
    decimal.getcontext().flags[decimal.Inexact] = True


@functools.cache
def remembered(number):
    return number + 1


@missed("hidden-state")
async def a_mark_on_a_function_that_remembers(state, input, actions):
    remembered.called = True
    state.count = remembered(1)


@missed("hidden-state")
async def a_name_in_the_table_of_modules(state, input, actions):
    sys.modules["tests.purity.no_module"] = None


@missed("hidden-state")
async def what_is_referred_to_weakly(state, input, actions):
    WEAK[state.count] = plain_stf
