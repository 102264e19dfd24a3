"""What a screen shows of a report: where everything stands, how much of it there is, and what a post changes."""

import json
import re
from pathlib import Path

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
from phasm_lab.views import search_graph_shapes
from phasm_lab.views.search_graph import SearchGraphSession
from phasm_lab.views.search_graph_layout import rows_of

PROTOCOL = Path(__file__).parents[2] / "widgets" / "search_graph_protocol.ts"
WORDS = [
    "overview by process",
    "neighbourhood",
    "by depth",
    "by state",
    "by next_id",
    "by pending",
    "by paid",
    "by charged",
]


@pytest.fixture(scope="module")
def report():
    return pl.check(scenario, pure=False)


@pytest.fixture(scope="module")
def small():
    return pl.check(
        pl.Scenario(
            scenario.machine,
            inputs=scenario.inputs[:1],
            environment=scenario.environment,
            faults=scenario.faults,
            properties=scenario.properties,
        ),
        pure=False,
    )


@pytest.fixture
def session(report):
    return SearchGraphSession(report)


def post(session, **message):
    return session.handle({"serial": 7} | message)["problem"]


@pytest.mark.parametrize("name", ["SearchGraph", "Grouping", "Band", "Picked"])
def test_a_shape_has_the_fields_of_its_twin(name):
    text = re.sub(r"/\*.*?\*/", "", PROTOCOL.read_text(encoding="utf-8"), flags=re.DOTALL)
    body = re.search(rf"export interface {name} \{{(.*?)\n\}}", text, re.DOTALL)[1]
    assert set(re.findall(r"^  (\w+):", body, re.MULTILINE)) == set(getattr(search_graph_shapes, name).__annotations__)


def test_what_is_shown_is_plain_json(session):
    assert session.view() == json.loads(json.dumps(session.view()))


def test_many_configurations_are_an_overview_and_a_few_are_each_shown(report, small):
    assert (True, "process") == tuple(SearchGraphSession(report).view()[key] for key in ("overview", "by"))
    assert (False, "none") == tuple(SearchGraphSession(small).view()[key] for key in ("overview", "by"))


def test_an_overview_counts_every_configuration_once(session):
    view = session.view()
    assert ["no crash", "process down", "recovered", "broken"] == [band["name"] for band in view["bands"]]
    assert [43, 57, 1123, 360] == [band["count"] for band in view["bands"]]
    assert 1583 == sum(sum(band["counts"]) for band in view["bands"])
    assert list(range(14)) == view["depths"]
    assert {14} == {len(band["counts"]) for band in view["bands"]}


def test_an_overview_marks_what_is_nearest_to_the_run(session):
    view = session.view()
    assert "showing 60 of 1,583 with marks" == view["showing"]
    assert 60 == len(view["nodes"])
    assert set(view["path"]) < {node["key"] for node in view["nodes"]}


def test_the_run_of_the_first_finding_is_drawn_and_ends_broken(session):
    view = session.view()
    nodes = {node["key"]: node for node in view["nodes"]}
    assert (0, 5) == (view["finding"], view["step_count"])
    assert ["up", "down", "recovered", "recovered", "recovered", "broken"] == [
        nodes[key]["band"] for key in view["path"]
    ]
    steps = {(edge["source"], edge["target"]) for edge in view["edges"] if edge["selected"]}
    assert set(zip(view["path"], view["path"][1:], strict=False)) == steps


def test_another_finding_is_drawn_when_it_is_asked_for(session):
    assert post(session, kind="open", run="1") is None
    assert (1, 7) == (session.view()["finding"], session.view()["step_count"])


def test_a_death_inside_a_transition_is_drawn_as_a_crash(small):
    view = SearchGraphSession(small).view()
    first = next(edge for edge in view["edges"] if (edge["source"], edge["target"]) == tuple(view["path"][:2]))
    assert "crash" == first["mark"]
    assert "crash in fire Pay(user='ada', cents=500) after commit, 1 handed over" == first["label"]


def test_each_configuration_stands_alone_in_its_column_and_row(small):
    view = SearchGraphSession(small).view()
    assert "all 54 configurations" == view["showing"]
    spots = [(node["column"], node["order"]) for node in view["nodes"]]
    assert len(spots) == len(set(spots)) == 54


