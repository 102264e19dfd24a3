"""The crash matrix: every crash is there, each ends as it is said to, and it can be stopped and looked at."""

import itertools
import json
from collections import Counter
from dataclasses import dataclass

import pytest

import phasm_lab as pl
from phasm_lab.engine import Crash, Recover
from phasm_lab.examples import all_examples
from phasm_lab.recoveries.crash_points import COLUMNS
from phasm_lab.recoveries.matrix import CrashMatrix, crash_matrix
from phasm_lab.recoveries.running import with_faults
from tests.recoveries import seeded
from tests.recoveries.walks import crashes_of

EXAMPLES = {example.name: example for example in all_examples()}
SOUND = [name for name, example in EXAMPLES.items() if example.sound]

TOTALS = {
    "payments": {"S": 22, "A": 6, "?": 8},
    "payments_charging_again": {"S": 8, "A": 6, "?": 8, "2": 14},
    "transfer": {"S": 31, "A": 6, "?": 11},
    "transfer_without_reference": {"S": 9, "A": 6, "?": 11, "F": 8, "B": 5, "2": 9},
    "bookings": {"S": 33, "A": 9, "?": 12},
    "bookings_overlooking_requests": {"S": 33, "A": 9, "?": 12},
    "outbox": {"S": 31, "A": 6, "?": 11},
    "outbox_losing_retries": {"S": 23, "A": 6, "?": 11, "B": 8},
    "lease": {"S": 24, "A": 9, "?": 9},
    "lease_without_fencing": {"S": 24, "A": 9, "?": 9},
}


