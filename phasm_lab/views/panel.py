"""One step in detail: what it changed, the whole configuration after it, and the code that ran."""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING

from phasm_lab.engine.events import (
    Crash,
    Delay,
    Deliver,
    Dispatch,
    Duplicate,
    Fault,
    Fire,
    Lose,
    Perform,
    Recover,
)
from phasm_lab.lab.python_lines import python_value
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.machine.values import Untracked
from phasm_lab.trace.labels import shorten
from phasm_lab.trace.listing import leaves
from phasm_lab.views.code import code
from phasm_lab.views.differences import LONGEST_VALUE, InFlight, change_line, changes_between
from phasm_lab.views.origins import Moves
from phasm_lab.views.rows import tracked_of
from phasm_lab.views.words import action_text, bare, crash_point, error_text, event_title, id_text, ordinal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phasm_lab.checks.obligations import Breach
    from phasm_lab.engine.step import Step
    from phasm_lab.engine.versions import Change, Version
    from phasm_lab.lab.judgements import Judgement
    from phasm_lab.trace.history import Node
    from phasm_lab.views.facts import FactBook, Facts
    from phasm_lab.views.shapes import FullItem, FullSection, Line, Panel, PropertyLine, Section

__all__ = ["panel", "step_title"]

MAX_LINE_COUNT = 60
MAX_ITEM_COUNT = 100
MAX_LEAF_COUNT = 3
DURABLE, OUTSIDE = "durable", "outside"


def panel(book: FactBook, node: Node) -> Panel:
    """Return the panel of a step."""
    facts = book.of(node)
    changed = _changed(node)
    bad = _culprit(facts, changed)
    return {
        "title": f"{node.number} · {step_title(node)}",
        "subtitle": _subtitle(book, node),
        "sections": _start_sections(book, node) if node.step is None else _sections(book, node, changed, bad),
        "properties": _properties(book, node) + _rules(book, node),
        "full": _full(book, node),
        "code": code(book.lab, node),
    }


def step_title(node: Node) -> str:
    """Return what happened in a step, as a title."""
    if node.step is None:
        return "start"
    return event_title(node.step.event, node.step.record.value)


def _subtitle(book: FactBook, node: Node) -> str:  # noqa: C901 - one arm for each kind of event
    step = node.step
    if step is None or node.parent is None:
        return "the initial state, before anything"
    row = book.of(node).row
    match step.event:
        case Fire(fault=fault):
            parts = [_ended(step, fault), *([] if row["declared"] else ["not in the scenario"])]
            return " · ".join(filter(None, parts))
        case Deliver() as event:
            return _delivered(step, event, book.of(node))
        case Recover(fault=fault):
            return _recovered(step, fault, book.of(node).emitted_before)
        case Dispatch(action=Untracked()):
            return "handed over, nothing comes back"
        case Dispatch():
            count = book.of(node).repeats
            return f"the {ordinal(count)} request for the same id" if count > 1 else "the request leaves the process"
        case Perform(request=request):
            system = book.lab.scenario.environment.system_of(request.action.payload)
            count = book.of(node).repeats
            return f"by the {shorten(system, 60)}" + (f", for the {ordinal(count)} time" if count > 1 else "")
        case Crash():
            return _where(step, node)
        case Lose(message=Fire()):
            return "the input never reaches the machine"
        case Lose():
            again = len(step.configuration.queue) > len(node.parent.configuration.queue)
            return "lost on the wire" + (", queued again by the executor" if again else "")
        case Duplicate():
            return "the wire makes a second copy"
        case Delay():
            return "sent again while the first is under way"
    raise AssertionError(step.event)


def _delivered(step: Step, event: Deliver, facts: Facts) -> str:
    if event.probe:
        parts = ["a probe, on no wire", _ended(step, None), f"breaks {facts.breach}" if facts.breach else ""]
        return " · ".join(filter(None, parts))
    sent = facts.row["late"]
    late = f"late: sent at {sent}, before the crash" if sent >= 0 else ""
    return " · ".join(filter(None, [late, _ended(step, event.fault)]))


def _where(step: Step, node: Node) -> str:
    assert isinstance(step.event, Crash)
    assert node.parent is not None
    before = node.parent.configuration
    if before.results and len(step.event.lose) and not step.configuration.results:
        return "performed, no result yet"
    if before.results:
        return "result on the wire"
    return "request on the wire" if before.requests else "between two steps"


def _ended(step: Step, fault: Fault | None) -> str:
    record = step.record
    tracked = tracked_of(record)
    if record.result in ("rejected", "failed"):
        lead = f"{error_text(fault)}, " if fault is not None else ""
        assert record.refusal is not None
        return f"{lead}rejected: {shorten(record.refusal.text, 160)}"
    if fault is not None and fault.is_crash:
        access = f": {record.access}" if record.access is not None else ""
        return shorten(f"crash {crash_point(fault, 'stf', len(tracked))}{access}", 160)
    untracked = len(record.emitted) - len(tracked)
    counts = [f"{len(tracked)} tracked"] * bool(tracked) + [f"{untracked} untracked"] * bool(untracked)
    swallowed = f" although {error_text(fault)}" if fault is not None else ""
    return " · ".join([f"committed{swallowed}", *([", ".join(counts)] if counts else [])])


