"""A watchdog stops what does not return, and leaves no trace of itself."""

import sys
import threading

import pytest

from phasm_lab.errors import EndlessError
from phasm_lab.interpreter.watchdog import Watchdog


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
