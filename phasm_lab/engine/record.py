"""What one step was: its event, the configuration after it, and what happened on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from phasm_lab.engine.accesses import Access
from phasm_lab.engine.configuration import Configuration
from phasm_lab.engine.events import Event, Message
from phasm_lab.engine.transition import Refusal
from phasm_lab.machine.values import Tracked, Untracked

__all__ = ["QUIET", "Record", "Step"]


@dataclass(frozen=True, slots=True)
class Record:
    """What happened in one step, beyond the configuration after it.

    Attributes
    ----------
    result
        Of a transition: "committed", "rejected" (by stf or restore itself), "failed" (an injected error), "unknown"
        (committed, not acknowledged, the process is down) or "down" (the process died inside); "" otherwise.
    emitted
        What the transition emitted, in order.
    handed_over
        How many tracked actions went out before the process died inside.
    refusal
        Why it was rejected or failed, else None.
    accesses
        The accesses it made; empty unless it was metered.
    taken
        The options that perform took.
    value
        The result of a perform.
    lost
        What a crash took: queued actions and what was to be taken from the wire.
    declared
        False for an input that is not among the scenario's.
    access
        The access at which it failed or died, else None.
    """

    result: str = ""
    emitted: tuple[Tracked | Untracked, ...] = ()
    handed_over: int = 0
    refusal: Refusal | None = None
    accesses: tuple[Access, ...] = ()
    taken: tuple[Any, ...] = ()
    value: Any = None
    lost: tuple[Tracked | Untracked | Message, ...] = ()
    declared: bool = True
    access: Access | None = None


QUIET = Record()


@dataclass(frozen=True, slots=True)
class Step:
    """One event and the configuration after it."""

    event: Event
    configuration: Configuration
    record: Record
