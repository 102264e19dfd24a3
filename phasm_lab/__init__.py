"""PHASM Lab: run, break and explore crash-recoverable state machines.

Everything a person writes with is here, loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from phasm_lab.checks.checking import check as check
    from phasm_lab.checks.findings import CheckFailedError as CheckFailedError
    from phasm_lab.checks.findings import Finding as Finding
    from phasm_lab.checks.findings import Report as Report
    from phasm_lab.engine.scenario import Scenario as Scenario
    from phasm_lab.errors import AddError as AddError
    from phasm_lab.errors import AmbiguousError as AmbiguousError
    from phasm_lab.errors import DefinitionError as DefinitionError
    from phasm_lab.errors import InjectedError as InjectedError
    from phasm_lab.errors import NotEnabledError as NotEnabledError
    from phasm_lab.errors import OutsideEffectError as OutsideEffectError
    from phasm_lab.errors import PhasmLabError as PhasmLabError
    from phasm_lab.errors import StorageError as StorageError
    from phasm_lab.errors import TraceError as TraceError
    from phasm_lab.lab.lab import Lab as Lab
    from phasm_lab.machine.definition import Environment as Environment
    from phasm_lab.machine.definition import Faults as Faults
    from phasm_lab.machine.definition import Machine as Machine
    from phasm_lab.machine.properties import Property as Property
    from phasm_lab.machine.properties import always as always
    from phasm_lab.machine.properties import sometimes as sometimes
    from phasm_lab.machine.properties import when_quiescent as when_quiescent
    from phasm_lab.machine.values import Normal as Normal
    from phasm_lab.machine.values import Tracked as Tracked
    from phasm_lab.machine.values import Tracked as TrackedAction
    from phasm_lab.machine.values import TrackedActionCompleted as TrackedActionCompleted
    from phasm_lab.machine.values import Untracked as Untracked
    from phasm_lab.machine.values import Untracked as UntrackedAction
    from phasm_lab.recoveries.comparison import compare as compare
    from phasm_lab.recoveries.matrix import crash_matrix as crash_matrix
    from phasm_lab.recoveries.side_by_side import compare_recoveries as compare_recoveries
    from phasm_lab.recoveries.versions import compare_versions as compare_versions
    from phasm_lab.stores.sqlite import sqlite as sqlite
    from phasm_lab.trace.trace import Trace as Trace
    from phasm_lab.widgets import Choices as Choices
    from phasm_lab.widgets import Comparison as Comparison
    from phasm_lab.widgets import CrashMatrix as CrashMatrix
    from phasm_lab.widgets import Explorer as Explorer
    from phasm_lab.widgets import StateGraph as StateGraph
    from phasm_lab.widgets import StatePanel as StatePanel
    from phasm_lab.widgets import Timeline as Timeline

__version__ = "0.1.0"

_HOMES: dict[str, str] = {
    "AddError": "errors",
    "AmbiguousError": "errors",
    "CheckFailedError": "checks.findings",
    "Choices": "widgets",
    "Comparison": "widgets",
    "CrashMatrix": "widgets",
    "DefinitionError": "errors",
    "Environment": "machine.definition",
    "Explorer": "widgets",
    "Faults": "machine.definition",
    "Finding": "checks.findings",
    "InjectedError": "errors",
    "Lab": "lab.lab",
    "Machine": "machine.definition",
    "Normal": "machine.values",
    "NotEnabledError": "errors",
    "OutsideEffectError": "errors",
    "PhasmLabError": "errors",
    "Property": "machine.properties",
    "Report": "checks.findings",
    "Scenario": "engine.scenario",
    "StateGraph": "widgets",
    "StatePanel": "widgets",
    "StorageError": "errors",
    "Timeline": "widgets",
    "Trace": "trace.trace",
    "TraceError": "errors",
    "Tracked": "machine.values",
    "TrackedActionCompleted": "machine.values",
    "Untracked": "machine.values",
    "always": "machine.properties",
    "check": "checks.checking",
    "compare": "recoveries.comparison",
    "compare_recoveries": "recoveries.side_by_side",
    "compare_versions": "recoveries.versions",
    "crash_matrix": "recoveries.matrix",
    "sometimes": "machine.properties",
    "sqlite": "stores.sqlite",
    "when_quiescent": "machine.properties",
}
_ALIASES = {"TrackedAction": "Tracked", "UntrackedAction": "Untracked"}

__all__ = [
    "AddError",
    "AmbiguousError",
    "CheckFailedError",
    "Choices",
    "Comparison",
    "CrashMatrix",
    "DefinitionError",
    "Environment",
    "Explorer",
    "Faults",
    "Finding",
    "InjectedError",
    "Lab",
    "Machine",
    "Normal",
    "NotEnabledError",
    "OutsideEffectError",
    "PhasmLabError",
    "Property",
    "Report",
    "Scenario",
    "StateGraph",
    "StatePanel",
    "StorageError",
    "Timeline",
    "Trace",
    "TraceError",
    "Tracked",
    "TrackedAction",
    "TrackedActionCompleted",
    "Untracked",
    "UntrackedAction",
    "always",
    "check",
    "compare",
    "compare_recoveries",
    "compare_versions",
    "crash_matrix",
    "sometimes",
    "sqlite",
    "when_quiescent",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the module that holds it."""
    known = _ALIASES.get(name, name)
    if known not in _HOMES:
        raise AttributeError(f"module 'phasm_lab' has no attribute {name!r}; it has: {', '.join(__all__)}")
    import_module("phasm_lab.machine.calling").hand_in(import_module("phasm_lab.interpreter.watchdog").Watchdog)
    value = getattr(import_module(f"phasm_lab.{_HOMES[known]}"), known)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*globals(), *__all__])
