"""What a whole check costs, all findings on: the sound bookings, two inputs for one slot, two crashes and one duplicate.

Run it with ``python -m benchmarks.checker_bookings``. Times are of the processor. A request that comes twice changes
nothing here; an input that comes twice may get what the first did not, since bookings have no client's key.
"""

import time

import phasm_lab as pl
from phasm_lab.examples.bookings import bookings

ROUND_COUNT = 5
SMALLEST_RATE = 80_000
DUPLICATES = {"duplicated_requests": [], "duplicated_inputs": ["changed-outcome"]}
"""What may come twice, and what a check then finds."""


def scenario(duplicate):
    """Return the sound example with two crashes and one duplicate."""
    return pl.Scenario(
        bookings.machine,
        name=f"bookings with {duplicate}=1",
        inputs=bookings.inputs,
        environment=bookings.environment,
        faults=pl.Faults(crashes=2, **{duplicate: 1}),
        properties=bookings.properties,
    )


def timed_check(duplicate):
    """Return a report and how long the check took."""
    asked = scenario(duplicate)
    started = time.process_time()
    report = pl.check(asked)
    return report, time.process_time() - started


def main():
    """Print the figures and whether they are within their bars."""
    within = True
    for duplicate, findings in DUPLICATES.items():
        report, duration_s = min((timed_check(duplicate) for _ in range(ROUND_COUNT)), key=lambda found: found[1])
        found = [finding.check for finding in report.findings]
        rate = report.transition_count / duration_s
        print(
            f"{duplicate}: {report.configuration_count:,} configurations and {report.transition_count:,} transitions"
            f" in {duration_s:.2f} s, {rate:,.0f} transitions/s (bar: {SMALLEST_RATE:,}/s); found: {found or 'nothing'}"
        )
        within = within and report.complete and found == findings and rate >= SMALLEST_RATE
    return 0 if within else 1


if __name__ == "__main__":
    raise SystemExit(main())
