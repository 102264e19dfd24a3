"""What a search does with machines that make it hard."""

from dataclasses import dataclass, field

import pytest

import phasm_lab as pl
from tests.quality.jobs import Do, Work, jobs


@dataclass
class Jobs:
    order: dict = field(default_factory=dict)
    seen: int = 0


async def nothing(state, actions):
    del state, actions


def scenario(stf, restore=nothing, **more):
    return pl.Scenario(pl.Machine(Jobs, stf, restore), **more)


async def counts(state, *_):
    state.seen += 1


async def tells(*arguments):
    arguments[-1].add(pl.Untracked("hello"))


async def rotates(state, input, _):
    match input.payload:
        case ("add", key):
            state.order[key] = 1
        case ("rotate",):
            key = next(iter(state.order))
            state.order[key] = state.order.pop(key)
        case ("pop",):
            del state.order[next(iter(state.order))]


def test_as_many_crashes_as_anybody_wants_are_counted():
    report = pl.check(scenario(counts, inputs=["a"], faults=pl.Faults(crashes=600)))
    assert ("holds", 2_402) == (report.verdict, report.configuration_count)


def test_a_property_about_untracked_actions_is_refused():
    with pytest.raises(pl.DefinitionError, match=r"here\.untracked: a search leaves untracked actions out"):
        pl.check(scenario(tells, inputs=["a"], properties=[lambda here: not here.untracked]))


def test_a_run_that_depends_on_the_order_of_a_dict_is_shown_as_far_as_it_can_be_taken():
    claim = pl.always(lambda here: 2 not in here.state.order or 1 in here.state.order)
    inputs = [("add", 1), ("add", 2), ("rotate",), ("pop",)]
    report = pl.check(scenario(rotates, inputs=inputs, properties=[claim]))
    assert [("broken-property", 3)] == [(finding.check, len(finding.trace)) for finding in report.findings]


def test_a_limit_that_everything_fits_in_is_no_limit():
    assert pl.check(scenario(counts, inputs=["a"]), limit=2).complete


def test_a_property_that_does_not_return_is_named():
    def endless(here):
        while here.state.seen:
            pass
        return True

    report = pl.check(scenario(counts, inputs=["a"], properties=[endless]))
    assert [("raising-property", "endless does not return: stopped after 2 s", 1)] == told(report)


def test_a_property_that_raises_is_a_finding_against_the_property():
    def divides(here):
        return 1 / (1 - here.state.seen) > 0

    report = pl.check(scenario(counts, inputs=["a"], properties=[divides]))
    where = f"test_search.py:{divides.__code__.co_firstlineno + 1}"
    assert [("raising-property", f"divides raises: ZeroDivisionError: division by zero, {where}", 1)] == told(report)


def told(report):
    return [(finding.check, finding.message, len(finding.trace)) for finding in report.findings]


async def matches_the_payload_alone(state, input, actions):
    match input:
        case Do(job_id):
            state.status[job_id] = "open"
            actions.add(pl.Tracked(job_id, Work(job_id)))


def test_an_input_that_never_does_anything_is_named():
    report = pl.check(jobs(stf=matches_the_payload_alone))
    expected = "Do(job_id=1) is committed and never has an effect: is it matched without pl.Normal(...)?"
    assert expected in report.goals_unreached
