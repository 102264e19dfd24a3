"""What is said of an action that the outside world was asked for twice and refused the second time: no more than is true."""

from dataclasses import dataclass, field

import pytest

import phasm_lab as pl
from phasm_lab.recoveries.futures import End, Performed
from phasm_lab.recoveries.outcome_classes import Reference, judge
from tests.recoveries import seeded


@dataclass
class NotingBank:
    charged: dict = field(default_factory=dict)
    asked_count: int = 0


def refusing(bank, action, choose):
    if isinstance(action, seeded.Charge) and action.payment_id in bank.charged:
        return "refused"
    return seeded.perform(bank, action, choose)


def noting(bank, action, choose):
    """Refuse, and note that somebody asked, so that the refusal changes the outside world too."""
    bank.asked_count += isinstance(action, seeded.Charge)
    return refusing(bank, action, choose)


async def stf(state, input, actions):
    """Take a refusal for what it says: nothing was paid."""
    if isinstance(input, pl.TrackedActionCompleted) and input.result == "refused":
        state.pending.discard(input.id)
    else:
        await seeded.stf(state, input, actions)


def charging_again(perform, initial=NotingBank, **more):
    machine = pl.Machine(initial=seeded.Till, stf=stf, restore=seeded.restore_charging)
    return pl.Scenario(machine, inputs=["pay"], environment=pl.Environment(initial=initial, perform=perform), **more)


def test_a_refusal_that_the_outside_world_notes_is_told_with_its_answers():
    worst = pl.crash_matrix(charging_again(noting))[3, "performed"].worst
    assert ("2", "effect performed twice") == (worst.outcome.letter, worst.class_name)
    assert (
        "Charge 1 is performed twice (once without the crash), answered 'charged', then 'refused'; the state ends otherwise:"
        " paid has no 1 (present without the crash)" == worst.sentence
    )
    assert (
        "The final states differ: paid has 1 on the left only. Charge 1 was performed twice on the right, answered 'charged',"
        " then 'refused'." == worst.comparison.verdict
    )


def test_a_refusal_that_changes_nothing_is_no_effect_and_no_second_one_is_claimed():
    worst = pl.crash_matrix(charging_again(refusing))[3, "performed"].worst
    assert ("F", "finding: changed-outcome") == (worst.outcome.letter, worst.class_name)
    assert (
        "Charge 1 is performed twice, answered 'charged', then 'refused', and takes effect once;"
        " it ends as no run without faults can: paid has no 1 (present without the crash)" == worst.sentence
    )
    assert (
        "The final states differ: paid has 1 on the left only. Charge 1 was performed twice on the right, answered 'charged',"
        " then 'refused', and took effect once." == worst.comparison.verdict
    )


def test_a_sound_machine_whose_second_request_is_refused_ends_the_same():
    async def asking(state, input, actions):
        if not isinstance(input, pl.TrackedActionCompleted) or input.result != "refused":
            await seeded.stf(state, input, actions)
        elif input.id in state.pending:
            state.pending.discard(input.id)
            state.paid.add(input.id)

    matrix = pl.crash_matrix(seeded.scenario(stf=asking, restore=seeded.restore_charging, perform=refusing))
    worst = matrix[3, "performed"].worst
    assert "S" == worst.outcome.letter
    assert (
        "Same final state and same bank, by another way. Charge 1 was performed twice on the right, answered 'charged', then"
        " 'refused', and took effect once." == worst.comparison.verdict
    )


def test_of_three_performs_of_which_two_took_effect_no_third_effect_is_claimed():
    first, refused = (Performed("key", "id", "Charge 1", *rest) for rest in ((True, "'charged'"), (False, "'refused'")))
    end = End("otherwise", "state", (), {}, "", is_quiescent=True)
    reference = Reference(End("outcome", "state", (), {}, "", True), (first,))
    judged = judge(reference, (first, refused, first), end, lambda: "", None)
    assert (
        "Charge 1 is performed 3 times and takes effect twice (once without the crash), answered 'charged', then 'refused',"
        " then 'charged'; the state ends the same" == judged.sentence
    )


@pytest.mark.parametrize(("perform", "count"), [(noting, 2), (refusing, 1)])
def test_an_effect_is_a_perform_that_changed_the_outside_world(perform, count):
    worst = pl.crash_matrix(charging_again(perform))[3, "performed"].worst
    assert [("Charge 1", 1, count)] == worst.comparison.effects
    assert [("Charge 1", 1, 2)] == worst.comparison.performed