def test_bands_stand_one_below_the_other(small):
    view = SearchGraphSession(small).view()
    top = 0
    for band in view["bands"]:
        rows = [node["order"] for node in view["nodes"] if node["band"] == band["kind"]]
        assert (top, top + band["row_count"] - 1) == (min(rows), max(rows))
        top += band["row_count"]


def test_the_run_is_the_first_row_of_its_band(small):
    view = SearchGraphSession(small).view()
    tops = {band["kind"]: min(n["order"] for n in view["nodes"] if n["band"] == band["kind"]) for band in view["bands"]}
    assert [True] * 6 == [
        node["order"] == tops[node["band"]] for key in view["path"] for node in view["nodes"] if node["key"] == key
    ]


def test_rows_follow_the_rows_that_they_are_joined_to():
    spots = {0: (0, 0), 1: (0, 1), 2: (0, 1), 3: (0, 2), 4: (0, 2)}
    assert {0: 0, 1: 0, 2: 1, 3: 1, 4: 0} == rows_of(spots, [(0, 1), (0, 2), (1, 4), (2, 3)], run=[0, 1])


def test_configurations_are_grouped_by_what_is_chosen(session):
    assert post(session, kind="group", by="charged") is None
    view = session.view()
    assert "17 groups, all 1,583 configurations" == view["showing"]
    assert 1583 == sum(node["count"] for node in view["nodes"])
    assert [0, 1, 2, 3, 4, 5, 6, 8, 10] == view["depths"]


def test_what_can_be_chosen_is_offered(session):
    assert WORDS == [grouping["words"] for grouping in session.view()["groupings"]]


def test_a_function_is_a_grouping_that_is_offered(report):
    def charge_count(here):
        return sum(here.environment.charged.values())

    session = SearchGraphSession(report, charge_count)
    view = session.view()
    assert "charge_count" == view["by"]
    assert "by charge_count" in [grouping["words"] for grouping in view["groupings"]]
    assert {"0", "1", "2", "3", "4"} == {node["label"] for node in view["nodes"]}


def test_a_neighbourhood_is_around_the_selected_configuration(session):
    post(session, kind="goto", step=500)
    assert post(session, kind="group", by="neighbourhood") is None
    view = session.view()
    assert "showing 60 of 1,583" == view["showing"]
    assert 500 in [node["key"] for node in view["nodes"]]


def test_of_the_selected_configuration_it_tells_what_is_known(session):
    assert post(session, kind="goto", step=1) is None
    assert {
        "node": 1,
        "title": "Pay(ada, 500)",
        "lines": ["1 step from the start · no crash", "state Payments(next_id=2, pending={1: 500}, paid={})"],
    } == session.view()["picked"]


def test_a_selection_is_given_up_where_its_number_means_another_thing(session):
    post(session, kind="goto", step=1)
    post(session, kind="group", by="paid")
    assert session.view()["picked"] is None


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ({"kind": "group", "by": "stage"}, "group by 'stage': there is no such grouping"),
        ({"kind": "goto", "step": 1583}, "node 1583: there is no such node"),
        ({"kind": "open", "run": "2"}, "finding '2': there is no such finding"),
        ({"kind": "goto", "step": "1"}, "goto: its step is '1'"),
        ({"kind": "check"}, "'check': there is no such post"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(session, message, title):
    before = session.view()
    assert title == post(session, **message)["title"]
    assert before == session.view()


def test_without_a_finding_no_run_is_drawn():
    report = pl.check(
        pl.Scenario(scenario.machine, inputs=scenario.inputs, environment=scenario.environment), pure=False
    )
    view = SearchGraphSession(report).view()
    assert ([], -1, 0) == (view["path"], view["finding"], view["step_count"])
    assert "holds" == view["header"]["verdict"]["text"]
    assert not any(edge["selected"] for edge in view["edges"])


def test_of_a_search_that_stopped_at_once_there_is_the_start():
    report = pl.check(scenario, pure=False, limit=1)
    view = SearchGraphSession(report).view()
    assert ["start"] == [node["label"] for node in view["nodes"]]
    assert "all 1 configuration" == view["showing"]
    assert "nothing found" == report.verdict
