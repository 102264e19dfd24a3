"""Old code against new code: which cells of the crash matrix and which findings changed, for better and for worse."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from phasm_lab.checks.checking import check
from phasm_lab.checks.findings import Finding, Report
from phasm_lab.engine.scenario import Scenario
from phasm_lab.errors import DefinitionError
from phasm_lab.recoveries.cells import Cell, Recovery, Row
from phasm_lab.recoveries.comparison import Comparison, compare
from phasm_lab.recoveries.matrix import CrashMatrix, crash_matrix
from phasm_lab.recoveries.versions_text import finding_line, versions_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["CellChange", "FindingChange", "VersionComparison", "compare_versions"]


Badness: TypeAlias = tuple[tuple[bool, bool, int], Fraction]
"""How bad a cell is: its worst recovery, and the share of its crashes that end so."""


@dataclass(frozen=True)
class CellChange:
    """A cell that ends otherwise than in the other version.

    Attributes
    ----------
    label
        What the step is called.
    old, new
        The cell in each version; None where that version's run has no such step or point.
    direction
        "worse", "better", or "other" where both are in order.
    """

    label: str
    old: Cell | None
    new: Cell | None
    direction: str

    @property
    def sentence(self) -> str:
        """What changed, in words: ``step 2, dispatch 1, request on wire: S before, 2 (1 of 2 crashes) now``."""
        one, other = map(_look, (self.old, self.new))
        return f"{self.place}: {one} before, {other} now"

    @property
    def place(self) -> str:
        """Where it is, by the step of the new version where that has it: ``step 2, dispatch 1, request on wire``."""
        cell = self.new or self.old
        assert cell is not None
        return f"step {cell.step_number}, {self.label}, {cell.column}"

    @property
    def badness(self) -> Badness:
        """How bad the version is there that is worse; of several changes the greatest is shown."""
        return max(map(_badness, (self.old, self.new)))

    @property
    def why(self) -> str:
        """What the version that is worse does there, in one sentence that says which it is."""
        when, cell = ("before", self.old) if self.direction == "better" else ("now", self.new)
        return "" if cell is None else f"{when}: {cell.sentence}"

    @property
    def example(self) -> Comparison | None:
        """The old recovery on the left, the new one on the right; None where one version has no such recovery."""
        if self.old is None or self.new is None:
            return None
        leading = self.old.worst if self.direction == "better" else self.new.worst
        left, right = (_like(cell, leading) for cell in (self.old, self.new))
        return None if left is None or right is None else compare(left, right)

    def to_json(self) -> dict[str, Any]:
        """Return the change as plain JSON."""
        return {
            "direction": self.direction,
            "label": self.label,
            "old": None if self.old is None else self.old.to_json(),
            "new": None if self.new is None else self.new.to_json(),
            "sentence": self.sentence,
            "why": self.why,
        }


def _like(cell: Cell, leading: Recovery | None) -> Recovery | None:
    """Return the recovery of a cell from the same point with the same fate of the wire, or its worst."""
    for recovery in cell.recoveries:
        if leading is not None and (recovery.point, recovery.wire) == (leading.point, leading.wire):
            return recovery
    return cell.worst


def _look(cell: Cell | None) -> str:
    """Return what stands in a cell: its letter, and how many of its crashes end so where not all do."""
    if cell is None:
        return "no such point"
    letter, count = cell.outcome.letter, cell.class_counts[cell.outcome.letter]
    return f"{letter} ({count} of {len(cell.recoveries)} crashes)" if cell.share else letter


@dataclass(frozen=True)
class FindingChange:
    """A finding that only one version has.

    Attributes
    ----------
    finding
        The finding.
    direction
        "worse" where it is new, "better" where it is gone.
    is_certain
        Whether the search of the version without it was complete.
    """

    finding: Finding
    direction: str
    is_certain: bool

    @property
    def why(self) -> str:
        """Nothing more: the sentence has the finding's message."""
        return ""

    @property
    def sentence(self) -> str:
        """What changed, in words."""
        word = "new" if self.direction == "worse" else "gone"
        doubt = "" if self.is_certain else ", as far as was searched"
        return f"{word}{doubt}: {finding_line(self.finding)}"

    def to_json(self) -> dict[str, Any]:
        """Return the change as plain JSON."""
        return {
            "direction": self.direction,
            "check": self.finding.check,
            "message": self.finding.message,
            "is_certain": self.is_certain,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, repr=False)
