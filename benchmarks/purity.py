"""What the purity detectors add to a check: the same check with them and without them, taking turns.

Run it with ``python -m benchmarks.purity``. Times are of the processor, those of other interpreters left out: they run beside
the search. How long a check takes by the clock is told too, since its end waits for their answers.
"""

import gc
import time
from dataclasses import dataclass, field

import phasm_lab as pl
from benchmarks.checker_bookings import scenario as bookings
from benchmarks.checker_naive import scenario as waiting_list
from phasm_lab.examples import all_examples

ROUND_COUNT = 5
LARGEST_SHARE = 0.15
SHORT_CHECK_S = 0.05
"""A check shorter than this is not held to the share: two to four milliseconds go into the first of each kind, whatever follows."""


@dataclass
class Guests:
    """The state: who is here, and in which order they were greeted."""

    names: set[str] = field(default_factory=set)
    greeted: list[str] = field(default_factory=list)


async def stf(state, input, actions):
    """Greet everybody who is here, in the order of the alphabet."""
    del actions
    state.names.add(input.payload)
    state.greeted = sorted(state.names)


async def restore(state, actions):
    """Ask for nothing."""


def guests():
    """Return a sound scenario whose code works with sets, so that other interpreters are asked."""
    machine = pl.Machine(initial=Guests, stf=stf, restore=restore)
    return pl.Scenario(machine, inputs=[f"guest {number}" for number in range(12)], order="any")


def timed(scenario, *, pure):
    """Return how long a check takes: of the processor, and by the clock."""
    gc.collect()
    started, started_s = time.process_time(), time.perf_counter()
    pl.check(scenario, pure=pure)
    return time.process_time() - started, time.perf_counter() - started_s


def share(name, scenario):
    """Print what the detectors add; tell whether that is within the bar."""
    times = [(timed(scenario, pure=False), timed(scenario, pure=True)) for _ in range(ROUND_COUNT)]
    without, waited_without = (min(one[0][index] for one in times) for index in (0, 1))
    detecting, waited = (min(one[1][index] for one in times) for index in (0, 1))
    added = detecting - without
    print(
        f"{name}: {without * 1_000:,.0f} ms, and {added * 1_000:,.1f} ms for the detectors, {added / without:.1%}"
        f" (bar: {LARGEST_SHARE:.0%}); by the clock {(waited - waited_without) * 1_000:,.0f} ms more"
    )
    return without < SHORT_CHECK_S or added / without <= LARGEST_SHARE


def main():
    """Print the figures and whether they are within their bars."""
    scenarios = {example.name: example.scenario for example in all_examples() if example.sound}
    scenarios["bookings, two crashes"] = bookings("duplicated_requests")
    scenarios["no state twice"] = waiting_list()
    scenarios["sets"] = guests()
    within = [share(name, scenario) for name, scenario in scenarios.items()]
    return 0 if all(within) else 1


if __name__ == "__main__":
    raise SystemExit(main())
