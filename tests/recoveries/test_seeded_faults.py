"""Mistakes sown into a sound machine turn the cells that they should, and no others."""

import pytest

import phasm_lab as pl
from phasm_lab.engine import Deliver, Perform
from tests.recoveries import seeded
from tests.recoveries.seeded import perform_by_key, restore_charging, scenario


def rows_of(matrix):
    return [" ".join(cell.text for key, cell in row.cells.items() if key != "second crash") for row in matrix.rows]


def test_the_sound_machine_ends_the_same_wherever_it_dies():
    assert [
        "A A A S S S · · ·",
        "· · · · · · S · ·",
        "· · · · · · · S S",
        "S S S S S · · · ·",
    ] == rows_of(pl.crash_matrix(scenario(perform=perform_by_key)))


def test_an_action_that_is_not_stored_is_lost_where_its_request_is():
    matrix = pl.crash_matrix(scenario(stf=seeded.stf_storing_late))
    assert [
        "A A A L L L 1/2 · · ·",
        "· · · · · · L 1/2 · ·",
        "· · · · · · · F S",
        "F 1/2 F 1/2 F 1/2 S S · · · ·",
    ] == rows_of(matrix)
    assert (
        "Charge 1 is never performed (once without the crash); the state ends otherwise: paid has no 1 (present without the"
        " crash)" == matrix[1, "none out"].worst.sentence
    )
    worst = matrix[3, "performed"].worst
    assert (
        "finding: changed-outcome",
        "it ends as no run without faults can: paid has no 1 (present without the crash)",
    ) == (
        worst.class_name,
        worst.sentence,
    )


def test_a_restore_that_charges_where_it_should_ask_does_it_twice():
    assert [
        "A A A S S 2 1/2 · · ·",
        "· · · · · · 2 1/2 · ·",
        "· · · · · · · 2 2",
        "2 2 2 S S · · · ·",
    ] == rows_of(pl.crash_matrix(scenario(restore=restore_charging)))


def test_a_bank_without_keys_charges_twice_when_it_is_asked_before_the_request_arrives():
    matrix = pl.crash_matrix(scenario())
    assert "2 1/2" == matrix[2, "request on wire"].text
    assert ["S", "S"] == [cell.outcome.letter for cell in matrix.cells if cell.step_number == 3 and cell.recoveries]


def test_memory_outside_the_state_is_told_where_the_input_is_taken():
    seeded.SEEN.clear()
    matrix = pl.crash_matrix(scenario(stf=seeded.stf_remembering_outside, perform=perform_by_key))
    assert "finding: nondeterministic" == matrix[1, "before accept"].worst.class_name
    assert (
        "run again on the same state, the step's transition gives something else: pending has no 1 (present the first time), and 1 more difference"
        == matrix[1, "before accept"].worst.sentence
    )
    assert {"F"} == {r.outcome.letter for r in matrix.recoveries if r.step_number == 1}
    assert {"S"} == {r.outcome.letter for r in matrix.recoveries if r.step_number > 1}


def test_a_restore_that_raises_leaves_the_process_down():
    async def restore(state, actions):
        del actions
        raise KeyError(state.next_id)

    matrix = pl.crash_matrix(scenario(restore=restore))
    assert {"R"} == {recovery.outcome.letter for recovery in matrix.recoveries}
    assert "restore fails and the process stays down: KeyError: 2" == matrix[1, "none out"].worst.sentence


def test_a_machine_that_is_stuck_after_a_crash_alone_is_stuck():
    async def stf(state, input, actions):
        if isinstance(input, pl.TrackedActionCompleted) and input.result == "never seen":
            return
        await seeded.stf(state, input, actions)

    matrix = pl.crash_matrix(scenario(stf=stf))
    assert "T" == matrix[1, "none out"].outcome.letter
    assert "nothing is left to do, and restore still asks for AskStatus 1" == matrix[1, "none out"].worst.sentence


def test_a_property_that_only_a_recovery_breaks_is_named():
    @pl.when_quiescent
    def nothing_is_asked_twice(here):
        return here.life == 0 or "the process died"

    matrix = pl.crash_matrix(scenario(perform=perform_by_key, properties=[nothing_is_asked_twice]))
    assert {"B"} == {recovery.outcome.letter for recovery in matrix.recoveries}
    assert (
        "nothing_is_asked_twice is broken: the process died; the state ends the same"
        == matrix[2, "request on wire"].worst.sentence
    )


