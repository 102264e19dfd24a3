"""A listener hears what reaches outside, and leaves no trace of itself: others' profilers and tracers go on."""

import builtins
import cProfile
import gc
import linecache
import os
import sys
import threading
import time
import traceback
import zoneinfo

import pytest

from phasm_lab.engine.drive import NoLimits
from phasm_lab.interpreter import audit
from phasm_lab.interpreter.listener import Listener


def is_here(file):
    return file == __file__


def listener():
    return Listener(NoLimits(), frozenset({__file__}), is_here)


def heard_of(function, *arguments):
    hearing = listener()
    hearing.call(function, *arguments)
    return hearing.heard and (hearing.heard.what, hearing.heard.place.function)


def read_the_clock():
    return time.time()


def add(first, second):
    return first + second


def list_folders():
    return list(map(os.listdir, ["."]))


def ask_for_a_name():
    return os.environ.get("HOME", "")


def say():
    print("a word")  # noqa: T201


def import_afresh():
    sys.modules.pop("colorsys", None)
    import colorsys

    return colorsys


def tell_a_traceback():
    linecache.clearcache()
    try:
        return {}["a"]
    except KeyError:
        return traceback.format_exc()


def know_a_time_zone():
    return zoneinfo.ZoneInfo.no_cache("Europe/Paris")


@pytest.fixture
def profile():
    """The profile function of somebody else, and what it was told."""
    told = []
    before = sys.getprofile()
    sys.setprofile(note := lambda frame, event, _argument: told.append((frame.f_code.co_name, event)))
    yield note, told
    sys.setprofile(before)


@pytest.fixture
def trace():
    """The lines that somebody else's trace function was told of."""
    lines = []

    def note(frame, event, _argument):
        if event == "line":
            lines.append((frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
        return note

    before = sys.gettrace()
    sys.settrace(note)
    yield lines
    sys.settrace(before)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (read_the_clock, ("time.time()", "read_the_clock")),
        (list_folders, ("os.listdir()", "list_folders")),
        (ask_for_a_name, ("os.environ", "ask_for_a_name")),
    ],
)
def test_what_reaches_outside_is_heard_with_the_function_that_does_it(function, expected):
    assert expected == heard_of(function)


def test_what_does_not_reach_outside_is_not_heard():
    assert None is heard_of(add, 1, 2)


@pytest.mark.parametrize("function", [import_afresh, tell_a_traceback, know_a_time_zone])
def test_what_belongs_to_the_program_itself_is_not_heard(function):
    assert None is heard_of(function)


def test_print_is_the_one_that_was_there_again():
    assert ("print()", "say") == heard_of(say)
    assert "<built-in function print>" == repr(builtins.print)


def test_a_print_of_somebody_elses_is_left_alone(monkeypatch):
    told = []
    monkeypatch.setattr(builtins, "print", told.append)
    assert None is heard_of(say)
    assert (["a word"], told.append) == (told, builtins.print)


class Late:
    """Something of somebody else's that reaches outside when it is collected."""

    def __init__(self):
        self.itself = self

    def __del__(self):
        read_the_clock()


def make_many_objects():
    return [[] for _ in range(5_000)]


def test_what_the_garbage_collector_runs_in_between_is_not_heard():
    gc.collect()
    for _ in range(3):
        Late()
    assert None is heard_of(make_many_objects)
    assert gc.isenabled()


def test_it_returns_what_the_function_returns():
    assert 3 == listener().call(add, 1, 2)


def test_another_profile_function_is_told_everything_and_is_there_afterwards(profile):
    note, told = profile
    assert "time.time()" == heard_of(read_the_clock)[0]
    assert note is sys.getprofile()
    assert [("read_the_clock", "call"), ("read_the_clock", "c_call"), ("read_the_clock", "c_return")] == [
        item for item in told if item[0] == "read_the_clock"
    ][:3]


def test_another_trace_function_is_told_every_line(trace):
    heard_of(read_the_clock)
    assert ("read_the_clock", 1) in trace


def test_a_profiler_written_in_c_goes_on_and_the_listener_says_that_it_is_deaf():
    profiler = cProfile.Profile()
    hearing = listener()
    profiler.enable()
    try:
        hearing.call(read_the_clock)
        add(1, 2)
    finally:
        profiler.disable()
    names = {getattr(entry.code, "co_name", entry.code) for entry in profiler.getstats()}
    assert {"read_the_clock", "add"} <= names
    assert (True, None) == (hearing.deaf, hearing.heard)


def interrupt():
    raise KeyboardInterrupt


def test_an_interrupt_leaves_nothing_behind(profile):
    note, _ = profile
    with pytest.raises(KeyboardInterrupt):
        listener().call(interrupt)
    assert (note, None) == (sys.getprofile(), audit._LISTENERS.get(threading.get_ident()))


def test_code_that_sets_a_profile_function_of_its_own_does_not_keep_it(profile):
    note, _ = profile
    listener().call(sys.setprofile, None)
    assert note is sys.getprofile()


def test_a_listener_inside_a_listener_hears_for_itself_and_the_outer_one_goes_on():
    inner = listener()

    def both():
        inner.call(read_the_clock)
        os.getcwd()  # noqa: PTH109 - it is what is to be heard

    outer = listener()
    outer.call(both)
    assert ("time.time()", "time.time()") == (inner.heard.what, outer.heard.what)
    assert None is sys.getprofile()


def test_audit_events_after_an_inner_listener_are_heard_by_the_outer_one():
    def both():
        listener().call(add, 1, 2)
        return list_folders()

    assert "os.listdir()" == heard_of(both)[0]


def test_two_threads_listen_each_to_themselves():
    found, ready = {}, threading.Barrier(2)

    def listen(name, function):
        def together():
            ready.wait()
            function()

        hearing = listener()
        hearing.call(together)
        found[name] = hearing.heard and hearing.heard.what

    threads = [
        threading.Thread(target=listen, args=("clock", read_the_clock)),
        threading.Thread(target=listen, args=("folders", list_folders)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {"clock": "time.time()", "folders": "os.listdir()"} == found
    assert "<built-in function print>" == repr(builtins.print)


def test_nobody_listens_to_audit_events_when_it_is_over():
    heard_of(read_the_clock)
    assert None is audit._LISTENERS.get(threading.get_ident())
