"""The choices at the steps of the payments run, in the words of the screen."""

import sys
import types

import pytest

import phasm_lab as pl
from phasm_lab.engine.accesses import Access
from phasm_lab.examples.payments import payments_charging_again
from phasm_lab.interpreter.lines import source_lines
from phasm_lab.views.rulers import access_words
from phasm_lab.views.session import Session


def group_of(view, key):
    return next(group for group in view["choices"]["groups"] if group["key"] == key)


def chips_of(group):
    return [chip for item in group["items"] for chip in item["chips"]]


def notes_of(view):
    return [(group["title"], group["note"]) for group in view["choices"]["groups"]]


def preview_of(chip):
    shown = chip["preview"]
    lines = [f"{line['sign']} {line['text']}" for line in shown["lines"]]
    return lines, shown["emits"], shown["breaks"]


@pytest.mark.parametrize(
    ("step", "notes"),
    [
        (
            0,
            [
                ("Inputs", "Pay · 2 of 2 left, in order"),
                ("In flight", "nothing queued or sent"),
                ("Results", "none on the wire"),
                ("Crash", "1 left · in Pay(ada, 500)"),
                ("Storage", "off, budget 0"),
            ],
        ),
        (
            4,
            [
                ("Inputs", "Pay · recover first"),
                ("In flight", "the queue died"),
                ("Results", "wait on the wire"),
                ("Crash", "the process is down"),
                ("Storage", "off, budget 0"),
            ],
        ),
        (
            6,
            [
                ("Inputs", "Pay · 1 of 2 left, in order"),
                ("In flight", "request #1 is on the wire"),
                ("Results", ""),
                ("Crash", "1 of 1 used, at step 4"),
                ("Storage", "off, budget 0"),
            ],
        ),
    ],
)
def test_the_groups_never_move_and_say_how_things_stand(view_at, step, notes):
    assert notes == notes_of(view_at(step))


def test_the_note_says_which_step_is_looked_at(view_at):
    assert ("at step 7 of 9", "at step 9") == (view_at(7)["choices"]["note"], view_at(9)["choices"]["note"])


def test_the_form_is_made_from_the_fields_of_the_next_input(view_at):
    (form,) = group_of(view_at(1), "inputs")["forms"]

    assert [
        {"name": "user", "annotation": "str", "value": "'bob'"},
        {"name": "cents", "annotation": "int", "value": "120"},
    ] == form["fields"]
    assert (["+ pending[2]=120", "~ next_id 2→3"], "emits ChargeCard #2, 1 untracked", "") == preview_of(form["chip"])


def test_what_is_queued_can_be_handed_over(view_at):
    items = group_of(view_at(1), "in_flight")["items"]

    assert [("queued", "dispatch #1"), ("tell ada, queued", "dispatch")] == [
        (item["note"], item["chips"][0]["text"]) for item in items
    ]
    assert (["~ #1 queued→wire"], "state unchanged", "") == preview_of(items[0]["chips"][0])
    assert (["- tell ada"], "state unchanged", "") == preview_of(items[1]["chips"][0])


def test_what_restore_queued_says_so(view_at):
    assert ["again, from 5"] == [item["note"] for item in group_of(view_at(5), "in_flight")["items"]]


def test_a_request_has_a_chip_for_each_way_it_can_go(view_at):
    charged, declined, _ = chips_of(group_of(view_at(2), "in_flight"))

    assert ("#1 charged", "tracked", "perform #1, charged") == (charged["text"], charged["mark"], charged["title"])
    assert ("declined", None, "perform #1, declined") == (declined["text"], declined["mark"], declined["title"])
    assert (["+ charged[1]=1"], "state unchanged", "") == preview_of(charged)
    assert (['+ result #1 "declined"'], "state unchanged", "") == preview_of(declined)


def test_a_choice_that_would_break_a_property_says_so(view_at):
    charged = chips_of(group_of(view_at(6), "in_flight"))[0]

    assert (["~ charged[1] 1→2"], "state unchanged", "no_card_is_charged_twice") == preview_of(charged)


