"""Events: everything that can move one configuration to the next, as plain comparable data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from phasm_lab.machine.values import Tracked, Untracked

__all__ = [
    "Crash",
    "Delay",
    "Deliver",
    "Dispatch",
    "Duplicate",
    "Event",
    "Fault",
    "Fire",
    "Lose",
    "Message",
    "Perform",
    "Recover",
    "Request",
    "Result",
    "Transition",
]


@dataclass(frozen=True, slots=True)
class Request:
    """A tracked action on the wire, on its way out. `life` is the stretch between crashes that sent it, 0 the first."""

    action: Tracked
    life: int


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a tracked action on the wire, on its way back to the machine."""

    action: Tracked
    life: int
    value: Any


Message: TypeAlias = Request | Result

CRASH_KINDS = ("before accept", "at access", "before commit", "commit unknown", "after commit")
ERROR_KINDS = ("access fails", "add fails", "commit fails")


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong inside one transition.

    Attributes
    ----------
    kind
        "access fails", "add fails", "commit fails": an error; "before accept", "at access", "before commit",
        "commit unknown", "after commit": the process dies there. In restore "after commit" reads "restore returned".
    number
        Which access or add (1 is the first); how many tracked actions were handed over ("after commit").
    sticky
        Whether every access or add after it fails too.
    lose
        What the crash takes from the wire.
    """

    kind: str
    number: int = 0
    sticky: bool = False
    lose: tuple[Message, ...] = ()

    @property
    def is_crash(self) -> bool:
        """Whether the process dies."""
        return self.kind in CRASH_KINDS


@dataclass(frozen=True, slots=True)
class Fire:
    """A caller's input reaches the machine; `again` where the client sends one that was answered already."""

    input: Any
    again: bool = False
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The executor hands over one queued action: a request goes on the wire, an untracked action is gone."""

    action: Tracked | Untracked
    life: int


@dataclass(frozen=True, slots=True)
class Perform:
    """The environment performs a request; `choices` are the options it took, in order."""

    request: Request
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Deliver:
    """A result reaches the machine as an input; a `probe` is one that nothing on the wire carries, to see what it does."""

    result: Result
    fault: Fault | None = None
    probe: bool = False


@dataclass(frozen=True, slots=True)
class Lose:
    """A message on the wire, or the next input (`message` is a Fire), gets lost."""

    message: Message | Fire


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The wire makes a second copy of a message."""

    message: Message


@dataclass(frozen=True, slots=True)
class Delay:
    """The executor gives up waiting and queues a request again while the first stays on the wire."""

    request: Request


@dataclass(frozen=True, slots=True)
class Crash:
    """The process dies between two steps, and `lose` is taken from the wire with it."""

    lose: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Recover:
    """The process starts again and runs restore."""

    fault: Fault | None = None


Event: TypeAlias = Fire | Dispatch | Perform | Deliver | Lose | Duplicate | Delay | Crash | Recover
Transition: TypeAlias = Fire | Deliver | Recover
