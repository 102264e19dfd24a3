"""Sound machines whose work takes several actions: sagas, an outbox, one job at a time, batches."""

from dataclasses import dataclass, field

import phasm_lab as pl
from tests.quality.jobs import Do, Work
from tests.quality.sound import CLIENT, CRASHES, NOTHING, ONE, STORAGE, THREE, TWO, Sound, scenario


@dataclass(frozen=True)
class Reserve:
    trip: int


@dataclass(frozen=True)
class Charge:
    trip: int


@dataclass(frozen=True)
class Release:
    trip: int


@dataclass
class Trips:
    """A saga: reserve a seat, charge the card, and release the seat where the card is declined."""

    stage: dict[int, str] = field(default_factory=dict)


SAGA = {"reserving": Reserve, "charging": Charge, "releasing": Release}
NEXT_STAGE = {
    ("reserving", "reserved"): "charging",
    ("reserving", "full"): "refused",
    ("charging", "charged"): "booked",
    ("charging", "declined"): "releasing",
    ("releasing", "released"): "declined",
}


async def follows_the_saga(state, input, actions):
    match input:
        case pl.Normal(Do(trip)) if trip not in state.stage:
            actions.add(pl.Tracked((trip, "reserving"), Reserve(trip)))
            state.stage[trip] = "reserving"
        case pl.TrackedActionCompleted((trip, stage), answer) if state.stage[trip] == stage:
            after = NEXT_STAGE[stage, answer]
            if after in SAGA:
                actions.add(pl.Tracked((trip, after), SAGA[after](trip)))
            state.stage[trip] = after


async def repeats_the_stage(state, actions):
    for trip, stage in state.stage.items():
        if stage in SAGA:
            actions.add(pl.Tracked((trip, stage), SAGA[stage](trip)))


@dataclass
class Agency:
    """A seat's and a card's answers; a seat that was released stays free."""

    seats: dict[int, str] = field(default_factory=dict)
    cards: dict[int, str] = field(default_factory=dict)


def sells(agency, action, choose):
    match action:
        case Reserve(trip):
            if trip not in agency.seats:
                agency.seats[trip] = choose("reserved", "full")
            return "full" if agency.seats[trip] == "full" else "reserved"
        case Charge(trip):
            if trip not in agency.cards:
                agency.cards[trip] = choose("charged", "declined")
            return agency.cards[trip]
        case Release(trip):
            agency.seats[trip] = "released"
            return "released"


def saga(*, restore=repeats_the_stage, inputs=ONE, **faults):
    return scenario(Trips, follows_the_saga, restore, perform=sells, inputs=inputs, environment=Agency, **faults)


@dataclass(frozen=True)
class Send:
    number: int
    text: str


@dataclass
class Outbox:
    """Letters that are written and not yet received, oldest first."""

    next_number: int = 1
    letters: list[Send] = field(default_factory=list)


@dataclass
class Post:
    received: dict[int, str] = field(default_factory=dict)


def carries(post, letter, _choose):
    post.received[letter.number] = letter.text


async def writes_letters(state, input, actions):
    """Letters leave the outbox once the post answers; the post answers None, a result like any other."""
    match input:
        case pl.Normal(Do(job_id)):
            letter = Send(state.next_number, f"job {job_id}")
            actions.add(pl.Tracked(letter.number, letter))
            state.letters.append(letter)
            state.next_number = letter.number + 1
        case pl.TrackedActionCompleted(number, None):
            for index, letter in enumerate(state.letters):
                if letter.number == number:
                    del state.letters[index]
                    return


async def sends_the_outbox(state, actions):
    for letter in state.letters:
        actions.add(pl.Tracked(letter.number, letter))


def outbox(*, inputs=TWO, **faults):
    return scenario(
        Outbox, writes_letters, sends_the_outbox, perform=carries, inputs=inputs, environment=Post, **faults
    )


@dataclass
class Line:
    """Jobs that wait, and the one that is worked on."""

    waiting: list[int] = field(default_factory=list)
    current: int | None = None
    results: dict[int, str] = field(default_factory=dict)


async def works_on_one_at_a_time(state, input, actions):
    match input:
        case pl.Normal(Do(job_id)) if state.current is None:
            actions.add(pl.Tracked(job_id, Work(job_id)))
            state.current = job_id
        case pl.Normal(Do(job_id)):
            state.waiting.append(job_id)
        case pl.TrackedActionCompleted(job_id, result) if job_id == state.current:
            following = state.waiting[0] if state.waiting else None
            if following is not None:
                actions.add(pl.Tracked(following, Work(following)))
                del state.waiting[0]
            state.results[job_id] = result
            state.current = following


async def asks_for_the_current(state, actions):
    if state.current is not None:
        actions.add(pl.Tracked(state.current, Work(state.current)))


def one_at_a_time(*, restore=asks_for_the_current, **faults):
    return scenario(Line, works_on_one_at_a_time, restore, inputs=TWO, **faults)


@dataclass(frozen=True)
class WorkOnAll:
    job_ids: tuple[int, ...]


@dataclass
class Batches:
    """The batch under way, those that gather for the next one, and how many were finished."""

    number: int = 0
    under_way: tuple[int, ...] = ()
    gathering: tuple[int, ...] = ()


@dataclass
class Plant:
    made: dict[int, int] = field(default_factory=dict)


def makes(plant, action, _choose):
    for job_id in action.job_ids:
        plant.made[job_id] = 1
    return "made"


async def gathers_batches(state, input, actions):
    """Gather what comes while a batch is under way, and send all of it as the next one."""
    match input:
        case pl.Normal(Do(job_id)) if state.under_way:
            state.gathering += (job_id,)
        case pl.Normal(Do(job_id)):
            begin_batch(state, (job_id,), actions)
        case pl.TrackedActionCompleted(number, _) if (number, True) == (state.number, bool(state.under_way)):
            if state.gathering:
                begin_batch(state, state.gathering, actions)
            else:
                state.under_way = ()


def begin_batch(state, job_ids, actions):
    number = state.number + 1
    actions.add(pl.Tracked(number, WorkOnAll(job_ids)))
    state.number, state.under_way, state.gathering = number, job_ids, ()


async def sends_the_batch_again(state, actions):
    if state.under_way:
        actions.add(pl.Tracked(state.number, WorkOnAll(state.under_way)))


def batches(*, inputs=THREE, **faults):
    return scenario(
        Batches,
        gathers_batches,
        sends_the_batch_again,
        perform=makes,
        inputs=inputs,
        environment=Plant,
        outcome=what_was_made,
        **faults,
    )


def what_was_made(here):
    """Return what exists, however it was cut into batches."""
    return here.environment.made


SOUND = [
    Sound("saga", saga, ((NOTHING, 15), (CRASHES, 353), (STORAGE | CLIENT, 2_024))),
    Sound("outbox", outbox, ((NOTHING, 21), (CRASHES, 2_214), (STORAGE, 168))),
    Sound("one at a time", one_at_a_time, ((NOTHING, 23), (CRASHES, 461), (STORAGE, 184))),
    Sound("batches", batches, ((NOTHING, 26), (CRASHES, 541), (STORAGE, 208))),
]