@pytest.fixture(name="matrices", scope="module")
def fixture_matrices():
    return {name: pl.crash_matrix(example.scenario) for name, example in EXAMPLES.items()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_cells_hold_as_many_crashes_as_an_independent_count(matrices, name):
    matrix = matrices[name]
    held = Counter({(cell.step_number, cell.column): len(cell.recoveries) for cell in matrix.cells})
    assert crashes_of(matrix) == +held
    assert matrix.crash_count == len(matrix.recoveries)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_classes_of_the_examples(matrices, name):
    assert TOTALS[name] == matrices[name].totals


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_machine_recovers_from_second_crashes_and_storage_faults_too(name):
    matrix = pl.crash_matrix(EXAMPLES[name].scenario, second_crashes=True, storage_faults=True)
    assert matrix.is_complete
    assert {"S", "A"} == set(matrix.totals)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_recovery_is_a_run_of_the_engine_with_one_crash(matrices, name):
    for recovery in matrices[name].recoveries:
        trace = recovery.trace
        again = pl.Trace.read(trace.to_json_lines()).replay(matrices[name].scenario)
        assert (None, ()) == (again.problem, again.notes)
        assert recovery.step_count == len(trace)
        assert 1 == sum(isinstance(step.event, Crash) or _dies(step.event) for step in trace)
        assert trace[-1].configuration.quiescent


def _dies(event):
    fault = getattr(event, "fault", None)
    return fault is not None and fault.is_crash


def test_what_survives_is_tried_before_and_after_what_restore_asks():
    matrix = pl.crash_matrix(EXAMPLES["payments_charging_again"].scenario)
    found = [(each.wire, each.outcome.letter) for each in matrix[2, "request on wire"].recoveries]
    assert [("request 1 performed late", "2"), ("request 1 lost", "S")] == found
    assert "2 1/2" == matrix[2, "request on wire"].text


def test_a_cell_says_what_happened_in_one_sentence():
    matrix = pl.crash_matrix(EXAMPLES["payments_charging_again"].scenario)
    assert (
        "Crash at step 2, request on the wire (request 1 performed late), in 1 of 2 crashes here: ChargeCard 1 is performed"
        " twice (once without the crash); the state ends the same; no_card_is_charged_twice is broken"
        == matrix[2, "request on wire"].sentence
    )
    assert (
        "Crash at step 4, before accept, whatever becomes of the wire: ChargeCard 1 is performed twice (once without the"
        " crash); the state ends the same; no_card_is_charged_twice is broken" == matrix[4, "before accept"].sentence
    )
    assert (
        "Step 2, before accept: no such point; step 2 has 'request on wire', 'second crash'"
        == matrix[2, "before accept"].sentence
    )
    assert "Step 2, second crash: not searched; second_crashes=True searches it" == matrix[2, "second crash"].sentence


def test_a_recovery_opens_in_a_lab_where_it_ends():
    recovery = pl.crash_matrix(EXAMPLES["payments_charging_again"].scenario)[3, "result on wire"].worst
    lab = recovery.open()
    assert {1: 2} == lab.environment.charged
    assert recovery.step_count == lab.selected.depth


def test_a_lab_with_a_recovery_has_the_scenarios_own_budgets_and_no_more_than_the_recovery_needs():
    scenario = with_faults(EXAMPLES["payments_charging_again"].scenario, pl.Faults(lost_results=2))
    matrix = pl.crash_matrix(scenario, storage_faults=True, second_crashes=True)
    assert {
        (3, "result on wire"): pl.Faults(lost_results=2, crashes=1),
        (1, "commit unknown"): pl.Faults(lost_results=2, unknown_commits=1),
        (1, "second crash"): pl.Faults(lost_results=2, crashes=1, unknown_commits=1),
        (1, "commit fails"): pl.Faults(lost_results=2, commit_failures=1),
    } == {
        place: matrix[place].worst.open().scenario.faults
        for place in ((3, "result on wire"), (1, "commit unknown"), (1, "second crash"), (1, "commit fails"))
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_recovery_is_taken_by_a_lab_to_its_end(name):
    matrix = pl.crash_matrix(EXAMPLES[name].scenario, storage_faults=True)
    assert {True} == {
        recovery.trace[-1].configuration.key()
        == recovery.open().configuration._replace(budgets=recovery.trace[-1].configuration.budgets).key()
        for recovery in matrix.recoveries
    }


def test_the_crash_free_run_beside_a_recovery_ends_before_the_next_input():
    recovery = pl.crash_matrix(EXAMPLES["payments_charging_again"].scenario)[2, "request on wire"].worst
    assert 4 == len(recovery.crash_free)
    assert recovery.crash_free[-1].configuration.quiescent


def test_the_crash_free_run_beside_a_recovery_is_called_by_how_far_it_goes(matrices):
    matrix = matrices["payments_charging_again"]
    assert [
        "the crash-free run to step 4 of 8, later inputs not fired",
        "the crash-free run",
    ] == [matrix[step_number, "before accept"].worst.crash_free_title for step_number in (1, 5)]


def test_a_crash_free_run_that_comes_to_rest_otherwise_says_so():
    lab = pl.Lab(EXAMPLES["payments_charging_again"].scenario)
    for value in lab.scenario.inputs:
        lab.fire(value)
    lab.run()
    recovery = pl.crash_matrix(lab.scenario, lab)[1, "before accept"].worst
    assert f"the crash-free run to step 1 of {len(lab.trace)}, come to rest, later inputs not fired" == (
        recovery.crash_free_title
    )


def test_a_cell_shows_its_sentence(matrices):
    cell = matrices["payments_charging_again"][3, "result on wire"]
    assert cell.sentence == repr(cell)


def test_filling_goes_on_where_it_was_stopped():
    pauses = iter([False, False, True])
    matrix = pl.crash_matrix(EXAMPLES["payments"].scenario, pause=lambda: next(pauses))
    assert 3 == sum(cell.is_filled for cell in matrix.cells)
    assert not matrix.is_complete
    assert "not all searched" in str(matrix)
    rest = sum(1 for _ in matrix.fill())
    assert matrix.is_complete
    assert TOTALS["payments"] == matrix.totals
    assert 28 == 3 + rest


def test_the_answers_of_a_given_run_are_kept():
    lab = pl.Lab(EXAMPLES["payments"].scenario)
    lab.fire(lab.scenario.inputs[0])
    lab.perform(1, "declined")
    lab.run()
    matrix = pl.crash_matrix(lab.scenario, lab)
    assert {"S", "A", "?"} == set(matrix.totals)
    charges = [r.trace[-1].configuration.environment.view().charged for r in matrix.recoveries]
    assert [{}] * len(charges) == charges


def test_two_inputs_in_flight_at_once_are_crashed_too():
    lab = pl.Lab(EXAMPLES["payments_charging_again"].scenario)
    for identity, value in enumerate(lab.scenario.inputs, start=1):
        lab.fire(value)
        lab.perform(identity, "charged")
    lab.run()
    matrix = pl.crash_matrix(lab.scenario, lab.trace)
    assert {"result 1 lost and result 2 late", "result 1 lost and result 2 lost"} <= {r.wire for r in matrix.recoveries}
    assert crashes_of(matrix) == +Counter({(c.step_number, c.column): len(c.recoveries) for c in matrix.cells})


def test_equal_futures_are_computed_once():
    matrix = pl.crash_matrix(EXAMPLES["payments"].scenario)
    assert 64 == matrix.crash_count
    assert 15 == len(matrix._filler.futures._known)


def test_it_prints_as_a_table():
    lines = str(pl.crash_matrix(EXAMPLES["payments_charging_again"].scenario)).splitlines()
    assert "payments charging again · 36 crash points, 50 crashes" == lines[0]
    assert (
        "  2  dispatch 1                         ·      ·     ·        ·      ·      ·     2 1/2       ·         ·       ?"
        == lines[5]
    )
    assert (
        "S same outcome 8 · A other outcome, allowed 6 · ? not searched 8 · 2 effect performed twice 14 (14 break a property)"
        " · 1/2 one of two crashes there · only this run is crashed, pl.check searches other orders" == lines[13]
    )


def test_what_stands_above_a_column_is_what_its_cells_are_asked_for_by(matrices):
    first, second = str(matrices["transfer"]).splitlines()[2:4]
    words = f"{first} {second}".split()
    assert sorted(words) == sorted(
        f"crash-free run {' '.join(each.key for each in matrices['transfer'].columns)}".split()
    )


def test_what_the_grid_calls_a_column_asks_for_its_cells_too(matrices):
    matrix = matrices["payments"]
    assert all(matrix[1, each.label] is matrix[1, each.key] for each in matrix.columns)
    assert "none out" == matrix[1, "commit, none out"].column


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (1, "matrix[1]: a cell is asked for by a step and a column; write matrix[1, 'before accept']; columns are: "),
        ("in stf", "matrix['in stf']: a cell is asked for by a step and a column; write matrix[1, 'before accept']; "),
        ((0, "in stf"), "matrix[0, 'in stf']: there is no such step; name one from 1 to 8"),
        (("1", "in stf"), "matrix['1', 'in stf']: there is no such step; name one from 1 to 8"),
        ((1, "commit"), "matrix[1, 'commit']: there is no such column; name one of: 'before accept', 'in stf', "),
        ((1, ["in stf"]), "matrix[(1, ['in stf'])]: a cell is asked for by a step and a column; "),
    ],
)
def test_a_cell_that_is_not_there_is_told_with_those_that_are(matrices, place, message):
    with pytest.raises(pl.DefinitionError) as raised:
        matrices["payments"][place]
    assert str(raised.value).startswith(message)


