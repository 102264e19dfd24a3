"""One of two runs that are laid side by side: what happens in it, what it breaks, what it ends in, what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from phasm_lab.checks.findings import Finding
from phasm_lab.engine.configuration import Configuration
from phasm_lab.engine.scenario import Scenario
from phasm_lab.engine.step import Step
from phasm_lab.errors import DefinitionError
from phasm_lab.interpreter.watchdog import Watchdog
from phasm_lab.recoveries.differences import plain_state
from phasm_lab.recoveries.futures import broken_in
from phasm_lab.recoveries.moments import Moment, moments_of
from phasm_lab.recoveries.running import Answers, Runner
from phasm_lab.trace.history import Node
from phasm_lab.trace.labels import one_line, shorten
from phasm_lab.trace.trace import Trace

__all__ = ["Side", "side_of"]

JUDGING_LIMIT_MS = 2_000

MAX_TITLE_LENGTH = 90


@dataclass(frozen=True)
class Side:
    """One of the two runs.

    Attributes
    ----------
    start
        The configuration that it begins with.
    steps
        Its steps.
    moments
        What happens in it.
    scenario
        What ran.
    title
        What it is called, where that is known, else "".
    """

    start: Configuration
    steps: tuple[Step, ...]
    moments: list[Moment]
    scenario: Scenario
    title: str = ""

    @cached_property
    def broken(self) -> tuple[str, ...]:
        """Names of the properties that are broken somewhere in it, in the order of breaking."""
        runner = Runner(self.scenario, Watchdog(JUDGING_LIMIT_MS), Answers())
        here = (self.start, *(step.configuration for step in self.steps))
        return tuple(dict.fromkeys(name for each in here for name, _ in broken_in(runner, each)))

    @property
    def end(self) -> Configuration:
        """The configuration that it ends in."""
        return self.steps[-1].configuration if self.steps else self.start

    @cached_property
    def state(self) -> Any:
        """The state at the end, as plain data."""
        return plain_state(self.end.state)

    @cached_property
    def environment(self) -> Any:
        """The environment at the end, as plain data."""
        return self.end.environment.plain()


def side_of(run: Any, name: str) -> Side:
    """Return a run as one side of comparisons; `name` is what an error calls it.

    Raises
    ------
    DefinitionError
        If it is not a run.
    """
    if isinstance(run, Node):
        nodes = run.path()
        steps = tuple(node.step for node in nodes[1:] if node.step is not None)
        numbers = [node.number for node in nodes[1:]]
        return Side(
            nodes[0].configuration, steps, moments_of(nodes[0].configuration, steps, numbers), run.scenario, _title(run)
        )
    trace = run if isinstance(run, Trace) else getattr(run, "trace", None)
    if not isinstance(trace, Trace):
        raise DefinitionError(f"compare({name}={shorten(repr(run))})", *_what_to_pass(run))
    return Side(trace.start, trace.steps, moments_of(trace.start, trace.steps), trace.scenario, _title(run))


def _what_to_pass(run: Any) -> tuple[str, str]:
    kind = {"Cell": "cell", "CrashMatrix": "matrix"}.get(type(run).__name__)
    if kind is not None and hasattr(run, "worst"):
        return f"it is a {kind}, with several runs behind it", f"pass {kind}.worst, or another of {kind}.recoveries"
    return "it is not a run", "pass a trace, a step of a lab, a lab, a finding or a recovery"


def _title(run: Any) -> str:
    """Say what a run is: a recovery by its crash, a finding by its name, a lab's run by the step that it goes to."""
    if isinstance(run, Finding):
        name = "" if run.check == "broken-property" else f"{run.check}: "
        return shorten(one_line(f"{name}{run.message}"), MAX_TITLE_LENGTH)
    node = run if isinstance(run, Node) else getattr(run, "selected", None)
    if isinstance(node, Node):
        return f"the run to step {node.number:,}"
    title = getattr(run, "title", "")
    return title if isinstance(title, str) else ""
