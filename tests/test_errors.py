"""What a person sees of an error: the message and their own lines, not the lab's inside."""

import traceback

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again


def test_a_notebook_shows_the_message_and_the_readers_own_line():
    lab = pl.Lab(payments_charging_again)
    with pytest.raises(pl.NotEnabledError) as caught:
        lab.perform(9)
    shown = caught.value._render_traceback_()
    assert "NotEnabledError: perform(9): nothing is in flight; fire an input first" == shown[0]
    assert ["lab.perform(9)"] == [line.split(": ", 1)[1] for line in shown[1:]]


def test_a_traceback_does_not_go_into_the_engine():
    lab = pl.Lab(payments_charging_again)
    with pytest.raises(pl.NotEnabledError) as caught:
        lab.recover()
    files = [frame.filename for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert [] == [file for file in files if "engine" in file]
