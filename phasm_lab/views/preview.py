"""What a choice would do: the event is taken, looked at, and nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from phasm_lab.engine.events import Deliver, Event, Fault, Fire, Perform, Recover
from phasm_lab.engine.step import Step
from phasm_lab.errors import NotEnabledError, PhasmLabError
from phasm_lab.lab.python_lines import python_value
from phasm_lab.machine.values import Untracked
from phasm_lab.trace.history import Node
from phasm_lab.trace.labels import shorten
from phasm_lab.views.differences import InFlight, changes_between
from phasm_lab.views.origins import carry
from phasm_lab.views.rows import tracked_of
from phasm_lab.views.words import action_text, message_text

if TYPE_CHECKING:
    from phasm_lab.engine.versions import Change
    from phasm_lab.views.facts import FactBook
    from phasm_lab.views.shapes import Line, Preview, PreviewLine, Sign

__all__ = ["EMPTY", "Look", "breaks", "crash_preview", "look", "note_preview", "preview", "queue_preview", "reason_of"]

MAX_LINE_COUNT = 12
LONGEST_REASON = 400

EMPTY: Preview = {"lines": [], "more": 0, "emits": "", "breaks": ""}


@dataclass
class Look:
    """A step that was made and not kept, or why it cannot be made."""

    node: Node
    step: Step | None
    problem: str = ""

    @cached_property
    def changes(self) -> list[PreviewLine]:
        """What it changes in state and environment, new and removed values before changed ones; found out once."""
        return _changes(self.node, self.step) if self.step is not None else []


def look(book: FactBook, node: Node, event: Event) -> Look:
    """Return the step that an event would make."""
    try:
        return Look(node, book.lab.history.look(node.configuration, event))
    except PhasmLabError as error:
        return Look(node, None, reason_of(error))


def reason_of(error: PhasmLabError) -> str:
    """Return why a choice cannot be made: the case where it is not possible here, all of it where code is ill-formed."""
    said = (error.case or error.asked) if isinstance(error, NotEnabledError) else str(error)
    return shorten(said, LONGEST_REASON)


def preview(book: FactBook, seen: Look) -> Preview:
    """Return what a step would change, emit and break."""
    step, node = seen.step, seen.node
    assert step is not None
    refused = _refused(step)
    lines = [refused] if refused else seen.changes or _in_flight(book, node, step)
    return {
        "lines": lines[:MAX_LINE_COUNT],
        "more": max(0, len(lines) - MAX_LINE_COUNT),
        "emits": _emits(step, changed=bool(seen.changes)),
        "breaks": breaks(book, node, step),
    }


def breaks(book: FactBook, node: Node, step: Step) -> str:
    """Name the properties and rules that a step would break."""
    names = book.broken_after(node, step)
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{shorten(names[0], 80)}{more}" if names else ""


def _refused(step: Step) -> PreviewLine | None:
    record = step.record
    if record.result not in ("rejected", "failed") or record.refusal is None:
        return None
    return _line("~", f"{record.result}: {shorten(record.refusal.text, 120)}")


def _changes(node: Node, step: Step) -> list[PreviewLine]:
    """Return the changes of state and environment, new and removed values before changed ones."""
    before, after = node.configuration, step.configuration
    changes = [
        *changes_between(before.state, after.state),
        *changes_between(before.environment, after.environment),
    ]
    return [_line(_sign(each), _change_text(each)) for each in sorted(changes, key=lambda each: each.sign == "~")]


def _sign(change: Change) -> Sign:
    return "+" if change.sign == "+" else "-" if change.sign == "-" else "~"


def _change_text(change: Change) -> str:
    path = f"{change.place}: {change.path}" if change.place else change.path
    if change.sign == "+":
        path += f"={change.new}" if change.new else ""
    elif change.sign == "~":
        path += f" {shorten(change.old, 60)}→{shorten(change.new, 60)}"
    return shorten(path, 120)


def _in_flight(book: FactBook, node: Node, step: Step) -> list[PreviewLine]:
    if isinstance(step.event, Perform):
        newest = step.configuration.results[-1]
        return [_line("+", f"{message_text(newest)} {shorten(python_value(newest.value), 80)}")]
    known = book.of(node)
    number = len(book.lab.history)
    moves = carry(known.origins, node.configuration, step.configuration, step.event, step=number, row=node.depth + 1)
    lines = InFlight(node.configuration, step, known, moves).lines()
    if any(line["sign"] != " " for line in lines):
        lines = [line for line in lines if line["sign"] != " "]
    added = [line for line in lines if line["sign"] != "-"]
    return [_line(line["sign"], _short(line)) for line in added or lines]


def _short(line: Line) -> str:
    """Return a line of the diff in the few words that a preview has room for."""
    path = line["path"]
    if line["value"].startswith("queued") or line["old"] == "queued":
        path = path[path.rindex("#") :] if "#" in path else path
    if line["old"]:
        return f"{path} {line['old']}→{line['value']}"
    return f"{path} {line['value']}".strip() if line["sign"] == "+" else path


def _emits(step: Step, *, changed: bool) -> str:
    record = step.record
    if _died(step):
        return "then the process is down"
    if record.result in ("rejected", "failed"):
        return "state unchanged"
    if not isinstance(step.event, Fire | Deliver):
        return "state unchanged"
    tracked = [action_text(action) for action in tracked_of(record)]
    shown = tracked[:2] + ([f"{len(tracked) - 2} more"] if len(tracked) > 2 else [])
    untracked = sum(type(action) is Untracked for action in record.emitted)
    parts = shown + ([f"{untracked} untracked"] if untracked else [])
    if parts:
        return f"emits {', '.join(parts)}"
    return "emits nothing" if changed else "state unchanged"


def _died(step: Step) -> bool:
    fault: Fault | None = getattr(step.event, "fault", None)
    return fault is not None and fault.is_crash


def crash_preview(fault: Fault, event: Fire | Deliver | Recover, clean: Look | None, breaks: str) -> Preview:
    """Return what a crash inside a transition leaves; `clean` is the transition without it."""
    lines: list[PreviewLine]
    if isinstance(event, Recover):
        out = f"{fault.number} handed over" if fault.kind == "after commit" else "nothing handed over"
        lines = [_line("-", "restore"), _line(" ", out)]
    elif fault.kind in ("commit unknown", "after commit") and clean is not None:
        lines = clean.changes or [_line(" ", "state unchanged")]
    else:
        lines = [_line("-", "the whole transition"), _line(" ", "state kept")]
    return {
        "lines": lines[:MAX_LINE_COUNT],
        "more": max(0, len(lines) - MAX_LINE_COUNT),
        "emits": "then the process is down",
        "breaks": breaks,
    }


def queue_preview(node: Node) -> Preview:
    """Return what a crash between two steps leaves."""
    count = len(node.configuration.queue) + len(node.configuration.untracked)
    lost = [_line("-", f"queue: {count} lost")] if count else []
    return {"lines": [*lost, _line(" ", "state kept")], "more": 0, "emits": "then the process is down", "breaks": ""}


def note_preview(text: str, emits: str = "") -> Preview:
    """Return a preview of a single remark."""
    return {"lines": [_line(" ", text)], "more": 0, "emits": emits, "breaks": ""}


def _line(sign: Sign, text: str) -> PreviewLine:
    return {"sign": sign, "text": text}
