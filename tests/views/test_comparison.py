"""Two runs side by side for a screen: verdict, rows, what was there before, and what both end in."""

import json

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
from phasm_lab.examples.transfer import transfer_without_reference
from phasm_lab.recoveries.comparison import side_of
from phasm_lab.views.comparison_session import ComparisonSession
from phasm_lab.views.comparison_view import ComparisonBook
from tests.views.conftest import take_payments_run


@pytest.fixture
def recovery():
    return pl.crash_matrix(scenario)[3, "result on wire"].worst


@pytest.fixture
def shown(recovery):
    return ComparisonBook(recovery.comparison).shape()


def titles(shown):
    return [
        tuple("" if row[side] is None else row[side]["title"] for side in ("left", "right")) for row in shown["rows"]
    ]


def test_the_rows_after_the_common_beginning_are_shown(shown):
    assert ("3 common steps, from fire Pay(user='ada', cents=500) on", 3, 3) == (
        shown["common"],
        shown["common_count"],
        shown["first"],
    )
    assert [
        ("", "crash between two steps"),
        ("", "restore emits ChargeCard 1"),
        ("", "dispatch ChargeCard 1"),
        ("", "perform ChargeCard 1 again, returns 'charged'"),
        ("deliver ChargeCard 1, 'charged', committed", "deliver ChargeCard 1, 'charged', committed"),
        ("", "deliver ChargeCard 1 late, 'charged', rejected, KeyError: 1"),
    ] == titles(shown)


def test_what_happened_twice_is_marked_and_says_when_it_was_there_before(shown):
    twice = shown["rows"][3]["right"]
    assert ("first", "broken") == (twice["twice"], twice["mark"])
    assert [{"text": "again, as at 3", "step": 3, "row": 2, "side": "right"}] == twice["links"]
    assert [{"sign": "~", "text": "card network charged[1] 1 → 2"}] == twice["changes"]
    assert "right" == shown["bad"]


@pytest.fixture
def both_twice():
    matrix = pl.crash_matrix(scenario)
    return pl.compare(matrix[1, "all out"].worst, matrix[3, "result on wire"].worst)


def test_what_both_sides_did_twice_is_marked_on_both(both_twice):
    shown = ComparisonBook(both_twice).shape(0)
    marked = {
        side: [(row[side]["twice"], row[side]["mark"]) for row in shown["rows"] if row[side] and row[side]["twice"]]
        for side in ("left", "right")
    }
    assert {"left": [("first", "broken")], "right": [("first", "broken")]} == marked
    assert "" == shown["bad"]


def test_the_verdict_tells_apart_what_went_wrong(shown):
    assert [
        {"text": "Same final state.", "bad": False},
        {"text": "ChargeCard 1 was performed twice on the right.", "bad": True},
        {"text": "The right breaks no_card_is_charged_twice.", "bad": True},
    ] == shown["verdict"]


def test_both_ends_have_the_same_lines_and_what_differs_is_told_apart(shown):
    state, outside = shown["ends"]
    assert ("at the end, state", True, "card network", False) == (
        state["title"],
        state["is_same"],
        outside["title"],
        outside["is_same"],
    )
    assert [("next_id", "2"), ("pending", "{}"), ("paid", "{1: 500}")] == [
        (line["path"], line["value"]) for line in state["left"]
    ]
    assert state["left"] == state["right"]
    assert [{"sign": " ", "path": "charged[1]", "value": "1", "bad": False}] == outside["left"]
    assert [{"sign": "~", "path": "charged[1]", "value": "2", "bad": True}] == outside["right"]


def test_a_value_that_one_end_has_not_is_nothing_there():
    lab = pl.Lab(scenario)
    lab.fire(scenario.inputs[0])
    lines = ComparisonBook(pl.compare(lab.history.root, lab.selected)).shape()["ends"][0]
    assert [("~", "next_id", "1", "2"), ("+", "pending[1]", "nothing", "500"), (" ", "paid", "{}", "{}")] == [
        (right["sign"], left["path"], left["value"], right["value"])
        for left, right in zip(lines["left"], lines["right"], strict=True)
    ]


def test_a_database_ends_in_its_tables():
    worst = pl.crash_matrix(transfer_without_reference).worst
    state = ComparisonBook(worst.comparison).shape()["ends"][0]
    assert ["transfers[1].stage", "transfers[1].request_id"] == [line["path"] for line in state["left"]]


def test_a_row_calls_a_column_as_the_verdict_does():
    rows = ComparisonBook(pl.crash_matrix(transfer_without_reference).worst.comparison).shape()["rows"]
    texts = [change["text"] for row in rows if row["right"] for change in row["right"]["changes"]]
    assert "transfers[1].stage 'withdrawing' → 'refused'" in texts


def test_a_row_calls_what_is_added_to_a_table_as_the_verdict_does():
    comparison = pl.crash_matrix(transfer_without_reference)[1, "before accept"].worst.comparison
    taken = ComparisonBook(comparison).shape(0)["rows"][2]["left"]
    assert ["transfers[1] = (id=1, cents=6000, stage='withdrawing', request_id=1)"] == [
        change["text"] for change in taken["changes"]
    ]
    assert "transfers[1] is {'cents': 6000," in comparison.verdict