def test_no_two_recoveries_of_a_matrix_are_called_the_same():
    matrix = pl.crash_matrix(EXAMPLES["payments"].scenario, second_crashes=True, storage_faults=True)
    names = Counter((each.step_number, each.column, each.point, each.wire) for each in matrix.recoveries)
    assert [] == [name for name, count in names.items() if count > 1]
    assert "after the commit, 0 of 1 handed over, and again at step 4, performed, no result" in {
        each.point for each in matrix[1, "second crash"].recoveries
    }


def test_a_cell_that_was_searched_in_vain_is_not_called_not_searched():
    async def stf(state, input, actions):
        await seeded.stf(state, input, actions)
        if isinstance(input, pl.TrackedActionCompleted) and input.result == "never seen":
            actions.clear()
            actions.add(pl.Tracked(input.id, seeded.AskStatus(input.id)))

    matrix = pl.crash_matrix(seeded.scenario(stf=stf))
    assert ("?", "not known") == (matrix[1, "none out"].text, matrix[1, "none out"].class_name)
    assert "not searched" == matrix[1, "second crash"].class_name
    assert "? not known or not searched 8" in str(matrix)


def test_it_is_plain_json_and_a_data_frame():
    matrix = pl.crash_matrix(EXAMPLES["payments_charging_again"].scenario)
    told = json.loads(json.dumps(matrix.to_json()))
    assert ["S", "A", "?", "2"] == list(told["totals"])
    assert "2 1/2" == told["rows"][1]["cells"][6]["text"]
    frame = matrix.to_frame()
    assert matrix.crash_count == len(frame)
    assert 24 == int(frame.is_bad.sum())


