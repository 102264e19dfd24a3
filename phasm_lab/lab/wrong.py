"""Making a fault from what a verb of the lab was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.engine.enabled import survey
from phasm_lab.engine.events import CRASH_KINDS, Fault, Message, Request, Transition
from phasm_lab.errors import NotEnabledError
from phasm_lab.lab.arguments import require_count, require_one_of
from phasm_lab.lab.find import messages
from phasm_lab.machine.text import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.drive import Limits
    from phasm_lab.engine.scenario import Scenario

__all__ = ["Wrong", "sent_before"]

FAILURES = ("access", "add", "commit")

COUNTED_CRASHES = ("at access", "after commit")
COUNTED_FAILURES = ("access", "add")


class Wrong:
    """What is to go wrong inside a transition, as a person says it.

    Parameters
    ----------
    crash
        A crash point, or None.
    fails
        "access", "add", "commit", or None.
    number
        Which access or add, or how many actions were handed over; None for the first, or none.
    sticky
        Whether everything after it fails too.
    lose
        What a crash takes from the wire.

    Raises
    ------
    NotEnabledError
        If there is no such crash point or failure, or something is said in vain.
    """

    def __init__(self, crash: str | None, fails: str | None, number: int | None, *, sticky: bool, lose: Any) -> None:
        if crash is not None:
            require_one_of(f"crash={line_of(crash)}", crash, CRASH_KINDS, "crash point")
        if fails is not None:
            require_one_of(f"fails={line_of(fails)}", fails, FAILURES, "failure")
        if number is not None:
            require_count(f"number={line_of(number)}", number, "accesses, adds and actions", "write number=1, say")
        self.crash = crash
        self.fails = fails
        self.number = number
        self.sticky = bool(sticky)
        self.lose = lose
        self._require_effect()

    def _require_effect(self) -> None:
        """Refuse what would be said in vain."""
        if self.crash is not None and self.fails is not None:
            raise NotEnabledError(
                f"crash={self.crash!r}, fails={self.fails!r}", "one thing goes wrong in a transition", "leave out one"
            )
        if self.number is not None and self.crash not in COUNTED_CRASHES and self.fails not in COUNTED_FAILURES:
            with_either = _written("crash", COUNTED_CRASHES) + _written("fails", COUNTED_FAILURES)
            raise NotEnabledError(
                f"number={self.number}", "nothing is counted here", "it goes with one of", with_either
            )
        if self.sticky and self.fails not in COUNTED_FAILURES:
            with_failure = _written("fails", COUNTED_FAILURES)
            raise NotEnabledError("sticky=True", "no access or add fails here", "it goes with one of", with_failure)
        if self.crash is None and self._loses_something():
            raise NotEnabledError(f"lose={line_of(self.lose)}", "no crash takes it here", "say where with crash=")

    def _loses_something(self) -> bool:
        return not isinstance(self.lose, list | tuple | set) or bool(self.lose)

    def fault(
        self, scenario: Scenario, configuration: Configuration, event: Transition, limits: Limits
    ) -> Fault | None:
        """Return the fault that this is for a transition, None if nothing is to go wrong."""
        if self.crash is not None:
            return self._crash(scenario, configuration, event, limits)
        if self.fails is not None:
            first = 0 if self.fails == "commit" else 1
            return Fault(f"{self.fails} fails", first if self.number is None else self.number, self.sticky)
        return None

    def _crash(self, scenario: Scenario, configuration: Configuration, event: Transition, limits: Limits) -> Fault:
        assert self.crash is not None
        first = 1 if self.crash == "at access" else 0
        number = first if self.number is None else self.number
        if not self._loses_something():
            return Fault(self.crash, number)
        sent = sent_before(scenario, configuration, event, Fault(self.crash, number), limits)
        return Fault(self.crash, number, lose=messages(configuration, self.lose, sent))


def _written(name: str, words: Iterable[str]) -> list[str]:
    return [f"{name}={word!r}" for word in words]


def sent_before(
    scenario: Scenario, configuration: Configuration, event: Transition, fault: Fault, limits: Limits
) -> tuple[Message, ...]:
    """Return the requests that a transition puts on the wire before it crashes."""
    if fault.kind != "after commit":
        return ()
    tracked = survey(scenario, configuration, event, limits=limits).tracked[: fault.number]
    return tuple(Request(action, configuration.life) for action in tracked)
