"""Building a run again from the places that a search went through, with the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.engine.enabled import enabled
from phasm_lab.engine.events import Deliver, Fire
from phasm_lab.engine.scenario import start
from phasm_lab.engine.step import Step, step
from phasm_lab.machine.values import TrackedActionCompleted
from phasm_lab.trace.asked import probe_of
from phasm_lab.trace.trace import Trace

if TYPE_CHECKING:
    from phasm_lab.checks.accounts import Failed
    from phasm_lab.checks.explore import Found, Search
    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.events import Event

__all__ = ["run_through", "run_to"]


def run_to(search: Search, found: Found) -> Trace:
    """Return the run to what was found, each step taken by the engine; as much of it as can be taken.

    What a transition breaks, that transition is the last step of its run; what a probe found, the probe is.
    """
    run = run_through(search, found.place)
    if found.taking < 0 or len(run) < found.length - 1:
        return run
    configuration = run[-1].configuration if len(run) else run.start
    event = _last_event(search, found, run, configuration)
    if event is None:
        return run
    last = step(search.scenario, configuration, event, limits=search.space.limits)
    return Trace(search.scenario, run.start, (*run, last))


def run_through(search: Search, number: int) -> Trace:
    """Return the run to a place; as much of it as can be taken."""
    configuration = first = start(search.scenario)
    steps: list[Step] = []
    for place in search.path(number)[1:]:
        taken = _step_to(search, configuration, place)
        if taken is None:
            break
        steps.append(taken)
        configuration = taken.configuration
    return Trace(search.scenario, first, tuple(steps))


def _last_event(search: Search, found: Found, run: Trace, configuration: Configuration) -> Event | None:
    space = search.space
    if found.is_probe:
        completed = space.consumed[space.takings[found.taking][0]]
        assert isinstance(completed, TrackedActionCompleted)
        return probe_of(list(run), completed.id, completed.result)
    for event in enabled(search.scenario, configuration, limits=space.limits):
        if (
            isinstance(event, Fire | Deliver)
            and space.taking_of(event) == found.taking
            and _meets(search, event, configuration, found.failed)
        ):
            return event
    return None


def _meets(search: Search, event: Fire | Deliver, configuration: Configuration, failed: Failed | None) -> bool:
    """Tell whether a transition is the clean one, or the one that meets an error and commits a given state."""
    if failed is None or event.fault is None:
        return failed is None and event.fault is None
    if event.fault.kind != {"access_errors": "access fails", "add_errors": "add fails"}[failed.budget]:
        return False
    taken = step(search.scenario, configuration, event, limits=search.space.limits)
    return search.space.states.number(taken.configuration.state) == failed.state


def _step_to(search: Search, configuration: Configuration, wanted: int) -> Step | None:
    """Return the step from a configuration to the one of a place.

    There is none where stf sees what equality does not: two states that differ in the order of a dict are one to a search.
    """
    space, node = search.space, search.successors.node(wanted)
    for event in enabled(search.scenario, configuration, limits=space.limits):
        taken = step(search.scenario, configuration, event, limits=space.limits)
        if space.node(taken.configuration._replace(untracked=())) == node:
            return taken
    return None
