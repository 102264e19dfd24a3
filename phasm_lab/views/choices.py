"""What can happen next, in five groups that never move; what cannot is a plain word with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.engine.configuration import UNFIRED
from phasm_lab.engine.enabled import answered_inputs, distinct, outcomes
from phasm_lab.engine.events import Delay, Deliver, Dispatch, Duplicate, Event, Fire, Lose, Perform, Request, Result
from phasm_lab.engine.rules import obstacle
from phasm_lab.errors import PhasmLabError
from phasm_lab.views.forms import form_fields, form_type
from phasm_lab.views.offers import Offers, group
from phasm_lab.views.preview import note_preview, reason_of
from phasm_lab.views.rulers import crash_group
from phasm_lab.views.storage import storage_group
from phasm_lab.views.words import bare, id_text, message_text, untracked_text

if TYPE_CHECKING:
    from phasm_lab.trace.history import Node
    from phasm_lab.views.facts import FactBook
    from phasm_lab.views.shapes import Chip, Choices, Form, Group, Item

__all__ = ["choices"]

MAX_ITEM_COUNT = 16
"""Things in flight that get chips; what is behind them comes up as they go."""


def choices(book: FactBook, node: Node) -> tuple[Choices, dict[str, Event]]:
    """Return the choices at a step, and the event of each chip by its id."""
    offers = Offers(book, node)
    groups = [_inputs(offers), _in_flight(offers), _results(offers), crash_group(offers), storage_group(offers)]
    for each in groups:
        each["note"] = each["note"] or _ill_formed(offers, each)
    newest = book.lab.tip.number
    note = f"at step {node.number}" if node.number == newest else f"at step {node.number} of {newest}"
    made: Choices = {"note": note, "empty": "Nothing can happen here: quiescent.", "groups": groups}
    return made, offers.events


def _ill_formed(offers: Offers, made: Group) -> str:
    """Return why a choice of a group cannot be made although the rules allow it; "" where all can."""
    chips = [form["chip"] for form in made["forms"]] + [chip for item in made["items"] for chip in item["chips"]]
    return next((chip["reason"] for chip in chips if chip["id"] in offers.ill_formed), "")


def _inputs(offers: Offers) -> Group:
    scenario, configuration = offers.scenario, offers.configuration
    if not scenario.inputs:
        return group("inputs", "Inputs", "the scenario has none")
    left = [value for i, value in enumerate(scenario.inputs) if configuration.inputs.status(i) == UNFIRED]
    candidates = distinct(left if scenario.order == "any" else left[:1])
    shown = _first_of_each_type(candidates) or [scenario.inputs[-1]]
    made = group("inputs", "Inputs", _inputs_note(offers, shown, len(left)))
    made["forms"] = [_form(offers, value) for value in shown]
    others = [value for value in candidates if not any(value is other for other in shown)]
    more = [offers.chip(Fire(v), bare(v), title=bare(v), label=f"fire {bare(v)}", mark="input") for v in others]
    made["items"] = [{"note": "", "chips": more}] if more else []
    _add_input_faults(offers, made, candidates)
    return made


def _inputs_note(offers: Offers, shown: list[Any], left: int) -> str:
    kinds = ", ".join(form_type(value) for value in shown)
    if not offers.configuration.up:
        return f"{kinds} · recover first"
    order = ", in order" if offers.scenario.order == "given" else ", in any order"
    return f"{kinds} · {left} of {len(offers.scenario.inputs)} left{order if left else ''}"


def _first_of_each_type(values: list[Any]) -> list[Any]:
    return list({value.__class__: value for value in reversed(values)}.values())[::-1]


def _form(offers: Offers, value: Any) -> Form:
    event, title = Fire(value), bare(value)
    problem = obstacle(offers.scenario, offers.configuration, event)
    used = problem and offers.configuration.up
    said, todo = "was fired already", "change a value to fire another"
    reason = f"{title} {said}; {todo}" if used else problem
    chip = offers.chip(event, "fire", title=title, label=f"fire {title}", mark="input", reason=reason)
    if used:
        chip["preview"] = note_preview(said, todo)
    editable = chip["enabled"] or bool(used)
    return {"type": form_type(value), "fields": form_fields(value), "editable": editable, "chip": chip}


def _add_input_faults(offers: Offers, made: Group, candidates: list[Any]) -> None:
    if offers.configuration.budget("duplicated_inputs"):
        again = [Fire(v, again=True) for v in answered_inputs(offers.scenario, offers.configuration)]
        chips = [
            offers.chip(event, f"again {bare(event.input)}", title=f"{bare(event.input)}, sent again", mark="input")
            for event in again[:MAX_ITEM_COUNT]
        ]
        if chips:
            made["items"].append({"note": "the client sends it again", "chips": chips})
    elif offers.total("duplicated_inputs"):
        made["off"].append(offers.off("send again", "duplicated_inputs"))
    if offers.configuration.budget("lost_inputs"):
        chips = [_fault_chip(offers, Lose(Fire(v)), f"lose {bare(v)}") for v in candidates]
        if chips:
            made["items"].append({"note": "it never arrives", "chips": chips})
    elif offers.total("lost_inputs"):
        made["off"].append(offers.off("lose", "lost_inputs"))
    made["off_lead"] = "used:" if made["off"] else ""


def _in_flight(offers: Offers) -> Group:
    configuration = offers.configuration
    made = group("in_flight", "In flight", _in_flight_note(offers))
    made["items"] = _queued(offers) + _requests(offers) + _untracked(offers)
    if configuration.requests:
        _add_wire_faults(offers, made, distinct(configuration.requests))
    return made


def _in_flight_note(offers: Offers) -> str:
    configuration = offers.configuration
    if configuration.requests:
        tags = [id_text(request.action.id) for request in distinct(configuration.requests)]
        more = f" and {len(tags) - 3} more" if len(tags) > 3 else ""
        verb = "request {} is" if len(tags) == 1 else "requests {} are"
        return verb.format(" ".join(tags[:3]) + more) + " on the wire"
    if configuration.queue or configuration.untracked:
        return ""
    return "nothing queued or sent" if configuration.up else "the queue died"


def _queued(offers: Offers) -> list[Item]:
    items: list[Item] = []
    seen: set[str] = set()
    origins = offers.book.of(offers.node).origins.queue
    for queued, origin in zip(offers.configuration.queue[:MAX_ITEM_COUNT], origins, strict=False):
        tag = id_text(queued.action.id)
        event = Dispatch(queued.action, queued.life)
        chip = offers.chip(
            event, f"dispatch {tag}", title=f"dispatch {tag}", label=f"dispatch request {tag[1:]}", mark="tracked"
        )
        if chip["id"] not in seen:
            seen.add(chip["id"])
            items.append({"note": f"again, from {origin.step}" if queued.restored else "queued", "chips": [chip]})
    return items


def _untracked(offers: Offers) -> list[Item]:
    items: list[Item] = []
    for action in distinct(offers.configuration.untracked)[:MAX_ITEM_COUNT]:
        text = untracked_text(action.payload)
        chip = offers.chip(
            Dispatch(action, offers.configuration.life), "dispatch", title=f"dispatch {text}", mark="untracked"
        )
        items.append({"note": f"{text}, queued", "chips": [chip]})
    return items


def _requests(offers: Offers) -> list[Item]:
    items: list[Item] = []
    for request in distinct(offers.configuration.requests)[:MAX_ITEM_COUNT]:
        late = "late, " if request.life < offers.configuration.life else ""
        index = next(i for i, other in enumerate(offers.configuration.requests) if other is request or other == request)
        origin = offers.book.of(offers.node).origins.requests[index].step
        note = f"{late}from {origin}" if late or len(offers.configuration.requests) > 1 else ""
        items.append({"note": note, "chips": _performs(offers, request)})
    return items


def _performs(offers: Offers, request: Request) -> list[Chip]:
    tag = id_text(request.action.id)
    try:
        ways = outcomes(offers.scenario, offers.configuration, request, limits=offers.book.lab.limits)
    except PhasmLabError as error:
        reason = reason_of(error)
        return [offers.chip(Perform(request), f"{tag} perform", title=f"perform {tag}", mark="tracked", reason=reason)]
    texts = [bare(value, 40) for _, value in ways]
    chips = []
    for order, ((taken, value), text) in enumerate(zip(ways[:MAX_ITEM_COUNT], texts, strict=False)):
        if texts.count(text) > 1:
            text = f"{text} by {', '.join(bare(each, 20) for each in taken)}"  # noqa: PLW2901 - told apart by the choice
        chips.append(
            offers.chip(
                Perform(request, taken),
                text if order else f"{tag} {text}",
                title=f"perform {tag}, {bare(value)}",
                label=f"perform request {tag[1:]}, {bare(value)}",
                mark=None if order else "tracked",
            )
        )
    return chips


def _results(offers: Offers) -> Group:
    configuration = offers.configuration
    results = configuration.results
    note = "" if configuration.up else "wait on the wire"
    made = group("results", "Results", note if results else "none on the wire")
    origins = offers.book.of(offers.node).origins.results
    seen: set[str] = set()
    for result, origin in zip(results[:MAX_ITEM_COUNT], origins, strict=False):
        chip = _deliver(offers, result, origin.step)
        if chip["id"] not in seen:
            seen.add(chip["id"])
            late = "late, " if result.life < configuration.life else ""
            made["items"].append({"note": f"{late}from {origin.step}", "chips": [chip]})
    if results:
        _add_wire_faults(offers, made, distinct(results))
    return made


def _deliver(offers: Offers, result: Result, step: int) -> Chip:
    tag = id_text(result.action.id)
    late = "late, " if result.life < offers.configuration.life else ""
    return offers.chip(
        Deliver(result),
        f"deliver {tag}",
        title=f"deliver {tag}, {bare(result.value)}, from {step}",
        label=f"deliver result {tag[1:]}, {late}from step {step}",
        mark="tracked",
    )


def _add_wire_faults(offers: Offers, made: Group, messages: list[Request] | list[Result]) -> None:
    """Add what the wire and the executor may do wrong: chips where the budget allows, plain words otherwise."""
    stage = "requests" if isinstance(messages[0], Request) else "results"
    kinds: list[tuple[str, str, Any]] = [("lose", "lost", Lose), ("duplicate", "duplicated", Duplicate)]
    kinds += [("delay", "delayed", Delay)] if stage == "requests" else []
    chips: list[Chip] = []
    for verb, participle, make in kinds:
        budget = f"{participle}_{stage}"
        if not offers.configuration.budget(budget):
            made["off"].append(offers.off(verb, budget))
            continue
        chips += [
            _fault_chip(offers, make(message), f"{verb} {id_text(message.action.id)}", message)
            for message in messages[:MAX_ITEM_COUNT]
        ]
    if stage == "results" and not offers.configuration.budget("reordered_results"):
        made["off"].append(offers.off("reorder", "reordered_results"))
    enabled = [chip for chip in chips if chip["enabled"]]
    made["off"] += [{"text": chip["text"], "reason": chip["reason"]} for chip in chips if not chip["enabled"]]
    if enabled:
        made["items"].append({"note": "", "chips": enabled})
    made["off_lead"] = "off:" if made["off"] else ""


def _fault_chip(offers: Offers, event: Event, text: str, message: Request | Result | None = None) -> Chip:
    title = text if message is None else f"{text.split(' ', maxsplit=1)[0]} {message_text(message)}"
    return offers.chip(event, text, title=title, mark="storage")
