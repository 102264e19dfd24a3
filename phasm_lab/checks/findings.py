"""Findings and the report of a search: values, and words that never claim more than was searched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.scenario import Scenario
from phasm_lab.errors import PhasmLabError
from phasm_lab.trace.codec import encode_event
from phasm_lab.trace.labels import one_line
from phasm_lab.trace.trace import Trace

if TYPE_CHECKING:
    from pathlib import Path

    from phasm_lab.export.search_graphs import SearchGraph
    from phasm_lab.lab.lab import Lab
    from phasm_lab.recoveries.matrix import CrashMatrix

__all__ = ["CheckFailedError", "Finding", "Report"]


class CheckFailedError(PhasmLabError, AssertionError):
    """A check found something, or could not search everything; `report` is what it reports."""

    def __init__(self, asked: str, *, report: Report | None = None) -> None:
        super().__init__(asked)
        self.report = report


@dataclass(frozen=True)
class Finding:
    """The shortest run that breaks one rule or property.

    Attributes
    ----------
    check
        The rule's slug; "broken-property" for a property of the user's.
    message
        What is broken, with the values.
    trace
        The run, from the start to the step that breaks it.
    """

    check: str
    message: str
    trace: Trace

    @property
    def told(self) -> str:
        """The message; where it names no values, with what the last step led to."""
        if len(self.trace) == 0 or not self.message.endswith(" is broken"):
            return self.message
        event, led_to = self.trace.told(len(self.trace) - 1)
        return f"{self.message}: {event}: {led_to}" if led_to else f"{self.message}: {event}"

    def open(self) -> Lab:
        """Return a lab that stands at the end of the run."""
        from phasm_lab.lab.lab import Lab

        lab = Lab(self.trace.scenario)
        for step in self.trace:
            lab.take(step.event)
        return lab

    def __repr__(self) -> str:
        return one_line(f"{self.check}: {self.message} ({_steps(self.trace)})")


@dataclass(frozen=True)
class Report:
    """What a search found, and within what bounds it looked.

    Attributes
    ----------
    scenario
        What was searched.
    findings
        One for each broken rule or property, the shortest each.
    complete
        Whether every reachable configuration was seen.
    configuration_count, transition_count
        How many configurations were seen, and how many moves between them.
    depth
        The longest shortest run.
    stopped
        Why the search ended before it was complete, else "".
    goals_unreached
        What no run got to: a `sometimes`, an input rejected every time or without effect, a result never delivered, a fault never hit.
    not_run
        Rules that could not be judged, and why.
    search
        The search itself, to be asked for more.
    """

    scenario: Scenario
    findings: tuple[Finding, ...]
    complete: bool
    configuration_count: int
    transition_count: int
    depth: int
    stopped: str = ""
    goals_unreached: tuple[str, ...] = ()
    not_run: tuple[str, ...] = field(default=())
    search: Any = field(default=None, repr=False, compare=False)

    @property
    def verdict(self) -> str:
        """What the search may say: "broken", "holds" (only if complete), or "nothing found"."""
        if self.findings:
            return "broken"
        return "holds" if self.complete else "nothing found"

    @property
    def bound(self) -> str:
        """The sentence that says within what."""
        count = f"{self.configuration_count:,} configuration{'' if self.configuration_count == 1 else 's'}"
        if self.complete:
            return f"{count}, complete for {self.scenario.faults!r}"
        return f"{count}, up to the limit: {self.stopped}"

    def runs(self, count: int = 8) -> list[tuple[str, Trace]]:
        """Return a few runs that differ in kind: one for each goal, each fault, each outcome.

        Parameters
        ----------
        count
            How many at most.

        Returns
        -------
        What is particular about each, and the run.
        """
        from phasm_lab.checks.different_runs import different_runs

        return different_runs(self.search, count)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON; the steps of each finding as they are stored in a trace."""
        return {
            "scenario": self.scenario.name,
            "verdict": self.verdict,
            "complete": self.complete,
            "bound": self.bound,
            "configuration_count": self.configuration_count,
            "transition_count": self.transition_count,
            "findings": [
                {
                    "check": finding.check,
                    "message": finding.message,
                    "steps": [encode_event(step.event) for step in finding.trace],
                }
                for finding in self.findings
            ],
            "goals_unreached": list(self.goals_unreached),
            "not_run": list(self.not_run),
        }

    def graph(self, by: Any = None, *, around: Any = None, limit: int = 10_000) -> SearchGraph:
        """Return the configurations that the search met as a networkx graph.

        Parameters
        ----------
        by
            How to group them: "process" (no crash, process down, recovered), "depth", "state", the name of a field of the
            state or the environment, or a function of `here`. None is each configuration on its own. A group never mixes
            configurations before a crash with such in which the process is down or has recovered.
        around
            The number of a node, or a finding of this report: then what is fewest events away from that, either way. None
            shows the run of the first finding and what is fewest steps from the start.
        limit
            How many nodes to show; the run of a finding is always shown whole.

        Raises
        ------
        DefinitionError
            If there is no such grouping or node, or the function raises.

        Examples
        --------
        >>> from phasm_lab.checks.checking import check
        >>> from phasm_lab.examples.payments import payments_charging_again
        >>> check(payments_charging_again).graph(by="process")
        SearchGraph of payments charging again by process: 3 groups, all 1,583 configurations, 2 edges
        """
        from phasm_lab.export.search_graphs import search_graph

        assert self.search is not None, "a report that was not made by check"
        return search_graph(self, by, around, limit)

    def to_html(self, path: str | Path | None = None, *, matrix: CrashMatrix | None = None) -> str:
        """Return one offline page: verdict, runs to step through, crash matrix, comparisons, source; write it to `path`.

        Parameters
        ----------
        path
            The file to write, if any.
        matrix
            The crash matrix to show; by default that of the scenario's crash-free run.
        """
        from phasm_lab.export.report import report_page

        return report_page(self, matrix).write(path)

    def assert_passed(self) -> None:
        """Raise unless the search was complete and found nothing.

        Raises
        ------
        CheckFailedError
            With every finding and its run, or with the bound.
        """
        __tracebackhide__ = True  # pytest then ends at the line of the test
        if self.findings or not self.complete:
            raise CheckFailedError(str(self), report=self)

    def __str__(self) -> str:
        lines = [f"{self.scenario.name}: {self.verdict} · {self.bound}"]
        for finding in self.findings:
            lines += ["", f"{finding.check} after {_steps(finding.trace)}", f"  {finding.message}"]
            lines += [f"  {line}" for line in str(finding.trace).splitlines()[1:]]
        if self.goals_unreached:
            head = "not reached, so less was tried than it seems:" if self.complete else "not reached so far:"
            lines += ["", head, *(f"  ! {goal}" for goal in self.goals_unreached)]
        lines += [f"not run: {name}" for name in self.not_run]
        # A property's sentence and a scenario's name are the user's, whatever stands in them.
        return "\n".join(map(one_line, lines))

    def __repr__(self) -> Any:
        return str(self)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        from phasm_lab.widgets.state_graph import StateGraph

        return StateGraph(self)._repr_mimebundle_(**options) if self.search is not None else None


def _steps(trace: Trace) -> str:
    return f"{len(trace):,} step{'' if len(trace) == 1 else 's'}"
