"""The line is found after which a value is no longer as it was, and a debugger's trace function is there again."""

import sys

import pytest

from phasm_lab.engine.drive import NoLimits
from phasm_lab.interpreter.locate import ChangeLocator
from phasm_lab.interpreter.reach import Reach

NOTES = []


def note(word):
    NOTES.append(word)
    return len(NOTES)


def note_twice():
    total = note("a")
    return total + note("b")


def name_it():
    global NAMED  # noqa: PLW0603
    NAMED = len("a")


def add_up():
    return 1 + 2


NAMED = 0


def located(function):
    reach = Reach([("it", function)], lambda file: file == __file__)
    reach.watch.begin()
    locator = ChangeLocator(NoLimits(), reach.watch, reach.files)
    locator.call(function)
    place = locator.place
    return locator.name, place and (place.function, place.line - globals()[place.function].__code__.co_firstlineno)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (note_twice, ("NOTES", ("note", 1))),
        (name_it, ("NAMED", ("name_it", 2))),
        (add_up, ("", None)),
    ],
)
def test_the_first_line_that_changes_something_is_found(function, expected):
    global NAMED  # noqa: PLW0603
    NAMED = 0
    assert expected == located(function)


def test_another_trace_function_is_there_again():
    def trace(*_):
        return None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        located(note_twice)
        assert trace is sys.gettrace()
    finally:
        sys.settrace(before)
