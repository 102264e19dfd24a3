"""Making a fault from what a verb of the lab was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.engine.enabled import survey
from phasm_lab.engine.events import CRASH_KINDS, Fault, Message, Request, Transition
from phasm_lab.errors import NotEnabledError
from phasm_lab.lab.find import messages

if TYPE_CHECKING:
    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.drive import Limits
    from phasm_lab.engine.scenario import Scenario

__all__ = ["Wrong", "sent_before"]

FAILURES = ("access", "add", "commit")


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
        If there is no such crash point or failure.
    """

    def __init__(self, crash: str | None, fails: str | None, number: int | None, *, sticky: bool, lose: Any) -> None:
        if crash is not None and crash not in CRASH_KINDS:
            raise NotEnabledError(
                f"crash={crash!r}", "there is no such crash point", "name one of", map(repr, CRASH_KINDS)
            )
        if fails is not None and fails not in FAILURES:
            raise NotEnabledError(f"fails={fails!r}", "there is no such failure", "name one of", map(repr, FAILURES))
        self.crash = crash
        self.fails = fails
        self.number = number
        self.sticky = sticky
        self.lose = lose

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
        number = self.number
        if number is None or self.crash not in ("at access", "after commit"):
            number = 1 if self.crash == "at access" else 0
        if not self.lose:
            return Fault(self.crash, number)
        sent = sent_before(scenario, configuration, event, Fault(self.crash, number), limits)
        return Fault(self.crash, number, lose=messages(configuration, self.lose, sent))


def sent_before(
    scenario: Scenario, configuration: Configuration, event: Transition, fault: Fault, limits: Limits
) -> tuple[Message, ...]:
    """Return the requests that a transition puts on the wire before it crashes."""
    if fault.kind != "after commit":
        return ()
    tracked = survey(scenario, configuration, event, limits=limits).tracked[: fault.number]
    return tuple(Request(action, configuration.life) for action in tracked)
