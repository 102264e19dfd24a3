"""What a search makes of machines that come to no end, and of whoever interrupts it: a message, never a lost report."""

import itertools
import signal
import sys
from dataclasses import dataclass, field

import pytest

import phasm_lab as pl
from phasm_lab.interpreter import watchdog
from tests.quality.jobs import jobs

HERE = __file__


@dataclass
class Counted:
    number: int = 0
    seen: list = field(default_factory=list)


async def nothing(*_):
    pass


def checked(stf, restore=nothing, **more):
    inputs = more.pop("inputs", ["a"])
    return pl.check(pl.Scenario(pl.Machine(Counted, stf, restore), inputs=inputs, **more), limit=500)


async def recurses(state, input, actions):
    return await recurses(state, input, actions)


async def loops(*_):
    while True:
        pass


async def allocates(*_):
    kept = []
    while True:
        kept.append(bytearray(1_000_000))


async def leaves(*_):
    sys.exit(3)


@pytest.mark.parametrize(
    ("stf", "said"),
    [
        (recurses, "RecursionError: maximum recursion depth exceeded"),
        (loops, "stopped: stopped after 2 s"),
        (allocates, "stopped: stopped after it took 50 MB of memory"),
        (leaves, "SystemExit: 3"),
    ],
)
def test_a_machine_that_comes_to_no_end_ends_the_search_with_a_message(stf, said, monkeypatch):
    # On a busy machine it would take longer to get 500 MB than a call may last.
    monkeypatch.setattr(watchdog, "MAX_GROWTH_MB", 50)
    report = checked(stf)
    assert ("nothing found", False) == (report.verdict, report.complete)
    assert report.stopped.startswith(f"Normal(payload='a') came to no end of its own at {HERE}:")
    assert said in report.stopped


def test_a_restore_that_comes_to_no_end_is_named():
    async def never(*_):
        while True:
            pass

    report = checked(nothing, never, faults=pl.Faults(crashes=1))
    places = [f"{HERE}:{never.__code__.co_firstlineno + offset}" for offset in (1, 2)]
    assert report.stopped in [
        f"restore came to no end of its own at {place}: stopped: stopped after 2 s" for place in places
    ]


def test_what_was_found_before_stays():
    async def breaks_then_loops(state, input, _):
        if input.payload == "b":
            while True:
                pass
        state.number += 1

    claim = pl.always(lambda here: here.state.number == 0)
    report = checked(breaks_then_loops, inputs=["a", "b"], properties=[claim])
    assert ("broken", False) == (report.verdict, report.complete)
    assert ["broken-property"] == [finding.check for finding in report.findings]


def test_a_perform_that_is_not_deterministic_given_its_choices_is_named():
    numbers = itertools.count()

    async def asks(_state, input, actions):
        if isinstance(input, pl.Normal):
            actions.add(pl.Tracked(1, "ask"))

    def counts(_environment, _action, _choose):
        return next(numbers)

    report = checked(asks, environment=pl.Environment(initial=Counted, perform=counts))
    assert (
        "perform('ask') with the choices () returned 0, and then 1: take what may go either way from choose(...)"
    ) == report.stopped


def test_an_infinite_state_space_ends_at_the_limit_and_names_what_grows():
    async def asks_again(state, _, actions):
        state.number += 1
        actions.add(pl.Tracked(state.number, "ask"))

    async def asks_last(state, actions):
        if state.number:
            actions.add(pl.Tracked(state.number, "ask"))

    report = checked(asks_again, asks_last)
    assert (
        "the limit of 500 configurations was reached; new values still come up in the state (number), what is queued, "
        "what is on the wire, the results on the wire"
    ) == report.stopped
    assert "500 configurations, up to the limit: " + report.stopped == report.bound


def test_ctrl_c_returns_the_report_so_far():
    # A process that was started in the background is told to ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    async def counts(state, *_):
        state.number += 1

    turns = itertools.count()

    def interrupt():
        if next(turns) == 2:
            signal.raise_signal(signal.SIGINT)
        return False

    scenario = pl.Scenario(pl.Machine(Counted, counts, nothing), inputs=range(8), order="any")
    report = pl.check(scenario, pause=interrupt)
    signal.signal(signal.SIGINT, before)
    assert ("it was interrupted", "nothing found", False) == (report.stopped, report.verdict, report.complete)
    assert 1 < report.configuration_count < 256


def test_time_is_a_bound():
    turns = []

    async def counts(state, *_):
        state.number += 1
        state.seen.append(state.number)

    scenario = pl.Scenario(pl.Machine(Counted, counts, nothing), inputs=range(8), order="any")
    report = pl.check(scenario, max_seconds=1e-9, pause=lambda: turns.append(0))
    assert "1e-09 s were over" == report.stopped
    assert 1 == len(turns)


