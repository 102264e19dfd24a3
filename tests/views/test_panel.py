"""The panel of each step of the payments run."""

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again
from phasm_lab.examples.transfer import transfer
from phasm_lab.views.session import Session


def sections_at(view):
    return [
        (
            section["title"],
            section["unchanged"]
            or [" ".join(filter(None, (x["sign"], x["path"], x["old"], x["value"]))) for x in section["lines"]],
        )
        for section in view["panel"]["sections"]
    ]


@pytest.mark.parametrize(
    ("step", "title", "subtitle"),
    [
        (0, "0 · start", "the initial state, before anything"),
        (1, "1 · Pay(ada, 500)", "committed · 1 tracked, 1 untracked"),
        (2, "2 · dispatch #1", "the request leaves the process"),
        (3, "3 · perform #1, charged", "by the card network"),
        (4, "4 · crash", "result on the wire"),
        (5, "5 · recover", "restore emits ChargeCard #1 again"),
        (6, "6 · dispatch #1", "the second request for the same id"),
        (7, "7 · perform #1, charged", "by the card network, for the second time"),
        (8, "8 · deliver #1, charged", "late: sent at 3, before the crash · committed"),
        (9, "9 · deliver #1, charged", "rejected: KeyError: 1"),
    ],
)
def test_each_step_has_a_title_and_a_subtitle(view_at, step, title, subtitle):
    panel = view_at(step)["panel"]

    assert (title, subtitle) == (panel["title"], panel["subtitle"])


@pytest.mark.parametrize(
    ("step", "sections"),
    [
        (
            1,
            [
                ("state", ["~ next_id 1 2", "+ pending[1] 500"]),
                ("card network", "unchanged"),
                ("in flight", ["+ ChargeCard #1 queued", "+ tell ada queued"]),
            ],
        ),
        (2, [("state", "unchanged"), ("card network", "unchanged"), ("in flight", ["~ ChargeCard #1 queued wire"])]),
        (
            3,
            [
                ("state", "unchanged"),
                ("card network", ["+ charged[1] 1"]),
                ("in flight", ["- request #1", '+ result #1 "charged"']),
            ],
        ),
        (
            4,
            [
                ("state", "unchanged: next_id 2, pending[1] 500"),
                ("card network", "unchanged: charged[1] 1"),
                ("in flight", ["- tell ada lost with the queue", "  result #1 survives"]),
            ],
        ),
        (
            5,
            [
                ("state", "unchanged: restore only reads"),
                ("card network", "unchanged"),
                ("in flight", ["+ ChargeCard #1 queued, again", "  result #1 late, from 3"]),
            ],
        ),
        (
            7,
            [
                ("state", "unchanged"),
                ("card network", ["~ charged[1] 1 2"]),
                ("in flight", ["- request #1", "+ result #1 from 7", "  result #1 late, from 3"]),
            ],
        ),
        (
            8,
            [
                ("state", ["- pending[1] 500", "+ paid[1] 500"]),
                ("card network", "unchanged"),
                ("in flight", ["- result #1 from 3"]),
            ],
        ),
        (
            9,
            [
                ("state", "unchanged: the transition was rejected"),
                ("card network", "unchanged"),
                ("in flight", ["- result #1 from 7"]),
            ],
        ),
    ],
)
def test_the_diff_of_each_step(view_at, step, sections):
    assert sections == sections_at(view_at(step))


def test_the_value_that_broke_a_property_is_marked(view_at):
    assert [True] == [line["bad"] for line in view_at(7)["panel"]["sections"][1]["lines"]]


def test_a_property_says_where_it_broke_and_by_what(view_at):
    assert [
        {
            "name": "no_card_is_charged_twice",
            "kind": "always",
            "state": "broken",
            "sentence": "charged[1] 1 → 2, performed at 3 and 7",
            "since": 7,
        }
    ] == view_at(7)["panel"]["properties"]


def test_a_property_that_stays_broken_names_the_step_since_when(view_at):
    assert ("broken", 7) == tuple(view_at(9)["panel"]["properties"][0][key] for key in ("state", "since"))


def test_the_whole_configuration_is_listed(view_at):
    listed = [
        (section["title"], section["note"], [(i["depth"], i["key"], i["value"]) for i in section["items"]])
        for section in view_at(4)["panel"]["full"]
    ]

    assert [
        ("state", "Payments · durable", [(0, "next_id", "2"), (0, "pending", ""), (1, "1", "500"), (0, "paid", "{}")]),
        ("card network", "CardNetwork · outside", [(0, "charged", ""), (1, "1", "1")]),
        ("queue", "memory", []),
        ("wire", "outside", [(0, "result", '#1 "charged", from 3')]),
        ("budget left", "", [(0, "crashes", "0")]),
    ] == listed


def test_the_head_says_what_may_happen_and_where_it_broke(view_at):
    assert {
        "name": "payments charging again",
        "summary": "2 inputs · 1 crash",
        "verdict": {
            "kind": "broken",
            "text": "broken: no_card_is_charged_twice",
            "more": "at step 7",
            "label": "broken: no_card_is_charged_twice · at step 7, first in this run",
        },
    } == view_at(3)["header"]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([1], "2 inputs · 1 step of the journal does not fit any more"),
        ([0, 1], "2 inputs · 2 steps of the journal do not fit any more"),
    ],
)
def test_the_head_says_how_much_of_the_journal_does_not_fit_any_more(tmp_path, steps, said):
    path = tmp_path / "lab.journal"
    lab = pl.Lab(payments_charging_again, journal=path)
    lab.fire(lab.scenario.inputs[0])
    for step in steps:
        lab.goto(step)
        lab.crash()
    changed = pl.Scenario(
        lab.scenario.machine,
        inputs=lab.scenario.inputs,
        environment=lab.scenario.environment,
        name=lab.scenario.name,
    )
    del lab

    assert said == Session(pl.Lab(changed, journal=path)).view()["header"]["summary"]


def test_an_empty_table_that_survives_a_crash_is_not_listed():
    lab = pl.Lab(transfer)
    lab.crash()

    assert ("state", "unchanged") == sections_at(Session(lab).view())[0]


def test_the_line_of_python_is_the_call_that_made_the_step(view_at):
    assert 'lab.perform(1, "charged")' == view_at(7)["python"]


def test_the_run_is_a_test_that_passes_while_nothing_is_broken(view_at):
    names = {}
    exec(view_at(6)["test"], names)

    names["test_payments_charging_again_6"]()


def test_the_run_is_a_test_that_fails_where_a_property_is_broken(view_at):
    names = {}
    exec(view_at(7)["test"], names)

    with pytest.raises(AssertionError, match=r"^no card is charged twice$"):
        names["test_payments_charging_again_7"]()