def test_faults_without_a_budget_are_plain_words_with_their_reason(view_at):
    group = group_of(view_at(2), "in_flight")

    assert "off:" == group["off_lead"]
    assert [
        {"text": "lose", "reason": "Faults(lost_requests=0)"},
        {"text": "duplicate", "reason": "Faults(duplicated_requests=0)"},
        {"text": "delay", "reason": "Faults(delayed_requests=0)"},
    ] == group["off"]


def test_each_result_on_the_wire_can_be_delivered(view_at):
    group = group_of(view_at(7), "results")
    late, newer = chips_of(group)

    assert ["late, from 3", "from 7"] == [item["note"] for item in group["items"]]
    assert "deliver #1, charged, from 3" == late["title"]
    assert "deliver result 1, late, from step 3" == late["label"]
    assert (8, -1) == (late["taken"], newer["taken"])
    assert (["- pending[1]", "+ paid[1]=500"], "emits nothing", "") == preview_of(late)


def test_a_delivery_that_stf_rejects_shows_the_exception(view_at):
    (chip,) = chips_of(group_of(view_at(8), "results"))

    assert (["~ rejected: KeyError: 1"], "state unchanged", "") == preview_of(chip)


def test_while_the_process_is_down_a_result_waits(view_at):
    (chip,) = chips_of(group_of(view_at(4), "results"))

    assert (False, "the process is down: recover first") == (chip["enabled"], chip["reason"])


def test_while_the_process_is_down_it_can_recover(view_at):
    group = group_of(view_at(4), "crash")
    (chip,) = chips_of(group)

    assert ("recover", "recover, runs restore") == (chip["text"], chip["title"])
    assert (["+ #1 queued, again"], "state unchanged", "") == preview_of(chip)
    assert ("used:", "crash") == (group["off_lead"], group["off"][0]["text"])
    assert "recovery_crashes is 0: set Faults(recovery_crashes=1)" == group["off"][0]["reason"]


def test_the_ruler_is_the_life_of_the_next_transition(view_at):
    (ruler,) = group_of(view_at(1), "crash")["ruler"]

    assert "Pay(bob, 120)" == ruler["title"]
    assert [
        "input",
        "before accept",
        "1",
        "2",
        "3",
        "4",
        "before commit",
        "commit",
        "commit unknown",
        "0",
        "tracked",
        "1",
    ] == [place["mark"] or place["chip"]["text"] for place in ruler["places"]]
    assert ["accept", "access 1 to 4", "before", "unknown", "after, 0 1 out"] == [
        word["text"] for word in ruler["words"]
    ]


def test_crash_points_are_named_by_their_place_in_the_source(view_at):
    (ruler,) = group_of(view_at(1), "crash")["ruler"]
    titles = [place["chip"]["title"] for place in ruler["places"] if place["chip"]]
    source = source_lines(payments_charging_again.machine.stf.__code__)
    line = next(number for number, text in source if "state.pending[payment_id] = cents" in text)

    assert "Pay(bob, 120): crash before accept" == titles[0]
    assert f"in stf at access 4: write pending[2], payments.py:{line}" == titles[4]
    assert "crash after commit, 0 of 1 out" == titles[7]


def test_a_crash_before_the_commit_leaves_the_state(view_at):
    (ruler,) = group_of(view_at(1), "crash")["ruler"]
    first, last = ruler["places"][1]["chip"], ruler["places"][-1]["chip"]

    assert (["- the whole transition", "  state kept"], "then the process is down", "") == preview_of(first)
    assert (["+ pending[2]=120", "~ next_id 2→3"], "then the process is down", "") == preview_of(last)


def test_the_budget_of_unknown_commits_is_its_own(view_at):
    (ruler,) = group_of(view_at(1), "crash")["ruler"]
    (chip,) = [p["chip"] for p in ruler["places"] if p["chip"] and p["chip"]["text"] == "commit unknown"]

    assert (False, "Faults(unknown_commits=0)") == (chip["enabled"], chip["reason"])


