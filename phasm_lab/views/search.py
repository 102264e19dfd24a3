"""The search of a lab's scenario: driven beside everything else, shown while it goes on, kept when it has ended."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from phasm_lab.checks.checking import Checking
from phasm_lab.errors import EndlessError, PhasmLabError
from phasm_lab.interpreter.worker import SLICE_MS, go_on_beside
from phasm_lab.trace.labels import shorten
from phasm_lab.views.posts import PostError, problem, problem_of
from phasm_lab.views.quiet import muted
from phasm_lab.views.search_words import branch_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from phasm_lab.checks.checking import Progress
    from phasm_lab.checks.findings import Finding, Report
    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.lab.lab import Lab
    from phasm_lab.trace.trace import Trace
    from phasm_lab.views.search_shapes import SearchState
    from phasm_lab.views.shapes import Problem

__all__ = ["Run", "ScenarioSearch", "SearchWork", "search_of"]

WORKER_NAME = "phasm-lab-search"
TELL_EVERY_MS = 150
RUN_COUNT = 8
LONGEST_WAIT_MS = 500
"""How long a search stands still for a post that takes long to be done."""


class Run(NamedTuple):
    """A run that can be opened as a branch."""

    id: str
    title: str
    message: str
    trace: Trace


class SearchWork:
    """One search. Its worker alone goes on with it; everybody else reads what the worker has put down here.

    Attributes
    ----------
    state
        "searching", "ending" from when it is asked to stop, "ended".
    progress
        How far it is, None before its first slice.
    findings
        What was found so far, with the runs.
    report
        What it reported, None before it has ended.
    runs
        Different runs, None until they were asked for.
    has_more_runs
        Whether there are others.
    problem
        Why it could not go on.
    """

    def __init__(
        self, scenario: Scenario, turn: threading.Event, is_wanted: Callable[[], bool], tell: Callable[[], None]
    ) -> None:
        self.scenario = scenario
        self.state: SearchState = "searching"
        self.progress: Progress | None = None
        self.findings: tuple[Run, ...] = ()
        self.report: Report | None = None
        self.runs: tuple[Run, ...] | None = None
        self.problem: Problem | None = None
        self.was_stopped = self.at_limit = self.has_more_runs = False
        self.duration_s = 0.0
        self._turn = turn
        self._is_wanted = is_wanted
        self._tell = tell
        self._is_listing = False

    def start(self) -> None:
        """Search, on a worker."""
        go_on_beside(self._guarded(self._search()), WORKER_NAME)

    def stop(self) -> None:
        """End the search as soon as its worker hears of it; what was found stays."""
        if self.state == "searching":
            self.state, self.was_stopped = "ending", True
            self._tell()

    def list_runs(self) -> None:
        """Look for different runs, on a worker."""
        if self.report is not None and self.runs is None and not self._is_listing:
            self._is_listing = True
            go_on_beside(self._guarded(self._list_runs()), WORKER_NAME)

    def _guarded(self, work: Iterator[None]) -> Iterator[None]:
        try:
            yield from work
        except PhasmLabError as error:
            self.problem = problem_of(error)
        except (Exception, EndlessError) as error:  # noqa: BLE001 - whatever user code raises, the front end is told
            self.problem = problem(f"{type(error).__name__}: {shorten(str(error), 300)}")
        finally:
            self.state = "ended"
            if self._is_wanted():
                self._tell()

    def _search(self) -> Iterator[None]:
        with muted():
            checking = Checking(self.scenario)
        try:
            yield from self._slices(checking)
        finally:
            checking.stop()
        if self._is_wanted():
            self.at_limit = self.progress is not None and self.progress.configuration_count >= self.progress.limit
            with muted():
                self.report = checking.report()
            self.findings = tuple(map(_run_of, self.report.findings))

    def _slices(self, checking: Checking) -> Iterator[None]:
        began_at = told_at = monotonic()
        while not checking.finished and self.state == "searching" and self._is_wanted():
            self._turn.wait(LONGEST_WAIT_MS / 1000)
            self._go_on(checking, monotonic() + SLICE_MS / 1000)
            self.duration_s = monotonic() - began_at
            if monotonic() - told_at > TELL_EVERY_MS / 1000:
                told_at = monotonic()
                self._tell()
            yield

    def _go_on(self, checking: Checking, until: float) -> None:
        with muted():
            checking.go_on(lambda: self.state != "searching" or not self._turn.is_set() or monotonic() >= until)
            self.progress = checking.progress
            if len(self.progress.found) != len(self.findings) and not checking.finished:
                self.findings = tuple(map(_run_of, checking.report().findings))

    def _list_runs(self) -> Iterator[None]:
        assert self.report is not None
        with muted():
            found = self.report.runs(RUN_COUNT + 1)
        self.has_more_runs = len(found) > RUN_COUNT
        self.runs = tuple(
            Run(f"run {index}", title, "", trace) for index, (title, trace) in enumerate(found[:RUN_COUNT])
        )
        yield


def _run_of(finding: Finding) -> Run:
    return Run(branch_name(finding), finding.check, finding.told, finding.trace)


class ScenarioSearch:
    """The search of a lab's scenario: at most one goes on at a time, and the last one is kept until the next.

    Attributes
    ----------
    lab
        Whose scenario is searched.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self._lock = threading.Lock()
        self._turn = threading.Event()
        self._turn.set()
        self._before_count = 0
        self._work: SearchWork | None = None
        self._observers: list[Callable[[], None]] = []

    @property
    def work(self) -> SearchWork | None:
        """What goes on or has ended last; None if that was a search of another scenario."""
        work = self._work
        return work if work is not None and work.scenario is self.lab.scenario else None

    def start(self) -> None:
        """Begin a search, unless one goes on."""
        with self._lock:
            if self.work is not None and self.work.state != "ended":
                return
            work = SearchWork(self.lab.scenario, self._turn, lambda: self.work is work, self._tell)
            self._work = work
        self._tell()
        work.start()

    def stop(self) -> None:
        """End the search that goes on, if any."""
        if self.work is not None:
            self.work.stop()

    @contextmanager
    def let_before(self) -> Iterator[None]:
        """Have the search stand still until the end of the block: a person waits for what is done there.

        Else both would share the interpreter, and the answer to a click take twice as long.
        """
        with self._lock:
            self._before_count += 1
            self._turn.clear()
        try:
            yield
        finally:
            with self._lock:
                self._before_count -= 1
                if not self._before_count:
                    self._turn.set()

    def list_runs(self) -> None:
        """Look for different runs of what was searched.

        Raises
        ------
        PostError
            If no search has ended.
        """
        if self.work is None or self.work.report is None:
            raise PostError("show different runs: no search has ended", ["check first"])
        self.work.list_runs()

    def open(self, name: str) -> None:
        """Open a run that was found, as a branch of the lab's history.

        Raises
        ------
        PostError
            If nothing of that name was found.
        """
        work = self.work
        runs = [] if work is None else [*work.findings, *(work.runs or ())]
        for run in runs:
            if run.id == name:
                self.lab.branch(run.trace, run.title if run.id.startswith("run ") else run.id)
                return
        raise PostError(
            f"open {name!r:.80}: there is no such run", [f"there is {', '.join(run.id for run in runs) or 'none'}"]
        )

    def observe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Have `observer` called, on any thread, when there is something new; return what ends that.

        When the last observer leaves, nobody waits for the search any more, and it is stopped.
        """
        self._observers.append(observer)

        def leave() -> None:
            if observer in self._observers:
                self._observers.remove(observer)
                if not self._observers:
                    self.stop()

        return leave

    def _tell(self) -> None:
        for observer in list(self._observers):
            observer()


def search_of(lab: Lab) -> ScenarioSearch:
    """Return the one search of a lab, which all its screens share."""
    with lab._lock:  # noqa: SLF001 - two screens may be made at once, on two threads
        if not hasattr(lab, "_search"):
            lab._search = ScenarioSearch(lab)  # type: ignore[attr-defined]  # noqa: SLF001 - it lives as long as the lab
        return lab._search  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001
