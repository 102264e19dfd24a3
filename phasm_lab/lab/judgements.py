"""Judging the user's properties along a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phasm_lab.engine.here import Here
from phasm_lab.errors import EndlessError, PhasmLabError

if TYPE_CHECKING:
    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.drive import Limits
    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.machine.properties import Property

__all__ = ["NOT_JUDGED", "Judgement", "judge", "judge_all"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one property says of one configuration.

    Attributes
    ----------
    holds
        True or False; None where it is not judged here or could not be.
    sentence
        Why it does not hold, or why it could not be judged; "" otherwise.
    """

    holds: bool | None
    sentence: str = ""


HOLDS = Judgement(holds=True)
BROKEN = Judgement(holds=False)
NOT_JUDGED = Judgement(holds=None)


def judge(claim: Property, configuration: Configuration, limits: Limits) -> Judgement:
    """Return what one property says; one that raises or returns something else says why it could not be judged."""
    if claim.kind == "when_quiescent" and not configuration.quiescent:
        return NOT_JUDGED
    try:
        holds, sentence = limits.call(claim.judge, Here(configuration))
    except (PhasmLabError, EndlessError) as error:
        return Judgement(None, str(error))
    finally:
        configuration.state.rollback()
        configuration.environment.rollback()
    if sentence:
        return Judgement(holds, sentence)
    return HOLDS if holds else BROKEN


def judge_all(scenario: Scenario, configuration: Configuration, limits: Limits) -> tuple[Judgement, ...]:
    """Return what each property says, in the scenario's order."""
    return tuple(judge(claim, configuration, limits) for claim in scenario.properties)