def test_a_broken_property_comes_before_a_lost_effect_and_is_told_with_it():
    @pl.when_quiescent
    def what_is_asked_is_charged(here):
        return here.state.next_id == 1 + len(here.environment.charged)

    matrix = pl.crash_matrix(scenario(stf=seeded.stf_storing_late, properties=[what_is_asked_is_charged]))
    worst = matrix[1, "none out"].worst
    assert ("B", ("what_is_asked_is_charged",)) == (worst.outcome.letter, worst.broken)
    assert (
        "what_is_asked_is_charged is broken; Charge 1 is never performed (once without the crash); the state ends otherwise:"
        " paid has no 1 (present without the crash)" == worst.sentence
    )


def test_a_broken_property_comes_before_what_is_stuck_and_before_a_swallowed_error():
    @pl.when_quiescent
    def nobody_dies(here):
        return here.life == 0

    @pl.always
    def no_number_is_left_out(here):
        return here.state.next_id < 3

    async def stf_deaf(state, input, actions):
        if not isinstance(input, pl.TrackedActionCompleted) or input.result != "never seen":
            await seeded.stf(state, input, actions)

    async def stf_swallowing(state, input, actions):
        try:
            await seeded.stf(state, input, actions)
        except pl.AddError:
            state.next_id += 2

    stuck = pl.crash_matrix(scenario(stf=stf_deaf, properties=[nobody_dies]))[1, "none out"].worst
    assert ("B", "nobody_dies is broken") == (stuck.outcome.letter, stuck.sentence.split(";")[0])
    assert "nothing is left to do, and restore still asks for AskStatus 1" in stuck.sentence
    matrix = pl.crash_matrix(scenario(stf=stf_swallowing, properties=[no_number_is_left_out]), storage_faults=True)
    assert (
        "no_number_is_left_out is broken; the error is swallowed, and what commits differs from the run without it:"
        " pending has no 1 (present without the error), and 1 more difference" == matrix[1, "add fails"].worst.sentence
    )


def test_of_two_recoveries_the_one_that_breaks_a_property_is_shown_whatever_the_letters():
    @pl.always
    def what_is_lost_is_not_charged_late(here):
        return here.life == 0 or sum(here.environment.charged.values()) != 1

    matrix = pl.crash_matrix(scenario(restore=restore_charging, properties=[what_is_lost_is_not_charged_late]))
    cell = matrix[2, "request on wire"]
    assert {"2", "B"} >= {each.outcome.letter for each in cell.recoveries}
    assert cell.worst.broken
    assert matrix.worst.broken


def test_a_restore_that_fails_names_the_property_that_is_broken_too():
    async def restore(state, _actions):
        raise KeyError(state.next_id)

    @pl.always
    def nobody_dies(here):
        return here.life == 0

    worst = pl.crash_matrix(scenario(restore=restore, properties=[nobody_dies]))[1, "none out"].worst
    assert "R" == worst.outcome.letter
    assert "restore fails and the process stays down: KeyError: 2; nobody_dies is broken" == worst.sentence


def test_an_error_that_is_swallowed_is_told():
    async def stf(state, input, actions):
        try:
            await seeded.stf(state, input, actions)
        except pl.AddError:
            state.next_id += 1

    matrix = pl.crash_matrix(scenario(stf=stf, perform=perform_by_key), storage_faults=True)
    assert "finding: swallowed-error" == matrix[1, "add fails"].worst.class_name
    assert "Fault at step 1, add 1 fails" == matrix[1, "add fails"].worst.heading
    assert "A" == matrix[1, "commit fails"].outcome.letter


@pytest.mark.parametrize("outcome", [None, lambda here: sorted(here.state.paid)])
def test_what_counts_as_the_outcome_is_the_scenarios_own_choice(outcome):
    matrix = pl.crash_matrix(scenario(restore=restore_charging, outcome=outcome))
    assert ("2" if outcome is None else "S") == matrix[3, "performed"].outcome.letter