def _recovered(step: Step, fault: Fault | None, before: Sequence[tuple[int, bool]]) -> str:
    record = step.record
    tracked = tracked_of(record)
    if record.result in ("rejected", "failed"):
        assert record.refusal is not None
        return f"restore failed: {shorten(record.refusal.text, 160)}"
    if fault is not None and fault.is_crash:
        return f"crash {crash_point(fault, 'restore', len(tracked))}"
    if not tracked:
        return "restore emits nothing"
    more = f" and {len(tracked) - 1} more" if len(tracked) > 1 else ""
    first, differs = before[0]
    again = f": asks about {id_text(tracked[0].id)}, from {first}" if differs else " again" if first >= 0 else ""
    return f"restore emits {action_text(tracked[0])}{more}{again}"


def _changed(node: Node) -> tuple[Sequence[Change], Sequence[Change]]:
    """Return what the step changed in the state and in the environment."""
    if node.parent is None:
        return (), ()
    before, after = node.parent.configuration, node.configuration
    return changes_between(before.state, after.state), changes_between(before.environment, after.environment)


def _culprit(facts: Facts, changed: tuple[Sequence[Change], Sequence[Change]]) -> Change | None:
    """Return the one value that broke a property, where only one was changed."""
    both = [*changed[0], *changed[1]]
    return both[0] if facts.row["own"] == 2 and len(both) == 1 else None


def _sections(
    book: FactBook, node: Node, changed: tuple[Sequence[Change], Sequence[Change]], bad: Change | None
) -> list[Section]:
    assert node.parent is not None
    assert node.step is not None
    environment = book.lab.scenario.environment.name
    sections = _changed_sections("state", DURABLE, changed[0], bad) or [
        _same("state", _kept_state(book, node.step, node), DURABLE)
    ]
    sections += _changed_sections(environment, OUTSIDE, changed[1], bad) or [
        _same(environment, _kept("unchanged", node.step, node.configuration.environment), OUTSIDE)
    ]
    lines = InFlight(node.parent.configuration, node.step, book.of(node.parent), _moves(book, node)).lines()
    return [*sections, _section("in flight", lines) if lines else _same("in flight", "unchanged")]


def _moves(book: FactBook, node: Node) -> Moves:
    facts = book.of(node)
    return Moves(facts.origins, facts.begun, facts.ended)


def _changed_sections(title: str, note: str, changes: Sequence[Change], bad: Change | None) -> list[Section]:
    by_place = groupby(sorted(changes, key=lambda change: change.place), key=lambda change: change.place)
    return [
        _section(shorten(place, 60) or title, [change_line(change, bad=change is bad) for change in group], note)
        for place, group in by_place
    ]


def _section(title: str, lines: list[Line], note: str = "") -> Section:
    return {
        "title": title,
        "note": note,
        "unchanged": "",
        "lines": lines[:MAX_LINE_COUNT],
        "more": max(0, len(lines) - MAX_LINE_COUNT),
    }


def _same(title: str, sentence: str, note: str = "") -> Section:
    return {"title": title, "note": note, "unchanged": sentence, "lines": [], "more": 0}


def _kept_state(book: FactBook, step: Step, node: Node) -> str:
    if book.of(node).wrote:
        return "unchanged: what restore wrote was taken back"
    if isinstance(step.event, Recover):
        return "unchanged: restore only reads"
    if step.record.result == "rejected":
        return "unchanged: the transition was rejected"
    if step.record.result == "failed":
        return "unchanged: the transition was rolled back"
    return _kept("unchanged", step, node.configuration.state)


def _kept(word: str, step: Step, version: Version) -> str:
    """Say that a part is unchanged; where the process died, with the first values that survived."""
    fault = getattr(step.event, "fault", None)
    if not isinstance(step.event, Crash) and not (fault is not None and fault.is_crash):
        return word
    found = list(leaves(version.listing()))
    if not found:
        return word
    more = f", and {len(found) - MAX_LEAF_COUNT} more" if len(found) > MAX_LEAF_COUNT else ""
    shown = ", ".join(f"{shorten(path, 60)} {shorten(value, 60)}" for path, value in found[:MAX_LEAF_COUNT])
    return f"{word}: {shown}{more}"


def _start_sections(book: FactBook, node: Node) -> list[Section]:
    parts = (
        ("state", DURABLE, node.configuration.state),
        (book.lab.scenario.environment.name, OUTSIDE, node.configuration.environment),
    )
    sections: list[Section] = []
    for title, note, version in parts:
        by_place = groupby(version.listing(), key=lambda entry: entry[0])
        for place, entries in by_place:
            lines = [_start_line(depth, key, value) for _, _, depth, key, value in entries]
            sections.append(_section(shorten(place, 60) or title, lines, note))
    return sections


