"""A trace: the steps of one run; and what is left of it in a file, to be replayed on the same machine or a changed one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace as replaced
from pathlib import Path
from typing import TYPE_CHECKING, overload

from phasm_lab.engine.step import NO_LIMITS
from phasm_lab.errors import TraceError
from phasm_lab.trace.codec import Json, encode_event, from_line, to_line
from phasm_lab.trace.labels import label, shorten, stored_label
from phasm_lab.trace.observed import differences, observe, observed_text
from phasm_lab.trace.replay import Note, Replay, replay
from phasm_lab.trace.table import table

if TYPE_CHECKING:
    from pandas import DataFrame

    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.drive import Limits
    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.engine.step import Step

__all__ = ["FORMAT", "VERSION", "StoredTrace", "Trace"]

FORMAT = "phasm-lab-trace"
VERSION = 1


class Trace(Sequence["Step"]):
    """The steps of one run, from the start; never changed.

    Parameters
    ----------
    scenario
        The scenario that was run.
    start
        The configuration that the run began with.
    steps
        The steps, in order.
    """

    __slots__ = ("scenario", "start", "steps")

    def __init__(self, scenario: Scenario, start: Configuration, steps: Iterable[Step]) -> None:
        self.scenario = scenario
        self.start = start
        self.steps = tuple(steps)

    def __len__(self) -> int:
        return len(self.steps)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        return self.steps[index]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trace):
            return NotImplemented
        return self is other or (len(self) == len(other) and self.to_json_lines() == other.to_json_lines())

    def __hash__(self) -> int:
        return hash((self.scenario.name, len(self)))

    def _before(self, index: int) -> Configuration:
        return self.steps[index - 1].configuration if index else self.start

    def to_frame(self) -> DataFrame:
        """Return the trace as a pandas data frame, one row a step; `phasm_lab.export.frames` documents its columns."""
        from phasm_lab.export.frames import trace_frame

        return trace_frame(self)

    def to_json_lines(self) -> str:
        """Return the trace as JSON lines: a header, then event and observation of each step."""
        header = {"format": FORMAT, "version": VERSION, "scenario": self.scenario.name, "step_count": len(self)}
        return "".join(map(to_line, [header, *(self._line(index) for index in range(len(self)))]))

    def _line(self, index: int) -> dict[str, Json]:
        step = self.steps[index]
        return encode_event(step.event) | {"observed": observe(self._before(index), step)}

    def write(self, path: str | Path) -> None:
        """Write the trace to a file, which is replaced if there is one."""
        Path(path).write_text(self.to_json_lines(), encoding="ascii", newline="\n")

    @staticmethod
    def read(source: str | Path) -> StoredTrace:
        """Return what is stored in a file, or in the text of one.

        Raises
        ------
        TraceError
            If there is no such file, or it is not a whole trace in a version that this PHASM Lab reads.
        """
        return _read(source)

    def __repr__(self) -> str:
        return table(self.scenario.name, len(self), self.told)

    def told(self, index: int) -> tuple[str, str]:
        """Return a step as text: its event, and what it led to."""
        step = self.steps[index]
        return label(step.event), observed_text(observe(self._before(index), step))


class StoredTrace:
    """A trace as it was written: events by label and arguments, and what was observed.

    Attributes
    ----------
    scenario_name
        What the scenario was called.
    events
        The events, as `phasm_lab.trace.codec.encode_event` returns them.
    observed
        What each led to.
    """

    def __init__(self, scenario_name: str, events: Iterable[Json], observed: Iterable[Json]) -> None:
        self.scenario_name = scenario_name
        self.events = tuple(events)
        self.observed = tuple(observed)

    def __len__(self) -> int:
        return len(self.events)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoredTrace) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def replay(self, scenario: Scenario, limits: Limits = NO_LIMITS) -> Replay:
        """Take each event in turn on a scenario, until one cannot happen.

        Where an event can happen and ends otherwise than it was recorded, the result has a note.
        """
        found = replay(scenario, self.events, limits)
        trace = Trace(scenario, found.start, found.steps)
        return replaced(found, notes=tuple(self._notes(trace)))

    def _notes(self, trace: Trace) -> Iterator[Note]:
        for index, step in enumerate(trace):
            text = differences(self.observed[index], observe(trace._before(index), step))  # noqa: SLF001 - its own reader
            if text:
                yield Note(index, f"Step {index + 1}, {label(step.event)}: {text}")

    def __repr__(self) -> str:
        return table(f"stored: {self.scenario_name}", len(self), self._texts)

    def _texts(self, index: int) -> tuple[str, str]:
        return stored_label(self.events[index]), observed_text(self.observed[index])


def _read(source: str | Path) -> StoredTrace:
    is_text = isinstance(source, str) and ("\n" in source or source.lstrip().startswith(("{", "<")))
    if is_text:
        return _parse(str(source), "Trace.read(...)")
    asked = f"Trace.read({str(source)!r})"
    try:
        return _parse(Path(source).read_bytes().decode(errors="replace"), asked)
    except FileNotFoundError as error:
        raise TraceError(asked, "there is no such file") from error
    except (OSError, ValueError) as error:
        raise TraceError(asked, f"it cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _parse(text: str, asked: str) -> StoredTrace:
    first, *lines = text.split("\n")
    header = from_line(first)
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise TraceError(asked, f"it is not a trace of PHASM Lab: it begins with {shorten(repr(first), 60)}")
    if header.get("version") != VERSION:
        raise TraceError(
            asked,
            f"it is written in version {header.get('version')!r} of the format",
            f"this PHASM Lab reads version {VERSION}",
        )
    if not lines or lines.pop() != "":
        raise TraceError(
            asked, f"its last line, line {text.count(chr(10)) + 1}, is cut off", "write the trace once more"
        )
    stored = [_stored(asked, number, line) for number, line in enumerate(lines, start=2)]
    if header.get("step_count") != len(stored):
        raise TraceError(
            asked, f"it has {len(stored)} of {header.get('step_count')!r} steps", "write the trace once more"
        )
    return StoredTrace(
        str(header.get("scenario")), (event for event, _ in stored), (observed for _, observed in stored)
    )


def _stored(asked: str, number: int, line: str) -> tuple[Json, dict[str, Json]]:
    record = from_line(line)
    if not isinstance(record, dict) or "event" not in record or not isinstance(record.get("observed"), dict):
        raise TraceError(asked, f"its line {number} is no step: {shorten(repr(line), 60)}", "write the trace once more")
    return {name: value for name, value in record.items() if name != "observed"}, record["observed"]
