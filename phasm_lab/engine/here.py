"""What a property sees of a configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.events import Request, Result
    from phasm_lab.machine.values import Untracked

__all__ = ["Here", "InFlight", "in_flight"]


@dataclass(frozen=True, slots=True)
class InFlight:
    """One tracked action that was emitted and whose result is not delivered.

    Attributes
    ----------
    id, action
        The action's id and payload.
    stage
        "queued", "request" (on the wire) or "result" (on the wire).
    life
        The stretch between crashes that sent it, 0 the first.
    result
        The result's value where `stage` is "result", else None.
    """

    id: Any
    action: Any
    stage: str
    life: int
    result: Any = None


def in_flight(configuration: Configuration) -> tuple[InFlight, ...]:
    """Return everything in flight: results first, then requests, then what is queued."""
    results = [InFlight(r.action.id, r.action.payload, "result", r.life, r.value) for r in configuration.results]
    requests = [InFlight(r.action.id, r.action.payload, "request", r.life) for r in configuration.requests]
    queued = [InFlight(q.action.id, q.action.payload, "queued", q.life) for q in configuration.queue]
    return (*results, *requests, *queued)


class Here:
    """A configuration as a property sees it; to be read now and not kept.

    Attributes
    ----------
    configuration
        The configuration itself.
    """

    __slots__ = ("configuration",)

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration

    @property
    def state(self) -> Any:
        """The durable state: the dataclass, or a read-only snapshot of the database."""
        return self.configuration.state.view()

    @property
    def environment(self) -> Any:
        """The state of the outside world."""
        return self.configuration.environment.view()

    @property
    def in_flight(self) -> tuple[InFlight, ...]:
        """Tracked actions emitted and not yet answered to the machine."""
        return in_flight(self.configuration)

    @property
    def requests(self) -> tuple[Request, ...]:
        """Requests on the wire."""
        return self.configuration.requests

    @property
    def results(self) -> tuple[Result, ...]:
        """Results on the wire."""
        return self.configuration.results

    @property
    def untracked(self) -> tuple[Untracked, ...]:
        """Untracked actions still queued."""
        return self.configuration.untracked

    @property
    def up(self) -> bool:
        """Whether the process runs."""
        return self.configuration.up

    @property
    def life(self) -> int:
        """How often the process died before."""
        return self.configuration.life

    @property
    def quiescent(self) -> bool:
        """Whether the process is up, no tracked action is queued and nothing is on the wire."""
        return self.configuration.quiescent
