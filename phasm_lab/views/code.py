"""The code that a step ran: the user's source with the lines that ran, found by running the transition again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.engine.events import Crash, Deliver, Fault, Fire, Perform, Recover
from phasm_lab.engine.perform import perform as perform_action
from phasm_lab.engine.transition import attempt
from phasm_lab.errors import EndlessError, PhasmLabError
from phasm_lab.interpreter.lines import LineRecorder, code_of, source_lines
from phasm_lab.machine.values import Normal, TrackedActionCompleted
from phasm_lab.trace.labels import shorten
from phasm_lab.views.rows import tracked_of
from phasm_lab.views.words import count_of, crash_point, error_text

if TYPE_CHECKING:
    from types import CodeType

    from phasm_lab.engine.step import Step
    from phasm_lab.lab.lab import Lab
    from phasm_lab.trace.history import Node
    from phasm_lab.views.shapes import Boundary, Code, CodeLine

__all__ = ["code"]

MAX_LINE_COUNT = 200
LONGEST_LINE = 400


def code(lab: Lab, node: Node) -> Code | None:
    """Return the code that the step ran, or stf with no line marked where it ran none."""
    role, function, system = _function(lab, node)
    source = code_of(function)
    if source is None:
        return _unknown(role, f"step {node.number} · {role} is not written in Python")
    recorder = LineRecorder(lab.limits, [source.co_filename])
    ran = node.step is not None and _run_again(lab, node, node.step, recorder)
    lines = _lines(source, recorder)
    if not lines:
        return _unknown(role, f"step {node.number} · the source of {role} cannot be read", source.co_filename)
    if ran and node.step is not None:
        _mark_now(lines, source.co_filename, node.step, recorder)
    note = f"step {node.number}{f' · the {system}' if system else ''}" if ran else _ran_nothing(node)
    return {
        "name": role,
        "note": note,
        "file": shorten(source.co_filename, LONGEST_LINE),
        "lines": lines,
        "boundary": _boundary(node.step) if ran and node.step is not None else None,
    }


def _unknown(role: str, note: str, file: str = "") -> Code:
    return {"name": role, "note": note, "file": file, "lines": [], "boundary": None}


def _ran_nothing(node: Node) -> str:
    if not node.configuration.up and node.step is not None and isinstance(node.step.event, Crash):
        return "the process is down: no code runs"
    return f"step {node.number} ran no code"


def _function(lab: Lab, node: Node) -> tuple[str, Any, str]:
    """Return role, function and, for a perform, the name of the outside system."""
    event = node.step.event if node.step is not None else None
    if isinstance(event, Recover):
        return "restore", lab.scenario.machine.restore, ""
    environment = lab.scenario.environment
    if isinstance(event, Perform) and environment.perform is not None:
        return "perform", environment.perform, environment.system_of(event.request.action.payload)
    return "stf", lab.scenario.machine.stf, ""


def _run_again(lab: Lab, node: Node, step: Step, recorder: LineRecorder) -> bool:
    """Run the step's code again and take it back; tell whether there was any."""
    assert node.parent is not None
    before, event = node.parent.configuration, step.event
    fault: Fault | None = getattr(event, "fault", None)
    if fault is not None and fault.kind == "before accept":
        return False
    try:
        if isinstance(event, Perform):
            if lab.scenario.environment.perform is None:
                return False
            perform_action(lab.scenario, before, event, recorder, keep=False)
        elif isinstance(event, Recover):
            attempt("restore", lab.scenario.machine.restore, before.state, (), recorder, fault=fault, keep=False)
        elif isinstance(event, Fire | Deliver):
            attempt("stf", lab.scenario.machine.stf, before.state, (_input(event),), recorder, fault=fault, keep=False)
        else:
            return False
    except (PhasmLabError, EndlessError):
        return bool(recorder.ran)
    return True


def _input(event: Fire | Deliver) -> Normal | TrackedActionCompleted:
    if isinstance(event, Fire):
        return Normal(event.input)
    return TrackedActionCompleted(event.result.action.id, event.result.value)


def _lines(source: CodeType, recorder: LineRecorder) -> list[CodeLine]:
    """Return the function's source, and that of the functions of its file that it called."""
    found: dict[int, CodeLine] = {}
    for each in [source, *recorder.ran]:
        if each.co_firstlineno in found or (each is not source and each.co_name.startswith("<")):
            continue
        for number, text in source_lines(each):
            found.setdefault(number, _line(number, text))
        if len(found) > MAX_LINE_COUNT:
            break
    for ran in recorder.ran.values():
        for number in [ran.code.co_firstlineno, *ran.lines]:
            if number in found:
                found[number]["ran"] = True
        for number, note in ran.notes.items():
            if number in found:
                found[number]["note"] = shorten(note, 120)
    return list(found.values())[:MAX_LINE_COUNT]


def _line(number: int, text: str) -> CodeLine:
    return {"number": number, "text": shorten(text, LONGEST_LINE), "ran": False, "now": False, "note": ""}


def _mark_now(lines: list[CodeLine], file: str, step: Step, recorder: LineRecorder) -> None:
    """Mark the line that the step is about: where it died, where it raised, or the last that ran."""
    record = step.record
    wanted, note = recorder.last[1], ""
    if record.access is not None and record.result == "down" and record.access.file == file:
        wanted, note = record.access.line, f"the process dies here: {record.access}"
    elif record.refusal is not None:
        frames = [frame for frame in record.refusal.frames if frame.file == file]
        wanted, note = (frames[-1].line if frames else wanted), record.refusal.text
    elif record.access is not None and record.access.file == file:
        note = f"{record.access} fails"
    for each in lines:
        if each["number"] == wanted:
            each["now"] = True
            each["note"] = shorten(note, 160) or each["note"]


def _boundary(step: Step) -> Boundary | None:
    fault: Fault | None = getattr(step.event, "fault", None)
    record = step.record
    if isinstance(step.event, Perform):
        return None
    is_restore = isinstance(step.event, Recover)
    if record.result in ("rejected", "failed"):
        return _refused(step, fault)
    if fault is not None and fault.is_crash:
        role = "restore" if is_restore else "stf"
        point = crash_point(fault, role, len(tracked_of(record)))
        survives = fault.kind in ("commit unknown", "after commit") and not is_restore
        return {"mark": "crash", "text": f"crash {point}, {'the commit is durable' if survives else 'state unchanged'}"}
    handed = count_of(len(record.emitted), "action") + " handed over" if record.emitted else "nothing to hand over"
    if is_restore:
        return {"mark": "recover", "text": f"restore returned, {handed}"}
    return {"mark": "commit", "text": f"commit, {'then ' if record.emitted else ''}{handed}"}


def _refused(step: Step, fault: Fault | None) -> Boundary:
    record = step.record
    kept = "the process stays down" if isinstance(step.event, Recover) else "state unchanged"
    if fault is not None and fault.kind == "commit fails":
        return {"mark": "storage", "text": f"the commit fails, {kept}"}
    frames = record.refusal.frames if record.refusal is not None else ()
    place = f" at line {frames[-1].line}" if frames else ""
    lead = f"{error_text(fault)}, " if fault is not None else ""
    return {"mark": "storage" if fault is not None else "rejected", "text": f"{lead}rejected{place}, {kept}"}
