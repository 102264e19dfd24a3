"""`check`: search a scenario and report the shortest run that breaks each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.checks.explore import Found, Search
from phasm_lab.checks.findings import Finding, Report
from phasm_lab.checks.runs import run_to
from phasm_lab.checks.successors import Reductions
from phasm_lab.engine.scenario import Scenario
from phasm_lab.errors import DefinitionError
from phasm_lab.interpreter.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["check"]

NOT_RUN = ("outside-effect", "hidden-state", "nondeterministic in another interpreter")
"""Rules that no part of the search judges yet; a report says so."""


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
    if not isinstance(scenario, Scenario):
        raise DefinitionError(
            f"check({scenario!r})", "it is not a Scenario", "write pl.check(pl.Scenario(machine, ...))"
        )
    if limit is not None and (type(limit) is not int or limit < 1):
        raise DefinitionError(
            f"check(limit={limit!r})", "a limit is a whole number of 1 or more", "write limit=300_000, say"
        )
    limits = Watchdog()
    search = Search(scenario, limits, limit=limit or scenario.limit, reductions=reductions or Reductions())
    try:
        search.run(pause)
    except KeyboardInterrupt:
        search.stopped = "it was interrupted"
    findings = [_finding(search, found) for found in search.found.values()]
    return Report(
        scenario=scenario,
        findings=tuple(sorted(findings, key=lambda finding: len(finding.trace))),
        complete=search.complete,
        configuration_count=search.configuration_count,
        transition_count=search.transition_count,
        depth=search.depth,
        stopped=search.stopped,
        goals_unreached=tuple(search.goals_unreached()),
        not_run=NOT_RUN,
    )


def _finding(search: Search, found: Found) -> Finding:
    return Finding(found.slug, found.message, run_to(search, found))
