"""What is wrong with the crash-free run itself is told first: its matrix is otherwise all in order."""

import pytest

import phasm_lab as pl
from phasm_lab.export.matrix_html import matrix_html
from phasm_lab.export.recovery_tables import matrix_table
from phasm_lab.views.matrix_session import MatrixSession
from tests.recoveries import seeded

BREAKS = "The crash-free run itself breaks nothing_is_charged at step 3; a cell tells only what is added to that."


@pl.always
def nothing_is_charged(here):
    return not here.environment.charged


async def stf_forgetting(state, input, actions):
    if isinstance(input, pl.Normal):
        await seeded.stf(state, input, actions)


@pytest.fixture(name="broken", scope="module")
def fixture_broken():
    return pl.crash_matrix(seeded.scenario(perform=seeded.perform_by_key, properties=[nothing_is_charged]))


def test_a_property_that_it_breaks_stands_first_in_the_text(broken):
    assert BREAKS == broken.crash_free_faults == str(broken).splitlines()[1]
    assert {"S", "A", "?"} == set(broken.totals)


def test_it_is_told_wherever_the_matrix_is_shown(broken):
    assert BREAKS == broken.to_json()["crash_free_faults"] == MatrixSession(broken).matrix_shape()["warning"]
    assert matrix_table(broken).startswith(f"<p>{BREAKS}</p>")
    assert BREAKS in str(matrix_html(broken, ()))


def test_a_run_that_ends_stuck_is_told():
    matrix = pl.crash_matrix(seeded.scenario(stf=stf_forgetting))
    assert (
        "The crash-free run itself ends stuck, restore still asking for AskStatus 1; a cell tells only what is added to"
        " that." == matrix.crash_free_faults
    )


def test_a_run_that_is_in_order_is_not_spoken_of():
    matrix = pl.crash_matrix(seeded.scenario())
    assert ("", "", "") == (
        matrix.crash_free_faults,
        MatrixSession(matrix).matrix_shape()["warning"],
        str(matrix).splitlines()[1],
    )


def test_two_versions_say_which_of_them_is_wrong_without_a_crash(broken):
    found = pl.compare_versions(broken.scenario, seeded.scenario())
    assert [f"old: {BREAKS}"] == found.crash_free_faults == str(found).splitlines()[1:2]
