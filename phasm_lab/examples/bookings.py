"""A calendar of room bookings: no two of a room overlap, and each has a code that opens the door."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import phasm_lab as pl
from phasm_lab.examples.example import Example

__all__ = ["EXAMPLES", "bookings", "bookings_overlooking_requests"]


@dataclass(frozen=True)
class Book:
    """Book a room from one full hour to another."""

    room: str
    start: int
    end: int


@dataclass(frozen=True)
class Cancel:
    """Give a confirmed booking back."""

    booking_id: int


@dataclass(frozen=True)
class IssueDoorCode:
    """Ask the door system for a code that opens the room in this slot."""

    booking_id: int
    room: str
    start: int
    end: int


@dataclass(frozen=True)
class RevokeDoorCode:
    """Ask the door system to make a booking's code useless."""

    booking_id: int


@dataclass
class Booking:
    """One booking: its status is requested, then confirmed, then revoking."""

    room: str
    start: int
    end: int
    status: str = "requested"


@dataclass
class Calendar:
    """The state: bookings that hold a slot, and the requests that the door system has not answered."""

    next_id: int = 1
    bookings: dict[int, Booking] = field(default_factory=dict)
    outstanding: dict[int, IssueDoorCode | RevokeDoorCode] = field(default_factory=dict)


def overlap(one: Book | Booking | IssueDoorCode, other: Book | Booking | IssueDoorCode) -> bool:
    """Whether two slots share an hour; one that begins when the other ends does not."""
    return one.room == other.room and one.start < other.end and other.start < one.end


async def stf(state, input, actions):
    """Book, cancel, or take in an answer of the door system."""
    match input:
        case pl.Normal(Book() as wish):
            book(state, wish, state.bookings, actions)
        case pl.Normal(Cancel(booking_id)):
            cancel(state, booking_id, actions)
        case pl.TrackedActionCompleted(request_id, answer):
            take_in(state, request_id, answer)


def book(state, wish, taken, actions):
    """Hold the slot from now on, though its code is still to come, unless something `taken` is in the way."""
    if wish.start >= wish.end:
        raise ValueError(f"{wish}: a booking ends after it starts; swap or move the hours")
    for booking_id, booking in taken.items():
        if overlap(booking, wish):
            raise ValueError(f"{wish}: booking {booking_id} overlaps it; choose another room or other hours")
    booking_id = state.next_id
    request = IssueDoorCode(booking_id, wish.room, wish.start, wish.end)
    actions.add(pl.Tracked(booking_id, request))
    state.bookings[booking_id] = Booking(wish.room, wish.start, wish.end)
    state.outstanding[booking_id] = request
    state.next_id = booking_id + 1


def cancel(state, booking_id, actions):
    """Have the code revoked; the slot stays taken until the door system says so."""
    booking = state.bookings[booking_id]
    if booking.status != "confirmed":
        raise ValueError(f"Cancel({booking_id}): it is {booking.status}; cancel a confirmed booking")
    request_id = state.next_id
    actions.add(pl.Tracked(request_id, RevokeDoorCode(booking_id)))
    booking.status = "revoking"
    state.outstanding[request_id] = RevokeDoorCode(booking_id)
    state.next_id = request_id + 1


def take_in(state, request_id, answer):
    """Take in the first answer to a request; a late or repeated one finds nothing outstanding."""
    match state.outstanding.get(request_id), answer:
        case IssueDoorCode(booking_id), "issued":
            state.bookings[booking_id].status = "confirmed"
        case IssueDoorCode(booking_id), "refused":
            del state.bookings[booking_id]
        case RevokeDoorCode(booking_id), "revoked":
            del state.bookings[booking_id]
        case _:
            return
    del state.outstanding[request_id]


async def restore(state, actions):
    """Ask again for everything that the door system has not answered."""
    for request_id, request in state.outstanding.items():
        actions.add(pl.Tracked(request_id, request))


async def stf_overlooking_requests(state, input, actions):
    """Look for overlaps among confirmed bookings only: broken, since a requested one holds its slot too."""
    match input:
        case pl.Normal(Book() as wish):
            confirmed = {key: booking for key, booking in state.bookings.items() if booking.status == "confirmed"}
            book(state, wish, confirmed, actions)
        case _:
            await stf(state, input, actions)


@dataclass
class DoorSystem:
    """The door system: the codes that open a door, and its first answer about each booking's code."""

    codes: dict[int, IssueDoorCode] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)


def perform(doors, request, choose):
    """Issue or revoke a code; a repeated request to issue one, however late, never brings a revoked code back."""
    booking_id = request.booking_id
    if isinstance(request, RevokeDoorCode):
        doors.codes.pop(booking_id, None)
        return "revoked"
    if booking_id not in doors.answers:
        doors.answers[booking_id] = choose("issued", "refused")
        if doors.answers[booking_id] == "issued":
            doors.codes[booking_id] = request
    return doors.answers[booking_id]


@pl.always
def no_two_bookings_overlap(here):
    """A slot is promised once."""
    for (one_id, one), (other_id, other) in combinations(sorted(here.state.bookings.items()), 2):
        if overlap(one, other):
            return f"bookings {one_id} and {other_id} overlap"
    return True


@pl.always
def no_two_door_codes_overlap(here):
    """No two codes open one door at one hour."""
    return not any(overlap(one, other) for one, other in combinations(here.environment.codes.values(), 2))


@pl.when_quiescent
def every_booking_opens_its_door(here):
    """Once everything has come to rest, exactly the bookings have codes."""
    return set(here.state.bookings) == set(here.environment.codes)


@pl.sometimes
def a_cancelled_slot_is_booked_again(here):
    """The later, overlapping booking gets the slot that the first one gave back."""
    return here.environment.answers.get(1) == "issued" and [10] == [b.start for b in here.state.bookings.values()]


INPUTS = [Book("blue room", 9, 11), Cancel(1), Book("blue room", 10, 12)]
PROPERTIES = [
    no_two_bookings_overlap,
    no_two_door_codes_overlap,
    every_booking_opens_its_door,
    a_cancelled_slot_is_booked_again,
]

bookings = pl.Scenario(
    pl.Machine(initial=Calendar, stf=stf, restore=restore),
    name="bookings",
    inputs=INPUTS,
    environment=pl.Environment(initial=DoorSystem, perform=perform),
    faults=pl.Faults(crashes=1),
    properties=PROPERTIES,
)

bookings_overlooking_requests = pl.Scenario(
    pl.Machine(initial=Calendar, stf=stf_overlooking_requests, restore=restore),
    name="bookings overlooking requests",
    inputs=INPUTS,
    environment=pl.Environment(initial=DoorSystem, perform=perform),
    faults=pl.Faults(crashes=1),
    properties=PROPERTIES,
)

EXAMPLES = (
    Example(
        name="bookings",
        scenario=bookings,
        sound=True,
        sentence="A slot is taken from the request on, and free again only once its door code is revoked.",
    ),
    Example(
        name="bookings_overlooking_requests",
        scenario=bookings_overlooking_requests,
        sound=False,
        sentence="Overlaps are looked for among confirmed bookings only, so two requests under way get one slot.",
        finding="broken-property",
    ),
)
