"""Building a run again from the places that a search went through, with the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.engine.enabled import enabled
from phasm_lab.engine.scenario import start
from phasm_lab.engine.step import Step, step
from phasm_lab.trace.trace import Trace

if TYPE_CHECKING:
    from phasm_lab.checks.explore import Found, Place, Search
    from phasm_lab.engine.configuration import Configuration

__all__ = ["run_to"]


def run_to(search: Search, found: Found) -> Trace:
    """Return the run to where something was found, each step taken by the engine; as much of it as can be taken."""
    places = search.path(found.place_index)
    first = start(search.scenario)
    configuration, steps = first, []
    for place in places[1:]:
        taken = _step_to(search, configuration, place)
        if taken is None:
            break
        steps.append(taken)
        configuration = taken.configuration
    return Trace(search.scenario, first, tuple(steps))


def _step_to(search: Search, configuration: Configuration, wanted: Place) -> Step | None:
    """Return the step from a configuration to the one of a place.

    There is none where stf sees what equality does not: two states that differ in the order of a dict are one to a search.
    """
    space = search.space
    for event in enabled(search.scenario, configuration, limits=space.limits):
        taken = step(search.scenario, configuration, event, limits=space.limits)
        if space.node(taken.configuration._replace(untracked=())) == wanted.node:
            return taken
    return None
