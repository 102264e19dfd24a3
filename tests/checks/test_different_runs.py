"""A few runs that differ in kind, of a machine in which nothing is broken."""

import dataclasses

import pytest

import phasm_lab as pl
from phasm_lab.checks.different_runs import FAULTS
from phasm_lab.examples.bookings import bookings
from phasm_lab.examples.lease import lease
from phasm_lab.examples.outbox import outbox
from phasm_lab.examples.payments import payments, payments_charging_again
from phasm_lab.examples.transfer import transfer, transfer_without_reference
from phasm_lab.machine.definition import FAULT_NAMES


@dataclasses.dataclass
class Notes:
    texts: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Write:
    text: str


async def write(notes, value, actions):  # noqa: ARG001 - stf is given them
    notes.texts.append(value.payload.text)


async def nothing_to_restore(notes, actions):
    """No notes are worked on."""


def notes_of(*texts, **options):
    machine = pl.Machine(Notes, stf=write, restore=nothing_to_restore)
    return pl.Scenario(machine, inputs=[Write(text) for text in texts], order="any", **options)


def test_there_is_a_run_for_each_goal_each_fault_and_then_for_outcomes():
    runs = pl.check(payments).runs(5)
    assert [
        ("goal: a payment fails", 4),
        ("goal: all payments are confirmed", 8),
        ("a run with a crash", 2),
    ] == [(title, len(run)) for title, run in runs[:3]]
    assert ["ends with payments[2].status='failed'", "ends with payments[2].status='confirmed'"] == [
        title for title, _ in runs[3:]
    ]


def test_no_run_is_shown_twice_and_none_is_empty():
    runs = pl.check(payments).runs()
    assert 8 == len(runs) == len({run[-1].configuration.key() for _, run in runs})


def test_a_run_opens_in_a_lab():
    _, run = pl.check(payments).runs(1)[0]
    lab = pl.Lab(payments)
    for step in run:
        lab.take(step.event)
    assert "failed" == lab.state.payments[1].status


@pytest.mark.parametrize(
    "scenario",
    [bookings, lease, outbox, payments, payments_charging_again, transfer, transfer_without_reference],
    ids=lambda scenario: scenario.name,
)
def test_no_two_titles_are_the_same(scenario):
    titles = [title for title, _ in pl.check(scenario).runs()]
    assert len(titles) == len(set(titles))


def test_a_title_names_the_values_that_no_other_run_ends_with():
    titles = [title for title, _ in pl.check(payments_charging_again).runs(3)]
    assert [
        "a run with a crash",
        "ends with card network charged[1]=1",
        "ends with card network charged[1]=2; ✖ breaks no card is charged twice",
    ] == titles


def test_the_environment_is_named_once_in_a_title():
    titles = [title for title, _ in pl.check(payments_charging_again).runs()]
    assert "ends with card network charged[1]=2, charged[2]=2; ✖ broken" in titles
    assert [] == [title for title in titles if title.count("card network") > 1]


def test_a_run_that_breaks_a_property_says_so_and_no_other_does():
    runs = pl.check(payments_charging_again).runs()
    twice = [any(count > 1 for count in run[-1].configuration.environment.plain().charged.values()) for _, run in runs]
    assert twice == ["✖ br" in title for title, _ in runs]
    assert {True, False} == set(twice)


def test_a_fault_alone_is_told_as_what_happened_in_the_run():
    scenario = notes_of("a", faults=pl.Faults(duplicated_inputs=2, lost_inputs=1))
    titles = [title for title, _ in pl.check(scenario).runs()]
    assert {"a run with a duplicated input", "a run with a lost input"} <= set(titles)


def test_every_fault_has_its_words():
    assert list(FAULT_NAMES) == list(FAULTS)


def test_values_that_are_too_long_to_differ_in_a_title_are_numbered():
    texts = [f"{'x' * 90}{middle}{'x' * 90}" for middle in ("a" * 100, "b" * 100)]
    titles = [title for title, _ in pl.check(notes_of(*texts)).runs()]
    cut = f"texts[1]='{'x' * 30}…{'x' * 15}'"
    assert [f"ends with {cut} (1)", f"ends with {cut} (2)"] == titles[:2]


def test_ends_that_are_one_outcome_to_the_scenario_are_one_run():
    scenario = notes_of("a", "b", outcome=lambda here: len(here.state.texts))
    assert [2, 1] == [len(run) for _, run in pl.check(scenario).runs()]


def test_an_outcome_that_raises_still_leaves_runs_to_look_at():
    scenario = notes_of("a", outcome=lambda here: 1 // (here.state is None))
    assert [("comes to rest", 1)] == [(title, len(run)) for title, run in pl.check(scenario).runs()]