class VersionComparison:
    """What changed between two versions of a machine.

    Attributes
    ----------
    old_matrix, new_matrix
        The crash matrix of each.
    old_report, new_report
        What a search of each reports.
    cells, findings
        What changed.
    """

    old_matrix: CrashMatrix
    new_matrix: CrashMatrix
    old_report: Report
    new_report: Report
    cells: tuple[CellChange, ...]
    findings: tuple[FindingChange, ...]

    @property
    def worse(self) -> tuple[CellChange | FindingChange, ...]:
        """Everything that got worse, findings first."""
        return self._going("worse")

    @property
    def better(self) -> tuple[CellChange | FindingChange, ...]:
        """Everything that got better, findings first."""
        return self._going("better")

    @property
    def kept_findings(self) -> tuple[Finding, ...]:
        """The findings of the new version that the old one has too."""
        changed = {_key(change.finding) for change in self.findings}
        return tuple(finding for finding in self.new_report.findings if _key(finding) not in changed)

    @property
    def kept_cells(self) -> tuple[Cell, ...]:
        """The bad cells of the new version that are as bad in the old one."""
        changed = {id(change.new) for change in self.cells}
        cells = (cell for row in self.new_matrix.rows for cell in row.cells.values())
        return tuple(cell for cell in cells if cell.recoveries and cell.outcome.is_bad and id(cell) not in changed)

    @property
    def keeps_faults(self) -> bool:
        """Whether something is broken in both versions."""
        return bool(self.kept_findings or self.kept_cells)

    def _going(self, direction: str) -> tuple[CellChange | FindingChange, ...]:
        changes: list[CellChange | FindingChange] = [*self.findings, *self.cells]
        return tuple(change for change in changes if change.direction == direction)

    @property
    def got_worse(self) -> bool:
        """Whether anything did."""
        return bool(self.worse)

    @property
    def is_complete(self) -> bool:
        """Whether both versions were searched to the end."""
        return self.old_report.complete and self.new_report.complete

    @property
    def crash_free_faults(self) -> list[str]:
        """What is wrong with the crash-free run of each version, a sentence for each; no cell tells of that."""
        told = (("old", self.old_matrix.crash_free_faults), ("new", self.new_matrix.crash_free_faults))
        return [f"{name}: {text}" for name, text in told if text]

    def leading(self, direction: str) -> CellChange | None:
        """Return the cell that got "worse" or "better" and does or did most harm, if both versions have it any such; or None."""
        changes = [change for change in self.cells if change.direction == direction]
        both = [change for change in changes if change.old is not None and change.new is not None]
        return max(both or changes, key=lambda change: change.badness, default=None)

    def example(self, direction: str) -> Comparison | None:
        """Return the recoveries of the leading cell, old beside new; None where one version has none there."""
        change = self.leading(direction)
        return None if change is None else change.example

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain JSON, with one example for each direction."""
        examples = {direction: self.example(direction) for direction in ("worse", "better")}
        return {
            "old": self.old_matrix.scenario.name,
            "new": self.new_matrix.scenario.name,
            "got_worse": self.got_worse,
            "is_complete": self.is_complete,
            "old_bound": self.old_report.bound,
            "new_bound": self.new_report.bound,
            "crash_free_faults": self.crash_free_faults,
            "findings": [change.to_json() for change in self.findings],
            "cells": [change.to_json() for change in self.cells],
            "kept_findings": [{"check": each.check, "message": each.message} for each in self.kept_findings],
            "kept_cells": [cell.to_json() for cell in self.kept_cells],
            "examples": {name: None if pair is None else pair.to_json() for name, pair in examples.items()},
        }

    def __repr__(self) -> str:
        return versions_text(self)


def compare_versions(
    old: Scenario,
    new: Scenario,
    *,
    limit: int | None = None,
    storage_faults: bool = False,
    second_crashes: bool = False,
    pause: Callable[[], bool] = lambda: False,
) -> VersionComparison:
    """Crash and search two versions of a machine, and tell what changed.

    Parameters
    ----------
    old, new
        The scenario of each version.
    limit
        Configurations after which each search stops; by default the scenario's.
    storage_faults, second_crashes, pause
        Those of `crash_matrix`.

    Raises
    ------
    DefinitionError
        If one of them is not a Scenario, or turns out to be ill-formed.

    Examples
    --------
    >>> from phasm_lab.examples.outbox import outbox, outbox_losing_retries
    >>> compare_versions(outbox, outbox_losing_retries).worse[0].finding.check
    'forgotten-action'
    """
    for name, scenario in (("old", old), ("new", new)):
        if not isinstance(scenario, Scenario):
            raise DefinitionError(
                f"compare_versions({name}={scenario!r})",
                "it is not a Scenario",
                "pass two scenarios, the old one first",
            )
    before, after = (
        crash_matrix(each, storage_faults=storage_faults, second_crashes=second_crashes, pause=pause)
        for each in (old, new)
    )
    was, now = (check(each, limit=limit, pause=pause) for each in (old, new))
    cells, findings = tuple(_changed_cells(before, after)), tuple(_changed_findings(was, now))
    return VersionComparison(before, after, was, now, cells, findings)


def _changed_cells(old: CrashMatrix, new: CrashMatrix) -> Iterator[CellChange]:
    """Yield the cells that changed, the steps of the two runs matched by what they mean."""
    pairs = compare(old.run, new.run).pairs
    matched = {pair.right: old.rows[pair.left] for pair in pairs}
    for index, row in enumerate(new.rows):
        yield from _changed_in_row(matched.get(index), row)
    used = {pair.left for pair in pairs}
    for index, row in enumerate(old.rows):
        if index not in used:
            yield from _changed_in_row(row, None)


def _changed_in_row(old: Row | None, new: Row | None) -> Iterator[CellChange]:
    row = new or old
    assert row is not None
    columns = dict.fromkeys(key for each in (old, new) if each is not None for key in each.cells)
    for column in columns:
        one, other = (_cell(each, column) for each in (old, new))
        direction = _direction(one, other)
        if direction:
            yield CellChange(row.label, one, other, direction)


def _cell(row: Row | None, column: str) -> Cell | None:
    cell = None if row is None else row.cells.get(column)
    return cell if cell is not None and cell.recoveries else None


def _direction(old: Cell | None, new: Cell | None) -> str:
    """Tell how a cell changed, "" where it did not or where there is nothing bad in a row that only one version has."""
    before, after = _badness(old), _badness(new)
    if before != after:
        return "worse" if after > before else "better"
    return "other" if old is not None and new is not None and old.outcome != new.outcome else ""


def _badness(cell: Cell | None) -> Badness:
    """Return how bad a cell is: its worst recovery, and how many of its crashes end so; nothing where all is well."""
    if cell is None or not cell.outcome.is_bad:
        return (False, False, 0), Fraction(0)
    return cell.badness, Fraction(cell.class_counts[cell.outcome.letter], len(cell.recoveries))


def _changed_findings(old: Report, new: Report) -> Iterator[FindingChange]:
    before, after = ({_key(finding): finding for finding in report.findings} for report in (old, new))
    for key, finding in after.items():
        if key not in before:
            yield FindingChange(finding, "worse", old.complete)
    for key, finding in before.items():
        if key not in after:
            yield FindingChange(finding, "better", new.complete)


def _key(finding: Finding) -> tuple[str, str]:
    """Return what tells a finding apart: its rule, and of a broken property also its name."""
    return finding.check, finding.message.split(" ", 1)[0] if finding.check == "broken-property" else ""
