"""A webhook outbox: every event is delivered, or ends in the dead letters after a few attempts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import phasm_lab as pl
from phasm_lab.examples.example import Example

__all__ = ["EXAMPLES", "outbox", "outbox_losing_retries"]

MAX_ATTEMPT_COUNT = 2


@dataclass(frozen=True)
class Publish:
    """Let the subscriber know of an event."""

    body: str


@dataclass(frozen=True)
class DeliverWebhook:
    """One attempt to hand an event to the subscriber; the delivery's id is the idempotency key."""

    delivery_id: int
    event_id: int
    attempt: int
    body: str


@dataclass(frozen=True)
class AlertOperator:
    """Somebody should look at a dead letter; nobody waits for it."""

    event_id: int


@dataclass
class Event:
    """One published event: its status is waiting, then delivered or dead."""

    body: str
    status: str = "waiting"


@dataclass
class Outbox:
    """The state: every event by its id, and the deliveries that the subscriber has not answered."""

    next_event_id: int = 1
    next_delivery_id: int = 1
    events: dict[int, Event] = field(default_factory=dict)
    outstanding: dict[int, DeliverWebhook] = field(default_factory=dict)


async def stf(state, input, actions):
    """Publish an event, or take in the subscriber's answer to a delivery."""
    match input:
        case pl.Normal(Publish(body)):
            publish(state, body, actions)
        case pl.TrackedActionCompleted(delivery_id, answer):
            delivery = state.outstanding.get(delivery_id)
            # A late or repeated answer is about a delivery that is over.
            if delivery is not None:
                take_in(state, delivery, answer, actions)


def publish(state, body, actions):
    """Store the event and send its first delivery."""
    event_id = state.next_event_id
    delivery = DeliverWebhook(state.next_delivery_id, event_id, 1, body)
    actions.add(pl.Tracked(delivery.delivery_id, delivery))
    state.events[event_id] = Event(body)
    state.outstanding[delivery.delivery_id] = delivery
    state.next_event_id = event_id + 1
    state.next_delivery_id = delivery.delivery_id + 1


def take_in(state, delivery, answer, actions):
    """Settle the event, or try once more; a message that nobody can take must not be tried for ever."""
    delivery_id, event_id = delivery.delivery_id, delivery.event_id
    # What can fail, reads and adds, comes before the first write, so nothing is ever half done.
    if answer == "ok":
        state.events[event_id].status = "delivered"
    elif answer == "retry" and delivery.attempt < MAX_ATTEMPT_COUNT:
        try_again(state, delivery, actions)
    else:
        event = state.events[event_id]
        actions.add(pl.Untracked(AlertOperator(event_id)))
        event.status = "dead"
    del state.outstanding[delivery_id]


def try_again(state, delivery, actions):
    """Send the next delivery under a new id: under the old one the subscriber would repeat its answer."""
    delivery_id = state.next_delivery_id
    following = replace(delivery, delivery_id=delivery_id, attempt=delivery.attempt + 1)
    actions.add(pl.Tracked(delivery_id, following))
    state.outstanding[delivery_id] = following
    state.next_delivery_id = delivery_id + 1


async def restore(state, actions):
    """Send every unanswered delivery again, under its own id."""
    for delivery_id, delivery in state.outstanding.items():
        actions.add(pl.Tracked(delivery_id, delivery))


async def restore_losing_retries(state, actions):
    """Send unanswered first attempts again: broken, since nobody is left who would send a second one."""
    for delivery_id, delivery in state.outstanding.items():
        if delivery.attempt == 1:
            actions.add(pl.Tracked(delivery_id, delivery))


@dataclass
class Subscriber:
    """The receiving end: the events it has processed, in order, and its answer to each delivery."""

    processed: list[int] = field(default_factory=list)
    answers: dict[int, str] = field(default_factory=dict)


def perform(subscriber, delivery, choose):
    """Process an event; a delivery that comes again gets the answer that it got before."""
    if delivery.delivery_id in subscriber.answers:
        return subscriber.answers[delivery.delivery_id]
    # A poison message brings the subscriber down each time, which looks like an overload from here.
    answer = "retry" if delivery.body == "poison" else choose("ok", "retry", "gone")
    subscriber.answers[delivery.delivery_id] = answer
    if answer == "ok":
        subscriber.processed.append(delivery.event_id)
    return answer


@pl.always
def no_event_is_processed_twice(here):
    """Retries are for events that were not taken."""
    processed = here.environment.processed
    return len(processed) == len(set(processed))


@pl.always
def no_processed_event_is_dead(here):
    """The dead letters hold only what the subscriber never took."""
    return all(here.state.events[event_id].status != "dead" for event_id in here.environment.processed)


@pl.when_quiescent
def no_event_is_lost(here):
    """Once everything has come to rest, each event is delivered or a dead letter."""
    lost = sorted(event_id for event_id, event in here.state.events.items() if event.status == "waiting")
    return not lost or f"nobody delivers event {', '.join(map(str, lost))}"


@pl.sometimes
def a_retry_gets_through(here):
    """The subscriber takes an event at the second attempt."""
    return len(here.environment.answers) > len(here.environment.processed) == len(here.state.events)


@pl.sometimes
def the_poison_message_is_dead(here):
    """The attempts end, though no answer ever says so."""
    return any(event.body == "poison" and event.status == "dead" for event in here.state.events.values())


INPUTS = [Publish("order 7 is paid"), Publish("poison")]
PROPERTIES = [
    no_event_is_processed_twice,
    no_processed_event_is_dead,
    no_event_is_lost,
    a_retry_gets_through,
    the_poison_message_is_dead,
]

outbox = pl.Scenario(
    pl.Machine(initial=Outbox, stf=stf, restore=restore),
    name="outbox",
    inputs=INPUTS,
    environment=pl.Environment(initial=Subscriber, perform=perform),
    faults=pl.Faults(crashes=1),
    properties=PROPERTIES,
)

outbox_losing_retries = pl.Scenario(
    pl.Machine(initial=Outbox, stf=stf, restore=restore_losing_retries),
    name="outbox losing retries",
    inputs=INPUTS,
    environment=pl.Environment(initial=Subscriber, perform=perform),
    faults=pl.Faults(crashes=1),
    properties=PROPERTIES,
)

EXAMPLES = (
    Example(
        name="outbox",
        scenario=outbox,
        sound=True,
        sentence="Every unanswered delivery is stored under an id of its own, and the last attempt ends in dead letters.",
    ),
    Example(
        name="outbox_losing_retries",
        scenario=outbox_losing_retries,
        sound=False,
        sentence="restore() sends first attempts again but no retries, so a crash during a retry loses the event.",
        finding="forgotten-action",
    ),
)
