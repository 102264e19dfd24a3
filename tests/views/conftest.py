"""The payments run of the design: charged, crashed, recovered, charged again."""

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again
from phasm_lab.views.session import Session


def take_payments_run(lab):
    lab.fire(lab.scenario.inputs[0])
    lab.dispatch(1)
    lab.perform(1, "charged")
    lab.crash()
    lab.recover()
    lab.dispatch(1)
    lab.perform(1, "charged")
    lab.deliver(1, life=0)
    lab.deliver(1)


@pytest.fixture
def lab():
    return pl.Lab(payments_charging_again)


@pytest.fixture
def session(lab):
    """A session on the whole run, its last step selected."""
    take_payments_run(lab)
    return Session(lab)


@pytest.fixture
def view_at(session):
    def view_at(step):
        session.lab.goto(step)
        return session.view()

    return view_at
