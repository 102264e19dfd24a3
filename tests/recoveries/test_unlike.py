"""A cell says in what its run ends otherwise than the crash-free one: which value, which effect, or what is outside."""

import pytest

import phasm_lab as pl
from phasm_lab.examples.transfer import transfer_without_reference
from tests.recoveries import seeded
from tests.recoveries.seeded import perform_by_key, scenario


def paid_count(here):
    return len(here.state.paid)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (paid_count, "paid_count is 0 (1 without the crash)"),
        (lambda here: {"paid": len(here.state.paid)}, "outcome['paid'] is 0 (1 without the crash)"),
        (lambda here: set(here.state.paid), "outcome has no 1 (present without the crash)"),
        (lambda here: dict.fromkeys(here.state.paid, "yes"), "outcome[1] is missing ('yes' without the crash)"),
    ],
)
def test_an_outcome_of_the_scenarios_own_is_named(outcome, words):
    matrix = pl.crash_matrix(scenario(stf=seeded.stf_storing_late, outcome=outcome))
    ends = "it ends otherwise than the crash-free run, as another run without faults can"
    assert f"{ends}: {words}" == matrix[3, "performed"].worst.sentence


def test_where_the_state_ends_the_same_what_is_outside_is_named():
    worst = pl.crash_matrix(transfer_without_reference)[1, "commit unknown"].worst
    assert (
        "F",
        "it ends as no run without faults can: banks answers[1] is missing ('withdrawn' without the crash)",
    ) == (
        worst.outcome.letter,
        worst.sentence,
    )


def test_what_else_took_effect_is_named():
    async def restore(state, actions):
        for payment_id in state.pending:
            actions.add(pl.Tracked(payment_id, seeded.AskStatus(payment_id)))

    def perform(bank, action, choose):
        if isinstance(action, seeded.AskStatus):
            bank.charged["asked"] = 1
        return perform_by_key(bank, action, choose)

    worst = pl.crash_matrix(scenario(restore=restore, perform=perform))[3, "performed"].worst
    assert (
        "AskStatus 1 takes effect once (never without the crash); it ends as no run without faults can:"
        " bank charged['asked'] is 1 (missing without the crash)" == worst.sentence
    )


GIVEN = []


def test_a_transition_that_emits_something_else_when_it_is_run_again_is_told_with_what():
    async def stf(_state, input, actions):
        if isinstance(input, pl.Normal):
            GIVEN.append(input)
            actions.add(pl.Untracked(f"note {len(GIVEN)}"))

    GIVEN.clear()
    worst = pl.crash_matrix(scenario(stf=stf, perform=perform_by_key))[1, "before accept"].worst
    assert (
        "run again on the same state, the step's transition gives something else: it emits 'note 3' ('note 1' the first time)"
        == worst.sentence
    )


def test_a_transition_that_ends_otherwise_when_it_is_run_again_is_told_with_how():
    async def stf(state, input, _actions):
        GIVEN.append(input)
        if len(GIVEN) > 1:
            raise KeyError
        state.next_id += 1

    GIVEN.clear()
    worst = pl.crash_matrix(scenario(stf=stf))[1, "before accept"].worst
    assert (
        "run again on the same state, the step's transition gives something else: it is rejected (committed the first time)"
        == worst.sentence
    )
