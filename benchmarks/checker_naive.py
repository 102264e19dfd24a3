"""What a check costs where nothing repeats: each configuration has a state of its own, so that nothing is remembered.

Run it with ``python -m benchmarks.checker_naive``. Times are of the processor.
"""

import time
from dataclasses import dataclass, field

import phasm_lab as pl

ARRIVAL_COUNT = 8
ROUND_COUNT = 3
SMALLEST_RATE = 30_000
GOAL_RATE = 60_000


@dataclass
class WaitingList:
    """The state: who came, in the order in which they came."""

    names: list[str] = field(default_factory=list)
    count: int = 0


async def stf(state, input, actions):
    """Take the next one in."""
    del actions
    state.names.append(input.payload)
    state.count += 1


async def restore(state, actions):
    """Ask for nothing: nobody is waited for."""


def scenario():
    """Return the scenario in which so many arrive in any order: each order is a state."""
    machine = pl.Machine(initial=WaitingList, stf=stf, restore=restore, name="waiting list")
    names = [f"guest {number}" for number in range(ARRIVAL_COUNT)]
    return pl.Scenario(machine, inputs=names, order="any")


def rate():
    """Return the configurations that one check met and how many in a second."""
    started = time.process_time()
    report = pl.check(scenario())
    duration_s = time.process_time() - started
    if report.verdict != "holds":
        raise RuntimeError(str(report))
    return report.configuration_count, report.configuration_count / duration_s


def main():
    """Print the figures and whether they are within their bars."""
    count, best = max((rate() for _ in range(ROUND_COUNT)), key=lambda found: found[1])
    print(
        f"{count:,} configurations, each with a state of its own:"
        f" {best:,.0f}/s (bar: {SMALLEST_RATE:,}/s, goal: {GOAL_RATE:,}/s)"
    )
    return 0 if best >= SMALLEST_RATE else 1


if __name__ == "__main__":
    raise SystemExit(main())
