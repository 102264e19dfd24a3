"""A pytest plugin: a test that ends in a CheckFailedError shows the steps of each finding, and the lab calls that take them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from phasm_lab.checks.findings import Finding

MAX_STEP_COUNT = 200


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[Any]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add a section for each finding to the report of a test that failed."""
    report = yield
    error = call.excinfo.value if call.excinfo is not None else None
    for finding in _findings(error):
        report.sections.append((f"PHASM Lab: {finding.check}", _section(finding)))
    return report


def _findings(error: BaseException | None) -> Iterator[Finding]:
    """Yield the findings of every failed check that a test's error is, comes from or has in its group."""
    # Where the checks were never imported, none of them can have failed.
    checks = sys.modules.get("phasm_lab.checks.findings")
    if checks is None:
        return
    reports = {id(each.report): each.report for each in _related(error) if isinstance(each, checks.CheckFailedError)}
    for report in reports.values():
        yield from () if report is None else report.findings


def _related(error: BaseException | None) -> list[BaseException]:
    """Return an error, those that a group holds and those before it that a traceback shows, each once."""
    found: dict[int, BaseException] = {}
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if current is not None and id(current) not in found:
            found[id(current)] = current
            before = current.__cause__ if current.__suppress_context__ else current.__context__
            waiting += [*getattr(current, "exceptions", ()), before]
    return list(found.values())


def _section(finding: Finding) -> str:
    from phasm_lab.trace.labels import one_line

    steps = str(finding.trace)
    if len(finding.trace) > MAX_STEP_COUNT:
        return steps
    return f"{one_line(finding.message)}\n{steps}\n\nthe same in Python:\n{_calls(finding)}"


def _calls(finding: Finding) -> str:
    """Return the calls of a lab that take the run."""
    from phasm_lab.errors import PhasmLabError
    from phasm_lab.lab.lab import Lab

    lab, lines = Lab(finding.trace.scenario), ["lab = pl.Lab(scenario)"]
    try:
        for step in finding.trace:
            lines.append(lab.python_line(lab.selected, step.event))
            lab.take(step.event)
    except PhasmLabError as error:
        lines[-1] = f"# the lab goes no further: {error}"
    return "\n".join(lines)
