import phasm_lab as pl
from phasm_lab.examples.bookings import Book, Booking, Cancel, IssueDoorCode, bookings, bookings_overlooking_requests

MORNING = Book("blue room", 9, 11)
LATE_MORNING = Book("blue room", 10, 12)


def test_a_booking_is_confirmed_once_its_code_is_issued():
    lab = pl.Lab(bookings)
    lab.fire(MORNING)
    assert Booking("blue room", 9, 11, "requested") == lab.state.bookings[1]
    lab.perform(1, "issued")
    lab.deliver(1)
    assert Booking("blue room", 9, 11, "confirmed") == lab.state.bookings[1]
    assert {1: IssueDoorCode(1, "blue room", 9, 11)} == lab.environment.codes


def test_a_refused_code_frees_the_slot():
    lab = pl.Lab(bookings)
    lab.fire(MORNING)
    lab.perform(1, "refused")
    lab.deliver(1)
    assert {} == lab.state.bookings


def test_a_booking_may_begin_when_the_one_before_ends():
    lab = pl.Lab(bookings)
    lab.fire(MORNING)
    lab.fire(Book("blue room", 11, 12))
    assert [1, 2] == sorted(lab.state.bookings)


def test_another_room_is_free_at_the_same_time():
    lab = pl.Lab(bookings)
    lab.fire(MORNING)
    lab.fire(Book("red room", 9, 11))
    assert [1, 2] == sorted(lab.state.bookings)


def test_overlapping_and_reversed_hours_are_rejected():
    lab = pl.Lab(bookings)
    lab.fire(MORNING)
    lab.fire(Book("blue room", 8, 12))
    lab.fire(Book("blue room", 13, 13))
    assert [1] == sorted(lab.state.bookings)


def test_a_cancelled_slot_is_taken_until_its_code_is_revoked():
    lab = pl.Lab(bookings)
    lab.fire(MORNING)
    lab.perform(1, "issued")
    lab.deliver(1)
    lab.fire(Cancel(1))
    lab.fire(LATE_MORNING)
    assert [1] == sorted(lab.state.bookings)
    lab.deliver(2)
    assert {} == lab.state.bookings
    assert {} == lab.environment.codes
    lab.fire(Book("blue room", 10, 11))
    assert [3] == sorted(lab.state.bookings)


def test_a_request_that_survives_a_crash_does_not_bring_a_revoked_code_back():
    lab = pl.Lab(bookings)
    lab.fire(MORNING)
    lab.dispatch(1)
    lab.crash()
    lab.recover()
    lab.dispatch(1)
    lab.perform(1, "issued", life=1)
    lab.deliver(1)
    lab.fire(Cancel(1))
    lab.deliver(2)
    lab.deliver(1, life=0)
    assert {} == lab.state.bookings
    assert {} == lab.environment.codes


def test_the_twin_gives_one_slot_to_two_requests(first_broken):
    lab = pl.Lab(bookings_overlooking_requests)
    lab.fire(MORNING)
    lab.fire(Cancel(1))
    lab.fire(LATE_MORNING)
    assert [1, 2] == sorted(lab.state.bookings)
    assert (3, "no_two_bookings_overlap", "bookings 1 and 2 overlap") == first_broken(lab)


def test_the_twin_rejects_what_overlaps_a_confirmed_booking(first_broken):
    lab = pl.Lab(bookings_overlooking_requests)
    lab.fire(MORNING)
    lab.perform(1, "issued")
    lab.deliver(1)
    lab.fire(Book("blue room", 8, 12))
    assert [1] == sorted(lab.state.bookings)
    assert first_broken(lab) is None
