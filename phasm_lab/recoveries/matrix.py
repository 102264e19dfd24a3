"""The crash matrix: the crash-free run, hit at every point of every step, and how each recovery ends."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.events import Fire
from phasm_lab.engine.scenario import Scenario, start
from phasm_lab.errors import DefinitionError
from phasm_lab.interpreter.watchdog import Watchdog
from phasm_lab.machine.definition import FAULT_NAMES, Faults
from phasm_lab.recoveries.cells import Cell, LegendLine, Recovery, Row
from phasm_lab.recoveries.crash_points import COLUMNS, SECOND, Column, Hit
from phasm_lab.recoveries.filling import Filler
from phasm_lab.recoveries.matrix_text import matrix_text
from phasm_lab.recoveries.outcome_classes import CLASSES
from phasm_lab.recoveries.running import Answers, Runner, crash_free_run, with_faults
from phasm_lab.trace.labels import label
from phasm_lab.trace.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pandas import DataFrame

    from phasm_lab.checks.findings import Report
    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.drive import Limits
    from phasm_lab.engine.step import Step

__all__ = ["CrashMatrix", "crash_matrix"]

SHORTEST_LONG_RUN = 100
"""Steps below which no recovery is given up, however short the crash-free run is."""


class CrashMatrix:
    """How each recovery of one run ends: a row for each step, a column for each kind of point.

    It has budgets of its own: one crash (two with `second_crashes`), one unacknowledged commit, and with `storage_faults`
    one error; what the scenario's own faults are does not matter.
    A recovery is the crash-free run up to the crash, the crash, and a run to quiescence: no further faults or inputs, the
    outside world answering each id and kind of action as it did in the crash-free run. What a crash leaves on the wire is
    performed and delivered before, between and after what restore asks for, and the worst of these is shown.
    It is compared with the crash-free run that also takes no input after the step that was hit.

    Attributes
    ----------
    scenario
        What is run: the scenario that was given, with the matrix's own budgets.
    given
        The scenario as it was given, with its own.
    run
        The crash-free run.
    columns
        The columns, in groups.
    rows
        One for each step.
    """

    def __init__(
        self,
        scenario: Scenario,
        run: Any = None,
        *,
        storage_faults: bool = False,
        second_crashes: bool = False,
        limit_ms: float = 2_000,
    ) -> None:
        _require_scenario(scenario)
        limits = Watchdog(limit_ms)
        self.given = scenario
        self.scenario = with_faults(
            scenario, _budgets(scenario.faults, storage_faults=storage_faults, second_crashes=second_crashes)
        )
        self.run = crash_free_run(self.scenario, limits) if run is None else _taken_again(self.scenario, run, limits)
        # What takes far longer after a crash than the whole run without one is not going to end.
        max_step_count = SHORTEST_LONG_RUN + 4 * len(self.run)
        runner = Runner(self.scenario, limits, Answers(self.run), max_step_count)
        self._filler = Filler(runner, self.run, scenario, storage_faults=storage_faults)
        self._second_crashes = second_crashes
        self._hits = {number: self._filler.hits(number) for number in range(1, len(self.run) + 1)}
        used = {hit.column for hits in self._hits.values() for hit in hits}
        optional = {each.key for each in COLUMNS if each.group == "storage"} | {"some out"}
        self.columns: tuple[Column, ...] = tuple(
            each for each in COLUMNS if each.key in used or each.key not in optional
        )
        self.rows: tuple[Row, ...] = tuple(map(self._row, self._hits))

    def _row(self, number: int) -> Row:
        points = {hit.column for hit in self._hits[number]}
        if points:
            points.add(SECOND)
        keys = [each.key for each in self.columns]
        others = tuple(key for key in keys if key in points)
        cells = {
            key: Cell(number, key) if key in points else Cell(number, key, is_point=False, others=others)
            for key in keys
        }
        event = self.run[number - 1].event
        return Row(number, label(event), isinstance(event, Fire), cells)

    # Filling.

    def fill(self) -> Iterator[Cell]:
        """Search the cells that are not searched yet, row by row, and yield each when it is; to stop is to stop iterating."""
        for row in self.rows:
            for cell in row.cells.values():
                if cell.is_point and not cell.is_filled and (cell.column != SECOND or self._second_crashes):
                    with self._filler.lock:
                        self._fill(cell)
                    yield cell

    def _fill(self, cell: Cell) -> None:
        number = cell.step_number
        if cell.column == SECOND:
            crashes = [hit for hit in self._hits[number] if not hit.column.endswith("fails")]
            cell.recoveries = tuple(self._filler.second_recoveries(number, crashes))
        else:
            cell.recoveries = tuple(self._filler.recovery(number, hit) for hit in self._hits_in(cell))
        cell.is_filled = True

    def _hits_in(self, cell: Cell) -> list[Hit]:
        return [hit for hit in self._hits[cell.step_number] if hit.column == cell.column]

    @property
    def is_complete(self) -> bool:
        """Whether every cell is searched that was to be."""
        return all(
            cell.is_filled or not cell.is_point or (cell.column == SECOND and not self._second_crashes)
            for cell in self.cells
        )

    # Looking.

    @property
    def cells(self) -> list[Cell]:
        """Every cell, row by row."""
        return [cell for row in self.rows for cell in row.cells.values()]

    @property
    def recoveries(self) -> list[Recovery]:
        """Every recovery found so far, row by row."""
        return [recovery for cell in self.cells for recovery in cell.recoveries]

    def __getitem__(self, place: tuple[int, str]) -> Cell:
        """Return a cell by the number of its step, 1 the first, and its column: the key, or what stands above the column.

        Raises
        ------
        DefinitionError
            If there is none.

        Examples
        --------
        >>> from phasm_lab.examples.payments import payments_charging_again
        >>> crash_matrix(payments_charging_again)[2, "request on wire"].text
        '2 1/2'
        """
        keys = [each.key for each in self.columns]
        named = {name: each.key for each in self.columns for name in (each.key, each.label)}
        match place:
            case (int() as number, str() as name) if 1 <= number <= len(self.rows) and name in named:
                return self.rows[number - 1].cells[named[name]]
            case (number, str() as key) if key in named:
                raise DefinitionError(
                    f"matrix[{number!r}, {key!r}]", "there is no such step", f"name one from 1 to {len(self.rows)}"
                )
            case (number, str() as key):
                raise DefinitionError(
                    f"matrix[{number!r}, {key!r}]", "there is no such column", "name one of", map(repr, keys)
                )
        raise DefinitionError(
            f"matrix[{place!r}]",
            "a cell is asked for by a step and a column",
            f"write matrix[1, {keys[0]!r}]; columns are",
            map(repr, keys),
        )

    @property
    def crash_free_faults(self) -> str:
        """What is wrong with the crash-free run itself, in a sentence; "" where nothing is: no cell tells of that."""
        return self._filler.crash_free_faults

    @property
    def worst(self) -> Recovery | None:
        """The first of the worst recoveries found so far; None before there is any."""
        return max(self.recoveries, key=lambda each: each.badness, default=None)

    @property
    def is_harmless(self) -> bool:
        """Whether everything that was to be searched is, every outcome is known, and none is bad."""
        found = self.recoveries
        is_well = all(each.outcome.letter in "SA" and not each.broken for each in found)
        return bool(found) and is_well and self.is_complete and not self.crash_free_faults

    @property
    def point_count(self) -> int:
        """How many crash points and storage faults there are, second crashes aside."""
        return len({(number, hit.column, hit.point) for number, hits in self._hits.items() for hit in hits})

    @property
    def crash_count(self) -> int:
        """How many ways there are to be hit: points with each fate of the wire, second crashes aside."""
        return sum(map(len, self._hits.values()))

    @property
    def legend(self) -> list[LegendLine]:
        """What the letters of its cells mean, the best first."""
        broken = Counter(cell.outcome.letter for cell in self.cells if cell.worst is not None and cell.worst.broken)
        lines = []
        for letter, count in self.totals.items():
            note = f"{broken[letter]:,} break a property" if broken[letter] and letter != "B" else ""
            lines.append(LegendLine(letter, self._class_name(letter), count, note))
        return lines

    def _class_name(self, letter: str) -> str:
        """Return what a class is called; `?` stands for what is not searched, and for what a search could not tell."""
        if letter != "?":
            return CLASSES[letter].name
        names = (cell.class_name for cell in self.cells if cell.is_point and cell.outcome.letter == letter)
        return " or ".join(sorted(set(names)))

    @property
    def totals(self) -> dict[str, int]:
        """How many cells show each class, by letter, the best first."""
        counts = Counter(cell.outcome.letter for cell in self.cells if cell.is_point)
        return {letter: counts[letter] for letter in sorted(counts, key=lambda each: CLASSES[each].severity)}

    def to_json(self) -> dict[str, Any]:
        """Return the matrix as plain JSON, with every recovery but without their steps."""
        return {
            "scenario": self.scenario.name,
            "is_complete": self.is_complete,
            "crash_free_faults": self.crash_free_faults,
            "point_count": self.point_count,
            "crash_count": self.crash_count,
            "columns": [each._asdict() for each in self.columns],
            "rows": [row.to_json() for row in self.rows],
            "totals": self.totals,
            "classes": [{"letter": each.letter, "name": each.name, "is_bad": each.is_bad} for each in CLASSES.values()],
        }

    def to_frame(self) -> DataFrame:
        """Return the recoveries as a pandas data frame, one row each; `phasm_lab.export.matrices` has its columns."""
        from phasm_lab.export.matrices import matrix_frame

        return matrix_frame(self)

    def to_html(self, path: str | Path | None = None, *, report: Report | None = None) -> str:
        """Return one offline page with the matrix and what is behind its cells; write it to `path`.

        Parameters
        ----------
        path
            The file to write, if any.
        report
            What a search found, to be shown before the matrix.
        """
        from phasm_lab.export.report import report_page

        return report_page(report, self).write(path)

    def __str__(self) -> str:
        return matrix_text(self)

    __repr__ = __str__

    def _repr_mimebundle_(self, **options: Any) -> Any:
        from phasm_lab.widgets.matrix import crash_matrix_of

        return crash_matrix_of(self)._repr_mimebundle_(**options)

    def __panel__(self) -> Any:
        """Return the matrix as a Panel component: what ``pn.Row(matrix)`` shows."""
        from phasm_lab.widgets.recoveries_panel import crash_matrix_pane

        return crash_matrix_pane(self)


def crash_matrix(
    scenario: Scenario,
    run: Any = None,
    *,
    storage_faults: bool = False,
    second_crashes: bool = False,
    pause: Callable[[], bool] = lambda: False,
) -> CrashMatrix:
    """Crash a run at every point of every step, and tell how each recovery ends.

    Parameters
    ----------
    scenario
        What is run; its own fault budgets do not matter.
    run
        The crash-free run, a trace or something that has one; by default each input in order, run to quiescence after
        each, first answers.
    storage_faults
        Whether to try each storage fault too.
    second_crashes
        Whether to crash each recovery once more, at every point.
    pause
        Called after each cell; the search ends when it returns True, and `fill` goes on from there.

    Raises
    ------
    DefinitionError
        If `scenario` is not a Scenario, or `run` is not a run in which the process stays up.

    Examples
    --------
    >>> from phasm_lab.examples.payments import payments_charging_again
    >>> matrix = crash_matrix(payments_charging_again)
    >>> print(matrix[3, "result on wire"].sentence)
    Crash at step 3, result on the wire (result 1 late): ChargeCard 1 is performed twice (once without the crash); the \
