"""A check of the payments that `tests/tla/Payments.tla` models, in a process of its own.

Run it with ``python -m benchmarks.checker_payments 4 1``: payments, crashes.
"""

import sys
import time

import phasm_lab as pl
from tests.tla.payments import scenario


def main():
    """Check the case that the command line names and print how it went."""
    payment_count, crash_count = map(int, sys.argv[1:] or (3, 1))
    started = time.perf_counter()
    report = pl.check(scenario(payment_count, crash_count))
    duration_s = time.perf_counter() - started
    count = report.configuration_count
    print(
        f"{count} configurations in {duration_s:.2f} s: {count / duration_s:,.0f}/s,"
        f" {report.transition_count / duration_s:,.0f} transitions/s, {report.verdict}"
    )
    return 0 if report.verdict == "holds" else 1


if __name__ == "__main__":
    raise SystemExit(main())
