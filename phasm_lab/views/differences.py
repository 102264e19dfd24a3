"""What a step changed, as lines: in the state, in the environment, and in flight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phasm_lab.engine.configuration import Configuration
from phasm_lab.engine.events import Crash, Delay, Deliver, Dispatch, Duplicate, Lose, Perform, Request, Result
from phasm_lab.engine.step import Step
from phasm_lab.lab.python_lines import python_value
from phasm_lab.machine.data import same
from phasm_lab.machine.values import Untracked
from phasm_lab.trace.labels import shorten
from phasm_lab.views.facts import Facts
from phasm_lab.views.origins import Moves, Opened
from phasm_lab.views.rows import lost_texts
from phasm_lab.views.words import action_text, message_text, untracked_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phasm_lab.engine.versions import Change, Version
    from phasm_lab.views.shapes import Line, Sign

__all__ = ["LONGEST_VALUE", "InFlight", "change_line", "changes_between", "line"]

LONGEST_VALUE = 200


def changes_between(before: Version, after: Version) -> Sequence[Change]:
    """Return what a step changed in a state: nothing where it kept the version."""
    if before is after:
        return ()
    after.view()  # brings the state there, so that what was written is listed in the order of writing
    return after.changes()


def change_line(change: Change, *, bad: bool = False) -> Line:
    """Return a change as a line of the diff."""
    sign: Sign = "+" if change.sign == "+" else "-" if change.sign == "-" else "~"
    value = change.old if sign == "-" else change.new
    return {
        "sign": sign,
        "path": shorten(change.path, LONGEST_VALUE),
        "old": shorten(change.old, LONGEST_VALUE) if sign == "~" else "",
        "value": shorten(value, LONGEST_VALUE),
        "bad": bad,
    }


def line(sign: Sign, path: str, value: str = "", old: str = "") -> Line:
    """Return one line of the diff."""
    return {"sign": sign, "path": path, "old": old, "value": value, "bad": False}


@dataclass(frozen=True, slots=True)
class InFlight:
    """What a step did to what is in flight.

    Attributes
    ----------
    known
        The facts of the step before.
    moves
        Where what is in flight after it comes from.
    """

    before: Configuration
    step: Step
    known: Facts
    moves: Moves

    def lines(self) -> list[Line]:
        """Return the lines of the diff: what went, what came, and what stays that should not be forgotten."""
        event, after = self.step.event, self.step.configuration
        if isinstance(event, Dispatch):
            return self._dispatched(event) + self._late()
        if isinstance(event, Perform):
            stayed = [self._stays(pair) for pair in self._results() if pair[1] not in self.moves.begun]
            return [line("-", message_text(event.request)), self._performed(), *stayed]
        if (
            isinstance(event, Deliver)
            and len(after.results) < len(self.before.results)
            and self.step.record.result != "down"
        ):
            gone = line("-", message_text(event.result), self.came_from(event))
            return [gone, *self._came(), *self._late()]
        if isinstance(event, Lose | Duplicate | Delay):
            return self._mischief(event) + self._came()
        if self._died():
            return [
                *self._lost(),
                *self._sent(),
                *(line(" ", message_text(m), "survives") for m in self._wire_before()),
            ]
        return self._came() + self._late()

    def came_from(self, event: Deliver) -> str:
        """Say which step put the result of a delivery on the wire."""
        for result, origin in zip(self.before.results, self.known.origins.results, strict=True):
            if same(result, event.result):
                return f"from {origin.step}"
        return ""

    def _died(self) -> bool:
        fault = getattr(self.step.event, "fault", None)
        return isinstance(self.step.event, Crash) or (fault is not None and fault.is_crash)

    def _dispatched(self, event: Dispatch) -> list[Line]:
        if isinstance(event.action, Untracked):
            return [line("-", untracked_text(event.action.payload), "handed over")]
        return [line("~", action_text(event.action), "wire", "queued")]

    def _results(self) -> list[tuple[Result, Opened]]:
        return list(zip(self.step.configuration.results, self.moves.origins.results, strict=True))

    def _performed(self) -> Line:
        newest = self.step.configuration.results[-1]
        origin = self.moves.origins.results[-1]
        alone = len(self.step.configuration.results) == 1
        value = shorten(python_value(newest.value), LONGEST_VALUE) if alone else f"from {origin.step}"
        return line("+", message_text(newest), value)

    def _late(self) -> list[Line]:
        life = self.step.configuration.life
        return [
            self._stays(pair) for pair in self._results() if pair[0].life < life and pair[1] not in self.moves.begun
        ]

    def _stays(self, pair: tuple[Result, Opened]) -> Line:
        result, origin = pair
        late = "late, " if result.life < self.step.configuration.life else ""
        return line(" ", message_text(result), f"{late}from {origin.step}")

    def _came(self) -> list[Line]:
        """Return what the transition put in the queue, in the order of its emission."""
        after, origins, begun = self.step.configuration, self.moves.origins, self.moves.begun
        sent_again = isinstance(self.step.event, Lose | Delay)
        came = [
            line("+", action_text(item.action), "queued, again" if item.restored or sent_again else "queued")
            for item, origin in zip(after.queue, origins.queue, strict=True)
            if origin in begun
        ]
        untracked = zip(after.untracked, origins.untracked, strict=True)
        return came + [line("+", untracked_text(a.payload), "queued") for a, origin in untracked if origin in begun]

    def _mischief(self, event: Lose | Duplicate | Delay) -> list[Line]:
        if isinstance(event, Delay):
            return [line(" ", message_text(event.request), "still under way")]
        if not isinstance(event.message, Request | Result):
            return []
        text = message_text(event.message)
        return [line("-", text, "lost")] if isinstance(event, Lose) else [line("+", text, "a copy")]

    def _lost(self) -> list[Line]:
        return [
            line("-", text, "lost" if isinstance(item, Request | Result) else "lost with the queue")
            for text, item in zip(lost_texts(self.step.record), self.step.record.lost, strict=True)
        ]

    def _sent(self) -> list[Line]:
        requests = zip(self.step.configuration.requests, self.moves.origins.requests, strict=True)
        return [line("+", message_text(r), "handed over") for r, origin in requests if origin in self.moves.begun]

    def _wire_before(self) -> list[Request | Result]:
        after, origins = self.step.configuration, self.moves.origins
        requests = zip(after.requests, origins.requests, strict=True)
        results = zip(after.results, origins.results, strict=True)
        kept: list[Request | Result] = [request for request, origin in requests if origin not in self.moves.begun]
        return kept + [result for result, origin in results if origin not in self.moves.begun]
