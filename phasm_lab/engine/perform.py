"""Running the environment: it performs one request, its choices scripted or first options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.engine.choose import Chooser, NoSuchOptionError
from phasm_lab.engine.transition import describe
from phasm_lab.errors import DefinitionError, NotEnabledError, PhasmLabError
from phasm_lab.machine.data import detach
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.drive import Limits
    from phasm_lab.engine.events import Perform
    from phasm_lab.engine.scenario import Scenario

__all__ = ["perform"]


def perform(
    scenario: Scenario,
    configuration: Configuration,
    event: Perform,
    limits: Limits,
    *,
    keep: bool = True,
    offered: list[tuple[Any, ...]] | None = None,
) -> tuple[Any, Any, tuple[Any, ...]]:
    """Run the environment's perform; return the environment after it, the result and the options taken.

    Unless `keep`, what it did is taken back. `offered` collects the options that there were each time.

    Raises
    ------
    NotEnabledError
        If a choice of the event is not offered, or not all are asked for.
    DefinitionError
        If perform raises, or its result cannot be compared by value.
    """
    chooser = Chooser(event.choices)
    tried = _try_perform(scenario, configuration, event, limits, chooser)
    problem = tried if isinstance(tried, PhasmLabError) else None
    if problem is None and len(chooser.taken) < len(event.choices):
        problem = NotEnabledError(line_of(event), f"perform makes {len(chooser.taken)} choices")
    if problem is not None:
        configuration.environment.rollback()
        raise problem
    if offered is not None:
        offered += chooser.offered
    if keep:
        return configuration.environment.commit(), tried, tuple(chooser.taken)
    configuration.environment.rollback()
    return configuration.environment, tried, tuple(chooser.taken)


def _try_perform(
    scenario: Scenario, configuration: Configuration, event: Perform, limits: Limits, chooser: Chooser
) -> Any:
    """Return the result, or the error that stands for what went wrong."""
    payload = detach(event.request.action.payload, "a payload")
    environment = configuration.environment.begin(None)
    try:
        result = limits.call(scenario.environment.perform or _declared(scenario), environment, payload, chooser)
        return detach(result, f"the result of {kind_of(payload)}")
    except NoSuchOptionError as error:
        return NotEnabledError(
            line_of(event),
            f"choose does not offer {line_of(error.wanted)}",
            "choose one of",
            map(line_of, error.options),
        )
    except KeyboardInterrupt:
        configuration.environment.rollback()
        raise
    except PhasmLabError as error:
        return error
    except BaseException as error:  # noqa: BLE001 - whatever perform raises makes the environment ill-formed
        refusal = describe(error)
        place = "".join(f" at {frame.file}:{frame.line}" for frame in refusal.frames[-1:])
        return DefinitionError(
            f"perform({line_of(payload)})",
            f"it raised {refusal.text}{place}",
            "return a result instead: an outside failure is one too",
        )


def _declared(scenario: Scenario) -> Callable[[Any, Any, Any], Any]:
    def perform_declared(environment: Any, action: Any, choose: Any) -> Any:
        del environment
        results = scenario.results.get(kind_of(action), ())
        return choose(*results) if results else None

    return perform_declared