@pytest.mark.parametrize(
    ("step", "title"),
    [(1, "crash between two steps"), (2, "crash, request on the wire"), (3, "crash, result on the wire")],
)
def test_a_crash_between_two_steps_is_named_by_where_things_stand(view_at, step, title):
    assert title == chips_of(group_of(view_at(step), "crash"))[0]["title"]


def test_a_crash_between_two_steps_takes_the_queue(view_at):
    assert (["- queue: 2 lost", "  state kept"], "then the process is down", "") == preview_of(
        chips_of(group_of(view_at(1), "crash"))[0]
    )


def test_a_used_budget_names_the_step_that_used_it(view_at):
    group = group_of(view_at(7), "crash")

    assert [
        "now",
        "before accept",
        "at access, 1 to 4",
        "before commit",
        "commit unknown",
        "after commit, 0 1 out",
    ] == [word["text"] for word in group["off"]]
    assert {"1 of 1 crash used at step 4: set Faults(crashes=2)"} == {word["reason"] for word in group["off"]}


def test_what_a_crash_may_take_from_the_wire_is_listed(view_at):
    assert [{"id": "result 0", "text": "result #1"}] == group_of(view_at(3), "crash")["loses"]


def test_storage_faults_are_named_by_what_the_next_transition_does(view_at):
    assert [
        ("access fails", "Faults(access_errors=0)"),
        ("add 1 fails", "Faults(add_errors=0)"),
        ("add 2 fails", "Faults(add_errors=0)"),
        ("commit fails", "Faults(commit_failures=0)"),
    ] == [(word["text"], word["reason"]) for word in group_of(view_at(1), "storage")["off"]]


def test_storage_faults_with_a_budget_are_chips():
    scenario = pl.Scenario(
        payments_charging_again.machine,
        inputs=payments_charging_again.inputs,
        environment=payments_charging_again.environment,
        faults=pl.Faults(access_errors=1, add_errors=1, commit_failures=1),
    )
    group = group_of(Session(pl.Lab(scenario)).view(), "storage")
    texts = [chip["text"] for chip in chips_of(group)]

    assert "1 access error left · 1 add error left · 1 commit failure left" == group["note"]
    assert ["access 1 fails", "access 1 and all after fail"] == texts[:2]
    assert ["add 2 fails", "add 2 and all after fail", "commit fails"] == texts[-3:]


def test_an_input_that_was_fired_already_asks_for_another_value(lab):
    for value in lab.scenario.inputs:
        lab.fire(value)
    (form,) = group_of(Session(lab).view(), "inputs")["forms"]

    assert "Pay(bob, 120) was fired already; change a value to fire another" == form["chip"]["reason"]
    assert (["  was fired already"], "change a value to fire another", "") == preview_of(form["chip"])
    assert (False, True) == (form["chip"]["enabled"], form["editable"])


def test_inputs_in_any_order_are_all_offered():
    scenario = pl.Scenario(payments_charging_again.machine, inputs=["first", "second", 3], order="any")
    group = group_of(Session(pl.Lab(scenario)).view(), "inputs")

    assert "str, int · 3 of 3 left, in any order" == group["note"]
    assert [("str", "'first'"), ("int", "3")] == [(form["type"], form["fields"][0]["value"]) for form in group["forms"]]
    assert ["second"] == [chip["text"] for chip in chips_of(group)]


def test_an_access_in_a_notebook_is_named_by_the_number_of_the_cell(monkeypatch):
    notebook = types.ModuleType("IPython")
    compiled = types.SimpleNamespace(_filename_map={"ipykernel_1/2.py": 3})
    notebook.get_ipython = lambda: types.SimpleNamespace(compile=compiled)
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    assert "read next_id, cell [3], line 4" == access_words(Access(1, "read", "next_id", "ipykernel_1/2.py", 4))
