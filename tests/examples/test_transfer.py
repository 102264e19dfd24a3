import phasm_lab as pl
from phasm_lab.examples.transfer import Deposit, Transfer, Withdraw, transfer, transfer_without_reference


def stages(lab):
    return lab.state.fetch_all("select cents, stage, request_id from transfers order by id")


def test_money_arrives_when_nothing_breaks():
    lab = pl.Lab(transfer)
    lab.fire(Transfer(6_000))
    lab.perform(1)
    lab.deliver(1)
    lab.perform(2, "deposited")
    lab.deliver(2)
    assert [(6_000, "completed", 2)] == stages(lab)
    assert (4_000, 6_000) == (lab.environment.north_cents, lab.environment.south_cents)


def test_money_comes_back_when_the_account_is_closed():
    lab = pl.Lab(transfer)
    lab.fire(Transfer(6_000))
    lab.deliver(1)
    lab.perform(2, "closed")
    lab.deliver(2)
    lab.deliver(3)
    assert [(6_000, "refunded", 3)] == stages(lab)
    assert (10_000, 0) == (lab.environment.north_cents, lab.environment.south_cents)


def test_more_than_there_is_is_refused():
    lab = pl.Lab(transfer)
    lab.fire(Transfer(6_000))
    lab.fire(Transfer(12_000))
    lab.deliver(2)
    assert [(6_000, "withdrawing", 1), (12_000, "refused", 2)] == stages(lab)


def test_no_cents_are_rejected_by_the_database():
    lab = pl.Lab(transfer)
    lab.fire(Transfer(0))
    assert [] == stages(lab)


def test_after_a_crash_the_bank_repeats_its_answer():
    lab = pl.Lab(transfer)
    lab.fire(Transfer(6_000))
    lab.perform(1)
    lab.crash()
    lab.recover()
    lab.perform(1)
    lab.deliver(1, life=1)
    lab.deliver(1, life=0)
    assert [(6_000, "depositing", 2)] == stages(lab)
    assert 4_000 == lab.environment.north_cents
    lab.run()
    assert [(6_000, "completed", 2)] == stages(lab)


def test_the_twin_withdraws_without_a_reference_and_loses_the_first_withdrawal(first_broken):
    lab = pl.Lab(transfer_without_reference)
    lab.fire(Transfer(6_000))
    lab.dispatch(1)
    lab.perform(1)
    lab.crash(lose="all")
    lab.recover()
    assert Withdraw(None, 6_000) == lab.in_flight[0].action
    lab.dispatch(1)
    lab.perform(1)
    lab.deliver(1, "refused")
    assert [(6_000, "refused", 1)] == stages(lab)
    assert (8, "no_money_is_missing", "6000 cents are missing") == first_broken(lab)


def test_the_twin_deposits_twice(first_broken):
    lab = pl.Lab(transfer_without_reference)
    lab.fire(Transfer(6_000))
    lab.dispatch(1)
    lab.perform(1)
    lab.deliver(1)
    lab.dispatch(2)
    lab.perform(2, "deposited")
    lab.crash(lose="all")
    lab.recover()
    assert Deposit(None, 6_000) == lab.in_flight[0].action
    lab.dispatch(2)
    lab.perform(2, "deposited")
    assert 12_000 == lab.environment.south_cents
    assert (10, "no_money_appears", "") == first_broken(lab)
