import phasm_lab as pl
from phasm_lab.examples.outbox import DeliverWebhook, Event, Publish, outbox, outbox_losing_retries

PAID = Publish("order 7 is paid")
POISON = Publish("poison")


def test_an_event_is_delivered_at_the_first_attempt():
    lab = pl.Lab(outbox)
    lab.fire(PAID)
    lab.perform(1, "ok")
    lab.deliver(1)
    assert Event("order 7 is paid", "delivered") == lab.state.events[1]
    assert [1] == lab.environment.processed


def test_a_retry_goes_out_under_a_new_id():
    lab = pl.Lab(outbox)
    lab.fire(PAID)
    lab.perform(1, "retry")
    lab.deliver(1)
    assert {2: DeliverWebhook(2, 1, 2, "order 7 is paid")} == lab.state.outstanding
    lab.perform(2, "ok")
    lab.deliver(2)
    assert Event("order 7 is paid", "delivered") == lab.state.events[1]


def test_a_subscriber_that_is_gone_is_not_tried_again():
    lab = pl.Lab(outbox)
    lab.fire(PAID)
    lab.perform(1, "gone")
    lab.deliver(1)
    assert Event("order 7 is paid", "dead") == lab.state.events[1]
    assert {} == lab.state.outstanding


def test_a_poison_message_is_dead_after_two_attempts():
    lab = pl.Lab(outbox)
    lab.fire(PAID)
    lab.fire(POISON)
    lab.deliver(2)
    lab.deliver(3)
    assert Event("poison", "dead") == lab.state.events[2]
    assert [1] == sorted(lab.state.outstanding)


def test_a_crash_during_a_retry_sends_the_retry_again():
    lab = pl.Lab(outbox)
    lab.fire(PAID)
    lab.perform(1, "retry")
    lab.deliver(1)
    lab.crash()
    lab.recover()
    lab.run()
    assert Event("order 7 is paid", "delivered") == lab.state.events[1]
    assert [1] == lab.environment.processed


def test_the_twin_loses_a_retry_in_a_crash(first_broken):
    lab = pl.Lab(outbox_losing_retries)
    lab.fire(PAID)
    lab.dispatch(1)
    lab.perform(1, "retry")
    lab.deliver(1)
    lab.crash()
    lab.recover()
    assert () == lab.in_flight
    assert Event("order 7 is paid", "waiting") == lab.state.events[1]
    assert (6, "no_event_is_lost", "nobody delivers event 1") == first_broken(lab)


def test_the_twin_sends_a_first_attempt_again(first_broken):
    lab = pl.Lab(outbox_losing_retries)
    lab.fire(PAID)
    lab.crash()
    lab.recover()
    lab.run()
    assert Event("order 7 is paid", "delivered") == lab.state.events[1]
    assert first_broken(lab) is None
