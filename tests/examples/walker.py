"""A small exhaustive walk over a scenario: every configuration that `enabled` and `step` reach, breadth first."""

from collections import Counter, deque
from dataclasses import dataclass, field

import phasm_lab as pl
from phasm_lab.engine import Recover, enabled, start, step
from phasm_lab.engine.here import Here

SAME_AS_A_CRASH_BETWEEN_STEPS = ("before accept", "at access", "before commit", "after commit")


@dataclass
class Walk:
    """What there is, what breaks where first, which goals were reached, what restore emits when nothing is left to do."""

    configuration_count: int = 0
    quiescent_count: int = 0
    broken: dict[str, tuple[int, str]] = field(default_factory=dict)
    goals: set[str] = field(default_factory=set)
    restored_when_quiescent: list[object] = field(default_factory=list)


def with_faults(scenario, faults):
    """The same scenario with other budgets."""
    return pl.Scenario(
        scenario.machine,
        inputs=scenario.inputs,
        environment=scenario.environment,
        faults=faults,
        properties=scenario.properties,
    )


def explore(scenario):
    """Visit every reachable configuration, each once, and judge every property there."""
    walk = Walk()
    first = without_untracked(start(scenario))
    seen = {key_of(first)}
    waiting = deque([(first, 0)])
    while waiting:
        configuration, step_count = waiting.popleft()
        visit(scenario, configuration, step_count, walk)
        for event in filter(is_its_own_class, enabled(scenario, configuration)):
            following = without_untracked(step(scenario, configuration, event).configuration)
            key = key_of(following)
            if key not in seen:
                seen.add(key)
                waiting.append((following, step_count + 1))
    return walk


def visit(scenario, configuration, step_count, walk):
    walk.configuration_count += 1
    for claim in scenario.properties:
        if claim.kind == "when_quiescent" and not configuration.quiescent:
            continue
        holds, reason = claim.judge(Here(configuration))
        if claim.kind == "sometimes":
            walk.goals |= {claim.name} if holds else set()
        elif not holds:
            walk.broken.setdefault(claim.name, (step_count, reason))
    if configuration.quiescent:
        walk.quiescent_count += 1
        down = configuration._replace(up=False)
        walk.restored_when_quiescent += step(scenario, down, Recover()).record.emitted


def without_untracked(configuration):
    """Nothing depends on untracked actions, so a search leaves them out."""
    return configuration._replace(untracked=())


def is_its_own_class(event):
    """A crash inside a transition leaves what a crash just before or after it leaves."""
    fault = getattr(event, "fault", None)
    return fault is None or fault.kind not in SAME_AS_A_CRASH_BETWEEN_STEPS


def key_of(configuration):
    """Queue and wire are bags: only results of one id asked for in one life have an order.

    Whether restore queued an action says which budget pays for a crash; with no recovery crashes there is only one.
    """
    in_order = {}
    for result in configuration.results:
        in_order.setdefault((result.action.id, result.life), []).append((result.action, result.value))
    return (
        configuration.state.frozen(),
        configuration.environment.frozen(),
        configuration.inputs,
        bag((queued.action, queued.life) for queued in configuration.queue),
        bag(configuration.requests),
        frozenset((key, tuple(results)) for key, results in in_order.items()),
        configuration.up,
        configuration.life,
        configuration.budgets,
    )


def bag(items):
    return frozenset(Counter(items).items())
