"""The search's arithmetic against the engine: from every node the same nodes follow."""

import pytest

import phasm_lab as pl
from phasm_lab.checks.endings import Reductions
from phasm_lab.checks.space import Space
from phasm_lab.checks.successors import Successors
from phasm_lab.engine import enabled, step
from phasm_lab.engine.drive import NoLimits
from phasm_lab.examples.bookings import bookings
from phasm_lab.examples.payments import payments_charging_again

FAULTS = [
    {"crashes": 2, "recovery_crashes": 1},
    {"crashes": 1, "access_errors": 1, "add_errors": 1},
    {"crashes": 1, "commit_failures": 1, "unknown_commits": 1},
    {"lost_requests": 1, "lost_results": 1, "lost_inputs": 1},
    {"duplicated_requests": 1, "duplicated_results": 1, "reordered_results": 1},
    {"delayed_requests": 1, "duplicated_inputs": 1},
]


COUNTS = [734, 216, 3_406, 38, 76, 325]


def with_faults(scenario, faults, order="given"):
    return pl.Scenario(
        scenario.machine,
        inputs=scenario.inputs[:1] if order == "given" else scenario.inputs[:2],
        environment=scenario.environment,
        faults=pl.Faults(**faults),
        order=order,
    )


def compare(scenario):
    """Return how many configurations there are, having compared what follows each of them."""
    space = Space(scenario, NoLimits())
    successors = Successors(space, Reductions(), lambda *_: None)
    start = successors.start()
    seen, waiting, nodes = {start}, [start], set()
    while waiting:
        number = waiting.pop()
        node = successors.node(number)
        found = successors.of(number)
        if node not in nodes:
            nodes.add(node)
            configuration = space.configuration(node)
            events = enabled(scenario, configuration)
            expected = {
                space.node(step(scenario, configuration, e).configuration._replace(untracked=())) for e in events
            }
            assert expected == set(map(successors.node, found))
        waiting += set(found) - seen
        seen |= set(found)
    return len(nodes)


@pytest.mark.parametrize(("faults", "count"), list(zip(FAULTS, COUNTS, strict=True)))
def test_the_same_nodes_follow_as_in_the_engine(faults, count):
    assert count == compare(with_faults(payments_charging_again, faults))


def test_the_same_nodes_follow_with_inputs_in_any_order():
    assert 100 < compare(with_faults(bookings, {"crashes": 1}, order="any"))
