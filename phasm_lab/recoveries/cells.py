"""The cells of a crash matrix: every recovery behind one, the worst shown, and one sentence about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.events import Event
from phasm_lab.engine.scenario import Scenario
from phasm_lab.recoveries.comparison import Comparison, compare
from phasm_lab.recoveries.crash_points import SECOND
from phasm_lab.recoveries.outcome_classes import CLASSES, OutcomeClass, badness
from phasm_lab.recoveries.running import spending, with_faults
from phasm_lab.trace.trace import Trace

if TYPE_CHECKING:
    from phasm_lab.lab.lab import Lab

__all__ = ["Cell", "LegendLine", "Recovery", "Row"]


@dataclass(frozen=True)
class Recovery:
    """One crash or storage fault at one point with one fate of the wire, and the run after it.

    Attributes
    ----------
    step_number
        The step of the crash-free run that is hit, 1 the first.
    column
        Key of the column that it belongs to.
    point
        Where, in words.
    wire
        What becomes of each message on the wire, in words; "" where there is none.
    outcome
        Its class: the worst over the orders in which what survived is performed and delivered.
    slug
        The finding's slug where it is one, or "".
    sentence
        What happened, in words.
    broken
        Names of the properties that it breaks and the crash-free run does not.
    prefix_count
        How many steps it has in common with the crash-free run.
    events
        Its events after those.
    """

    step_number: int
    column: str
    point: str
    wire: str
    outcome: OutcomeClass
    slug: str
    sentence: str
    broken: tuple[str, ...]
    prefix_count: int
    events: tuple[Event, ...]
    _trace: Callable[[Recovery], Trace] = field(repr=False, compare=False)
    _crash_free: Callable[[int], Trace] = field(repr=False, compare=False)
    _crash_free_title: Callable[[int], str] = field(repr=False, compare=False)
    _given: Scenario = field(repr=False, compare=False)

    @property
    def badness(self) -> tuple[bool, bool, int]:
        """What of several recoveries is compared: the worst is the greatest."""
        return badness(self.outcome, self.broken)

    @property
    def step_count(self) -> int:
        """How many steps the whole run has."""
        return self.prefix_count + len(self.events)

    @property
    def heading(self) -> str:
        """What was done to the run: ``Crash at step 3, result on the wire``."""
        word = "Fault" if self.column.endswith("fails") else "Crash"
        return f"{word} at step {self.step_number}, {self.point}"

    @property
    def title(self) -> str:
        """What its run is called: ``crash at step 3, result on the wire, result 1 late``."""
        wire = f", {self.wire}" if self.wire else ""
        return f"{self.heading[0].lower()}{self.heading[1:]}{wire}"

    @property
    def class_name(self) -> str:
        """The class in words, with the finding's slug."""
        if self.outcome.letter == "?":
            return "not known"
        return f"{self.outcome.name}: {self.slug}" if self.outcome.letter == "F" else self.outcome.name

    @property
    def judgement(self) -> str:
        """Whether it may differ so from the crash-free run, in a sentence; "" where its class says no more than that."""
        if self.outcome.letter == "A":
            return f"Allowed: {self.sentence.partition(':')[0]}."
        return "No run without faults ends so." if self.slug == "changed-outcome" else ""

    @property
    def trace(self) -> Trace:
        """The run from the start, taken anew by the engine."""
        return self._trace(self)

    @property
    def crash_free(self) -> Trace:
        """The crash-free run as far as it is comparable: the step that was hit included, come to rest without an input."""
        return self._crash_free(self.step_number)

    @property
    def crash_free_title(self) -> str:
        """How far the crash-free run beside it goes: ``the crash-free run to step 7 of 11, later inputs not fired``."""
        return self._crash_free_title(self.step_number)

    @property
    def comparison(self) -> Comparison:
        """The crash-free run on the left, this one on the right."""
        return compare(self.crash_free, self.trace)

    @property
    def scenario(self) -> Scenario:
        """What a lab runs that takes this run: the scenario that was given, its budgets raised where the run spends more."""
        trace = self.trace
        return with_faults(self._given, spending(self._given.faults, trace.steps, trace.start))

    def open(self) -> Lab:
        """Return a lab that stands at the end of the run, with the scenario's own budgets and no more than the run needs."""
        from phasm_lab.lab.lab import Lab

        trace = self.trace
        lab = Lab(self.scenario)
        for step in trace:
            lab.take(step.event)
        return lab

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON, without its steps."""
        return {
            "step_number": self.step_number,
            "column": self.column,
            "heading": self.heading,
            "point": self.point,
            "wire": self.wire,
            "letter": self.outcome.letter,
            "class": self.class_name,
            "slug": self.slug,
            "sentence": self.sentence,
            "broken": list(self.broken),
            "step_count": self.step_count,
        }

    def __repr__(self) -> str:
        wire = f" ({self.wire})" if self.wire else ""
        return f"{self.heading}{wire}: {self.class_name}; {self.sentence}"


@dataclass(repr=False)
class Cell:
    """Every recovery from one kind of point at one step.

    Attributes
    ----------
    step_number
        The step of the crash-free run, 1 the first.
    column
        Key of the column.
    recoveries
        Every crash here with its fate of the wire; empty until the cell is filled.
    is_filled
        Whether it is searched.
    is_point
        Whether there is such a point at all.
    others
        Where there is not, the columns in which this step has one.
    """

    step_number: int
    column: str
    recoveries: tuple[Recovery, ...] = ()
    is_filled: bool = False
    is_point: bool = True
    others: tuple[str, ...] = ()

    @property
    def worst(self) -> Recovery | None:
        """The first of the worst recoveries; None where there is none."""
        return max(self.recoveries, key=lambda each: each.badness, default=None)

    @property
    def badness(self) -> tuple[bool, bool, int]:
        """What of several cells is compared: that of the worst recovery."""
        return badness(self.outcome, ()) if self.worst is None else self.worst.badness

    @property
    def outcome(self) -> OutcomeClass:
        """The class that is shown: the worst."""
        if not self.is_point:
            return CLASSES["·"]
        return CLASSES["?"] if self.worst is None else self.worst.outcome

    @property
    def class_name(self) -> str:
        """The class in words; where there is no recovery, why not."""
        if self.worst is None:
            return "no recovery to crash again" if self.is_filled else self.outcome.name
        return self.worst.class_name

    @property
    def share(self) -> str:
        """How many of the crashes end so: ``1/2``; "" where all do."""
        count = sum(each.outcome == self.outcome for each in self.recoveries)
        return "" if count == len(self.recoveries) else f"{count}/{len(self.recoveries)}"

    @property
    def text(self) -> str:
        """What stands in the cell: ``2 1/2``."""
        return f"{self.outcome.letter} {self.share}".rstrip()

    @property
    def class_counts(self) -> dict[str, int]:
        """How many of the crashes are in each class, by letter, the worst first."""
        counts = Counter(each.outcome.letter for each in self.recoveries)
        return dict(sorted(counts.items(), key=lambda item: -CLASSES[item[0]].severity))

    @property
    def sentence(self) -> str:
        """What happened here, in one sentence."""
        worst = self.worst
        if worst is None:
            return f"Step {self.step_number}, {self.column}: {self.class_name}{self._instead}"
        return f"{worst.heading}{self._where(worst)}: {worst.sentence}"

    def __repr__(self) -> str:
        return self.sentence

    @property
    def _instead(self) -> str:
        """What to ask for in place of a cell without a recovery."""
        if self._is_left_out:
            return "; second_crashes=True searches it"
        return f"; step {self.step_number} has {', '.join(map(repr, self.others))}" if self.others else ""

    @property
    def _is_left_out(self) -> bool:
        return self.is_point and not self.is_filled and self.column == SECOND

    def _where(self, worst: Recovery) -> str:
        alike = [each for each in self.recoveries if each.outcome == worst.outcome]
        if len(self.recoveries) == 1:
            return f" ({worst.wire})" if worst.wire else ""
        if len(alike) == len(self.recoveries):
            same_point = len({each.point for each in alike}) == 1
            return ", whatever becomes of the wire" if same_point else f", in all {len(alike)} crashes here"
        where = f" ({worst.wire})" if worst.wire else ""
        return f"{where}, in {len(alike)} of {len(self.recoveries)} crashes here"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "step_number": self.step_number,
            "column": self.column,
            "letter": self.outcome.letter,
            "class": self.class_name,
            "text": self.text,
            "share": self.share,
            "sentence": self.sentence,
            "is_filled": self.is_filled,
            "recoveries": [each.to_json() for each in self.recoveries],
        }


@dataclass(frozen=True)
class LegendLine:
    """What one letter of a matrix means.

    Attributes
    ----------
    letter, name
        The letter, and the class that it stands for.
    count
        How many cells show it.
    note
        What else is true of some of them, or "".
    """

    letter: str
    name: str
    count: int = 0
    note: str = ""

    def __str__(self) -> str:
        more = f" ({self.note})" if self.note else ""
        return f"{self.letter} {self.name} {self.count:,}{more}"


@dataclass(frozen=True)
class Row:
    """One step of the crash-free run and its cells.

    Attributes
    ----------
    step_number
        The step, 1 the first.
    label
        What its event is called.
    is_input
        Whether it fires an input, so that a new section begins.
    cells
        The cells by the key of their column.
    """

    step_number: int
    label: str
    is_input: bool
    cells: dict[str, Cell]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "step_number": self.step_number,
            "label": self.label,
            "is_input": self.is_input,
            "cells": [cell.to_json() for cell in self.cells.values()],
        }
