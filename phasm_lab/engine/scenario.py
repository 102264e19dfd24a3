"""A scenario: a machine, its inputs, its environment, what may go wrong, and what is claimed about it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.configuration import Configuration, Inputs
from phasm_lab.engine.here import Here
from phasm_lab.engine.memory import MemorySource
from phasm_lab.errors import DefinitionError, EndlessError
from phasm_lab.machine.calling import call_within
from phasm_lab.machine.data import detach, freeze
from phasm_lab.machine.definition import Environment, Faults, Machine
from phasm_lab.machine.naming import classes_known_to, is_value_class, tell_apart
from phasm_lab.machine.properties import Property, as_property
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import Normal, TrackedActionCompleted

if TYPE_CHECKING:
    from phasm_lab.engine.versions import Source

__all__ = ["DEFAULT_LIMIT", "Scenario", "checked_input", "start"]

DEFAULT_LIMIT = 300_000
"""Configurations after which a search stops, unless told otherwise."""

LONGEST_START_MS = 10_000
"""How long one function may take where a run begins: it may import what it needs, so that is more than a step gets."""


class Scenario:
    """What may happen to a machine, within what bounds, and what is claimed about it.

    Parameters
    ----------
    machine
        The machine.
    inputs
        Each may be fired once, in this order unless `order` is "any".
    environment
        The outside world; without one, actions return what `results` declares.
    faults
        Budgets of what may go wrong.
    properties
        Claims; a bare function counts as always.
    order
        "given" or "any".
    results
        Declared results by kind of action (the class of the payload, its name, or the leading string of a tuple).
    outcome
        ``outcome(here)``: what of a configuration counts as its outcome; by default state and environment.
    limit
        Configurations after which a search stops.
    name
        What it is called on screen; by default the machine's name.

    Raises
    ------
    DefinitionError
        If anything is ill-formed that can be known before the first step.
    """

    def __init__(
        self,
        machine: Machine,
        *,
        inputs: Iterable[Any] = (),
        environment: Environment | None = None,
        faults: Faults | None = None,
        properties: Iterable[Any] = (),
        order: str = "given",
        results: Mapping[Any, Iterable[Any]] | None = None,
        outcome: Callable[[Any], Any] | None = None,
        limit: int = DEFAULT_LIMIT,
        name: str | None = None,
    ) -> None:
        self.machine = _require(machine, Machine, "machine", "pl.Machine(initial=..., stf=..., restore=...)")
        self.environment = _require(
            Environment() if environment is None else environment, Environment, "environment", "pl.Environment(...)"
        )
        self.faults = _require(Faults() if faults is None else faults, Faults, "faults", "pl.Faults(crashes=1)")
        self.inputs = _checked_inputs(inputs)
        self.input_indexes = _indexes(self.inputs)
        self.properties = _checked_properties(properties)
        self.order = _checked_order(order)
        self.results = _checked_results({} if results is None else results)
        self.outcome = _checked_outcome(outcome)
        self.limit = _checked_limit(limit)
        self.name = name or machine.name
        self._state_source = _state_source(self)
        self._environment_source = MemorySource(self.environment.initial, _asked_for(self)[1])
        tell_apart(filter(is_value_class, self._known_classes()))
        self._try_properties()

    def _known_classes(self) -> Iterator[type]:
        for function in (self.machine.stf, self.machine.restore, self.environment.perform):
            yield from classes_known_to(function)
        yield from map(type, (*self.inputs, *chain(*self.results.values())))

    def _try_properties(self) -> None:
        here = Here(start(self))
        for claim in self.properties:
            if claim.kind != "when_quiescent" or here.quiescent:
                _call(f"property {claim.name}", claim.judge, here)

    def sources(self) -> tuple[Source, Source]:
        """Return where the first versions of state and environment come from."""
        return self._state_source, self._environment_source

    def __repr__(self) -> str:
        return f"Scenario({self.name!r}, {len(self.inputs)} inputs, {self.faults!r})"


def _call(asked: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """Call code of the user's before anybody has set limits of their own."""
    try:
        return call_within(LONGEST_START_MS, function, *arguments)
    except EndlessError as error:
        raise DefinitionError(asked, f"it does not return: {error}", "let it come to an end") from None


