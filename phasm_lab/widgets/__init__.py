"""The widgets, loaded when they are first used: importing this room alone costs nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from phasm_lab.widgets.choices import Choices as Choices
    from phasm_lab.widgets.comparison import Comparison as Comparison
    from phasm_lab.widgets.explorer import Explorer as Explorer
    from phasm_lab.widgets.matrix import CrashMatrix as CrashMatrix
    from phasm_lab.widgets.state_graph import StateGraph as StateGraph
    from phasm_lab.widgets.state_panel import StatePanel as StatePanel
    from phasm_lab.widgets.timeline import Timeline as Timeline

__all__ = ["Choices", "Comparison", "CrashMatrix", "Explorer", "StateGraph", "StatePanel", "Timeline"]

_HOMES = {
    "Choices": "choices",
    "Comparison": "comparison",
    "CrashMatrix": "matrix",
    "Explorer": "explorer",
    "StateGraph": "state_graph",
    "StatePanel": "state_panel",
    "Timeline": "timeline",
}


def __getattr__(name: str) -> Any:
    """Load a widget from the module that holds it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'phasm_lab.widgets' has no attribute {name!r}; it has: {', '.join(__all__)}")
    value = getattr(import_module(f"phasm_lab.widgets.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
