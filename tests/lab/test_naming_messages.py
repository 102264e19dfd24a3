"""Messages of one id: which one a call means, and what is written for it."""

from dataclasses import dataclass

import pytest

import phasm_lab as pl


@dataclass
class Nothing:
    """State of a machine that keeps nothing."""


async def ask(_state, event, actions):
    """Ask what the input says, always by the id 1."""
    if isinstance(event, pl.Normal):
        actions.add(pl.Tracked(1, ("ask", event.payload)))


async def restore(state, actions):
    """Emit nothing."""


FAULTS = pl.Faults(lost_requests=1, duplicated_requests=1, delayed_requests=1, crashes=1, duplicated_inputs=1)


@pytest.fixture
def lab():
    lab = pl.Lab(pl.Scenario(pl.Machine(Nothing, ask, restore), inputs=["x", "y"], faults=FAULTS))
    for value in ("x", "y"):
        lab.fire(value)
        lab.dispatch(1)
    return lab


@pytest.mark.parametrize("verb", ["lose", "duplicate", "delay"])
def test_two_different_messages_of_one_id_must_be_told_apart(lab, verb):
    with pytest.raises(pl.AmbiguousError) as caught:
        getattr(lab, verb)(1)
    assert "('ask', 'x'), life 0, ('ask', 'y'), life 0" in str(caught.value)
    event = getattr(lab, verb)(1, action=("ask", "y")).step.event
    assert ("ask", "y") == (event.request if verb == "delay" else event.message).action.payload


@pytest.mark.parametrize("several", [[1, 2], [], {1}])
def test_one_message_is_lost_at_a_time(lab, several):
    with pytest.raises(pl.NotEnabledError) as caught:
        lab.lose(several)
    assert f'lose({several!r}): one message at a time; name an id, ("request", id) or ("result", id)' == str(
        caught.value
    )


def test_each_line_that_is_listed_makes_the_event_that_it_stands_for(lab):
    for event in lab.enabled:
        line = lab.python_line(lab.selected, event)
        assert repr(event) == repr(eval(line, {"lab": lab}).step.event), line  # noqa: S307 - the lab wrote it
        lab.goto(4)


def test_a_crash_that_takes_one_of_two_equal_copies_is_written_out(lab):
    lab.duplicate(1, action=("ask", "x"))
    request = lab.configuration.requests[0]
    node = lab.take(next(e for e in lab.enabled if type(e).__name__ == "Crash" and e.lose == (request,)))
    line = lab.python_line(node.parent, node.step.event)
    assert 'lab.crash(lose=[("request", 1, ("ask", "x"), 0)])' == line
    lab.goto(node.parent.number)
    assert eval(line, {"lab": lab}) is node  # noqa: S307 - the lab wrote it


def test_what_was_answered_is_sent_again_although_an_equal_input_is_left():
    async def accept(state, event, actions):
        """Take anything."""

    lab = pl.Lab(pl.Scenario(pl.Machine(Nothing, accept, restore), inputs=["x", "x"], faults=FAULTS))
    lab.fire("x")
    node = lab.fire("x", again=True)
    assert node.step.event.again
    assert 'lab.fire("x", again=True)' == lab.python_line(node.parent, node.step.event)


def test_what_is_no_event_is_not_taken(lab):
    with pytest.raises(pl.NotEnabledError) as caught:
        lab.take(None)
    assert "take(None): it is not an event; take one of lab.enabled, or call a verb" == str(caught.value)


def test_not_every_part_of_a_crowded_wire_is_listed_as_lost():
    values = [f"input {number}" for number in range(20)]
    crowded = pl.Lab(pl.Scenario(pl.Machine(Nothing, ask, restore), inputs=values, faults=pl.Faults(crashes=1)))
    for value in values:
        crowded.fire(value)
        crowded.dispatch(1)
    crashes = [event for event in crowded.enabled if type(event).__name__ == "Crash"]
    assert [0, *[1] * 20, 20] == [len(event.lose) for event in crashes]


def cyclic():
    """Return a list that holds itself."""
    items = []
    items.append(items)
    return items


@pytest.mark.parametrize("value", [bytearray(b"x"), cyclic()], ids=["bytearray", "cyclic"])
@pytest.mark.parametrize("verb", ["fire", "lose_input"])
def test_an_input_that_is_no_plain_data_is_refused_in_words(lab, verb, value):
    with pytest.raises(pl.PhasmLabError):
        getattr(lab, verb)(value)
