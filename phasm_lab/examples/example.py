"""One example as the index lists it: a scenario, whether its machine is sound, and a sentence about it."""

from __future__ import annotations

from dataclasses import dataclass

import phasm_lab as pl

__all__ = ["Example"]


@dataclass(frozen=True, kw_only=True)
class Example:
    """A scenario to open in the lab.

    Parameters
    ----------
    name
        The scenario's name in its module.
    scenario
        What the lab opens.
    sound
        Whether no run of the scenario breaks anything.
    sentence
        What is wrong with a broken machine; what keeps a sound one right.
    finding
        The slug of the first thing that goes wrong; None for a sound machine.
    """

    name: str
    scenario: pl.Scenario
    sound: bool
    sentence: str
    finding: str | None = None
