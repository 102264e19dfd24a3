"""A few runs that differ in kind, of a machine in which nothing is broken."""

import phasm_lab as pl
from phasm_lab.examples.payments import payments


def test_there_is_a_run_for_each_goal_each_fault_and_then_for_outcomes():
    runs = pl.check(payments).runs(5)
    assert [
        ("goal: a payment fails", 4),
        ("goal: all payments are confirmed", 8),
        ("fault: crashes", 2),
    ] == [(title, len(run)) for title, run in runs[:3]]
    assert ["ends with PaymentSystem(", "ends with PaymentSystem("] == [title[:24] for title, _ in runs[3:]]


def test_no_run_is_shown_twice_and_none_is_empty():
    runs = pl.check(payments).runs()
    assert 8 == len(runs) == len({run[-1].configuration.key() for _, run in runs})


def test_a_run_opens_in_a_lab():
    _, run = pl.check(payments).runs(1)[0]
    lab = pl.Lab(payments)
    for step in run:
        lab.take(step.event)
    assert "failed" == lab.state.payments[1].status
