"""Finding the event that a person means by an id: what is already at the stage goes first, earlier steps are planned.

The source of the rules is `semantics.md` §9.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from phasm_lab.engine.drive import Limits
from phasm_lab.engine.enabled import distinct, outcomes
from phasm_lab.engine.events import Deliver, Dispatch, Event, Fault, Message, Perform, Request, Result
from phasm_lab.engine.scenario import Scenario
from phasm_lab.engine.step import Step, step
from phasm_lab.errors import AmbiguousError, NotEnabledError
from phasm_lab.machine.data import same
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import Tracked, Untracked, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from phasm_lab.engine.configuration import Configuration

__all__ = ["ANY", "Finder", "messages", "one_message"]


class _Any:
    """What stands for an argument that was not given."""

    def __repr__(self) -> str:
        return "not given"


ANY: Any = _Any()
Item = TypeVar("Item", Request, Result, Dispatch, Message)


@dataclass(frozen=True, slots=True)
class Finder:
    """Plans the steps that a call of the lab makes, without keeping any.

    Attributes
    ----------
    identity
        The id that was given.
    action
        A payload or a kind, to narrow; ANY if not given.
    life
        The life that sent it, to narrow; ANY if not given.
    """

    scenario: Scenario
    limits: Limits
    identity: Any
    action: Any = ANY
    life: Any = ANY

    def _fits(self, action: Tracked, life: int) -> bool:
        if not same(action.id, self.identity):
            return False
        if self.life is not ANY and life != self.life:
            return False
        wanted = self.action
        kind = wanted if isinstance(wanted, str) else getattr(wanted, "__name__", None)
        return wanted is ANY or same(action.payload, wanted) or kind == kind_of(action.payload)

    def _step(self, configuration: Configuration, event: Event) -> Step:
        return step(self.scenario, configuration, event, limits=self.limits)

    def dispatch(self, configuration: Configuration) -> list[Step]:
        """Plan a hand-over: of a tracked action by id, or of an untracked one by payload."""
        queued = [Dispatch(i.action, i.life) for i in configuration.queue if self._fits(i.action, i.life)]
        if not queued:
            queued = [
                Dispatch(action, configuration.life)
                for action in configuration.untracked
                if same(action.payload, self.identity) or same(action, self.identity)
            ]
        if not queued:
            raise self._nothing("dispatch", configuration)
        event = self._one("dispatch", queued, lambda item: item.action)
        return [self._step(configuration, event)]

    def perform(self, configuration: Configuration, outcome: Any) -> list[Step]:
        """Plan a perform, and the hand-over before it where there is only one way."""
        requests = [item for item in configuration.requests if self._fits(item.action, item.life)]
        if not requests:
            return self._after(configuration, "perform", self.dispatch, lambda after: self.perform(after, outcome))
        request = self._one("perform", requests, lambda item: item.action)
        ways = outcomes(self.scenario, configuration, request, limits=self.limits)
        fitting = [taken for taken, value in ways if outcome is ANY or _fits_outcome(taken, value, outcome)]
        if len(fitting) != 1:
            raise self._no_outcome(request, outcome, ways, found=len(fitting))
        return [self._step(configuration, Perform(request, fitting[0]))]

    def deliver(self, configuration: Configuration, result: Any, fault: Fault | None = None) -> list[Step]:
        """Plan a delivery, and the steps before it where there is only one way."""
        results = [
            item
            for item in configuration.results
            if self._fits(item.action, item.life) and (result is ANY or same(item.value, result))
        ]
        if not results:
            return self._after(
                configuration,
                "deliver",
                lambda before: self.perform(before, result),
                lambda after: self.deliver(after, result, fault),
            )
        found = self._one("deliver", results, lambda item: (item.action, item.value))
        return [self._step(configuration, Deliver(found, fault))]

    def probe(self, asked: Iterable[Request], result: Any) -> Deliver:
        """Return the delivery of a result that nothing on the wire carries, for the last of what was asked for that fits.

        Which of several it is makes no difference to the machine: it sees the id and the result.
        """
        call = f"deliver({line_of(self.identity)}, probe=True)"
        if result is ANY:
            raise NotEnabledError(call, "a probe brings a result of its own", "write result=...")
        there = list(asked)
        fitting = [request for request in there if self._fits(request.action, request.life)]
        if not fitting:
            listed = distinct([line_of(request.action.id) for request in there]) or ["nothing"]
            raise NotEnabledError(call, "nothing like it was asked for on the way here", "asked for were", listed)
        return Deliver(Result(fitting[-1].action, fitting[-1].life, result), probe=True)

    def _after(
        self,
        configuration: Configuration,
        verb: str,
        before: Callable[[Configuration], list[Step]],
        then: Callable[[Configuration], list[Step]],
    ) -> list[Step]:
        try:
            first = before(configuration)
        except AmbiguousError as error:
            given = error.asked.partition("(")[2]
            raise AmbiguousError(f"{verb}({given}", error.case, error.todo, error.choices) from None
        except NotEnabledError as error:
            raise NotEnabledError(f"{verb}({line_of(self.identity)})", error.case, error.todo, error.choices) from None
        if not isinstance(first[-1].event, Dispatch | Perform) or (
            isinstance(first[-1].event, Dispatch) and not isinstance(first[-1].event.action, Tracked)
        ):
            raise self._nothing(verb, configuration)
        return first + then(first[-1].configuration)

    def _one(self, verb: str, items: Sequence[Item], alike: Callable[[Item], Any]) -> Item:
        """Return the oldest of items that differ only in life.

        Raises
        ------
        AmbiguousError
            If they differ in more than that.
        """
        if len(distinct([alike(item) for item in items])) == 1:
            return items[0]
        raise AmbiguousError(
            f"{verb}({line_of(self.identity)})",
            "more than one fits",
            "narrow it with life=, action= or result=",
            [_told_apart(item) for item in items],
        )

    def _nothing(self, verb: str, configuration: Configuration) -> NotEnabledError:
        there = [f"{line_of(item.action.id)} (queued)" for item in configuration.queue]
        there += [f"{line_of(item.action.id)} (request on the wire)" for item in configuration.requests]
        there += [f"{line_of(item.action.id)} (result on the wire)" for item in configuration.results]
        there += [f"{line_of(item.payload)} (untracked)" for item in configuration.untracked]
        if not configuration.up and not configuration.requests and not configuration.results:
            return NotEnabledError(f"{verb}({line_of(self.identity)})", "the process is down", "recover first")
        if not there:
            return NotEnabledError(f"{verb}({line_of(self.identity)})", "nothing is in flight", "fire an input first")
        return NotEnabledError(f"{verb}({line_of(self.identity)})", "nothing of it fits here", "in flight are", there)

    def _no_outcome(
        self, request: Request, outcome: Any, ways: list[tuple[tuple[Any, ...], Any]], found: int
    ) -> NotEnabledError:
        asked = (
            f"perform({line_of(self.identity)})"
            if outcome is ANY
            else f"perform({line_of(self.identity)}, {line_of(outcome)})"
        )
        listed = [
            line_of(value) if len(taken) < 2 else f"{line_of(value)} by {line_of(taken)}" for taken, value in ways
        ]
        if found == 0:
            return NotEnabledError(asked, f"{line_of(request.action.payload)} cannot end so", "name one of", listed)
        return AmbiguousError(asked, f"{line_of(request.action.payload)} can go {found} ways", "name one of", listed)


def _fits_outcome(taken: tuple[Any, ...], value: Any, outcome: Any) -> bool:
    return same(value, outcome) or (len(taken) == 1 and same(taken[0], outcome)) or same(taken, outcome)


def _told_apart(item: Request | Result | Dispatch) -> str:
    if isinstance(item, Result):
        return f"result {line_of(item.value)} of {line_of(item.action.payload)}, life {item.life}"
    action = item.action
    return (
        f"{line_of(action.payload)}, life {item.life}" if not isinstance(action, Untracked) else line_of(action.payload)
    )


def messages(configuration: Configuration, lose: Any, extra: Sequence[Message] = ()) -> tuple[Message, ...]:
    """Return what of the wire `lose` names: "all", one name or a list of them.

    An id, ``("request", id)`` or ``("result", id)`` names all that have it. A message itself, or all of it written out,
    ``("request", id, payload, life)`` or ``("result", id, payload, life, value)``, names one copy.

    Raises
    ------
    NotEnabledError
        If something that it names is not on the wire.
    """
    wire: list[Message] = [*configuration.requests, *configuration.results, *extra]
    if isinstance(lose, str) and lose == "all":
        return tuple(wire)
    wanted = list(lose) if isinstance(lose, list | tuple | set) and not _is_staged(lose) else [lose]
    taken: list[int] = []
    for item in wanted:
        fitting = [index for index, message in enumerate(wire) if _is_meant(message, item)]
        left = [index for index in fitting if index not in taken]
        names_one = isinstance(item, Request | Result) or (_is_staged(item) and len(item) > 2)
        if not (left if names_one else fitting):
            raise _not_on_wire(f"lose={line_of(item)}", wire)
        taken += left[:1] if names_one else left
    return tuple(wire[index] for index in taken)


def one_message(finder: Finder, verb: str, configuration: Configuration, result: Any = ANY) -> Message:
    """Return the one message that is named for `lose`, `duplicate` or `delay`.

    Raises
    ------
    NotEnabledError
        If there is none, or more than one is named.
    AmbiguousError
        If several fit that differ in more than life.
    """
    named = finder.identity
    if isinstance(named, list | set):
        raise NotEnabledError(
            f"{verb}({line_of(named)})", "one message at a time", 'name an id, ("request", id) or ("result", id)'
        )
    wire: list[Message] = [*configuration.requests, *configuration.results]
    fitting = [
        message
        for message in wire
        if _is_meant(message, named)
        and replace(finder, identity=message.action.id)._fits(message.action, message.life)  # noqa: SLF001 - its own
        and (result is ANY or (isinstance(message, Result) and same(message.value, result)))
    ]
    if not fitting:
        raise _not_on_wire(f"{verb}({line_of(named)})", wire)
    return finder._one(verb, fitting, lambda item: replace(item, life=0))  # noqa: SLF001 - its own


def _not_on_wire(asked: str, wire: Sequence[Message]) -> NotEnabledError:
    listed = [f"({'request' if isinstance(m, Request) else 'result'!r}, {line_of(m.action.id)})" for m in wire]
    return NotEnabledError(asked, "it is not on the wire", "on the wire are", listed or ["nothing"])


def _is_staged(item: Any) -> bool:
    """Tell whether an item is a tuple that begins with the stage that a message is at."""
    lengths = {"request": (2, 4), "result": (2, 5)}
    return isinstance(item, tuple) and bool(item) and isinstance(item[0], str) and len(item) in lengths.get(item[0], ())


def _is_meant(message: Message, item: Any) -> bool:
    if isinstance(item, Request | Result):
        return same(message, item)
    if not _is_staged(item):
        return same(message.action.id, item)
    action = message.action
    written: tuple[Any, ...] = ("request", action.id, action.payload, message.life)
    if isinstance(message, Result):
        written = ("result", *written[1:], message.value)
    return same(written[: len(item)], item)
