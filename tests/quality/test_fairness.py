"""Machines that a simpler reading of the rules would judge wrongly, each the smallest that shows it."""

from dataclasses import dataclass, field

import pytest

import phasm_lab as pl
from tests.quality.jobs import Do, Work, jobs, perform, stf
from tests.quality.sound import scenario


def checks(scenario):
    return [finding.check for finding in pl.check(scenario).findings]


async def refuses_with_an_address(state, input, actions):
    match input:
        case pl.Normal(Do(2)):
            work = Work(2)
            actions.add(pl.Tracked(2, work))
            raise ValueError(f"cannot take the work at {id(work)}")
        case _:
            await stf(state, input, actions)


def test_a_rejection_may_read_differently_each_time():
    assert [] == checks(jobs(stf=refuses_with_an_address))


async def tells_an_address(state, input, actions):
    await stf(state, input, actions)
    if isinstance(input, pl.Normal):
        work = Work(input.payload.job_id)
        actions.add(pl.Untracked((work, id(work))))


def test_an_untracked_action_that_differs_each_time_is_nondeterministic():
    assert ["nondeterministic"] == checks(jobs(stf=tells_an_address))


@dataclass(frozen=True)
class Attempt:
    job_id: int
    number: int


@dataclass
class Attempts:
    """The number of each job's last attempt, and how those jobs ended that did."""

    numbers: dict[int, int] = field(default_factory=dict)
    ends: dict[int, str] = field(default_factory=dict)


def answers_with_the_number(workshop, action, choose):
    """The second attempt is always good."""
    if action.number not in workshop.answers:
        workshop.answers[action.number] = "good" if action.number == 2 else choose("good", "busy")
    return (action.number, workshop.answers[action.number])


async def knows_its_last_attempt(state, input, actions):
    """All attempts at a job have one id; an answer to an earlier one is left alone, since the last is under way."""
    match input:
        case pl.Normal(Do(job_id)):
            actions.add(pl.Tracked(job_id, Attempt(job_id, 1)))
            state.numbers[job_id] = 1
        case pl.TrackedActionCompleted(job_id, (number, answer)):
            if job_id in state.ends or number < state.numbers[job_id]:
                return
            if answer == "busy":
                actions.add(pl.Tracked(job_id, Attempt(job_id, number + 1)))
                state.numbers[job_id] = number + 1
            else:
                state.ends[job_id] = answer


async def rejects_earlier_attempts(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(job_id, (number, _)) if number < state.numbers[job_id]:
            raise LookupError(f"attempt {number} at job {job_id} is over")
        case _:
            await knows_its_last_attempt(state, input, actions)


async def tries_the_last_attempt_again(state, actions):
    for job_id, number in state.numbers.items():
        if job_id not in state.ends:
            actions.add(pl.Tracked(job_id, Attempt(job_id, number)))


@pytest.mark.parametrize("stf", [knows_its_last_attempt, rejects_earlier_attempts], ids=lambda stf: stf.__name__)
@pytest.mark.parametrize("budgets", [{"crashes": 1}, {"duplicated_results": 1}], ids=" ".join)
def test_an_answer_to_an_earlier_attempt_may_be_turned_away(stf, budgets):
    machine = scenario(Attempts, stf, tries_the_last_attempt_again, perform=answers_with_the_number, **budgets)
    assert [] == checks(machine)


@dataclass(frozen=True)
class Ended:
    job_id: int
    result: str


def says_which_job_ended(workshop, action, choose):
    return Ended(action.job_id, perform(workshop, action, choose))


async def reads_which_job_ended(state, input, actions):
    match input:
        case pl.TrackedActionCompleted(_, Ended(job_id, result)):
            if state.status[job_id] == "open":
                state.status[job_id] = result
        case _:
            await stf(state, input, actions)


def test_a_result_may_say_itself_which_job_it_is_about():
    assert [] == checks(jobs(stf=reads_which_job_ended, perform=says_which_job_ended))
