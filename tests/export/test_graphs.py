"""The history as a graph, and as pictures of it."""

import networkx
import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario

DOT = """\
digraph "payments charging again" {
  graph [rankdir=LR bgcolor=white fontname="sans-serif"]
  node [shape=ellipse fontname="sans-serif" fontsize=12 style=filled fillcolor=white]
  edge [fontname="sans-serif" fontsize=11 color="#5a6372"]
  0 [label="step 0" peripheries=2]
  1 [label="step 1"]
  2 [label="step 2, down" style="filled,dashed" color="#b04a00"]
  0 -> 1 [label="fire Pay(user='ada', cents=500)"]
  1 -> 2 [label="crash" style=dotted penwidth=2 color="#b04a00"]
}
"""


@pytest.fixture
def lab():
    return pl.Lab(scenario)


def charge_twice(lab):
    lab.fire(scenario.inputs[0])
    lab.perform(1, "charged")
    lab.crash()
    lab.recover()
    lab.dispatch(1)
    lab.perform(1, "charged", life=1)


def test_a_graph_of_the_start_has_one_node(lab):
    graph = lab.graph()
    assert [0] == list(graph.nodes)
    assert {
        "label": "step 0",
        "step": 0,
        "up": True,
        "quiescent": True,
        "broken": False,
        "depth": 0,
    } == graph.nodes[0]


def test_it_is_a_networkx_graph(lab):
    assert isinstance(lab.graph(), networkx.DiGraph)


def test_two_ways_to_one_configuration_meet_in_one_node(lab):
    lab.fire(scenario.inputs[0])
    lab.perform(1, "charged")
    lab.back(3)
    lab.fire(scenario.inputs[0])
    first = len(lab.history)
    lab.dispatch("tell ada: processing")
    lab.dispatch(1)
    lab.back(2)
    lab.dispatch(1)
    lab.dispatch("tell ada: processing")
    graph = lab.graph()
    assert len(lab.history) == first + 3
    assert graph.number_of_nodes() == len(lab.history) - 1


def test_the_depth_is_the_fewest_steps_from_the_start(lab):
    lab.fire(scenario.inputs[0])
    lab.dispatch(1)
    lab.dispatch("tell ada: processing")
    assert [0, 1, 2, 3] == [depth for _, depth in lab.graph().nodes(data="depth")]


def test_where_a_property_is_broken_and_where_the_process_is_down_the_node_says_so(lab):
    charge_twice(lab)
    graph = lab.graph()
    assert ["step 4, down"] == [node["label"] for _, node in graph.nodes(data=True) if not node["up"]]
    assert ["step 7, broken"] == [node["label"] for _, node in graph.nodes(data=True) if node["broken"]]


def test_an_edge_says_which_event_and_of_which_kind(lab):
    lab.fire(scenario.inputs[0])
    assert [(0, 1, {"label": "fire Pay(user='ada', cents=500)", "kind": "fire"})] == list(lab.graph().edges(data=True))


def test_dot_text_says_by_shape_what_stands_where(lab):
    lab.fire(scenario.inputs[0])
    lab.crash()
    assert DOT == lab.graph().to_dot()


@pytest.mark.usefixtures("dot")
def test_a_picture_is_svg_without_a_prologue(lab):
    assert lab.graph().to_svg().startswith("<svg")


def test_without_graphviz_a_picture_is_refused_and_says_what_to_do(lab, monkeypatch):
    monkeypatch.setenv("PATH", "")
    lab.crash()
    with pytest.raises(pl.PhasmLabError) as raised:
        lab.graph().to_svg()
    assert (
        "to_svg(timeout_s=10.0): the program dot is not on the PATH; "
        "install Graphviz, or use to_dot(), which needs no program"
    ) == str(raised.value)


def test_without_graphviz_a_notebook_shows_the_table(lab, monkeypatch):
    monkeypatch.setenv("PATH", "")
    lab.crash(lose="all")
    html = lab.graph()._repr_html_()
    assert "<svg" not in html
    assert "<table>" in html
    assert lab.graph()._repr_svg_() is None


@pytest.mark.usefixtures("dot")
def test_a_picture_that_takes_too_long_is_given_up(lab):
    charge_twice(lab)
    with pytest.raises(pl.PhasmLabError) as raised:
        lab.graph().to_svg(timeout_s=1e-9)
    assert (
        "to_svg(timeout_s=1e-09): dot was not done after 1e-09 s; give it longer, or look at a smaller history"
    ) == str(raised.value)


@pytest.mark.usefixtures("dot")
def test_a_notebook_shows_the_picture_and_folds_the_table_below_it(lab):
    html = lab.graph()._repr_html_()
    assert html.startswith("<div><svg")
    assert "<details><summary>Show as table</summary>" in html


def test_it_prints_as_one_line(lab):
    assert "HistoryGraph of payments charging again: 1 configuration, 0 edges" == repr(lab.graph()) == str(lab.graph())
