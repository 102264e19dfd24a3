"""What is said of a restore that asks instead of repeating, and of one that writes."""

import pytest

import phasm_lab as pl
from phasm_lab.views.session import Session
from tests.views.machines import asking_restore, scenario_of


def recovered(**parts):
    """Return a session after fire, perform, crash, recover, perform."""
    lab = pl.Lab(scenario_of(**parts))
    lab.fire(lab.scenario.inputs[0])
    lab.dispatch(1)
    lab.perform(1)
    lab.crash()
    lab.recover()
    lab.dispatch(1)
    lab.perform(1)
    return Session(lab)


async def writing_restore(shop, actions):
    await asking_restore(shop, actions)
    shop.restored_count += 1


async def failing_restore(shop, actions):
    await writing_restore(shop, actions)
    raise ValueError(3)


@pytest.fixture
def asking():
    return recovered()


def state_section(session, step):
    session.lab.goto(step)
    return session.view()["panel"]["sections"][0]["unchanged"]


def test_another_kind_of_action_under_an_id_is_not_said_to_be_emitted_again(asking):
    row = asking.timeline()["rows"][5]

    assert [{"text": "Check #1", "short": "Check #1", "again": -1}] == row["emits"]
    assert "Step 5: restore emitted Check 1, asks about 1, first emitted at step 1." == row["say"]


def test_the_panel_of_a_restore_says_that_it_asks(asking):
    asking.lab.goto(5)

    assert "restore emits Check #1: asks about #1, from 1" == asking.view()["panel"]["subtitle"]


def test_a_perform_that_changed_nothing_answers(asking):
    rows = asking.timeline()["rows"]

    assert ("charged \N{MULTIPLICATION SIGN}1", "\N{MULTIPLICATION SIGN}1") == (rows[3]["label"], rows[3]["short"])
    assert ("answers charged", "charged") == (rows[7]["label"], rows[7]["short"])
    assert "Step 7: network answers charged for 1; unchanged. Result on the wire." == rows[7]["say"]


def test_what_restore_wrote_is_said_to_be_taken_back():
    session = recovered(restore=writing_restore)

    assert session.timeline()["rows"][5]["say"].endswith(
        " What restore wrote was taken back. Rule impure-restore is broken."
    )
    assert "unchanged: what restore wrote was taken back" == state_section(session, 5)


def test_what_a_restore_that_fails_wrote_is_said_to_be_taken_back():
    lab = pl.Lab(scenario_of(restore=failing_restore))
    lab.crash()
    lab.recover()
    session = Session(lab)

    assert "unchanged: what restore wrote was taken back" == state_section(session, 2)
    assert (
        "Step 2: restore failed, ValueError 3. The process is still down. What restore wrote was taken back."
        == session.timeline()["rows"][2]["say"]
    )


def test_a_restore_that_writes_nothing_only_reads(asking):
    assert "unchanged: restore only reads" == state_section(asking, 5)
