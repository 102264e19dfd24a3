"""Mutants that treat a result wrongly: rejected or ignored when it comes first, taken in when it comes once more."""

import phasm_lab as pl
from tests.quality.alone import ADVICE, Alone
from tests.quality.jobs import Jobs, Work, jobs, restore, stf
from tests.quality.sound import scenario
from tests.quality.sound_asking import asks_until_answered, nudged
from tests.quality.sound_results import takes_void_for_an_end, with_a_query_that_closes

# A first result that is neither taken in nor asked about again leaves its id waited for by nobody, unless something
# else is under way for the same id. So the mutants that these two rules catch alone ask twice: when nudged, or after
# a crash.


async def rejects_what_is_only_accepted(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, "accepted") if state.done_count:
            raise ValueError("after a nudge it is to be more than accepted")
        case _:
            await asks_until_answered(state, input, actions)


async def ignores_what_is_only_accepted(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, "accepted") if state.done_count:
            return
        case _:
            await asks_until_answered(state, input, actions)


async def does_not_know_void(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, "void"):
            raise ValueError("work is good or bad")
        case _:
            await takes_void_for_an_end(state, input, actions)


async def leaves_void_to_the_query(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, "void"):
            return
        case _:
            await takes_void_for_an_end(state, input, actions)


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


async def sends_another_receipt(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, result) if state.status[job_id] == result:
            actions.add(pl.Tracked(("receipt", job_id), result))
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


async def reopens_what_is_recalled(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, "recalled"):
            state.status[job_id] = "open"
        case _:
            await stf(state, input, actions)


async def complains_about_another_result(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, result) if state.status[job_id] not in ("open", result):
            actions.add(pl.Tracked(("complaint", job_id), result))
        case _:
            await stf(state, input, actions)


MUTANTS = [
    Alone(
        "rejects what is only accepted",
        "rejected-result",
        nudged(stf=rejects_what_is_only_accepted),
        configuration_count=28,
        length=5,
        message="the first result for 1, 'accepted', is rejected: ValueError: after a nudge it is to be more than accepted",
    ),
    Alone(
        "does not know void",
        "rejected-result",
        with_a_query_that_closes(stf=does_not_know_void, crashes=1),
        configuration_count=53,
        length=6,
        message="the first result for 1, 'void', is rejected: ValueError: work is good or bad",
    ),
    Alone(
        "ignores what is only accepted",
        "ignored-result",
        nudged(stf=ignores_what_is_only_accepted),
        configuration_count=28,
        length=5,
        message="the first result for 1, 'accepted', changes nothing and emits nothing",
    ),
    Alone(
        "leaves void to the query",
        "ignored-result",
        with_a_query_that_closes(stf=leaves_void_to_the_query, crashes=1),
        configuration_count=53,
        length=6,
        message="the first result for 1, 'void', changes nothing and emits nothing",
    ),
    Alone(
        "counts every result",
        "repeated-result",
        jobs(stf=counts_every_result),
        configuration_count=43,
        length=5,
        message=f"1 was already answered; the same result again, 'good', still changes the state; {ADVICE}",
    ),
    Alone(
        "reports again",
        "repeated-result",
        jobs(stf=reports_again),
        configuration_count=43,
        length=5,
        message=f"1 was already answered; the same result again, 'good', still changes the state; {ADVICE}",
    ),
    Alone(
        "sends another receipt",
        "repeated-result",
        jobs(stf=sends_another_receipt),
        configuration_count=43,
        length=5,
        message=f"1 was already answered; the same result again, 'good', still emits a tracked action; {ADVICE}",
    ),
    Alone(
        "takes the last result",
        "late-result",
        jobs(stf=takes_the_last_result),
        configuration_count=43,
        length=5,
        message=f"1 was already answered; another result, 'bad', still changes the state; {ADVICE}",
    ),
    Alone(
        "prefers good",
        "late-result",
        jobs(stf=prefers_good),
        configuration_count=43,
        length=5,
        message=f"1 was already answered; another result, 'good', still changes the state; {ADVICE}",
    ),
    Alone(
        "complains about another result",
        "late-result",
        jobs(stf=complains_about_another_result),
        configuration_count=43,
        length=5,
        message=f"1 was already answered; another result, 'bad', still emits a tracked action; {ADVICE}",
    ),
    Alone(
        "reopens what is recalled",
        "late-result",
        scenario(Jobs, reopens_what_is_recalled, restore, results={Work: ["recalled"]}),
        configuration_count=7,
        length=5,
        message=f"1 was already answered; another result, 'recalled', still changes the state; {ADVICE}",
    ),
]
