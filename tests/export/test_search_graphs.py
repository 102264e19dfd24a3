"""What a search met as a networkx graph."""

from collections import Counter

import networkx
import pytest

import phasm_lab as pl
from phasm_lab.engine.enabled import enabled
from phasm_lab.engine.here import Here
from phasm_lab.engine.scenario import start
from phasm_lab.engine.step import step
from phasm_lab.examples.payments import payments_charging_again as scenario


@pytest.fixture(scope="module")
def report():
    return pl.check(scenario, pure=False)


def paid(here):
    """How many payments are paid."""
    return len(here.state.paid)


def test_it_holds_every_configuration_that_was_met(report):
    graph = report.graph()
    assert isinstance(graph, networkx.MultiDiGraph)
    assert report.configuration_count == 1583 == graph.number_of_nodes()
    assert "SearchGraph of payments charging again: all 1,583 configurations, 4,890 edges" == repr(graph) == str(graph)


def test_a_node_says_what_is_known_of_the_configuration(report):
    assert {
        "label": "start",
        "depth": 0,
        "up": True,
        "life": 0,
        "quiescent": True,
        "broken": False,
        "state": "Payments(next_id=1, pending={}, paid={})",
        "count": 1,
    } == report.graph().nodes[0]


def test_an_edge_is_an_event_with_its_kind_and_the_budget_that_it_spends(report):
    edges = report.graph().out_edges(1, data=True)
    assert [
        {"label": "crash", "kind": "crash", "fault": "crashes", "count": 1},
        {
            "label": "crash in fire Pay(user='bob', cents=120) after commit, 0 handed over",
            "kind": "fire",
            "fault": "crashes",
            "count": 1,
        },
        {
            "label": "crash in fire Pay(user='bob', cents=120) after commit, 1 handed over",
            "kind": "fire",
            "fault": "crashes",
            "count": 1,
        },
        {"label": "dispatch 1", "kind": "dispatch", "fault": "", "count": 1},
        {"label": "fire Pay(user='bob', cents=120)", "kind": "fire", "fault": "", "count": 1},
    ] == sorted((data for _, _, data in edges), key=lambda data: data["label"])


def walk(walked, key_of):
    """Every configuration that the engine gets to, by depth and whether a property is broken, and how many moves there are."""
    first = start(walked)._replace(untracked=())
    met, waiting, move_count = {key_of(first): 0}, [first], 0
    found = Counter()
    for here in waiting:
        claims = [claim for claim in walked.properties if claim.kind == "always" or here.quiescent]
        found[met[key_of(here)], all(claim.judge(Here(here))[0] for claim in claims)] += 1
        reached = {}
        for event in enabled(walked, here):
            after = step(walked, here, event).configuration._replace(untracked=())
            reached.setdefault(key_of(after), after)
        move_count += len(reached)
        for key in reached.keys() - met.keys():
            met[key] = met[key_of(here)] + 1
            waiting.append(reached[key])
    return found, move_count


def test_it_is_what_the_engine_walks_through():
    small = pl.Scenario(
        scenario.machine,
        inputs=scenario.inputs[:1],
        environment=scenario.environment,
        faults=scenario.faults,
        properties=[claim for claim in scenario.properties if claim.kind != "sometimes"],
    )
    report = pl.check(small, pure=False)
    graph = report.graph()
    found, move_count = walk(small, report.search.space.node)
    assert found == Counter((node["depth"], not node["broken"]) for _, node in graph.nodes(data=True))
    assert move_count == graph.number_of_edges()


def test_the_depth_is_the_fewest_steps_from_the_start(report):
    graph = report.graph()
    assert networkx.single_source_shortest_path_length(graph, 0) == dict(graph.nodes(data="depth"))


def test_the_run_of_a_finding_is_a_path_to_where_it_is_broken(report):
    graph = report.graph()
    run = graph.graph["runs"][0]
    assert [0, 1, 2, 3, 4, 5] == [graph.nodes[node]["depth"] for node in run]
    assert networkx.is_path(graph, run)
    assert [False] * 5 + [True] == [graph.nodes[node]["broken"] for node in run]


def test_a_limit_keeps_what_is_fewest_steps_away_and_says_of_how_many(report):
    graph = report.graph(limit=60)
    assert (60, 60) == (graph.number_of_nodes(), graph.graph["shown"])
    assert "showing 60 of 1,583" == graph.showing


def test_the_run_of_the_first_finding_is_shown_whatever_the_limit(report):
    graph = report.graph(limit=1)
    assert sorted(graph) == sorted(graph.graph["runs"][0])
    assert "showing 6 of 1,583" == graph.showing


def test_around_a_node_are_those_that_lead_there_or_follow(report):
    graph = report.graph()
    near = {500, *graph.predecessors(500), *graph.successors(500)}
    assert near == set(report.graph(around=500, limit=len(near)))


def test_around_a_finding_is_its_run(report):
    finding = report.findings[1]
    graph = report.graph(around=finding, limit=1)
    assert set(graph.graph["runs"][1]) == set(graph)
    assert len(finding.trace) == 7


