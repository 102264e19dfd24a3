import phasm_lab as pl
from phasm_lab.examples.lease import Acquire, Expire, Lease, Release, Renew, lease, lease_without_fencing


def test_the_holder_writes_and_the_next_one_follows():
    lab = pl.Lab(lease)
    lab.fire(Acquire("ada"))
    lab.deliver(1)
    lab.fire(Expire(1))
    lab.fire(Acquire("bob"))
    lab.deliver(2)
    assert Lease(2, "bob") == lab.state.lease
    assert [1, 2] == lab.environment.writes


def test_nobody_else_gets_the_lease_while_it_is_held():
    lab = pl.Lab(lease)
    lab.fire(Acquire("ada"))
    lab.fire(Acquire("eve"))
    assert Lease(1, "ada") == lab.state.lease


def test_a_released_lease_is_free():
    lab = pl.Lab(lease)
    lab.fire(Acquire("ada"))
    lab.fire(Release(1))
    assert lab.state.lease is None


def test_the_expiry_of_a_renewed_lease_no_longer_counts():
    lab = pl.Lab(lease)
    lab.fire(Acquire("ada"))
    lab.fire(Renew(1))
    lab.fire(Expire(1))
    assert Lease(2, "ada") == lab.state.lease


def test_a_stale_holder_is_turned_away():
    lab = pl.Lab(lease)
    lab.fire(Acquire("ada"))
    lab.fire(Expire(1))
    lab.fire(Acquire("bob"))
    lab.perform(2)
    lab.perform(1)
    assert [2] == lab.environment.writes
    assert {1} == lab.environment.turned_away


def test_after_a_crash_a_grant_that_survived_comes_too_late():
    lab = pl.Lab(lease)
    lab.fire(Acquire("ada"))
    lab.dispatch(1)
    lab.fire(Expire(1))
    lab.fire(Acquire("bob"))
    lab.crash()
    lab.recover()
    lab.perform(2)
    lab.perform(1, life=0)
    assert [2] == lab.environment.writes
    lab.run()
    assert {} == lab.state.outstanding
    assert Lease(2, "bob") == lab.state.lease


def test_the_twin_lets_a_stale_holder_write(first_broken):
    lab = pl.Lab(lease_without_fencing)
    lab.fire(Acquire("ada"))
    lab.fire(Expire(1))
    lab.fire(Acquire("bob"))
    lab.dispatch(1)
    lab.dispatch(2)
    lab.perform(2)
    lab.perform(1)
    assert [2, 1] == lab.environment.writes
    sentence = "written under the leases [2, 1], in this order"
    assert (7, "no_stale_holder_writes", sentence) == first_broken(lab)


def test_the_twin_is_right_as_long_as_grants_arrive_in_order(first_broken):
    lab = pl.Lab(lease_without_fencing)
    lab.fire(Acquire("ada"))
    lab.deliver(1)
    lab.fire(Expire(1))
    lab.fire(Acquire("bob"))
    lab.deliver(2)
    assert [1, 2] == lab.environment.writes
    assert first_broken(lab) is None
