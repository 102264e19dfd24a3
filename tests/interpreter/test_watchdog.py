"""A watchdog stops what does not return, and leaves no trace of itself."""

import gc
import sys
import threading

import pytest

from phasm_lab.errors import EndlessError
from phasm_lab.interpreter.watchdog import Watchdog, _Post


def endless():
    while True:
        pass


def traced():
    events = []

    def note(_frame, event, _argument):
        events.append(event)
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        sorted([2, 1], key=lambda number: number)
    finally:
        sys.settrace(before)
    return events.count("call")


def test_a_call_that_does_not_return_is_stopped():
    with pytest.raises(EndlessError, match=r"^stopped after 0\.05 s$"):
        Watchdog(50).call(endless)


def test_code_can_be_traced_after_calls_that_were_watched():
    watchdog = Watchdog()
    watchdog.call(sorted, [2, 1])

    assert 2 == watchdog.call(traced)


def test_code_can_be_traced_after_a_call_that_was_stopped():
    watchdog = Watchdog(50)
    with pytest.raises(EndlessError):
        watchdog.call(endless)

    assert 2 == Watchdog().call(traced)


def test_any_number_of_watchdogs_share_one_thread():
    for _ in range(50):
        Watchdog().call(len, "")
    names = [thread.name for thread in threading.enumerate()]
    assert 1 == names.count("phasm-lab-watchdog")


def test_a_call_inside_a_watched_call_is_watched_with_it():
    assert 3 == Watchdog().call(Watchdog().call, len, "abc")


def test_a_stop_that_lands_in_a_callback_of_the_collector_is_sent_again_and_not_told(capfd):
    landed = []

    def linger(phase, _info):
        try:
            while phase == "start":
                pass
        except EndlessError:
            landed.append(phase)
            raise

    def collect_twice():
        gc.collect()
        endless()

    told = sys.unraisablehook
    # A collection by itself, after the call, would linger where nobody watches.
    gc.disable()
    gc.callbacks.append(linger)
    try:
        with pytest.raises(EndlessError, match=r"^stopped after 0\.05 s$"):
            Watchdog(50).call(collect_twice)
    finally:
        gc.callbacks.remove(linger)
        gc.enable()

    assert ["start"] == landed
    assert "" == capfd.readouterr().err
    assert told is sys.unraisablehook


def test_time_in_which_the_computer_slept_does_not_count():
    post = _Post()
    post.serial, post.limit_ms = 1, 2_000

    assert ["", "", "", "", "", "stopped after 2 s"] == [
        post.overdue(passed) for passed in (100, 3_600_000, 400, 400, 400, 400)
    ]