def test_grouped_by_process_there_are_three(report):
    graph = report.graph(by="process")
    assert [("no crash", True, 0), ("process down", False, 1), ("recovered", True, 1)] == [
        (node["label"], node["up"], node["life"]) for _, node in graph.nodes(data=True)
    ]
    assert report.configuration_count == sum(count for _, count in graph.nodes(data="count"))
    assert "3 groups, all 1,583 configurations" == graph.showing


def test_grouped_by_depth_the_groups_are_as_large_as_the_levels_of_the_search(report):
    sizes = {}
    for _, node in report.graph(by="depth").nodes(data=True):
        sizes[node["depth"]] = sizes.get(node["depth"], 0) + node["count"]
    depths = [depth for _, depth in report.graph().nodes(data="depth")]
    assert {depth: depths.count(depth) for depth in range(max(depths) + 1)} == sizes


def test_a_group_never_mixes_what_is_up_with_what_is_down(report):
    graph = report.graph(by=paid)
    assert "paid" == graph.graph["by"]
    assert sorted(
        [(label, up, min(life, 1)) for label in "012" for up, life in ((True, 0), (False, 1), (True, 1))]
    ) == (sorted((node["label"], node["up"], node["life"]) for _, node in graph.nodes(data=True)))


def test_a_field_of_the_state_or_of_the_environment_is_a_grouping(report):
    assert "{}" == report.graph(by="paid").nodes[0]["label"]
    assert {"charged", "next_id", "paid", "pending"} <= {
        name for name in dir(scenario.environment.initial()) + dir(scenario.machine.initial()) if name[0] != "_"
    }
    assert "charged" == report.graph(by="charged").graph["by"]


def test_events_between_two_groups_are_counted_and_deaths_are_one_edge(report):
    crashes = [data for _, _, data in report.graph().edges(data=True) if data["fault"] == "crashes"]
    (merged,) = report.graph(by="process").get_edge_data(0, 1).values()
    assert {
        "label": "crash in fire Pay(user='ada', cents=500) after commit, 0 handed over",
        "kind": "fire",
        "fault": "crashes",
        "count": len(crashes),
    } == merged


def test_between_two_groups_there_is_one_edge_for_each_kind(report):
    def all_alike(here):
        return here.state.next_id > 1

    edges = report.graph(by=all_alike)
    assert ["fire"] == [data["kind"] for data in edges.get_edge_data(0, 2).values()]
    by_depth = report.graph(by="depth")
    up = [
        node for node, data in by_depth.nodes(data=True) if data["up"] and not data["life"] and data["depth"] in (3, 4)
    ]
    assert {"deliver", "dispatch", "fire", "perform"} == {data["kind"] for data in by_depth.get_edge_data(*up).values()}


def test_an_unknown_grouping_is_refused_with_those_there_are(report):
    with pytest.raises(pl.DefinitionError) as raised:
        report.graph(by="stage")
    assert (
        "graph(by='stage'): there is no such grouping, and no field of the state or the environment is called so; "
        "give a function of here, or name one of: process, depth, state, next_id, pending, paid, charged"
    ) == str(raised.value)


def test_a_grouping_that_raises_is_named(report):
    def oldest(here):
        return min(here.state.pending)

    with pytest.raises(pl.DefinitionError) as raised:
        report.graph(by=oldest)
    assert (
        "graph(by=oldest): it raised ValueError: min() arg is an empty sequence after 0 steps; "
        "let it return a value for every configuration"
    ) == str(raised.value)


@pytest.mark.parametrize("around", [-1, 1583, "500", True])
def test_a_node_that_there_is_not_is_refused(report, around):
    with pytest.raises(pl.DefinitionError) as raised:
        report.graph(around=around)
    assert (
        f"graph(around={around!r}): there is no such node, and no such finding in the report; "
        "give a number from 0 to 1582, or one of report.findings"
    ) == str(raised.value)


def test_a_limit_that_is_no_number_is_refused(report):
    with pytest.raises(pl.DefinitionError) as raised:
        report.graph(limit=0)
    assert "graph(limit=0): a limit is a whole number of 1 or more; write limit=60, say" == str(raised.value)


def test_of_a_search_that_was_cut_short_there_is_what_it_met():
    graph = pl.check(scenario, pure=False, limit=100).graph()
    assert graph.number_of_nodes() > 1
    assert all(depth for _, depth in list(graph.nodes(data="depth"))[1:])
    assert networkx.is_weakly_connected(graph)


def test_dot_text_draws_a_death_inside_a_transition_as_a_crash(report):
    assert 'color="#b04a00"' in report.graph(around=0, limit=8).to_dot()


def test_where_a_rule_is_broken_and_no_property_the_end_of_its_run_is_broken():
    bare = pl.Scenario(
        scenario.machine, inputs=scenario.inputs[:1], environment=scenario.environment, faults=scenario.faults
    )
    report = pl.check(bare, pure=False)
    graph = report.graph()
    assert ["changed-outcome"] == [finding.check for finding in report.findings]
    assert [graph.graph["runs"][0][-1]] == [node for node, broken in graph.nodes(data="broken") if broken]
