"""A crash matrix for a screen: filled beside everything else, any two of its runs side by side."""

import json
import threading

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments, payments_charging_again
from phasm_lab.recoveries.matrix import CrashMatrix
from phasm_lab.views import matrix_saved
from phasm_lab.views.matrix_filling import WORKER_NAME
from phasm_lab.views.matrix_saved import saved_recoveries
from phasm_lab.views.matrix_session import MatrixSession

TWICE = "3 result on wire"


def post(session, kind, **fields):
    return session.handle({"serial": 1, "kind": kind, **fields})["problem"]


def wait_for_workers():
    for thread in threading.enumerate():
        if thread.name == WORKER_NAME:
            thread.join()


def letters(matrix):
    return ["".join("·" if cell is None else cell["letter"] for cell in row["cells"]) for row in matrix["rows"]]


def words(comparison):
    return " ".join(part["text"] for part in comparison["verdict"])


@pytest.fixture
def session():
    return MatrixSession(pl.crash_matrix(payments_charging_again))


@pytest.fixture
def empty():
    """A session on a matrix of which nothing is searched."""
    return MatrixSession(CrashMatrix(payments_charging_again))


def test_its_cells_are_those_of_the_matrix(session):
    shape = session.matrix_shape()
    assert [
        "AAASS2···?",
        "······2··?",
        "·······22?",
        "222SS····?",
        "AAASS2···?",
        "······2··?",
        "·······22?",
        "222SS····?",
    ] == letters(shape)
    assert ("payments charging again", "ended", "1 all out") == (shape["name"], shape["state"], shape["worst"])
    assert (
        "36 crash points, 50 crashes: the wire may keep or lose what is on it, the worst is shown; only this run"
        " is crashed, pl.check searches other orders" == shape["note"]
    )


def test_a_cell_has_its_class_its_share_and_its_sentence(session):
    (cell,) = [cell for cell in session.matrix_shape()["rows"][1]["cells"] if cell and cell["letter"] == "2"]
    assert {
        "letter": "2",
        "name": "effect performed twice",
        "share": "1/2",
        "sentence": "Crash at step 2, request on the wire (request 1 performed late), in 1 of 2 crashes here: ChargeCard 1 is"
        " performed twice (once without the crash); the state ends the same; no_card_is_charged_twice is broken",
        "step_count": 9,
    } == cell


def test_the_legend_counts_the_cells_of_each_class(session):
    found = {entry["letter"]: entry["count"] for entry in session.matrix_shape()["legend"]}
    assert {"S": 8, "A": 6, "?": 8, "F": 0, "T": 0, "L": 0, "B": 0, "2": 14, "R": 0} == found


def test_at_first_the_worst_recovery_is_beside_the_crash_free_run(session):
    shown = session.comparison()
    assert (
        "Same final state. ChargeCard 1 was performed twice on the right. The right breaks no_card_is_charged_twice."
        == words(shown)
    )
    assert ("", "1 all out") == (shown["left"]["cell"], shown["right"]["cell"])
    assert (
        "Left: the crash-free run to step 4 of 8, later inputs not fired. Right: crash at step 1, after the commit, 1 of 1 handed over, request 1 performed"
        " late." == shown["note"]
    )


def test_a_cell_is_put_on_either_side(session):
    assert post(session, "put", side="right", cell=TWICE) is None
    assert post(session, "put", side="left", cell="1 none out") is None
    shown = session.comparison()
    assert ("1 none out", TWICE) == (shown["left"]["cell"], shown["right"]["cell"])
    assert (
        "Same final state. ChargeCard 1 was performed twice on the right. The right breaks no_card_is_charged_twice."
        == words(shown)
    )


def test_each_side_offers_the_crash_free_run_and_every_recovery_of_its_cell(session):
    post(session, "put", side="right", cell="2 request on wire")
    right = session.comparison()["right"]
    assert [
        ("", "crash-free run"),
        ("2 request on wire 0", "step 2, request on the wire, request 1 performed late: effect performed twice"),
        ("2 request on wire 1", "step 2, request on the wire, request 1 lost: same outcome"),
    ] == [(option["id"], option["text"]) for option in right["options"]]
    assert "2 request on wire 0" == right["chosen"]
    assert post(session, "choose", side="right", run="2 request on wire 1") is None
    assert "" == session.comparison()["bad"]


def test_sides_are_swapped(session):
    post(session, "put", side="right", cell=TWICE)
    post(session, "swap")
    shown = session.comparison()
    assert (TWICE, "", "left") == (shown["left"]["cell"], shown["right"]["cell"], shown["bad"])
    assert (
        "Same final state. ChargeCard 1 was performed twice on the left. The left breaks no_card_is_charged_twice."
        == words(shown)
    )


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        (
            {"kind": "put", "side": "right", "cell": "1 request on wire"},
            "show '1 request on wire': there is no such recovery",
        ),
        ({"kind": "put", "side": "top", "cell": TWICE}, "show on the 'top': there is no such side"),
        ({"kind": "choose", "side": "right", "run": "7"}, "show '7': it is not among the runs offered there"),
        ({"kind": "open", "run": "9 x"}, "show '9 x': there is no such recovery"),
        ({"kind": "take"}, "'take': there is no such post"),
        (
            {"kind": "choose", "side": "right", "run": ""},
            "show the crash-free run on both sides: there is nothing to compare",
        ),
    ],
)
def test_what_cannot_be_shown_is_said_and_changes_nothing(session, fields, title):
    before = session.comparison()
    assert title == session.handle({"serial": 1} | fields)["problem"]["title"]
    assert before == session.comparison()


