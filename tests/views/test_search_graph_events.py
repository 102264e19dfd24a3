"""Events told from two places of a search are those that the engine would take."""

import re

import pytest

import phasm_lab as pl
from phasm_lab.engine.enabled import enabled
from phasm_lab.engine.step import step
from phasm_lab.examples import bookings, lease, outbox, payments, transfer
from phasm_lab.trace.labels import label
from phasm_lab.views.search_graph_changes import DEATHS
from phasm_lab.views.search_graph_events import Moves

EXAMPLES = [example.scenario for home in (payments, bookings, transfer, outbox, lease) for example in home.EXAMPLES]
BUDGETS = [
    pl.Faults(crashes=1, recovery_crashes=1, unknown_commits=1),
    pl.Faults(lost_requests=1, lost_results=1, duplicated_requests=1, duplicated_results=1, reordered_results=1),
    pl.Faults(delayed_requests=1, crashes=1),
    pl.Faults(crashes=1, duplicated_inputs=1, lost_inputs=1),
    pl.Faults(access_errors=1, add_errors=1, commit_failures=1, crashes=1),
    pl.Faults(access_errors=1, commit_failures=1, unknown_commits=1, duplicated_inputs=1),
    pl.Faults(crashes=1, unknown_commits=1, duplicated_results=1, reordered_results=1),
]
PLACE_COUNT = 120
"""Places of a search that are compared with the engine, spread over the whole of it."""


def without_number(text):
    """A label without the number of the access or add that fails, which a search does not keep."""
    return re.sub(r", (access|add) \d+ fails( \(and all after it\))?", r", an \1 fails", text)


def labels_by_node(search, configuration):
    """What the engine calls the events that lead from a configuration to each other one."""
    found = {}
    for event in enabled(search.scenario, configuration):
        after = step(search.scenario, configuration, event).configuration._replace(untracked=())
        found.setdefault(search.space.node(after), set()).add(without_number(label(event)))
    return found


def wrong_moves(scenario):
    """Moves whose label is none of the engine's, as triples: before, label, labels of the engine; and how many there are."""
    search = pl.check(scenario, pure=False, limit=1500).search
    moves, wrong, count = Moves(search), [], 0
    places = list(search.seen)
    for place in places[:: max(1, len(places) // PLACE_COUNT)]:
        known = labels_by_node(search, search.successors.configuration(place))
        for target in set(search.successors.of(place)):
            move, labels = moves.between(place, target), known[search.successors.node(target)]
            is_sorted = moves.sort(place, target).split()[0] == (move.fault if move.fault in DEATHS else move.kind)
            wrong += [] if move.label in labels and is_sorted else [(place, move, labels)]
            count += 1
    return wrong, count


@pytest.mark.parametrize("scenario", EXAMPLES, ids=lambda scenario: scenario.name)
def test_of_every_example(scenario):
    wrong, count = wrong_moves(scenario)
    assert [] == wrong
    assert count > PLACE_COUNT


@pytest.mark.parametrize("faults", BUDGETS, ids=repr)
@pytest.mark.parametrize("scenario", [payments.payments, bookings.bookings], ids=lambda scenario: scenario.name)
def test_of_every_fault(scenario, faults):
    machine, environment = scenario.machine, scenario.environment
    wrong, count = wrong_moves(
        pl.Scenario(machine, inputs=scenario.inputs, environment=environment, faults=faults, order="any")
    )
    assert [] == wrong
    assert count > PLACE_COUNT


def test_a_move_names_its_kind_the_budget_that_it_spends_and_the_event():
    search = pl.check(payments.payments_charging_again, pure=False).search
    moves, fired = Moves(search), list(search.seen)[1]
    told = [moves.between(search.start, fired), *(moves.between(fired, place) for place in search.successors.of(fired))]
    assert {
        ("fire", "", "fire Pay(user='ada', cents=500)"),
        ("fire", "", "fire Pay(user='bob', cents=120)"),
        ("fire", "crashes", "crash in fire Pay(user='bob', cents=120) after commit, 0 handed over"),
        ("fire", "crashes", "crash in fire Pay(user='bob', cents=120) after commit, 1 handed over"),
        ("dispatch", "", "dispatch 1"),
        ("crash", "crashes", "crash"),
    } == {(move.kind, move.fault, move.label) for move in told}
