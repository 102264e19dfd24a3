"""What a mutant is that one rule alone catches."""

from dataclasses import KW_ONLY, dataclass

import phasm_lab as pl

ADVICE = "ignore results of what is no longer outstanding"
"""How the message of a probe ends."""


@dataclass(frozen=True)
class Alone:
    """A machine that differs from a sound one in one place, the one finding on it, and how many configurations it has."""

    name: str
    slug: str
    scenario: pl.Scenario
    _: KW_ONLY
    configuration_count: int
    length: int
    message: str