def test_a_recovery_that_never_comes_to_rest_is_not_decided():
    async def stf(state, input, actions):
        await seeded.stf(state, input, actions)
        if isinstance(input, pl.TrackedActionCompleted) and input.result == "never seen":
            actions.clear()
            actions.add(pl.Tracked(input.id, seeded.AskStatus(input.id)))

    matrix = pl.crash_matrix(scenario(stf=stf), second_crashes=True)
    assert "?" == matrix[1, "none out"].outcome.letter
    assert (
        "Crash at step 1, after the commit, 0 of 1 handed over: it does not come to rest, first answers given; until it is"
        " given up, AskStatus 1 is performed 38 times" == matrix[1, "none out"].sentence
    )
    assert ["S", "S"] == [matrix[3, column].outcome.letter for column in ("performed", "result on wire")]


def test_a_crash_free_run_that_never_comes_to_rest_is_refused():
    async def stf(state, _input, actions):
        state.next_id += 1
        actions.add(pl.Tracked(state.next_id, seeded.Charge(state.next_id)))

    with pytest.raises(pl.PhasmLabError, match="it does not come to rest within 1,000 steps of its input 0"):
        pl.crash_matrix(scenario(stf=stf))


def test_a_late_result_is_delivered_before_restores_own_answer_too():
    async def stf(state, input, actions):
        if isinstance(input, pl.TrackedActionCompleted) and input.result == "settled":
            state.pending.discard(input.id)
            state.paid.add((input.id, len(state.paid)))
        else:
            await seeded.stf(state, input, actions)

    def perform(bank, action, choose):
        answer = perform_by_key(bank, action, choose)
        return "settled" if isinstance(action, seeded.AskStatus) and answer == "charged" else answer

    def paid_count(here):
        return len(here.state.paid)

    matrix = pl.crash_matrix(scenario(stf=stf, perform=perform, outcome=paid_count))
    assert "S" == matrix[3, "performed"].outcome.letter
    assert "F" == matrix[3, "result on wire"].outcome.letter
    assert ["charged", "settled"] == [
        step.event.result.value
        for step in matrix[3, "result on wire"].worst.trace
        if isinstance(step.event, Deliver) and step.configuration.life
    ]


def asking_twice(perform, **more):
    async def stf(state, input, actions):
        await seeded.stf(state, input, actions)
        if isinstance(input, pl.TrackedActionCompleted) and input.result == "busy":
            state.paid.discard(input.id)
            state.pending.add(input.id)
            actions.add(pl.Tracked(input.id, seeded.Charge(input.id)))

    return scenario(stf=stf, restore=restore_charging, perform=perform, **more)


def test_the_outside_world_answers_the_second_time_as_it_did_the_second_time():
    def perform(bank, action, choose):
        answer = choose("busy", "charged")
        return seeded.perform_by_key(bank, action, choose) if answer == "charged" else answer

    lab = pl.Lab(asking_twice(perform))
    lab.fire("pay")
    lab.perform(1, "busy")
    lab.deliver(1)
    lab.perform(1, "charged")
    lab.deliver(1)
    matrix = pl.crash_matrix(lab.scenario, lab)
    assert {"S", "A", "?"} == set(matrix.totals)
    assert [("busy",), ("charged",)] == performs(matrix[1, "none out"].worst)
    assert [("busy",), ("charged",)] == performs(matrix[3, "performed"].worst)


def performs(recovery):
    return [step.record.taken for step in recovery.trace if isinstance(step.event, Perform)]


def test_what_the_crash_free_run_does_twice_is_not_held_against_a_recovery():
    def perform(bank, action, _choose):
        bank.charged[action.payment_id] = bank.charged.get(action.payment_id, 0) + 1
        return "busy" if bank.charged[action.payment_id] == 1 else "charged"

    @pl.when_quiescent
    def nobody_dies(here):
        return here.life == 0

    matrix = pl.crash_matrix(asking_twice(perform, properties=[nobody_dies]))
    assert "nobody_dies is broken; the state ends the same" == matrix[1, "none out"].worst.sentence


def test_an_input_that_was_not_taken_is_told_as_such():
    matrix = pl.crash_matrix(scenario(perform=perform_by_key))
    assert "Crash at step 1, before accept: it ends as the crash-free run does without step 1" == (
        matrix[1, "before accept"].sentence
    )
