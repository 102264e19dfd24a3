"""The lab as text: what a plain Python prompt shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.configuration import UNFIRED, Configuration
from phasm_lab.engine.events import Event
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.machine.text import one_line, text_of
from phasm_lab.machine.values import kind_of
from phasm_lab.trace.labels import label, shorten_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phasm_lab.lab.lab import Lab

__all__ = ["EnabledEvents", "lab_text"]

MAX_TAIL_COUNT = 8
MAX_LINE_LENGTH = 110
MAX_LABEL_LENGTH = 70
MAX_PROBLEM_COUNT = 3


class EnabledEvents(Sequence[Event]):
    """The events that can happen; prints as the calls that make them, one a line.

    Attributes
    ----------
    lines
        The calls, in the same order.
    """

    def __init__(self, events: Iterable[Event], lines: Iterable[str]) -> None:
        self._events = tuple(events)
        self.lines = tuple(lines)

    def __getitem__(self, index: Any) -> Any:
        return self._events[index]

    def __len__(self) -> int:
        return len(self._events)

    def __repr__(self) -> str:
        return "\n".join(self.lines) or "nothing can happen here"


def shortened(text: str, length: int = MAX_LINE_LENGTH) -> str:
    r"""Return a text on one line, with an ellipsis where it was longer.

    Examples
    --------
    >>> shortened("one two three", 8), shortened("a\nb")
    ('one two…', 'a ⏎ b')
    """
    line = one_line(text)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def lab_text(lab: Lab) -> str:
    """Return the selected run's last steps, the state, what is in flight and what is claimed."""
    configuration = lab.configuration
    lines = [f"PHASM Lab, {shortened(lab.scenario.name, 60)}: step {lab.selected.number} of {len(lab.history) - 1}"]
    lines += [*_problem_lines(lab.problems), ""]
    lines += _steps(lab)
    lines += ["", f"  state        {shortened(text_of(configuration.state.view()))}"]
    lines.append(
        f"  {shortened(lab.scenario.environment.name, 12):<12} {shortened(text_of(configuration.environment.view()))}"
    )
    lines += [f"  {name:<12} {shortened(text)}" for name, text in _wire_lines(configuration)]
    lines += _property_lines(lab)
    lines.append(f"  next         {_next_line(lab)}")
    return "\n".join(lines)


def _problem_lines(problems: Sequence[str]) -> list[str]:
    """Return what of a reopened journal did not fit any more; of many the first three."""
    more = len(problems) - MAX_PROBLEM_COUNT
    lines = [f"  {shortened(problem)}" for problem in problems[:MAX_PROBLEM_COUNT]]
    return lines + ([f"  … {more:,} more in lab.problems"] if more > 0 else [])


def _steps(lab: Lab) -> list[str]:
    path = lab.selected.path()
    lines = [f"  … {len(path) - MAX_TAIL_COUNT} steps before"] if len(path) > MAX_TAIL_COUNT else []
    for node in path[-MAX_TAIL_COUNT:]:
        mark = ">" if node is lab.selected else " "
        lines.append(f"{mark} {node.number:>4}  {shortened(step_text(node.step))}")
    return lines


def step_text(step: Any) -> str:
    """Return one step as a line: its event and how it ended."""
    if step is None:
        return "start"
    record = step.record
    ended = f" · {record.result}" if record.result else ""
    why = f": {record.refusal.text}" if record.refusal is not None else ""
    return f"{shorten_label(label(step.event), MAX_LABEL_LENGTH)}{ended}{why}"


def _wire_lines(configuration: Configuration) -> Sequence[tuple[str, str]]:
    queued = [f"{kind_of(item.action.payload)} {text_of(item.action.id)}" for item in configuration.queue]
    queued += [text_of(action.payload) for action in configuration.untracked]
    wire = [f"request {text_of(item.action.id)}" for item in configuration.requests]
    wire += [f"result {text_of(item.action.id)} {text_of(item.value)}" for item in configuration.results]
    process = "up" if configuration.up else "down"
    return [("process", process), ("queue", ", ".join(queued) or "empty"), ("wire", ", ".join(wire) or "empty")]


def _property_lines(lab: Lab) -> list[str]:
    lines = []
    for claim, judgement in zip(lab.scenario.properties, lab.judgements(), strict=True):
        if judgement.holds is None:
            word = "not judged here" if not judgement.sentence else f"could not be judged: {judgement.sentence}"
        elif claim.kind == "sometimes":
            word = "reached" if judgement.holds else "not here"
        else:
            word = "holds" if judgement.holds else "broken" + (f": {judgement.sentence}" if judgement.sentence else "")
        lines.append(f"  property     {shortened(claim.words, 60)}: {shortened(word)}")
    return lines


def _next_line(lab: Lab) -> str:
    left = sum(lab.configuration.inputs.status(index) == UNFIRED for index in range(len(lab.scenario.inputs)))
    budgets = [f"{name}={count}" for name, count in zip(FAULT_NAMES, lab.configuration.budgets, strict=True) if count]
    return f"{left} input{'' if left == 1 else 's'} left · budgets {', '.join(budgets) or 'none'} · lab.enabled lists the calls"