def test_nothing_is_searched_before_it_is_asked_for(empty):
    shape = empty.matrix_shape()
    assert ("stopped", 0, "") == (shape["state"], shape["filled_count"], shape["worst"])
    assert empty.comparison() is None


def test_filling_ends_with_every_cell(empty, session):
    post(empty, "fill")
    wait_for_workers()
    assert session.matrix_shape() == empty.matrix_shape()
    assert session.comparison() == empty.comparison()


def test_the_first_cells_are_told_before_the_last_are_searched(empty):
    told = []
    empty.observe(lambda: told.append(empty.matrix_shape()["filled_count"]))
    post(empty, "fill")
    wait_for_workers()
    assert [0, 1] == told[:2]
    assert [28, 28] == [told[-1], empty.matrix_shape()["point_count"]]


def test_stopped_it_keeps_what_is_there_and_goes_on_from_there(empty):
    leave = empty.observe(lambda: empty.matrix_shape()["filled_count"] == 1 and empty.stop())
    post(empty, "fill")
    wait_for_workers()
    shape = empty.matrix_shape()
    assert ("stopped", 1) == (shape["state"], shape["filled_count"])
    assert "A" == shape["rows"][0]["cells"][0]["letter"]
    leave()
    post(empty, "fill")
    wait_for_workers()
    assert "ended" == empty.matrix_shape()["state"]


def test_it_is_stopped_when_the_last_observer_leaves(empty):
    leave = empty.observe(lambda: empty.matrix_shape()["filled_count"] == 1 and leave())
    post(empty, "fill")
    wait_for_workers()
    assert ("stopped", 1) == (empty.filling.state, empty.matrix_shape()["filled_count"])


def test_what_a_person_has_chosen_stays_while_the_rest_is_searched(empty):
    def choose():
        if empty.matrix_shape()["filled_count"] == 1:
            post(empty, "put", side="right", cell="1 before accept")

    empty.observe(choose)
    post(empty, "fill")
    wait_for_workers()
    assert "1 before accept" == empty.comparison()["right"]["cell"]


def test_a_recovery_is_opened_in_a_lab_and_the_next_as_a_branch(session):
    assert post(session, "open", run=TWICE) is None
    assert 9 == session.lab.selected.number
    assert post(session, "open", run="1 all out") is None
    assert [9, 7] == [leaf.depth for leaf in session.lab.history.leaves()]


def test_a_recovery_that_needs_more_budgets_is_opened_in_a_lab_that_has_them_and_the_history_so_far(session):
    post(session, "open", run=TWICE)
    before = session.lab
    before.name("mine", 3)
    assert post(session, "open", run="1 commit unknown") is None
    assert session.lab is not before
    assert pl.Faults(crashes=1, unknown_commits=1) == session.lab.scenario.faults
    leaves = [leaf.depth for leaf in session.lab.history.leaves()]
    assert [9, session.matrix[1, "commit unknown"].worst.step_count] == leaves
    assert "mine" in session.lab.history.names.values()


def test_what_is_saved_holds_a_comparison_for_each_cell_and_is_plain_json():
    saved = saved_recoveries(pl.crash_matrix(payments_charging_again))
    assert saved == json.loads(json.dumps(saved))
    cells = ["", *(f"{row['step']} {column['key']}" for row, column in searched(saved["traits"]["matrix"]))]
    assert [f"{left}|{right}" for left in cells for right in cells if left or right] == sorted(
        saved["comparisons"], key=lambda name: [cells.index(cell) for cell in name.split("|")]
    )
    assert all(name == f"{each['left']['cell']}|{each['right']['cell']}" for name, each in saved["comparisons"].items())
    assert saved["traits"]["comparison"] == saved["comparisons"]["|1 all out"]


def searched(matrix):
    """Yield row and column of each cell that has a recovery."""
    for row in matrix["rows"]:
        for column, cell in zip(matrix["columns"], row["cells"], strict=True):
            if cell is not None and cell["step_count"]:
                yield row, column


def test_of_a_long_matrix_each_cell_is_saved_beside_the_crash_free_run_alone(monkeypatch):
    monkeypatch.setattr(matrix_saved, "MAX_CROSSED_CELL_COUNT", 27)
    saved = saved_recoveries(pl.crash_matrix(payments_charging_again))
    assert 28 == len(saved["comparisons"])
    assert {""} == {name.split("|")[0] for name in saved["comparisons"]}


def test_a_sound_machine_has_no_bad_side():
    shown = MatrixSession(pl.crash_matrix(payments)).comparison()
    assert "" == shown["bad"]
    assert [] == [part for part in shown["verdict"] if part["bad"]]


def test_a_verdict_says_that_no_crash_does_harm_and_that_a_difference_is_allowed():
    matrix = pl.crash_matrix(payments)
    shown = MatrixSession(matrix)
    shown.handle({"kind": "put", "side": "right", "cell": "1 before accept"})
    verdict = [part["text"] for part in shown.comparison()["verdict"]]
    assert "No crash point does harm." == verdict[0]
    assert "Allowed: it ends as the crash-free run does without step 1." == verdict[-1]