def _start_line(depth: int, key: str, value: str) -> Line:
    return {
        "sign": " ",
        "path": "  " * depth + shorten(key, 60),
        "old": "",
        "value": shorten(value, LONGEST_VALUE),
        "bad": False,
    }


def _properties(book: FactBook, node: Node) -> list[PropertyLine]:
    facts = book.of(node)
    found: list[PropertyLine] = []
    for index, (claim, judgement) in enumerate(
        zip(book.lab.scenario.properties, book.lab.judgements(node), strict=True)
    ):
        state: str = "not judged"
        if claim.kind == "sometimes" and (index in facts.reached or judgement.holds is not None):
            state = "reached" if index in facts.reached else "not reached"
        elif judgement.holds is not None:
            state = "holds" if judgement.holds else "broken"
        since = facts.since[index] if state == "broken" else -1
        sentence = (
            _sentence(book, node, judgement, since) if claim.kind != "sometimes" or judgement.holds is None else ""
        )
        found.append(
            {
                "name": shorten(claim.name, 80),
                "kind": claim.kind,
                "state": state,  # type: ignore[typeddict-item]
                "sentence": sentence,
                "since": since,
            }
        )
    return found


def _rules(book: FactBook, node: Node) -> list[PropertyLine]:
    """Return the rules that are broken here."""
    return [
        {
            "name": breach.slug,
            "kind": "rule",
            "state": "broken",
            "sentence": shorten(breach.message, 300),
            "since": _broken_since(book, node, breach),
        }
        for breach in book.of(node).rules
    ]


def _broken_since(book: FactBook, node: Node, breach: Breach) -> int:
    while node.parent is not None and breach in book.of(node.parent).rules:
        node = node.parent
    return node.number


def _sentence(book: FactBook, node: Node, judgement: Judgement, since: int) -> str:
    """Say why a property is broken: its own sentence, or the change that broke it."""
    if judgement.sentence or since < 0:
        return shorten(judgement.sentence, 300)
    first = book.lab.history.nodes[since]
    facts = book.of(first)
    culprit = _culprit(facts, _changed(first)) if first is node else None
    said = [_changed_words(culprit)] if culprit is not None else []
    twin = facts.row["twin"]
    if twin >= 0:
        earlier = next(other for other in first.ancestors() if other.depth == twin)
        said.append(f"performed at {earlier.number} and {first.number}")
    return ", ".join(said)


def _changed_words(change: Change) -> str:
    values = (
        f" {change.old} → {change.new}" if change.sign == "~" else f" is {change.new}" if change.new else " removed"
    )
    return shorten(f"{change.path}{values}", 160)


def _full(book: FactBook, node: Node) -> list[FullSection]:
    configuration, scenario = node.configuration, book.lab.scenario
    found = _listed("state", DURABLE, configuration.state)
    found += _listed(scenario.environment.name, OUTSIDE, configuration.environment)
    queue = [_item(0, action_text(item.action), "again" if item.restored else "") for item in configuration.queue]
    queue += [_item(0, shorten(bare(action.payload), 80), "untracked") for action in configuration.untracked]
    origins = book.of(node).origins
    wire = [_item(0, "request", id_text(request.action.id)) for request in configuration.requests]
    wire += [
        _item(0, "result", f"{id_text(result.action.id)} {python_value(result.value)}, from {origin.step}")
        for result, origin in zip(configuration.results, origins.results, strict=True)
    ]
    found += [_full_section("queue", "memory", queue), _full_section("wire", "outside", wire)]
    budgets = zip(FAULT_NAMES, configuration.budgets, strict=True)
    left = [_item(0, name, f"{count:,}") for name, count in budgets if getattr(scenario.faults, name)]
    return [*found, _full_section("budget left", "", left)] if left else found


def _listed(title: str, where: str, version: Version) -> list[FullSection]:
    sections = []
    for (place, note), entries in groupby(version.listing(), key=lambda entry: entry[:2]):
        items = [_item(depth, key, value) for _, _, depth, key, value in islice(entries, MAX_ITEM_COUNT)]
        words = " · ".join(filter(None, [shorten(note, 60), where]))
        section = _full_section(shorten(place, 60) or title, words, items)
        section["more"] = sum(1 for _ in entries)
        sections.append(section)
    return sections or [_full_section(title, where, [])]


def _item(depth: int, key: str, value: str) -> FullItem:
    return {"depth": depth, "key": shorten(key, 80), "value": shorten(value, LONGEST_VALUE), "bad": False}


def _full_section(title: str, note: str, items: list[FullItem]) -> FullSection:
    return {"title": title, "note": note, "items": items[:MAX_ITEM_COUNT], "more": max(0, len(items) - MAX_ITEM_COUNT)}
