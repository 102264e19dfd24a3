"""Inputs that nothing comes of are named with the reason; in the words of the whole report they stand out."""

from dataclasses import dataclass, field

import pytest

import phasm_lab as pl
from phasm_lab.checks.checking import Checking


@dataclass(frozen=True)
class Hold:
    seat: str


@dataclass(frozen=True)
class Release:
    seat: str


@dataclass
class Hall:
    seats: dict[str, str] = field(default_factory=dict)


async def restore(state, actions):
    pass


def unreached(stf, inputs=(Hold("1A"), Release("1A")), initial=Hall):
    machine = pl.Machine(initial=initial, stf=stf, restore=restore)
    return list(pl.check(pl.Scenario(machine, inputs=inputs)).goals_unreached)


def line_in(function, offset):
    return f"test_inert_inputs.py:{function.__code__.co_firstlineno + offset}"


async def misspells(state, input, _):
    match input:
        case pl.Normal(Hold(seat)):
            state.seat[seat] = "held"
        case pl.Normal(Release(seat)):
            state.seats.pop(seat, None)


MISSPELT = "AttributeError: 'Hall' object has no attribute 'seat'"


def test_one_that_is_rejected_every_time_is_named_with_what_raises_and_where():
    assert [
        f"Hold(seat='1A') is rejected every time: {MISSPELT}, {line_in(misspells, 3)}, in misspells",
        "Release(seat='1A') is committed and never has an effect",
    ] == unreached(misspells)


async def takes_nothing(state, input, _):
    await state.execute("insert into seat values (?)", (input.payload.seat,))


def test_the_reason_is_found_in_a_database_too():
    (sentence,) = unreached(takes_nothing, [Hold("1A")], pl.sqlite(schema="create table seats (name text) strict"))
    assert sentence.startswith("Hold(seat='1A') is rejected every time: ")
    assert "no such table: seat" in sentence
    assert sentence.endswith(f"{line_in(takes_nothing, 1)}, in takes_nothing")


async def wants_an_empty_hall(state, input, _):
    match input:
        case pl.Normal(Hold(seat)):
            assert not state.seats, "the hall is not empty"
            raise ValueError("it is closed")
        case pl.Normal(Release(seat)):
            state.seats[seat] = "released"


def test_of_several_reasons_the_first_is_told():
    (sentence,) = unreached(wants_an_empty_hall, [Hold("1A"), Release("1A"), Hold("1A")])
    where = f"{line_in(wants_an_empty_hall, 4)}, in wants_an_empty_hall"
    told = f"ValueError: it is closed, {where}, and with other words in other states"
    assert f"Hold(seat='1A') is rejected every time: {told}" == sentence


async def matches_the_payload_alone(state, input, _):
    match input:
        case Hold(seat):
            state.seats[seat] = "held"


def test_only_one_that_would_do_something_alone_is_asked_about_as_normal():
    assert [
        "Hold(seat='1A') is committed and never has an effect: is it matched without pl.Normal(...)?",
        "Release(seat='1A') is committed and never has an effect",
    ] == unreached(matches_the_payload_alone)


async def holds(state, seat):
    state.seats[seat] = "held"


async def forgets_to_await(state, input, _):
    holds(state, input.payload.seat)


@pytest.mark.filterwarnings("ignore:coroutine 'holds' was never awaited")
def test_a_coroutine_that_nobody_awaits_is_the_reason():
    where = line_in(forgets_to_await, 1)
    assert [
        f"Hold(seat='1A') is committed and never has an effect: coroutine 'holds' was never awaited, {where}"
    ] == unreached(forgets_to_await, [Hold("1A")])


async def takes_all(state, input, _):
    state.seats[input.payload.seat] = type(input.payload).__name__


def test_one_that_does_something_is_not_named():
    assert [] == unreached(takes_all)


def test_in_the_words_of_a_report_they_stand_below_a_line_of_their_own():
    machine = pl.Machine(initial=Hall, stf=matches_the_payload_alone, restore=restore)
    report = pl.check(pl.Scenario(machine, inputs=[Release("1A")]))
    assert [
        "hall: holds · 2 configurations, complete for Faults()",
        "",
        "not reached, so less was tried than it seems:",
        "  ! Release(seat='1A') is committed and never has an effect",
    ] == str(report).splitlines()[:4]


def test_of_a_search_that_ended_early_they_were_not_reached_so_far():
    machine = pl.Machine(initial=Hall, stf=takes_all, restore=restore)
    checking = Checking(pl.Scenario(machine, inputs=[Hold("1A")]))
    checking.stop()
    expected = ["not reached so far:", "  ! Hold(seat='1A') is never committed"]
    assert expected == str(checking.report()).splitlines()[2:4]
