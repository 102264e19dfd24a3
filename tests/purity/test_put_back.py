"""After the detectors nothing is as they made it: hooks, clocks, processes; whatever ended them."""

# ruff: noqa: ARG001 - stf takes what it is given

import functools
import os
import random
import sys
import threading
import time

import pytest

import phasm_lab as pl
from phasm_lab.checks.purity import Purity
from phasm_lab.interpreter import audit
from tests.purity.drive import Seen, judge, plain_stf, scenario_of

SEEN = []


async def reads_the_clock(state, input, actions):
    state.lines.append(str(time.time()))
    await plain_stf(state, input, actions)


async def appends(state, input, actions):
    SEEN.append(1)
    await plain_stf(state, input, actions)


async def is_interrupted(state, input, actions):
    raise KeyboardInterrupt


async def sorts_a_set(state, input, actions):
    state.lines = sorted({"ada", "bob", *state.lines})


class Shop:
    @functools.cached_property
    def prices(self):
        return ["one"]


async def looks_at_prices(state, input, actions):
    state.lines = list(SHOP.prices)


SHOP = Shop()


def test_what_an_object_keeps_is_the_same_object_afterwards():
    kept = SHOP.prices
    assert ([], []) == judge(scenario_of(looks_at_prices))
    assert kept is SHOP.prices


def hooks():
    """What a check must put back; a search of an earlier test's may still listen in a thread of its own."""
    listener = audit._LISTENERS.get(threading.get_ident())
    return sys.getprofile(), sys.gettrace(), time.time, random.random, os.urandom, listener


def children():
    """The processes that this one started and that are still there; those of an earlier test may end at any time."""
    with open(f"/proc/self/task/{os.getpid()}/children") as file:  # noqa: PTH123
        return set(file.read().split())


@pytest.mark.parametrize("stf", [plain_stf, reads_the_clock, appends, sorts_a_set])
def test_every_hook_is_what_it_was(stf):
    before = hooks()
    judge(scenario_of(stf))
    assert before == hooks()


def test_an_interrupt_puts_everything_back():
    before = hooks()
    with pytest.raises(KeyboardInterrupt), Purity(Seen(scenario_of(is_interrupted))) as purity:
        purity.transition(0, 0)
    assert before == hooks()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux for the processes")
def test_no_process_is_left_even_where_nobody_asked_it():
    before = children()
    with Purity(Seen(scenario_of(sorts_a_set))) as purity:
        started = children()
        purity.transition(0, 0)
    assert (5, set()) == (len(started - before), children() - before)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux for the processes")
def test_no_process_is_left_after_an_interrupt():
    before = children()

    async def sorts_and_is_interrupted(state, input, actions):
        state.lines = sorted({"ada", "bob"})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Purity(Seen(scenario_of(sorts_and_is_interrupted))) as purity:
        purity.transition(0, 0)
    assert set() == children() - before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux for the processes")
def test_no_process_is_started_for_a_machine_that_no_hash_can_change():
    before = children()
    with Purity(Seen(scenario_of())):
        assert set() == children() - before


def test_closing_twice_is_the_same_as_once():
    purity = Purity(Seen(scenario_of(sorts_a_set)))
    purity.close()
    purity.close()
    assert [] == list(purity.conclude())


def test_a_global_that_was_rolled_back_for_a_look_is_as_the_machine_left_it():
    SEEN.clear()
    seen = Seen(scenario_of(appends))
    with Purity(seen) as purity:
        purity.transition(0, 0)
    assert {1} == set(SEEN)


def test_what_others_change_meanwhile_is_no_finding_and_stays():
    SEEN.clear()

    async def reads(state, input, actions):
        state.count = len(SEEN)

    seen = Seen(scenario_of(reads))
    with Purity(seen) as purity:
        SEEN.extend([1, 2])
        assert () == purity.transition(0, 0)
        assert [] == list(purity.conclude())
    assert [1, 2] == SEEN


def test_two_machines_are_judged_in_two_threads_at_once():
    found, ready = {}, threading.Barrier(2)

    def look(stf):
        ready.wait()
        found[stf.__name__] = [slug for slug, _ in judge(scenario_of(stf))[0]]

    threads = [threading.Thread(target=look, args=(stf,)) for stf in (reads_the_clock, plain_stf)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {"reads_the_clock": ["outside-effect"], "plain_stf": []} == found


def test_a_machine_that_judges_another_is_judged_itself():
    inner = []

    async def judges(state, input, actions):
        inner.append([slug for slug, _ in judge(scenario_of(reads_the_clock))[0]])
        match input:
            case pl.Normal():
                state.lines.append(str(time.time()))

    found, _ = judge(scenario_of(judges))
    assert ["outside-effect"] == inner[0]
    assert "outside-effect" in [slug for slug, _ in found]
    assert None is sys.getprofile()
