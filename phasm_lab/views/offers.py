"""Making chips: an event becomes a choice with its reason, its preview, its line of Python and where it led before."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.enabled import survey
from phasm_lab.engine.events import Deliver, Event, Fire, Recover, Transition
from phasm_lab.engine.rules import obstacle
from phasm_lab.errors import PhasmLabError
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.trace.codec import canonical_json, encode_event
from phasm_lab.views.header import fault_word
from phasm_lab.views.preview import EMPTY, Look, look, preview
from phasm_lab.views.words import event_title

if TYPE_CHECKING:
    from phasm_lab.engine.transition import Attempt
    from phasm_lab.trace.history import Node
    from phasm_lab.views.facts import FactBook
    from phasm_lab.views.shapes import Chip, Group, Mark, Off, Preview

__all__ = ["Offers", "event_id", "faulted", "group", "transition_title"]

LONGEST_ID = 300


def event_id(event: Event) -> str:
    """Return a text that names an event; a digest of it where it is long."""
    text = canonical_json(encode_event(event))
    return text if len(text) <= LONGEST_ID else blake2b(text.encode(), digest_size=20).hexdigest()


def group(key: Any, title: str, note: str = "") -> Group:
    """Return an empty group of choices."""
    return {
        "key": key,
        "title": title,
        "note": note,
        "forms": [],
        "items": [],
        "ruler": [],
        "loses": [],
        "off_lead": "",
        "off": [],
    }


class Offers:
    """The choices at one step, each remembered by its id.

    Attributes
    ----------
    events
        The event of each chip, by id.
    ill_formed
        Ids of the chips that the rules allow and the user's code does not.
    """

    def __init__(self, book: FactBook, node: Node) -> None:
        self.book = book
        self.node = node
        self.scenario = book.lab.scenario
        self.configuration = node.configuration
        self.events: dict[str, Event] = {}
        self.ill_formed: set[str] = set()
        self._surveys: dict[str, Attempt | None] = {}
        self._looks: dict[str, Look] = {}

    def chip(
        self,
        event: Event,
        text: str,
        *,
        title: str,
        label: str = "",
        mark: Mark | None = None,
        reason: str = "",
        shown: Preview | None = None,
        python: str | None = None,
    ) -> Chip:
        """Return the chip of an event; what it would do is looked up unless `shown` says it."""
        name = event_id(event)
        self.events[name] = event
        reason = reason or obstacle(self.scenario, self.configuration, event)
        if not reason and shown is None:
            seen = self.look(event)
            reason = seen.problem
            if reason:
                self.ill_formed.add(name)
            shown = preview(self.book, seen) if seen.step is not None else None
        taken = self.node.child(event)
        return {
            "id": name,
            "text": text,
            "mark": mark,
            "enabled": not reason,
            "reason": reason,
            "title": title,
            "label": label or title,
            "preview": shown if shown is not None and not reason else EMPTY,
            "python": "" if reason else self.python(event) if python is None else python,
            "taken": -1 if taken is None else taken.number,
        }

    def look(self, event: Event) -> Look:
        """Return the step that an event would make here; each is made once."""
        name = event_id(event)
        if name not in self._looks:
            self._looks[name] = look(self.book, self.node, event)
        return self._looks[name]

    def python(self, event: Event) -> str:
        """Return the line of Python that makes an event here."""
        fault = getattr(event, "fault", None)
        if isinstance(event, Deliver) and fault is not None:
            clean = self.python(Deliver(event.result))
            extra = self.book.lab.python_line(self.node, Recover(fault)).removeprefix("lab.recover(")
            return f"{clean.removesuffix(')')}, {extra}"
        return self.book.lab.python_line(self.node, event)

    def survey(self, transition: Transition) -> Attempt | None:
        """Return what a transition would do, metered; each is run once. None where it cannot be run."""
        name = event_id(transition)
        if name not in self._surveys:
            try:
                self._surveys[name] = survey(self.scenario, self.configuration, transition, limits=self.book.lab.limits)
            except PhasmLabError:
                self._surveys[name] = None
        return self._surveys[name]

    def total(self, budget: str) -> int:
        """Return how many of a fault the scenario allows in one run."""
        return int(getattr(self.scenario.faults, budget))

    def used(self, budget: str) -> str:
        """Say that a budget is used up, and where: "1 of 1 used, at step 4"; "off, budget 0"."""
        total = self.total(budget)
        if not total:
            return "off, budget 0"
        return f"{total} of {total} used, {'last ' if total > 1 else ''}at step {self._last_use(budget)}"

    def why_not(self, budget: str) -> str:
        """Say which budget stands in the way, and how to raise it."""
        total = self.total(budget)
        if not total:
            return f"Faults({budget}=0)"
        word, last = fault_word(budget, total), "last " if total > 1 else ""
        where = f"used {last}at step {self._last_use(budget)}"
        return f"{total} of {total} {word} {where}: set Faults({budget}={total + 1})"

    def _last_use(self, budget: str) -> int:
        index = FAULT_NAMES.index(budget)
        for node in self.node.ancestors():
            if node.parent is not None and node.parent.configuration.budgets[index] > node.configuration.budgets[index]:
                return node.number
        return 0

    def off(self, text: str, budget: str) -> Off:
        """Return a fault that the budget does not allow, as a plain word."""
        return {"text": text, "reason": self.why_not(budget)}


def transition_title(event: Transition) -> str:
    """Return what a transition is called on its ruler."""
    return "restore" if isinstance(event, Recover) else event_title(event)


def faulted(event: Transition, fault: Any) -> Transition:
    """Return a transition with a fault in it."""
    if isinstance(event, Fire):
        return Fire(event.input, again=event.again, fault=fault)
    return Deliver(event.result, fault) if isinstance(event, Deliver) else Recover(fault)