def test_swapped_it_is_the_same_mirrored(recovery, shown):
    swapped = ComparisonBook(recovery.comparison).swapped().shape()
    mirror = {"left only": "right only", "right only": "left only", "same": "same"}
    assert [(mirror[row["relation"]], row["right"] and row["right"]["title"]) for row in shown["rows"]] == [
        (row["relation"], row["left"] and row["left"]["title"]) for row in swapped["rows"]
    ]
    assert "left" == swapped["bad"]


def test_other_rows_are_shown_when_they_are_asked_for(recovery):
    session = ComparisonSession(ComparisonBook(recovery.comparison))
    assert session.handle({"serial": 4, "kind": "compared_rows", "first": 0, "count": 2}) == {
        "serial": 4,
        "problem": None,
    }
    shown = session.comparison()
    assert (0, 2, 9) == (shown["first"], len(shown["rows"]), shown["row_count"])
    assert ["same", "same"] == [row["relation"] for row in shown["rows"]]


@pytest.mark.parametrize("first", [-5, 10**9])
def test_a_window_beyond_the_rows_is_moved_to_them(recovery, first):
    session = ComparisonSession(ComparisonBook(recovery.comparison))
    session.handle({"serial": 1, "kind": "compared_rows", "first": first, "count": 10**9})
    shown = session.comparison()
    assert 0 <= shown["first"] < shown["first"] + len(shown["rows"]) <= shown["row_count"]


def test_equal_runs_are_one_fold_and_nothing_is_bad():
    lab = pl.Lab(scenario)
    lab.fire(scenario.inputs[0])
    lab.run()
    shown = ComparisonBook(pl.compare(lab, lab)).shape()
    assert ([{"text": "Both runs are equal: 5 steps.", "bad": False}], "", 5, 5, []) == (
        shown["verdict"],
        shown["bad"],
        shown["common_count"],
        shown["first"],
        shown["rows"],
    )


def test_a_restore_that_fails_is_bad_in_words():
    async def restore(state, actions):
        raise ValueError(f"{state} {len(actions)}")

    broken = pl.Scenario(
        pl.Machine(initial=scenario.machine.initial, stf=scenario.machine.stf, restore=restore),
        inputs=scenario.inputs,
        environment=scenario.environment,
    )
    shown = ComparisonBook(pl.crash_matrix(broken).worst.comparison).shape()
    (down,) = [part for part in shown["verdict"] if "the process is down" in part["text"]]
    assert down["bad"]


def test_it_is_plain_json(shown):
    assert shown == json.loads(json.dumps(shown))


def test_two_steps_of_a_lab_are_compared_in_its_session(session):
    assert session.comparison() is None
    assert session.handle({"serial": 1, "kind": "compare", "left": 3, "right": 9}) == {"serial": 1, "problem": None}
    shown = session.comparison()
    assert ("A, the run to step 3", "B, the run to step 9") == (shown["left"]["title"], shown["right"]["title"])
    session.handle({"serial": 2, "kind": "swap"})
    assert "Left: B, the run to step 9. Right: A, the run to step 3." == session.comparison()["note"]
    session.handle({"serial": 3, "kind": "compared_rows", "first": 0, "count": 1})
    assert 1 == len(session.comparison()["rows"])


def test_steps_of_a_lab_keep_the_numbers_that_they_have_there():
    lab = pl.Lab(scenario)
    take_payments_run(lab)
    lab.goto(1)
    lab.run()
    assert [1, 2, 10, 11] == [moment.step_number for moment in side_of(lab.selected, "run").moments][:4]


def test_a_lab_tells_of_what_two_of_its_runs_break(session):
    session.handle({"serial": 1, "kind": "compare", "left": 3, "right": 9})
    assert {"text": "The right breaks no_card_is_charged_twice.", "bad": True} in session.comparison()["verdict"]


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"kind": "compare", "left": 3, "right": 99}, "step 99: there is no such step"),
        ({"kind": "compare", "left": "3", "right": 9}, "compare: its left is '3'"),
        ({"kind": "swap"}, "no runs are compared"),
        ({"kind": "compared_rows", "first": 0, "count": 1}, "no runs are compared"),
    ],
)
def test_a_lab_says_what_cannot_be_compared(session, fields, title):
    assert title == session.handle({"serial": 1} | fields)["problem"]["title"]


def test_the_sides_are_called_by_what_they_are(recovery):
    shown = ComparisonBook(pl.compare(recovery, recovery.open())).shape()
    assert (
        f"Left: crash at step 3, result on the wire, result 1 late. Right: the run to step {recovery.step_count}."
        == (shown["note"])
    )


def test_the_parts_of_a_step_in_which_the_process_dies_are_lettered():
    matrix = pl.crash_matrix(scenario)
    shown = ComparisonBook(pl.compare(matrix[1, "none out"].worst, matrix[1, "all out"].worst)).shape()
    assert "the beginning of a common step: fire Pay(user='ada', cents=500)" == shown["common"]
    assert ["1b", "1c"] == [shown["rows"][0]["right"]["step"], shown["rows"][1]["right"]["step"]]
    assert "1b" == shown["rows"][1]["left"]["step"]
