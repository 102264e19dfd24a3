"""Seeded bugs: each is a machine that differs from the sound one in one place, and the one rule that catches it."""

from dataclasses import dataclass

import phasm_lab as pl
from tests.quality.jobs import Do, Work, jobs, stf


async def forgets_the_second(state, actions):
    for job_id, status in state.status.items():
        if status == "open" and job_id != 2:
            actions.add(pl.Tracked(job_id, Work(job_id)))


async def forgets_everything(state, actions):
    del state, actions


async def asks_for_what_nobody_asked(state, actions):
    for job_id, status in state.status.items():
        if status == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))
    if state.status:
        actions.add(pl.Tracked("audit", Work(0)))


async def never_emits_the_second(state, input, actions):
    match input:
        case pl.Normal(Do(2)):
            state.status[2] = "open"
        case _:
            await stf(state, input, actions)


async def rejects_bad_results(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, "bad"):
            raise ValueError("nobody told me that work can be bad")
        case _:
            await stf(state, input, actions)


async def rejects_every_result(state, input, actions):
    match input:
        case pl.TrackedActionCompleted():
            raise LookupError("results are not read yet")
        case _:
            await stf(state, input, actions)


async def ignores_bad_results(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, "bad"):
            return
        case _:
            await stf(state, input, actions)


async def ignores_the_second_job(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(2, _):
            return
        case _:
            await stf(state, input, actions)


async def counts_every_result(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, result) if state.status[job_id] in ("open", result):
            state.status[job_id] = result
            state.done_count += 1
        case pl.TrackedActionCompleted():
            return
        case _:
            await stf(state, input, actions)


async def reports_again(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, result) if state.status[job_id] == result:
            state.status[job_id] = f"{result}, twice"
        case _:
            await stf(state, input, actions)


async def takes_the_last_result(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, result):
            state.status[job_id] = result
        case _:
            await stf(state, input, actions)


async def prefers_good(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, "good"):
            state.status[job_id] = "good"
        case _:
            await stf(state, input, actions)


async def emits_twice(state, input, actions):
    match input:
        case pl.Normal(Do(1)):
            actions.add(pl.Tracked(1, Work(1)))
            await stf(state, input, actions)
        case _:
            await stf(state, input, actions)


async def has_one_id_for_two_jobs(state, input, actions):
    match input:
        case pl.Normal(Do(2)):
            actions.add(pl.Tracked(1, Work(2)))
            state.status[1] = "open"
        case _:
            await stf(state, input, actions)


async def writes_and_then_raises(state, input, actions):
    match input:
        case pl.Normal(Do(2)):
            state.done_count += 1
            raise ValueError("one job is enough")
        case _:
            await stf(state, input, actions)


async def writes_before_it_adds(state, input, actions):
    match input:
        case pl.Normal(Do(job_id)):
            state.status[job_id] = "open"
            actions.add(pl.Tracked(job_id, Work(job_id)))
        case _:
            await stf(state, input, actions)


async def goes_on_without_the_action(state, input, actions):
    match input:
        case pl.Normal(Do(job_id)):
            try:
                actions.add(pl.Tracked(job_id, Work(job_id)))
            except pl.AddError:
                state.status[job_id] = "given up"
            else:
                state.status[job_id] = "open"
        case _:
            await stf(state, input, actions)


async def guesses_when_it_cannot_read(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, result):
            try:
                is_open = state.status[job_id] == "open"
            except pl.StorageError:
                is_open = False
            if is_open:
                state.status[job_id] = result
        case _:
            await stf(state, input, actions)


async def tidies_up(state, actions):
    for job_id, status in state.status.items():
        if status == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))
    state.done_count = 0 if not state.status else len(state.status)


async def chokes_on_bad_work(state, actions):
    for job_id, status in state.status.items():
        if status == "bad":
            raise ValueError(f"job {job_id} is bad")
        if status == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))


def works_anew_each_time(workshop, action, choose):
    workshop.answers[action.job_id] = choose("good", "bad")
    return workshop.answers[action.job_id] + ("!" if len(workshop.answers) > 2 else "")


def counts_the_work(workshop, action, choose):
    if action.job_id not in workshop.answers:
        workshop.answers[action.job_id] = choose("good", "bad")
        return workshop.answers[action.job_id]
    workshop.answers[-action.job_id] = "again"
    return workshop.answers[action.job_id]


