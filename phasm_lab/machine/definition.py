"""A machine, the environment it lives in, and the budgets of what may go wrong."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from phasm_lab.errors import DefinitionError
from phasm_lab.machine.text import line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Environment", "Faults", "Machine", "words_of"]


def words_of(name: str) -> str:
    """Return a class name as lower-case words.

    Examples
    --------
    >>> words_of("CardNetwork"), words_of("HTTPGate"), words_of("bank_a")
    ('card network', 'http gate', 'bank a')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return spaced.replace("_", " ").strip().lower()


def _arity_problem(function: Any, wanted: tuple[str, ...]) -> str:
    """Say why `function` cannot be called with as many arguments as `wanted` names, or return ""."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return ""
    try:
        signature.bind(*wanted)
    except TypeError:
        return f"it takes {signature}"
    return ""


def _called_by(function: Any) -> Iterator[Any]:
    """Yield what a call of `function` may run: also ``__call__``, and what `functools.singledispatch` leads to."""
    yield function
    yield getattr(function, "__call__", None)  # noqa: B004 - it is what is looked for
    if hasattr(function, "dispatch"):
        yield from getattr(function, "registry", {}).values()


def _require_async(role: str, function: Any, wanted: tuple[str, ...]) -> None:
    form = f"async def {role}({', '.join(wanted)})"
    if not callable(function):
        raise DefinitionError(f"Machine({role}={line_of(function)})", "it is not a function", f"write {form}")
    if not any(map(inspect.iscoroutinefunction, _called_by(function))):
        raise DefinitionError(f"Machine({role}={line_of(function)})", "it is not async", f"write {form}")
    problem = _arity_problem(function, wanted)
    if problem:
        raise DefinitionError(f"Machine({role}={line_of(function)})", problem, f"write {form}")


class Machine:
    """An initial state, a state transition function and the function that finds what is outstanding after a crash.

    Parameters
    ----------
    initial
        A callable that returns the initial state, a dataclass instance; or `pl.sqlite(schema=...)`.
    stf
        ``async def stf(state, input, actions)``.
    restore
        ``async def restore(state, actions)``.
    name
        What the machine is called on screen; by default from `initial`.

    Raises
    ------
    DefinitionError
        If one of the three cannot be what it is to be.
    """

    def __init__(self, initial: Any, stf: Any, restore: Any, *, name: str | None = None) -> None:
        if not callable(initial) and not hasattr(initial, "source"):
            raise DefinitionError(
                f"Machine(initial={line_of(initial)})",
                "it is not callable, and each run needs a state of its own",
                "pass the dataclass itself, a function that makes one, or pl.sqlite(schema=...)",
            )
        _require_async("stf", stf, ("state", "input", "actions"))
        _require_async("restore", restore, ("state", "actions"))
        self.initial = initial
        self.stf = stf
        self.restore = restore
        self.name = name or words_of(getattr(initial, "__name__", "") or type(initial).__name__)

    def __repr__(self) -> str:
        return f"Machine({self.name!r})"


@dataclass(frozen=True)
class _NothingOutside:
    """The state of an environment that nobody described."""


def _no_system(payload: Any) -> str:
    del payload
    return ""


class Environment:
    """Everything outside the machine, as a small model whose state survives every crash.

    Parameters
    ----------
    initial
        A callable that returns its initial state, a dataclass instance.
    perform
        ``def perform(environment, action, choose)``: performs `action` (the payload of a Tracked) and returns its result.
        ``choose(*options)`` is where it could go either way. Without it, an action's result is one of those that
        ``Scenario(results=...)`` declares for its kind.
    system
        Names the outside system that performs a payload, where there is more than one.

    Raises
    ------
    DefinitionError
        If `initial` or `perform` cannot be called as it must be.
    """

    def __init__(
        self,
        initial: Callable[[], Any] = _NothingOutside,
        perform: Callable[[Any, Any, Any], Any] | None = None,
        *,
        system: Callable[[Any], str] | None = None,
    ) -> None:
        if not callable(initial):
            raise DefinitionError(
                f"Environment(initial={line_of(initial)})",
                "it is not callable",
                "pass a dataclass or a function that makes one",
            )
        if perform is not None:
            self._require_perform(perform)
        self.initial = initial
        self.perform = perform
        self.name = words_of(getattr(initial, "__name__", "environment"))
        if initial is _NothingOutside:
            self.name = "environment"
        self._system = system

    @staticmethod
    def _require_perform(perform: Any) -> None:
        asked = f"Environment(perform={line_of(perform)})"
        form = "write def perform(environment, action, choose)"
        if not callable(perform):
            raise DefinitionError(asked, "it is not a function", form)
        if inspect.iscoroutinefunction(perform):
            raise DefinitionError(asked, "it is async, and the outside world is modelled without awaiting", form)
        problem = _arity_problem(perform, ("environment", "action", "choose"))
        if problem:
            raise DefinitionError(asked, problem, form)

    def system_of(self, payload: Any) -> str:
        """Name the outside system that performs `payload`."""
        return str(self._system(payload)) if self._system is not None else self.name

    def __repr__(self) -> str:
        return f"Environment({self.name!r})"


@dataclass(frozen=True, slots=True, init=False)
class Faults:
    """How often each fault may happen in one run: budgets, 0 unless given.

    Raises
    ------
    DefinitionError
        If a fault is not known, or its budget is not a whole number of 0 or more.

    Examples
    --------
    >>> Faults(crashes=1)
    Faults(crashes=1)
    >>> Faults(crash=1)
    Traceback (most recent call last):
        ...
    phasm_lab.errors.DefinitionError: Faults(crash=1): there is no fault 'crash'; name one of: crashes, \
recovery_crashes, lost_requests, duplicated_requests, delayed_requests, lost_results, duplicated_results, \
reordered_results, access_errors, add_errors, commit_failures, unknown_commits, duplicated_inputs, lost_inputs
    """

    crashes: int
    recovery_crashes: int
    lost_requests: int
    duplicated_requests: int
    delayed_requests: int
    lost_results: int
    duplicated_results: int
    reordered_results: int
    access_errors: int
    add_errors: int
    commit_failures: int
    unknown_commits: int
    duplicated_inputs: int
    lost_inputs: int

    def __init__(self, **budgets: int) -> None:
        names = [field.name for field in fields(type(self))]
        for name, count in budgets.items():
            if name not in names:
                raise DefinitionError(
                    f"Faults({name}={line_of(count)})", f"there is no fault {name!r}", "name one of", names
                )
            if type(count) is not int or count < 0:
                raise DefinitionError(
                    f"Faults({name}={line_of(count)})",
                    "a budget is a whole number of 0 or more",
                    f"write {name}=1, say",
                )
        for name in names:
            object.__setattr__(self, name, budgets.get(name, 0))

    def counts(self) -> tuple[int, ...]:
        """Return the budgets in the order of the fields."""
        return tuple(getattr(self, name) for name in FAULT_NAMES)

    def __repr__(self) -> str:
        given = [f"{name}={getattr(self, name)}" for name in FAULT_NAMES if getattr(self, name)]
        return f"Faults({', '.join(given)})"


FAULT_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Faults))
"""The names of the budgets, in the order in which a configuration keeps them."""