state ends the same; no_card_is_charged_twice is broken
    """
    matrix = CrashMatrix(scenario, run, storage_faults=storage_faults, second_crashes=second_crashes)
    for _ in matrix.fill():
        if pause():
            break
    return matrix


def _require_scenario(scenario: Any) -> None:
    if not isinstance(scenario, Scenario):
        raise DefinitionError(
            f"crash_matrix({scenario!r})", "it is not a Scenario", "write pl.crash_matrix(pl.Scenario(machine, ...))"
        )


def _budgets(faults: Faults, *, storage_faults: bool, second_crashes: bool) -> Faults:
    count = 1 + second_crashes
    budgets = {name: getattr(faults, name) for name in FAULT_NAMES} | {"crashes": count, "recovery_crashes": 0}
    budgets["unknown_commits"] += count
    for name in ("access_errors", "add_errors", "commit_failures"):
        budgets[name] += storage_faults
    return Faults(**budgets)


def _taken_again(scenario: Scenario, run: Any, limits: Limits) -> Trace:
    """Take the events of a run again, on a state that nobody else looks at.

    Raises
    ------
    DefinitionError
        If it is not a run, or the process dies in it.
    """
    trace = run if isinstance(run, Trace) else getattr(run, "trace", None)
    if not isinstance(trace, Trace):
        raise DefinitionError(f"crash_matrix(run={run!r})", "it is not a run", "pass a trace or a lab")
    runner = Runner(scenario, limits, Answers())
    first = here = start(scenario)
    steps: list[Step] = []
    for step in trace:
        steps.append(runner.take(here, step.event))
        here = steps[-1].configuration
        _require_up(here, len(steps))
    return Trace(scenario, first, steps)


def _require_up(here: Configuration, step_number: int) -> None:
    if not here.up:
        raise DefinitionError(
            f"crash_matrix(run=...), its step {step_number}",
            "the process dies there, and the run is to be one in which it does not",
            "pass a run without a crash; the matrix crashes it",
        )