async def asks_for_ever(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(2, "bad"):
            actions.add(pl.Tracked(2, Work(2)))
        case _:
            await stf(state, input, actions)


@pl.always
def no_job_is_bad(here):
    return "bad" not in here.state.status.values()


@pl.when_quiescent
def every_job_is_good(here):
    wrong = {job_id for job_id, status in here.state.status.items() if status != "good"}
    return f"not good: {sorted(wrong)}" if wrong else True


@dataclass(frozen=True)
class Mutant:
    """A scenario, how many configurations it has, and every rule that catches it with the length of its shortest run."""

    name: str
    scenario: pl.Scenario
    configuration_count: int
    shortest: dict[str, int]


ONE = (Do(1),)
MUTANTS = [
    Mutant("forgets the second", jobs(restore=forgets_the_second), 43, {"forgotten-action": 2}),
    Mutant("forgets everything", jobs(restore=forgets_everything), 43, {"forgotten-action": 1}),
    Mutant(
        "rejects bad results",
        jobs(stf=rejects_bad_results),
        43,
        {"unwatched-action": 4, "stuck": 4, "rejected-result": 4},
    ),
    Mutant(
        "rejects every result",
        jobs(stf=rejects_every_result),
        43,
        {"unwatched-action": 4, "stuck": 4, "rejected-result": 4},
    ),
    Mutant(
        "ignores bad results",
        jobs(stf=ignores_bad_results),
        43,
        {"unwatched-action": 4, "stuck": 4, "ignored-result": 4},
    ),
    Mutant(
        "ignores the second job",
        jobs(stf=ignores_the_second_job),
        43,
        {"unwatched-action": 5, "ignored-result": 5, "stuck": 8},
    ),
    Mutant("counts every result", jobs(stf=counts_every_result), 43, {"repeated-result": 5}),
    Mutant("reports again", jobs(stf=reports_again), 43, {"repeated-result": 5}),
    Mutant("takes the last result", jobs(stf=takes_the_last_result), 43, {"late-result": 5}),
    Mutant("prefers good", jobs(stf=prefers_good), 43, {"late-result": 5}),
    Mutant("emits twice", jobs(stf=emits_twice, inputs=ONE), 18, {"reused-id": 1}),
    Mutant("has one id for two jobs", jobs(stf=has_one_id_for_two_jobs), 57, {"reused-id": 2}),
    Mutant("writes and then raises", jobs(stf=writes_and_then_raises), 13, {"torn-transition": 2}),
    Mutant("writes before it adds", jobs(stf=writes_before_it_adds, add_errors=1), 86, {"torn-transition": 1}),
    Mutant(
        "goes on without the action",
        jobs(stf=goes_on_without_the_action, add_errors=1),
        56,
        {"swallowed-error": 1, "changed-outcome": 1},
    ),
    Mutant(
        "guesses",
        jobs(stf=guesses_when_it_cannot_read, access_errors=1),
        112,
        {"swallowed-error": 4, "unwatched-action": 4, "stuck": 4, "ignored-result": 4, "changed-outcome": 4},
    ),
    Mutant("tidies up", jobs(restore=tidies_up), 43, {"impure-restore": 0}),
    Mutant("chokes on bad work", jobs(restore=chokes_on_bad_work), 43, {"impure-restore": 4, "forgotten-action": 5}),
    Mutant(
        "asks for what nobody asked", jobs(restore=asks_for_what_nobody_asked), 43, {"unwatched-action": 1, "stuck": 4}
    ),
    Mutant("never emits the second", jobs(stf=never_emits_the_second), 13, {"unwatched-action": 2, "stuck": 5}),
    Mutant("counts the work", jobs(perform=counts_the_work, crashes=1), 1307, {"changed-outcome": 7}),
    Mutant("some job is bad", jobs(properties=[no_job_is_bad]), 43, {"broken-property": 4}),
    Mutant("not every job is good", jobs(properties=[every_job_is_good]), 43, {"broken-property": 4}),
    Mutant("asks for ever", jobs(stf=asks_for_ever), 49, {"no-recovery": 4, "late-result": 6}),
]
SOUND = {
    "without faults": (jobs(), 43),
    "crashes": (jobs(crashes=2), 13321),
    "crashes in recovery": (jobs(crashes=1, recovery_crashes=1), 7028),
    "lost and repeated messages": (jobs(lost_requests=1, lost_results=1, duplicated_requests=1, inputs=ONE), 94),
    "repeated and reordered results": (jobs(duplicated_results=1, reordered_results=1, crashes=1, inputs=ONE), 111),
    "failing storage": (jobs(access_errors=1, add_errors=1, commit_failures=1, inputs=ONE), 56),
}