def start(scenario: Scenario) -> Configuration:
    """Return the configuration that each run begins with, its state and environment made anew.

    Raises
    ------
    DefinitionError
        If one of them cannot be made.
    """
    state, environment = (
        _call(asked, source.start) if isinstance(source, MemorySource) else source.start()
        for asked, source in zip(_asked_for(scenario), scenario.sources(), strict=True)
    )
    return Configuration(
        state=state,
        environment=environment,
        inputs=Inputs(),
        queue=(),
        untracked=(),
        requests=(),
        results=(),
        up=True,
        life=0,
        budgets=scenario.faults.counts(),
    )


def _asked_for(scenario: Scenario) -> tuple[str, str]:
    """Return how the callables are called in messages that make state and environment."""
    state, environment = (getattr(made.initial, "__name__", "...") for made in (scenario.machine, scenario.environment))
    return f"Machine(initial={state})", f"Environment(initial={environment})"


def _state_source(scenario: Scenario) -> Source:
    initial = scenario.machine.initial
    source = getattr(initial, "source", None)
    if source is not None:
        return source()  # type: ignore[no-any-return]
    return MemorySource(initial, _asked_for(scenario)[0])


def _require(value: Any, cls: type, name: str, form: str) -> Any:
    if not isinstance(value, cls):
        raise DefinitionError(f"Scenario({name}={line_of(value)})", f"it is no {cls.__name__}", f"write {form}")
    return value


def _checked_inputs(inputs: Iterable[Any]) -> tuple[Any, ...]:
    if isinstance(inputs, str | bytes) or not isinstance(inputs, Iterable):
        raise DefinitionError(
            f"Scenario(inputs={line_of(inputs)})", "it is not a list of inputs", "write inputs=[first, second]"
        )
    return tuple(checked_input(value, f"input {index}") for index, value in enumerate(inputs))


def checked_input(value: Any, asked: str) -> Any:
    """Return an input by value.

    Raises
    ------
    DefinitionError
        If it is wrapped already, is a class instead of an instance, or cannot be compared by value.
    """
    if isinstance(value, Normal | TrackedActionCompleted):
        raise DefinitionError(
            f"{asked}, {line_of(value)}", "it is wrapped already", "give the payload alone; the lab wraps it"
        )
    if isinstance(value, type):
        raise DefinitionError(f"{asked}, {line_of(value)}", "it is a class", f"make one: {value.__name__}(...)")
    return detach(value, asked)


def _indexes(inputs: tuple[Any, ...]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = {}
    for index, value in enumerate(inputs):
        found.setdefault(freeze(value), []).append(index)
    return found


def _checked_properties(properties: Iterable[Any]) -> tuple[Property, ...]:
    if callable(properties) or not isinstance(properties, Iterable):
        raise DefinitionError(
            f"Scenario(properties={line_of(properties)})",
            "it is not a list of properties",
            "write properties=[first, second]",
        )
    return tuple(map(as_property, properties))


def _checked_order(order: str) -> str:
    if order not in ("given", "any"):
        raise DefinitionError(
            f"Scenario(order={line_of(order)})", "there is no such order", "name one of", ["'given'", "'any'"]
        )
    return order


def _checked_outcome(outcome: Callable[[Any], Any] | None) -> Callable[[Any], Any] | None:
    if outcome is not None and not callable(outcome):
        raise DefinitionError(
            f"Scenario(outcome={line_of(outcome)})", "it is not a function", "write def outcome(here): ..."
        )
    return outcome


def _checked_limit(limit: int) -> int:
    if type(limit) is not int or limit < 1:
        raise DefinitionError(
            f"Scenario(limit={line_of(limit)})", "a limit is a whole number of 1 or more", "write limit=300_000, say"
        )
    return limit


def _checked_results(results: Mapping[Any, Iterable[Any]]) -> dict[str, tuple[Any, ...]]:
    if not isinstance(results, Mapping):
        raise DefinitionError(
            f"Scenario(results={line_of(results)})", "it is not a dict", "write results={Kind: [first, second]}"
        )
    checked = {}
    for kind, values in results.items():
        name = kind if isinstance(kind, str) else getattr(kind, "__name__", line_of(kind))
        if isinstance(values, str | bytes) or not isinstance(values, Iterable):
            raise DefinitionError(
                f"results[{name}]={line_of(values)}", "it is not a list of results", "write [first, second]"
            )
        checked[name] = tuple(detach(value, f"a declared result of {name}") for value in values)
    return checked
