import phasm_lab as pl
from phasm_lab.examples.payments import (
    Charged,
    CheckPaymentStatus,
    NeverSeen,
    Pay,
    Payment,
    payments,
    payments_charging_again,
)


def test_both_payments_are_confirmed_when_nothing_breaks():
    lab = pl.Lab(payments)
    lab.fire(Pay("ada", 500))
    lab.fire(Pay("bob", 120))
    lab.perform(1, "charged")
    lab.perform(2, "charged")
    lab.deliver(1)
    lab.deliver(2)
    assert Payment("ada", 500, "confirmed", "tx-1") == lab.state.payments[1]
    assert Payment("bob", 120, "confirmed", "tx-2") == lab.state.payments[2]
    assert [1, 2] == lab.state.confirmed


def test_a_declined_card_fails_the_payment():
    lab = pl.Lab(payments)
    lab.fire(Pay("ada", 500))
    lab.perform(1, "declined")
    lab.deliver(1)
    assert Payment("ada", 500, "failed", "insufficient funds") == lab.state.payments[1]
    assert {} == lab.environment.charged


def test_nothing_to_charge_is_rejected():
    lab = pl.Lab(payments)
    lab.fire(Pay("ada", 0))
    assert {} == lab.state.payments


def test_after_a_crash_the_status_query_learns_of_the_charge():
    lab = pl.Lab(payments)
    lab.fire(Pay("ada", 500))
    lab.perform(1, "charged")
    lab.crash(lose="all")
    lab.recover()
    assert CheckPaymentStatus(1) == lab.in_flight[0].action
    lab.deliver(1)
    assert [1] == lab.state.confirmed
    assert {1: 1} == lab.environment.charged


def test_a_query_that_overtakes_the_first_request_leads_to_one_charge():
    lab = pl.Lab(payments)
    lab.fire(Pay("ada", 500))
    lab.dispatch(1)
    lab.crash()
    lab.recover()
    lab.dispatch(1)
    lab.perform(1, action=CheckPaymentStatus)
    lab.deliver(1, result=NeverSeen())
    lab.dispatch(1)
    lab.perform(1, "charged", life=0)
    lab.perform(1, life=1)
    lab.deliver(1, life=0)
    lab.deliver(1, life=1)
    assert Charged("tx-1") == lab.environment.answers[1]
    assert {1: 1} == lab.environment.charged
    assert [1] == lab.state.confirmed


def test_the_twin_charges_a_card_twice(first_broken):
    lab = pl.Lab(payments_charging_again)
    lab.fire(Pay("ada", 500))
    lab.dispatch(1)
    lab.perform(1, "charged")
    lab.crash()
    lab.recover()
    lab.dispatch(1)
    lab.perform(1, "charged")
    assert {1: 2} == lab.environment.charged
    assert (7, "no_card_is_charged_twice", "") == first_broken(lab)


def test_the_twin_is_right_as_long_as_nothing_breaks(first_broken):
    lab = pl.Lab(payments_charging_again)
    lab.fire(Pay("ada", 500))
    lab.fire(Pay("bob", 120))
    lab.run()
    assert {1: 500, 2: 120} == lab.state.paid
    assert first_broken(lab) is None
