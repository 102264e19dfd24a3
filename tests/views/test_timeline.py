"""The payments run as rows, threads, outline and sentences."""

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again
from phasm_lab.views.session import Session


def rows_of(session):
    return session.timeline()["rows"]


def test_each_step_is_said_in_one_sentence(session):
    assert [
        "Step 0: start.",
        "Step 1: Pay(ada, 500) committed. ChargeCard 1 emitted. 1 untracked.",
        "Step 2: request 1 on the wire.",
        "Step 3: card network charged 1, first time. Result on the wire.",
        "Step 4: crash with the result on the wire. State unchanged. 1 queued action lost.",
        "Step 5: restore emitted ChargeCard 1 again, first emitted at step 1.",
        "Step 6: request 1 on the wire again.",
        "Step 7: card network charged 1, second time. Property no_card_is_charged_twice is broken.",
        "Step 8: late result for 1, sent at step 3, committed.",
        "Step 9: second result for 1 rejected, KeyError 1. State unchanged.",
    ] == [row["say"] for row in rows_of(session)]


def test_rows_carry_the_labels_of_the_lanes(session):
    assert [
        "start",
        "Pay(ada, 500)",
        "request #1",
        "charged \N{MULTIPLICATION SIGN}1",
        "crash",
        "recover",
        "request #1",
        "charged \N{MULTIPLICATION SIGN}2",
        "result #1",
        "result #1",
    ] == [row["label"] for row in rows_of(session)]


def test_the_row_of_an_input_names_what_it_emitted(session):
    row = rows_of(session)[1]

    assert [{"text": "ChargeCard #1", "short": "Charge #1", "again": -1}] == row["emits"]
    assert ["tell ada"] == row["untracked"]
    assert "committed" == row["result"]


def test_the_row_of_a_crash_names_what_was_lost_and_what_is_remembered(session):
    row = rows_of(session)[4]

    assert (["tell ada"], "#1") == (row["lost"], row["holds"])


def test_an_action_that_restore_emits_again_names_the_step_that_emitted_it_first(session):
    assert [{"text": "ChargeCard #1", "short": "Charge #1", "again": 1}] == rows_of(session)[5]["emits"]


def test_what_is_performed_twice_is_joined_to_its_twin(session):
    assert [-1, -1, -1, -1, -1, -1, -1, 3, -1, -1] == [row["twin"] for row in rows_of(session)]


def test_a_late_result_names_the_step_that_sent_it(session):
    assert [-1, -1, -1, -1, -1, -1, -1, -1, 3, -1] == [row["late"] for row in rows_of(session)]


def test_a_rejection_says_why(session):
    assert ("rejected", "KeyError: 1") == (rows_of(session)[9]["result"], rows_of(session)[9]["why"])


def test_properties_hold_break_once_and_stay_broken(session):
    assert [1, 1, 1, 1, 1, 1, 1, 2, 3, 3] == [row["own"] for row in rows_of(session)]


def test_the_outline_has_a_letter_for_each_row_lower_case_where_something_went_wrong(session):
    assert "SFDPXRDpVv" == session.timeline()["outline"]


def test_threads_join_where_something_begins_with_where_it_ends(session):
    threads = session.timeline()["threads"]

    assert [
        ("queue", "#1", 1, 2, "used", 0, True),
        ("queue", "tell ada", 1, 4, "lost", 1, False),
        ("keep", "#1", 1, 8, "used", 0, True),
        ("request", "#1", 2, 3, "used", 0, True),
        ("result", "#1", 3, 8, "used", 0, True),
        ("queue", "#1", 5, 6, "used", 0, True),
        ("request", "#1", 6, 7, "used", 0, True),
        ("result", "#1", 7, 9, "used", 1, True),
    ] == [tuple(thread[key] for key in ("kind", "id", "from", "to", "end", "slot", "tracked")) for thread in threads]


def test_a_request_that_a_crash_takes_ends_lost():
    lab = pl.Lab(payments_charging_again)
    lab.fire(lab.scenario.inputs[0])
    lab.dispatch(1)
    lab.crash(lose="all")
    threads = Session(lab).timeline()["threads"]

    assert [("#1", 2, 3, "lost")] == [
        (t["id"], t["from"], t["to"], t["end"]) for t in threads if t["kind"] == "request"
    ]


def test_an_open_thread_has_no_end():
    lab = pl.Lab(payments_charging_again)
    lab.fire(lab.scenario.inputs[0])
    threads = Session(lab).timeline()["threads"]

    assert [(-1, "open")] * 3 == [(thread["to"], thread["end"]) for thread in threads]


def test_another_branch_has_the_rows_that_it_shares_and_its_own(session):
    lab = session.lab
    session.timeline()
    lab.goto(3)
    lab.deliver(1)
    timeline = session.timeline()

    assert [0, 1, 2, 3, 10] == [row["step"] for row in timeline["rows"]]
    assert [("result", 3, 4)] == [(t["kind"], t["from"], t["to"]) for t in timeline["threads"] if t["kind"] == "result"]
    lab.goto(9)
    assert list(range(10)) == [row["step"] for row in rows_of(session)]


def test_a_long_branch_is_sent_in_windows_around_the_selected_row():
    lab = pl.Lab(payments_charging_again)
    input_class = type(lab.scenario.inputs[0])
    for number in range(300):
        lab.fire(input_class("eve", number + 1))
    session = Session(lab)
    lab.goto(150)
    around, asked = session.timeline(), session.timeline(0, 20)

    assert (110, 80, 301) == (around["first"], len(around["rows"]), around["row_count"])
    assert (0, 20) == (asked["first"], len(asked["rows"]))


def test_an_input_of_somebody_elses_is_not_in_the_scenario(lab):
    lab.fire(type(lab.scenario.inputs[0])("eve", 1))
    row = rows_of(Session(lab))[1]

    assert row["declared"] is False
    assert row["say"].endswith("Not in the scenario.")


def test_a_crash_before_the_commit_emits_nothing_and_names_its_place(lab):
    lab.fire(lab.scenario.inputs[0], crash="at access", number=2)
    row = rows_of(Session(lab))[1]

    assert ("down", "in stf at access 2", [], "X") == (
        row["result"],
        row["why"],
        row["emits"],
        Session(lab).timeline()["outline"][1],
    )


def test_a_crash_after_the_commit_says_how_much_was_handed_over(lab):
    lab.fire(lab.scenario.inputs[0], crash="after commit", number=1)
    row = rows_of(Session(lab))[1]

    assert ("down", "after commit, 1 of 1 handed over", ["tell ada"]) == (row["result"], row["why"], row["lost"])


def test_systems_are_named_in_the_order_in_which_they_appear(session):
    assert ["card network"] == session.timeline()["systems"]
