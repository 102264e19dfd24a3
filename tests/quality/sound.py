"""What a sound machine of this suite is: a scenario for any budgets, and how many configurations each budget gives."""

from collections.abc import Callable
from dataclasses import dataclass

import phasm_lab as pl
from tests.quality.jobs import Do, Workshop, perform

ONE = (Do(1),)
TWO = (Do(1), Do(2))
THREE = (Do(1), Do(2), Do(3))

NOTHING: dict[str, int] = {}
CRASHES = {"crashes": 1, "recovery_crashes": 1}
WIRE = {
    "lost_requests": 1,
    "duplicated_requests": 1,
    "delayed_requests": 1,
    "lost_results": 1,
    "duplicated_results": 1,
    "reordered_results": 1,
}
STORAGE = {"access_errors": 1, "add_errors": 1, "commit_failures": 1}
CLIENT = {"duplicated_inputs": 1, "lost_inputs": 1, "unknown_commits": 1}


@dataclass(frozen=True)
class Sound:
    """A machine on which every rule stays silent, within each of these budgets.

    `scenario` takes budgets; `counts` has pairs of budgets and the number of configurations that they allow.
    """

    name: str
    scenario: Callable[..., pl.Scenario]
    counts: tuple[tuple[dict[str, int], int], ...]


def scenario(initial, stf, restore, *, perform=perform, environment=Workshop, inputs=ONE, **options):
    """Return a scenario of one job unless told otherwise; options that are no budget are the scenario's own."""
    given = {name: options.pop(name) for name in ("properties", "outcome", "results", "order") if name in options}
    return pl.Scenario(
        pl.Machine(initial=initial, stf=stf, restore=restore),
        inputs=inputs,
        environment=pl.Environment(initial=environment, perform=perform),
        faults=pl.Faults(**options),
        **given,
    )
