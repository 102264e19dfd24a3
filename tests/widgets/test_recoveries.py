"""The widgets of recoveries as a notebook and Panel see them: what they hold, what is posted, what stands in their place."""

import json
import threading

import ipywidgets
import panel
import pytest

import phasm_lab as pl
from phasm_lab.errors import DefinitionError
from phasm_lab.examples.payments import payments_charging_again as scenario
from phasm_lab.views.matrix_filling import WORKER_NAME
from tests.export.hostile import PIECES
from tests.recoveries.test_hostile import noting

WIDGET = "application/vnd.jupyter.widget-view+json"
CELL = "3 result on wire"


@pytest.fixture
def matrix():
    return pl.crash_matrix(scenario)


@pytest.fixture
def comparison(matrix):
    return matrix[3, "result on wire"].worst.comparison


def post(widget, **message):
    """Hand a widget a message as its comm does."""
    widget._handle_custom_msg({"serial": 1} | message, [])


def wait_for_workers():
    for thread in threading.enumerate():
        if thread.name == WORKER_NAME:
            thread.join()


def test_a_matrix_and_a_comparison_show_themselves_with_a_table_in_their_place(matrix, comparison):
    for shown, name in ((matrix, "Crash matrix, payments charging again"), (comparison, "Same final state.")):
        data, _ = shown._repr_mimebundle_()
        assert {WIDGET, "text/html", "text/plain"} <= set(data)
        assert name in data["text/html"]
        assert str(shown) == data["text/plain"]


def test_a_matrix_is_shown_by_one_widget(matrix):
    assert matrix._repr_mimebundle_()[0][WIDGET] == matrix._repr_mimebundle_()[0][WIDGET]
    first = matrix._repr_mimebundle_()[0][WIDGET]
    ipywidgets.Widget.close_all()
    assert first != matrix._repr_mimebundle_()[0][WIDGET]


def test_what_the_widgets_hold_is_plain_json(matrix, comparison):
    for widget in (pl.CrashMatrix(matrix), pl.Comparison(comparison)):
        held = {name: getattr(widget, name) for name in ("matrix", "comparison", "answer")}
        assert held == json.loads(json.dumps(held))


def test_a_cell_posted_for_is_put_on_the_right_in_every_widget_of_the_matrix(matrix):
    first, second = pl.CrashMatrix(matrix), pl.CrashMatrix(matrix)
    post(first, kind="put", side="right", cell=CELL)
    assert {"serial": 1, "problem": None} == first.answer
    assert CELL == first.comparison["right"]["cell"]
    post(second, kind="ready")
    assert CELL == second.comparison["right"]["cell"]


def test_a_refused_post_is_answered_with_the_problem(matrix):
    widget = pl.CrashMatrix(matrix)
    post(widget, kind="put", side="right", cell="9 nowhere")
    assert "show '9 nowhere': there is no such recovery" == widget.answer["problem"]["title"]


@pytest.mark.parametrize("message", [None, "run", {}, {"serial": 1}, {"serial": 1, "kind": "jump"}, {"inside": True}])
def test_a_message_that_is_no_post_does_no_harm(matrix, message):
    widget = pl.CrashMatrix(matrix)
    before = widget.comparison
    widget._handle_custom_msg(message, [])
    assert before == widget.comparison


def test_of_a_scenario_the_matrix_is_filled_while_it_is_looked_at():
    widget = pl.CrashMatrix(scenario, storage_faults=True)
    assert "ended" != widget.matrix["state"] or widget.shown.is_complete
    wait_for_workers()
    assert ("ended", True) == (widget.matrix["state"], widget.shown.is_complete)
    assert "storage" in {column["group"] for column in widget.matrix["columns"]}


def test_a_matrix_that_was_stopped_is_left_so():
    widget = pl.CrashMatrix(pl.crash_matrix(scenario, pause=lambda: True))
    assert ("stopped", 1) == (widget.matrix["state"], widget.matrix["filled_count"])


def test_a_recovery_opens_in_a_lab_inside_the_widget(matrix):
    widget = pl.CrashMatrix(matrix)
    assert "" == widget.other_bundle
    post(widget, kind="open", run=CELL)
    assert (9, 9) == (widget.selected, widget.view["step"])
    assert "explorer:" in widget.other_bundle
    widget._handle_custom_msg({"serial": 2, "kind": "goto", "step": 3, "inside": True}, [])
    assert ({"serial": 2, "problem": None}, 3) == (widget.answer, widget.selected)


def test_two_steps_of_an_explorer_are_compared_inside_it():
    lab = pl.Lab(scenario)
    lab.fire(scenario.inputs[0])
    explorer = pl.Explorer(lab)
    assert (None, "") == (explorer.comparison, explorer.other_bundle)
    post(explorer, kind="compare", left=0, right=1)
    assert "The final states differ" in explorer.comparison["verdict"][0]["text"]
    assert "comparison:" in explorer.other_bundle


def test_both_results_of_compare_recoveries_can_be_shown():
    found = pl.compare_recoveries(scenario)
    assert "CrashMatrix(payments charging again, 36 crash points)" == repr(pl.CrashMatrix(found))
    assert (
        "Comparison('Same final state. ChargeCard 1 was performed twice on the right. The right breaks no_card_is_charged_twice.')"
        == repr(pl.Comparison(found))
    )
    assert WIDGET in found._repr_mimebundle_()[0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: pl.CrashMatrix(3),
            "CrashMatrix(3): it is not a crash matrix; write CrashMatrix(pl.crash_matrix(scenario))",
        ),
        (lambda: pl.Comparison(3), "Comparison(3): it is not a comparison; write Comparison(pl.compare(left, right))"),
        (
            lambda: pl.CrashMatrix(scenario, colour="red"),
            "CrashMatrix(..., colour=...): there is no such option; name one of: layout, read_only, theme",
        ),
    ],
)
def test_what_cannot_be_shown_is_said(make, message):
    with pytest.raises(DefinitionError) as raised:
        make()
    assert message == str(raised.value)


def test_in_a_row_of_panel_both_are_components(matrix, comparison):
    shown = panel.Row(matrix, comparison)
    assert ["crash_matrix", "comparison"] == [pane.part for pane in shown]


def test_panel_hands_over_what_was_posted_once_and_in_order(matrix):
    (pane,) = panel.Row(matrix)
    pane.outbox = [{"serial": 1, "kind": "put", "side": "right", "cell": CELL}, {"serial": 2, "kind": "swap"}]
    assert (2, CELL) == (pane.acknowledged, pane.comparison["left"]["cell"])
    pane.outbox = [{"serial": 2, "kind": "swap"}, {"serial": 3, "kind": "ready"}]
    assert (3, CELL) == (pane.acknowledged, pane.comparison["left"]["cell"])


@pytest.mark.parametrize("text", PIECES)
def test_no_text_of_a_user_becomes_markup_in_the_table(text):
    matrix = pl.crash_matrix(noting(text))
    for shown in (matrix, matrix.worst.comparison):
        table = shown._repr_mimebundle_()[0]["text/html"]
        for tag in ("<script", "<img", "<svg", "<b>", "<!--", "</textarea"):
            assert tag not in table