def test_memory_is_a_bound():
    async def keeps(state, input, _):
        state.seen.append(input.payload)

    scenario = pl.Scenario(pl.Machine(Counted, keeps, nothing), inputs=range(6), order="any")
    report = pl.check(scenario, max_memory_mb=1)
    assert "MB, more than 1 MB" in report.stopped


@pytest.mark.parametrize("bound", [{"max_seconds": 0}, {"max_memory_mb": "much"}])
def test_a_bound_is_a_number_above_0(bound):
    with pytest.raises(pl.DefinitionError, match="a bound is a number above 0"):
        pl.check(pl.Scenario(pl.Machine(Counted, nothing, nothing)), **bound)


class UnprintableError(Exception):
    def __str__(self):
        raise ValueError


def raising(error):
    def claim(here):
        if here.state.number:
            raise error
        return True

    return claim


async def counts(state, *_):
    state.number += 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SystemExit(0), "SystemExit: 0"),
        (GeneratorExit("end"), "GeneratorExit: end"),
        (UnprintableError(), "UnprintableError: its message cannot be shown, since __str__ raised ValueError"),
    ],
    ids=["exit", "generator exit", "unprintable"],
)
def test_whatever_a_property_raises_is_a_finding_against_it(error, said):
    report = checked(counts, properties=[raising(error)])
    where = f"test_bad_input.py:{raising.__code__.co_firstlineno + 3}"
    assert [("raising-property", f"claim raises: {said}, {where}")] == [(f.check, f.message) for f in report.findings]


def endless(here):
    while here.up:
        pass


def divides(here):
    return 1 / here.state.number


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (divides, "outcome=divides raised ZeroDivisionError: division by zero"),
        (endless, "outcome=endless does not return: stopped after 2 s"),
    ],
    ids=["divides", "endless"],
)
def test_an_outcome_that_cannot_be_told_ends_the_search_and_loses_no_finding(outcome, said):
    claim = pl.always(lambda here: here.state.number == 0)
    report = checked(counts, outcome=outcome, faults=pl.Faults(crashes=1), properties=[claim])
    assert (said, ["broken-property"]) == (report.stopped, [finding.check for finding in report.findings])


def test_an_outcome_without_equality_by_value_is_refused_by_name():
    report = checked(counts, outcome=lambda _: object(), faults=pl.Faults(crashes=1))
    assert report.stopped.startswith("what outcome=<lambda> returned")


def test_an_ill_formed_perform_loses_no_finding():
    async def asks(state, input, actions):
        state.number += 1
        if isinstance(input, pl.Normal):
            actions.add(pl.Tracked(1, "ask"))

    def fails(*_):
        raise OSError("no line")

    claim = pl.always(lambda here: here.state.number == 0)
    report = checked(asks, properties=[claim], environment=pl.Environment(initial=Counted, perform=fails))
    assert "perform('ask'): it raised OSError: no line" in report.stopped
    assert "broken-property" in [finding.check for finding in report.findings]


async def asks_once(state, input, actions):
    if isinstance(input, pl.Normal):
        state.seen.append(1)
        actions.add(pl.Tracked(1, "ask"))


async def asks_again(state, actions):
    for identity in state.seen:
        actions.add(pl.Tracked(identity, "ask"))


def forgets_its_return(environment, *_):
    environment.number += 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"environment": pl.Environment(Counted, forgets_its_return)}, "None (perform returned nothing)"),
        (
            {"environment": None},
            "None (nothing declares what str returns: give environment= or results={str: [...]})",
        ),
        ({"results": {str: [None]}}, "None"),
    ],
)
def test_a_first_result_of_none_says_where_it_comes_from(more, said):
    report = checked(asks_once, asks_again, **more)
    messages = [finding.message for finding in report.findings if finding.check == "ignored-result"]
    assert [f"the first result for 1, {said}, changes nothing and emits nothing"] == messages


def test_reductions_are_named():
    with pytest.raises(pl.DefinitionError, match="naming: crash_between_steps, oldest_dispatch, no_perform_while_down"):
        pl.check(pl.Scenario(pl.Machine(Counted, nothing, nothing)), reductions=True)


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("\x1b[2Jred", "\\x1b[2Jred"),
        ("two\r\nlines", "two ⏎ lines"),
        ("\ud800", "\\ud800"),
        ("\u202egnirts", "\\u202egnirts"),
    ],
)
def test_what_a_property_says_is_printed_as_text(sentence, shown):
    scenario = jobs(properties=[pl.always(lambda here: not here.state.status or sentence)])
    report = pl.check(scenario, pure=False)
    assert [True, True] == [str(each).replace("\n", "").isprintable() for each in (report, report.findings)]
    assert shown in str(report)