def test_the_columns_come_in_the_groups_of_the_picture():
    assert ["in a transition", "outside the process", "recovery", "storage"] == list(
        dict.fromkeys(each.group for each in COLUMNS)
    )


def test_only_a_scenario_is_crashed():
    with pytest.raises(pl.DefinitionError, match=r"crash_matrix\('payments'\): it is not a Scenario"):
        pl.crash_matrix("payments")


def test_a_run_with_a_crash_in_it_is_refused():
    lab = pl.Lab(EXAMPLES["payments"].scenario)
    lab.crash()
    with pytest.raises(pl.DefinitionError, match="its step 1: the process dies there"):
        pl.crash_matrix(lab.scenario, lab)


def test_what_is_not_a_run_is_refused():
    with pytest.raises(pl.DefinitionError, match=r"crash_matrix\(run=5\): it is not a run"):
        pl.crash_matrix(EXAMPLES["payments"].scenario, 5)


def test_a_cell_that_is_not_there_is_named():
    matrix = pl.crash_matrix(EXAMPLES["payments"].scenario)
    with pytest.raises(pl.DefinitionError, match="there is no such step; name one from 1 to 8"):
        _ = matrix[9, "before accept"]
    with pytest.raises(pl.DefinitionError, match="there is no such column; name one of: 'before accept'"):
        _ = matrix[1, "lunch"]


def test_a_scenario_without_inputs_has_an_empty_matrix():
    matrix = pl.crash_matrix(pl.Scenario(EXAMPLES["payments"].scenario.machine))
    assert (0, 0, None) == (matrix.point_count, matrix.crash_count, matrix.worst)
    assert "payment system · 0 crash points, 0 crashes" == str(matrix).splitlines()[0]


def test_the_second_crash_may_fall_inside_restore():
    matrix = pl.crash_matrix(EXAMPLES["payments"].scenario, second_crashes=True)
    points = [r.point for r in matrix[1, "second crash"].recoveries]
    assert "before accept, and again at step 2, after restore returned, 0 of 0 handed over" == points[1]
    assert any(sum(isinstance(step.event, Recover) for step in r.trace) > 1 for r in matrix.recoveries)


def test_a_matrix_without_harm_says_so_once_it_is_searched():
    matrix = CrashMatrix(EXAMPLES["payments"].scenario)
    assert "harm" not in str(matrix)
    list(matrix.fill())
    assert "No crash point does harm." == str(matrix).splitlines()[-1]
    assert "harm" not in str(crash_matrix(EXAMPLES["payments_charging_again"].scenario))


def test_a_recovery_says_whether_it_may_end_otherwise():
    matrix = crash_matrix(EXAMPLES["payments"].scenario)
    assert "Allowed: it ends as the crash-free run does without step 1." == matrix[1, "before accept"].worst.judgement
    assert "" == matrix[1, "none out"].worst.judgement


def test_a_machine_that_emits_something_else_each_time_is_named_as_the_reason():
    numbers = itertools.count()

    @dataclass
    class Empty:
        pass

    async def stf(_state, given, actions):
        match given:
            case pl.Normal():
                actions.add(pl.Tracked(1, ("ask", next(numbers))))

    async def restore(_state, _actions):
        pass

    scenario = pl.Scenario(pl.Machine(Empty, stf, restore), inputs=["a"], results={"ask": ["ok"]}, name="dice")
    with pytest.raises(pl.NotEnabledError) as raised:
        crash_matrix(scenario)
    assert str(raised.value).startswith(
        "crash dice at step 1 and what follows: run again on the same state, the machine gives something else"
    )
