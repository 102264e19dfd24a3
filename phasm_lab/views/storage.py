"""The storage group: accesses, adds and commits that can be made to fail in the transitions that could run next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.engine.enabled import error_points
from phasm_lab.engine.rules import obstacle
from phasm_lab.views.header import fault_word
from phasm_lab.views.offers import Offers, faulted, group, transition_title
from phasm_lab.views.rulers import access_words, next_transitions
from phasm_lab.views.words import error_text

if TYPE_CHECKING:
    from phasm_lab.engine.events import Fault, Transition
    from phasm_lab.engine.transition import Attempt
    from phasm_lab.views.shapes import Chip, Group, Off

__all__ = ["storage_group"]

BUDGETS = {"access fails": "access_errors", "add fails": "add_errors", "commit fails": "commit_failures"}
MAX_WORD_COUNT = 4


def storage_group(offers: Offers) -> Group:
    """Return the storage group."""
    made = group("storage", "Storage", _note(offers))
    for transition in next_transitions(offers):
        attempted = offers.survey(transition)
        chips = _chips(offers, transition, attempted) if attempted is not None else []
        if chips:
            made["items"].append({"note": f"in {transition_title(transition)}", "chips": chips})
    made["off"] = _off(offers)
    if made["items"] and made["off"]:
        made["off_lead"] = "off:"
    return made


def _note(offers: Offers) -> str:
    left = [(name, offers.configuration.budget(name)) for name in (*BUDGETS.values(), "unknown_commits")]
    shown = [f"{count:,} {fault_word(name, count)} left" for name, count in left if count]
    if shown:
        return " · ".join(shown)
    return "used up" if any(offers.total(name) for name, _ in left) else "off, budget 0"


def _chips(offers: Offers, transition: Transition, attempted: Attempt) -> list[Chip]:
    points = [
        point
        for point in error_points(attempted, transition)
        if not obstacle(offers.scenario, offers.configuration, faulted(transition, point))
    ]
    return [_chip(offers, transition, attempted, point) for point in points]


def _chip(offers: Offers, transition: Transition, attempted: Attempt, fault: Fault) -> Chip:
    words = error_text(fault)
    where = f": {access_words(attempted.accesses[fault.number - 1])}" if fault.kind == "access fails" else ""
    title = f"{transition_title(transition)}: {words}{where}"
    text = words.replace(" fails, and all after it", " and all after fail")
    return offers.chip(faulted(transition, fault), text, title=title, mark="storage")


def _off(offers: Offers) -> list[Off]:
    """Return what the budgets do not allow, in the words of the transition that could run next."""
    nearest = next_transitions(offers)[:1]
    attempted = offers.survey(nearest[0]) if nearest else None
    adds = min(attempted.add_count, MAX_WORD_COUNT) if attempted is not None else 0
    words = {
        "access fails": ["access fails"],
        "add fails": [f"add {n + 1} fails" for n in range(adds)] or ["add fails"],
    }
    return [
        offers.off(word, budget)
        for kind, budget in BUDGETS.items()
        if not offers.configuration.budget(budget)
        for word in words.get(kind, [kind])
    ]
