"""The state graph of a report, as a notebook sees it."""

import re

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
from phasm_lab.widgets.follower import BUNDLES

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def report():
    return pl.check(scenario, pure=False)


def post(widget, **message):
    """Hand a widget a message as its comm does."""
    widget._handle_custom_msg({"serial": 1} | message, [])


def test_of_a_lab_it_is_the_history_and_of_a_report_the_search(report):
    assert ["state_graph", "search_graph"] == [pl.StateGraph(shown).part for shown in (pl.Lab(scenario), report)]


def test_a_post_changes_what_is_shown_and_is_answered(report):
    widget = pl.StateGraph(report)
    post(widget, kind="group", by="paid")
    assert "12 groups, all 1,583 configurations" == widget.search_graph["showing"]
    assert {"serial": 1, "problem": None} == widget.answer


def test_a_post_that_cannot_be_done_is_answered_with_the_problem(report):
    widget = pl.StateGraph(report)
    post(widget, kind="group", by="stage")
    assert "group by 'stage': there is no such grouping" == widget.answer["problem"]["title"]
    assert "process" == widget.search_graph["by"]


def test_two_widgets_of_one_report_show_what_each_was_asked_for(report):
    one, other = pl.StateGraph(report, by="paid"), pl.StateGraph(report)
    post(one, kind="goto", step=2)
    assert (2, None) == (one.search_graph["picked"]["node"], other.search_graph["picked"])


def test_it_prints_how_much_is_shown(report):
    assert "StateGraph(payments charging again: showing 60 of 1,583 with marks)" == repr(pl.StateGraph(report))


def test_a_report_that_is_shown_is_its_graph_with_a_table_and_a_text(report):
    data, _ = report._repr_mimebundle_()
    assert {WIDGET, "text/html", "text/plain"} == set(data)
    assert str(report) == data["text/plain"]
    assert "payments charging again: broken · 1,583 configurations" in data["text/html"]
    assert re.search(r">broken-property</td><td[^>]*>5</td>", data["text/html"])


def test_an_unknown_option_is_refused_with_those_there_are(report):
    with pytest.raises(pl.DefinitionError) as raised:
        pl.StateGraph(report, group="paid")
    assert ("StateGraph(report, group=...): there is no such option; name one of: by, layout, read_only, theme") == str(
        raised.value
    )


def test_an_unknown_grouping_is_refused(report):
    with pytest.raises(pl.DefinitionError) as raised:
        pl.StateGraph(report, by="stage")
    assert str(raised.value).startswith("graph(by='stage'): there is no such grouping")


def test_the_bundle_is_small():
    assert (BUNDLES / "state_graph.js").stat().st_size < 102_400
