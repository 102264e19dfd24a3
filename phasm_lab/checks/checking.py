"""`check`: search a scenario and report the shortest run that breaks each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.checks.endings import DEFAULT_REDUCTIONS, Reductions
from phasm_lab.checks.explore import Found, Search
from phasm_lab.checks.findings import Finding, Report
from phasm_lab.checks.goals import goals_unreached
from phasm_lab.checks.runs import run_to
from phasm_lab.engine.accesses import is_users
from phasm_lab.engine.scenario import Scenario
from phasm_lab.errors import DefinitionError
from phasm_lab.interpreter.bounds import Bounds
from phasm_lab.interpreter.garbage import LongLived
from phasm_lab.interpreter.interruption import Interruption
from phasm_lab.interpreter.watchdog import Watchdog
from phasm_lab.machine.text import line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Checking", "Progress", "check"]

NOT_ASKED_FOR = ("outside-effect", "hidden-state", "nondeterministic in another interpreter")
"""Rules that a report names where nobody asked for them."""

INTERRUPTED = "it was interrupted"


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
    scenario, limit, max_seconds, max_memory_mb, reductions, pure
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

    def __init__(
        self,
        scenario: Scenario,
        *,
        limit: int | None = None,
        max_seconds: float | None = None,
        max_memory_mb: float | None = None,
        reductions: Reductions | None = None,
        pure: bool = True,
    ) -> None:
        _require_arguments(scenario, limit, reductions)
        self.scenario = scenario
        self.finished = False
        self._limit = limit or scenario.limit
        self._reductions = (DEFAULT_REDUCTIONS if reductions is None else reductions).sound_for(scenario)
        self._pure = pure
        self._long_lived = LongLived()
        self._bounds = Bounds(max_seconds=max_seconds, max_memory_mb=max_memory_mb)
        self._follows_answers = scenario.outcome is None and any(scenario.faults.counts())
        self._earlier: Search | None = None
        self.search = self._search()
        self._run = self._runs()

    def _search(self) -> Search:
        return Search(
            self.scenario,
            Watchdog(),
            limit=self._limit,
            reductions=self._reductions,
            follows_answers=self._follows_answers,
            pure=self._pure,
        )

    def _runs(self) -> Iterator[None]:
        """Search; where it turns out that more must be looked at, begin again."""
        while True:
            for _ in self.search.run():
                yield
                if self._must_search_whole():
                    break
            if self._must_search_whole():
                self._reductions = Reductions()
            elif self.search.needs_answers:
                self._follows_answers = True
            else:
                yield from self.search.space.orders.compare(self.search.space)
                return
            self.search.close()
            if self.search.found:
                self._earlier = self.search
            self.search = self._search()

    def _must_search_whole(self) -> bool:
        """Tell whether something was left out and something found: there may be a shorter run that breaks the same."""
        search, reductions = self.search, self._reductions
        return any(reductions) and bool(search.found or (reductions.merges and search.judging.looked_further))

    def go_on(self, pause: Callable[[], bool], interruption: Interruption | None = None) -> None:
        """Search until it is finished, interrupted, or `pause`, which is called often, returns True."""
        interruption = Interruption() if interruption is None else interruption
        try:
            with interruption.reaching(is_users):
                for _ in self._run:
                    self._long_lived.note()
                    if interruption.asked:
                        self.search.stopped = INTERRUPTED
                        break
                    if pause():
                        return
                    why = self._bounds.reached()
                    if why:
                        self.search.stopped = why + self.search.growth.sentence()
                        break
        except KeyboardInterrupt:
            self.search.stopped = INTERRUPTED
        except MemoryError:
            self.search.stopped = "memory ran out"
        except DefinitionError as error:
            if not any(self._found()):
                raise
            self.search.stopped = str(error)
        self._finish()

    def stop(self, why: str = "it was stopped") -> None:
        """End the search here; what was found stays."""
        if not self.finished:
            self.search.stopped = why
            self._finish()

    def _finish(self) -> None:
        self.finished = True
        self._long_lived.end()
        self.search.close()

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
            found=tuple((found.slug, found.message) for _, found in self._found()),
        )

    def _found(self) -> Iterator[tuple[Search, Found]]:
        """Yield what is broken, and the search that found it: one that was begun again loses nothing.

        A machine that remembers beside its state may break a rule only the first time that it is searched.
        """
        now = dict(self.search.found)
        yield from ((self.search, found) for found in now.values())
        if self._earlier is not None:
            yield from ((self._earlier, found) for key, found in self._earlier.found.items() if key not in now)

    def _sure_depth(self) -> int:
        """Return the steps within which nothing was left out, also not a way that takes fewer steps than the one searched."""
        search, faults = self.search, self.scenario.faults
        if search.complete or not any(self._reductions):
            return search.depth
        saved = 1 + max(len(ending.tracked) for ending in search.successors.endings)
        crash_count: int = faults.crashes + faults.recovery_crashes
        return max(search.depth - saved * crash_count, 0)

    def _not_run(self) -> Iterator[str]:
        yield from NOT_ASKED_FOR if self.search.purity is None else self.search.purity.not_run
        if self.search.space.orders.problem:
            yield self.search.space.orders.problem

    def report(self) -> Report:
        """Return what was found so far, each finding with its run."""
        search = self.search
        findings = [Finding(found.slug, found.message, run_to(where, found)) for where, found in self._found()]
        return Report(
            scenario=self.scenario,
            findings=tuple(sorted(findings, key=lambda finding: len(finding.trace))),
            complete=search.complete,
            configuration_count=search.configuration_count,
            transition_count=search.transition_count,
            depth=self._sure_depth(),
            stopped=search.stopped,
            goals_unreached=tuple(goals_unreached(search)),
            not_run=tuple(self._not_run()),
            search=search,
        )


def _require_arguments(scenario: object, limit: object, reductions: object) -> None:
    if not isinstance(scenario, Scenario):
        raise DefinitionError(
            f"check({line_of(scenario)})", "it is not a Scenario", "write pl.check(pl.Scenario(machine, ...))"
        )
    if limit is not None and (type(limit) is not int or limit < 1):
        raise DefinitionError(
            f"check(limit={line_of(limit)})", "a limit is a whole number of 1 or more", "write limit=300_000, say"
        )
    if reductions is not None and not isinstance(reductions, Reductions):
        raise DefinitionError(
            f"check(reductions={line_of(reductions)})",
            "it does not say which",
            "write Reductions(...), naming",
            Reductions._fields,
        )


def check(
    scenario: Scenario,
    *,
    limit: int | None = None,
    max_seconds: float | None = None,
    max_memory_mb: float | None = None,
    reductions: Reductions | None = None,
    pure: bool = True,
    pause: Callable[[], bool] = lambda: False,
) -> Report:
    """Search every configuration that the scenario's budgets allow.

    Parameters
    ----------
    scenario
        What to search.
    limit
        Configurations after which to stop; by default the scenario's.
    max_seconds, max_memory_mb
        Seconds, and megabytes of the process, after which to stop; by default neither is bounded.
    reductions
        What to leave out because it leads nowhere else; by default only ways, so that every configuration is seen and
        counted. ``Reductions()`` leaves out nothing.
    pure
        Whether to look for what is impure too: outside effects, hidden state, what differs in another interpreter.
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
    with Interruption() as interruption:
        checking = Checking(
            scenario,
            limit=limit,
            max_seconds=max_seconds,
            max_memory_mb=max_memory_mb,
            reductions=reductions,
            pure=pure,
        )
        try:
            checking.go_on(pause, interruption)
        finally:
            checking.stop()
        return checking.report()
