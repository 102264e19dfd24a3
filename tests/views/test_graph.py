"""The history as a graph of configurations."""

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again
from phasm_lab.views.session import Session


def test_each_configuration_stands_in_the_column_of_its_fewest_steps(session):
    graph = session.graph()

    assert list(range(10)) == [node["column"] for node in graph["nodes"]]
    assert (10, 10, "none") == (graph["shown"], graph["total"], graph["by"])


def test_nodes_and_edges_carry_labels_and_marks(session):
    graph = session.graph()

    assert ("Pay(ada, 500)", "up", False) == tuple(graph["nodes"][1][key] for key in ("label", "kind", "broken"))
    assert {"source": 3, "target": 4, "mark": "crash", "label": "crash", "selected": True} == graph["edges"][3]
    assert [7, 8, 9] == [node["key"] for node in graph["nodes"] if node["broken"]]
    assert ["quiescent"] == [node["kind"] for node in graph["nodes"] if node["key"] == 9]


def test_two_ways_to_one_configuration_meet():
    lab = pl.Lab(payments_charging_again)
    lab.fire(lab.scenario.inputs[0])
    lab.dispatch(1)
    lab.dispatch("tell ada: processing")
    lab.goto(1)
    lab.dispatch("tell ada: processing")
    lab.dispatch(1)
    graph = Session(lab).graph()

    assert 6 == len(lab.history)
    assert [(0, 1), (1, 2), (1, 4), (2, 3), (4, 3)] == sorted((e["source"], e["target"]) for e in graph["edges"])
    assert [0, 1, 2, 2, 3] == sorted(node["column"] for node in graph["nodes"])


def test_grouped_by_process_there_is_one_node_for_each_life(session):
    graph = session.graph("process")

    assert [("no crash", 0), ("process down", 1), ("recovered", 2)] == [
        (n["label"], n["column"]) for n in graph["nodes"]
    ]


def test_grouped_by_state_equal_states_are_one_node(session):
    assert 3 == session.graph("state")["total"]


def test_above_five_hundred_nodes_the_neighbourhood_of_the_selected_run_is_shown():
    lab = pl.Lab(payments_charging_again)
    for number in range(600):
        lab.fire(type(lab.scenario.inputs[0])("eve", number + 1))
    graph = Session(lab).graph()

    assert (500, 601) == (graph["shown"], graph["total"])
    assert 600 == graph["nodes"][-1]["step"]
