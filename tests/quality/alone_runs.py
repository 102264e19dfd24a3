"""Mutants that only whole runs show: one that never ends, an outcome that needs a fault, a broken property."""

import phasm_lab as pl
from tests.quality.alone import Alone
from tests.quality.jobs import Jobs, Work, jobs, stf
from tests.quality.sound import ONE, scenario
from tests.quality.sound_inputs import Buy, Debit, clients_keys, knows_the_clients_key
from tests.quality.sound_results import Ask, answers_queries, asks_first, works_again_where_nothing_is_known


async def asks_for_ever(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, "bad") if state.status[job_id] == "open":
            actions.add(pl.Tracked(job_id, Work(job_id)))
        case _:
            await stf(state, input, actions)


async def asks_about_what_is_lost(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, "unknown") if state.status[job_id] == "open":
            actions.add(pl.Tracked(job_id, Ask(job_id)))
        case _:
            await works_again_where_nothing_is_known(state, input, actions)


def counts_the_work(workshop, action, choose):
    if action.job_id not in workshop.answers:
        workshop.answers[action.job_id] = choose("good", "bad")
        return workshop.answers[action.job_id]
    workshop.answers[-action.job_id] = "again"
    return workshop.answers[action.job_id]


async def takes_each_purchase_for_a_new_one(state, input, actions):
    match input:
        case pl.Normal(Buy(key, cents)):
            number = len(state.cents) + 1
            actions.add(pl.Tracked(number, Debit(number, cents)))
            state.numbers[key] = number
            state.cents[number] = cents
        case _:
            await knows_the_clients_key(state, input, actions)


async def gives_up_where_nothing_is_known(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, "unknown") if state.status[job_id] == "open":
            state.status[job_id] = "given up"
        case _:
            await works_again_where_nothing_is_known(state, input, actions)


async def takes_unknown_for_bad(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, "unknown") if state.status[job_id] == "open":
            state.status[job_id] = "bad"
        case _:
            await works_again_where_nothing_is_known(state, input, actions)


@pl.always
def no_job_is_bad(here):
    return "bad" not in here.state.status.values()


@pl.when_quiescent
def every_job_is_good(here):
    wrong = {job_id for job_id, status in here.state.status.items() if status != "good"}
    return f"not good: {sorted(wrong)}" if wrong else True


MUTANTS = [
    Alone(
        "asks for ever",
        "no-recovery",
        jobs(stf=asks_for_ever),
        configuration_count=57,
        length=3,
        message="without further faults, no run from here becomes quiescent",
    ),
    Alone(
        "asks about what is lost",
        "no-recovery",
        jobs(stf=asks_about_what_is_lost, restore=asks_first, perform=answers_queries, inputs=ONE, crashes=1),
        configuration_count=53,
        length=1,
        message="without further faults, no run from here becomes quiescent",
    ),
    Alone(
        "counts the work",
        "changed-outcome",
        jobs(perform=counts_the_work, inputs=ONE, crashes=1),
        configuration_count=51,
        length=7,
        message="a faulted run ends with Jobs(status={1: 'good'}, done_count=0) and Workshop(answers={1: 'good', -1: 'again'}); no run without faults ends so",
    ),
    Alone(
        "takes each purchase for a new one",
        "changed-outcome",
        clients_keys(stf=takes_each_purchase_for_a_new_one, inputs=[Buy("a", 5)], duplicated_inputs=1),
        configuration_count=43,
        length=8,
        message="a faulted run ends with Sales(numbers={'a': 2}, cents={1: 5, 2: 5}, over={1: 'paid', 2: 'paid'}) and Bank(debits={1: 5, 2: 5}, refused=set()); no run without faults ends so",
    ),
    Alone(
        "gives up where nothing is known",
        "changed-outcome",
        jobs(stf=gives_up_where_nothing_is_known, restore=asks_first, perform=answers_queries, inputs=ONE, crashes=1),
        configuration_count=59,
        length=5,
        message="a faulted run ends with Jobs(status={1: 'given up'}, done_count=0) and Workshop(answers={}); no run without faults ends so",
    ),
    Alone(
        "takes unknown for bad",
        "changed-outcome",
        scenario(
            Jobs,
            takes_unknown_for_bad,
            asks_first,
            perform=answers_queries,
            outcome=lambda here: here.state.status,
            crashes=1,
        ),
        configuration_count=57,
        length=5,
        message="a faulted run ends with Jobs(status={1: 'bad'}, done_count=0) and Workshop(answers={}); without faults that end needs other answers from the environment",
    ),
    Alone(
        "some job is bad",
        "broken-property",
        jobs(properties=[no_job_is_bad]),
        configuration_count=43,
        length=4,
        message="no_job_is_bad is broken",
    ),
    Alone(
        "not every job is good",
        "broken-property",
        jobs(properties=[every_job_is_good]),
        configuration_count=43,
        length=4,
        message="every_job_is_good is broken: not good: [1]",
    ),
]
