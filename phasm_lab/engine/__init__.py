"""The engine: configurations, events and the one function that moves from one to the next."""

from phasm_lab.engine.configuration import Configuration, Inputs, Queued
from phasm_lab.engine.enabled import enabled
from phasm_lab.engine.events import (
    Crash,
    Delay,
    Deliver,
    Dispatch,
    Duplicate,
    Event,
    Fault,
    Fire,
    Lose,
    Perform,
    Recover,
    Request,
    Result,
)
from phasm_lab.engine.scenario import Scenario, start
from phasm_lab.engine.step import Record, Step, step

__all__ = [
    "Configuration",
    "Crash",
    "Delay",
    "Deliver",
    "Dispatch",
    "Duplicate",
    "Event",
    "Fault",
    "Fire",
    "Inputs",
    "Lose",
    "Perform",
    "Queued",
    "Record",
    "Recover",
    "Request",
    "Result",
    "Scenario",
    "Step",
    "enabled",
    "start",
    "step",
]
