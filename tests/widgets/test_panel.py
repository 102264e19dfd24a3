"""The explorer as a Panel component: posts come through a list, and each is taken once."""

import panel
import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
from phasm_lab.widgets.panel import explorer_pane
from tests.views.searches import LONG, wait_for_workers


@pytest.fixture
def lab():
    lab = pl.Lab(scenario)
    lab.fire(scenario.inputs[0])
    lab.dispatch(1)
    return lab


def test_a_lab_in_a_row_is_the_explorer(lab):
    (pane,) = panel.Row(lab)
    assert ("explorer", 2) == (pane.part, pane.selected)


def test_posts_are_taken_in_order_and_acknowledged(lab):
    pane = explorer_pane(lab)
    pane.outbox = [
        {"serial": 1, "kind": "back"},
        {"serial": 2, "kind": "goto", "step": 2},
        {"serial": 3, "kind": "back"},
    ]
    assert (1, 3) == (lab.selected.number, pane.acknowledged)
    assert {"serial": 3, "problem": None} == pane.answer


def test_a_post_that_was_acknowledged_is_not_taken_again(lab):
    pane = explorer_pane(lab)
    pane.outbox = [{"serial": 1, "kind": "back"}]
    pane.outbox = [{"serial": 1, "kind": "back"}, {"serial": 2, "kind": "ready"}]
    assert (1, 2) == (lab.selected.number, pane.acknowledged)


def test_a_selected_step_that_the_browser_hands_over_late_is_left_alone(lab):
    pane = explorer_pane(lab)
    assert {"outbox": []} == pane._process_property_change({"selected": 0, "outbox": []})


def test_a_step_taken_in_python_is_shown(lab):
    pane = explorer_pane(lab)
    lab.back()
    assert (1, 1) == (pane.selected, pane.view["step"])


def test_a_search_ends_when_the_component_is_on_no_page_any_more():
    pane = explorer_pane(pl.Lab(LONG))
    root = pane.get_root()
    pane.outbox = [{"serial": 1, "kind": "check"}]
    work = pane._follower.session.searching.work
    assert "searching" == work.state
    pane._cleanup(root)
    wait_for_workers()
    assert "ended" == work.state


def test_what_is_no_lab_is_refused():
    with pytest.raises(pl.DefinitionError) as raised:
        explorer_pane("lab")
    assert "explorer_pane('lab'): it is not a Lab; write explorer_pane(pl.Lab(scenario))" == str(raised.value)


def test_panel_still_has_the_setting_by_which_posts_are_not_held_back():
    assert [] == panel.reactive.Syncable._priority_changes
