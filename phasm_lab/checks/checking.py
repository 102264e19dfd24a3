"""`check`: search a scenario and report the shortest run that breaks each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.checks.endings import Reductions
from phasm_lab.checks.explore import Found, Search
from phasm_lab.checks.findings import Finding, Report
from phasm_lab.checks.goals import goals_unreached
from phasm_lab.checks.runs import run_to
from phasm_lab.engine.scenario import Scenario
from phasm_lab.errors import DefinitionError
from phasm_lab.interpreter.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Checking", "Progress", "check"]

NOT_RUN = ("outside-effect", "hidden-state", "nondeterministic in another interpreter")
"""Rules that no part of the search judges yet; a report says so."""


class Progress(NamedTuple):
    """How far a search is.

    Attributes
    ----------
    configuration_count, limit
        Configurations seen, and after how many it stops.
    depth
        Steps from the start to what is being expanded.
    waiting_count
        Configurations seen and not yet expanded.
    transition_count
        Moves between configurations.
    found
        What is broken so far: (slug, message).
    """

    configuration_count: int
    limit: int
    depth: int
    waiting_count: int
    transition_count: int
    found: tuple[tuple[str, str], ...]


class Checking:
    """A search under way: it goes on in slices, so that whoever drives it stays free.

    Parameters
    ----------
    scenario, limit, reductions
        As for `check`.

    Attributes
    ----------
    finished
        Whether there is nothing left to do: everything was seen, a limit was reached, or it was stopped.

    Raises
    ------
    DefinitionError
        As `check` does.

    Examples
    --------
    >>> from phasm_lab.examples.payments import payments
    >>> checking = Checking(payments)
    >>> checking.go_on(lambda: True), checking.finished
    (None, False)
    >>> checking.stop()
    >>> checking.report().verdict
    'nothing found'
    """

    def __init__(self, scenario: Scenario, *, limit: int | None = None, reductions: Reductions | None = None) -> None:
        if not isinstance(scenario, Scenario):
            raise DefinitionError(
                f"check({scenario!r})", "it is not a Scenario", "write pl.check(pl.Scenario(machine, ...))"
            )
        if limit is not None and (type(limit) is not int or limit < 1):
            raise DefinitionError(
                f"check(limit={limit!r})", "a limit is a whole number of 1 or more", "write limit=300_000, say"
            )
        self.scenario = scenario
        self.search = Search(scenario, Watchdog(), limit=limit or scenario.limit, reductions=reductions or Reductions())
        self.finished = False
        self._run = self.search.run()

    def go_on(self, pause: Callable[[], bool]) -> None:
        """Search until it is finished or `pause`, which is called often, returns True."""
        try:
            for _ in self._run:
                if pause():
                    return
        except KeyboardInterrupt:
            self.search.stopped = "it was interrupted"
        self.finished = True

    def stop(self, why: str = "it was stopped") -> None:
        """End the search here; what was found stays."""
        if not self.finished:
            self.search.stopped = why
            self.finished = True

    @property
    def progress(self) -> Progress:
        """How far it is; cheap enough to ask for many times a second."""
        search = self.search
        return Progress(
            configuration_count=search.place_count,
            limit=search.limit,
            depth=search.depth,
            waiting_count=search.waiting_count,
            transition_count=search.transition_count,
            found=tuple((found.slug, found.message) for found in list(search.found.values())),
        )

    def report(self) -> Report:
        """Return what was found so far, each finding with its run."""
        search = self.search
        findings = [_finding(search, found) for found in search.found.values()]
        return Report(
            scenario=self.scenario,
            findings=tuple(sorted(findings, key=lambda finding: len(finding.trace))),
            complete=search.complete,
            configuration_count=search.configuration_count,
            transition_count=search.transition_count,
            depth=search.depth,
            stopped=search.stopped,
            goals_unreached=tuple(goals_unreached(search)),
            not_run=NOT_RUN,
        )


def check(
    scenario: Scenario,
    *,
    limit: int | None = None,
    reductions: Reductions | None = None,
    pause: Callable[[], bool] = lambda: False,
) -> Report:
    """Search every configuration that the scenario's budgets allow.

    Parameters
    ----------
    scenario
        What to search.
    limit
        Configurations after which to stop; by default the scenario's.
    reductions
        What to leave out because it commutes; nothing by default, so that every run found is a shortest one.
    pause
        Called often; the search ends when it returns True, and what was found is reported.

    Raises
    ------
    DefinitionError
        If `scenario` is not a Scenario, or the machine turns out to be ill-formed.

    Examples
    --------
    >>> from phasm_lab.examples.payments import payments_charging_again
    >>> check(payments_charging_again).verdict
    'broken'
    """
    checking = Checking(scenario, limit=limit, reductions=reductions)
    checking.go_on(pause)
    checking.stop()
    return checking.report()


def _finding(search: Search, found: Found) -> Finding:
    return Finding(found.slug, found.message, run_to(search, found))
