"""The history tree under random operations: it only grows, and going back is exact."""

import random

import phasm_lab as pl
from phasm_lab.engine import start, step

FAULTS = pl.Faults(
    crashes=3,
    recovery_crashes=1,
    lost_requests=2,
    duplicated_requests=2,
    delayed_requests=1,
    lost_results=2,
    duplicated_results=2,
    reordered_results=2,
    access_errors=2,
    add_errors=1,
    commit_failures=1,
    unknown_commits=1,
    duplicated_inputs=1,
    lost_inputs=1,
)
OPERATION_COUNT = 10_000


def roomy(scenario):
    return pl.Scenario(
        scenario.machine,
        inputs=scenario.inputs,
        environment=scenario.environment,
        faults=FAULTS,
        properties=scenario.properties,
        order="any",
    )


def operate(lab, rng):
    """Do one random operation and check what must hold after it."""
    count, selected = len(lab.history), lab.selected
    choice = rng.random()
    if choice < 0.25:
        lab.goto(rng.randrange(count))
    elif choice < 0.4:
        steps = rng.randrange(1, 5)
        lab.back(steps)
        lab.forward(min(steps, selected.depth))
        assert lab.selected is selected
    else:
        events = lab.enabled
        if not events:
            return
        event = rng.choice(events)
        child = lab.take(event)
        lab.goto(selected.number)
        assert lab.take(event) is child
    assert len(lab.history) >= count


def test_ten_thousand_random_operations_never_lose_a_node_or_a_value(scenario):
    lab, rng = pl.Lab(roomy(scenario)), random.Random(20)
    for _ in range(OPERATION_COUNT):
        operate(lab, rng)
    for leaf in rng.sample(lab.history.leaves(), 300):
        configuration = start(lab.scenario)
        for node in leaf.path()[1:]:
            configuration = step(lab.scenario, configuration, node.step.event).configuration
            assert configuration.key() == node.configuration.key()
