"""Sound machines that begin long work and ask about it until it is finished, with a tracked timer in between."""

from dataclasses import dataclass, field

import phasm_lab as pl
from tests.quality.jobs import Do, Work
from tests.quality.sound import CLIENT, CRASHES, NOTHING, STORAGE, Sound, scenario


@dataclass(frozen=True)
class Timer:
    turn: int


@dataclass(frozen=True)
class Poll:
    turn: int


@dataclass
class Polled:
    """One long job: what it waits for, and in which turn of polling."""

    phase: str = "new"
    turn: int = 0


@dataclass
class Oven:
    """Works on one job, which is ready at the second poll at the latest."""

    started: bool = False
    answers: dict[int, str] = field(default_factory=dict)


def bakes(oven, action, choose):
    match action:
        case Work():
            oven.started = True
            return "accepted"
        case Timer():
            return "rang"
        case Poll(turn):
            if turn not in oven.answers:
                oven.answers[turn] = "ready" if turn == 2 else choose("not yet", "ready")
            return oven.answers[turn]


PHASES = {"asking": Work, "waiting": Timer, "polling": Poll}
NEXT = {
    ("asking", "accepted"): ("waiting", 0),
    ("waiting", "rang"): ("polling", 0),
    ("polling", "not yet"): ("waiting", 1),
    ("polling", "ready"): ("ready", 0),
}


async def polls(state, input, actions):
    """Wait by a tracked timer, then poll; each request has an id of its own, made of phase and turn."""
    match input:
        case pl.Normal() if state.phase == "new":
            actions.add(pl.Tracked(("asking", 1), Work(1)))
            state.phase, state.turn = "asking", 1
        case pl.TrackedActionCompleted((phase, turn), answer) if (phase, turn) == (state.phase, state.turn):
            after, later = NEXT[phase, answer]
            if after in PHASES:
                actions.add(pl.Tracked((after, turn + later), PHASES[after](turn + later)))
            state.phase, state.turn = after, turn + later


async def waits_for_the_phase(state, actions):
    if state.phase in PHASES:
        actions.add(pl.Tracked((state.phase, state.turn), PHASES[state.phase](state.turn)))


def poller(*, restore=waits_for_the_phase, **faults):
    return scenario(Polled, polls, restore, perform=bakes, environment=Oven, **faults)


@dataclass(frozen=True)
class Ask:
    job_id: int


@dataclass(frozen=True)
class Wait:
    job_id: int


@dataclass
class Kiln:
    """Works on jobs for as long as it likes."""

    started: set[int] = field(default_factory=set)
    ready: set[int] = field(default_factory=set)


def fires(kiln, action, choose):
    match action:
        case Work(job_id):
            kiln.started.add(job_id)
            return "accepted"
        case Wait():
            return "rang"
        case Ask(job_id):
            if job_id not in kiln.ready and choose("not yet", "ready") == "ready":
                kiln.ready.add(job_id)
            return "ready" if job_id in kiln.ready else "not yet"


@dataclass
class Open:
    open: set[int] = field(default_factory=set)
    ready: set[int] = field(default_factory=set)


async def polls_under_one_id(state, input, actions):
    """Begin, wait and ask under one id, with no word about it in the state: restore begins again, which is safe."""
    match input:
        case pl.Normal(Do(job_id)) if job_id not in state.open | state.ready:
            actions.add(pl.Tracked(job_id, Work(job_id)))
            state.open.add(job_id)
        case pl.TrackedActionCompleted(job_id, "ready") if job_id in state.open:
            state.open.remove(job_id)
            state.ready.add(job_id)
        case pl.TrackedActionCompleted(job_id, "rang") if job_id in state.open:
            actions.add(pl.Tracked(job_id, Ask(job_id)))
        case pl.TrackedActionCompleted(job_id, _) if job_id in state.open:
            actions.add(pl.Tracked(job_id, Wait(job_id)))


async def begins_again(state, actions):
    for job_id in sorted(state.open):
        actions.add(pl.Tracked(job_id, Work(job_id)))


def poller_under_one_id(**faults):
    return scenario(Open, polls_under_one_id, begins_again, perform=fires, environment=Kiln, **faults)


SOUND = [
    Sound("poller with a timer", poller, ((NOTHING, 19), (CRASHES, 681), (STORAGE | CLIENT, 3_464))),
    Sound("poller under one id", poller_under_one_id, ((NOTHING, 12), (CRASHES, 421), (STORAGE | CLIENT, 2_696))),
]
