"""What undo costs: transitions of the payments machine with and without it, at 10 and at 100,000 entries.

Run it with ``python -m benchmarks.engine_undo``. Ratios are taken within one run; times are of the processor. As in
`timeit`, the cyclic garbage collector is paused: how often it walks the versions that are kept depends on all else that
the process holds. The same with the collector on is printed beside it.
"""

import gc
import time
from contextlib import suppress

import phasm_lab as pl
from benchmarks.payments import Pay, state_of, stf
from phasm_lab.engine.actions import Actions
from phasm_lab.engine.drive import NoLimits, drive
from phasm_lab.engine.memory import MemorySource
from phasm_lab.engine.transition import attempt

ENTRY_COUNTS = (10, 100_000)
PAYMENT_COUNT = 20_000
ROUND_COUNT = 5
LARGEST_SLOWDOWN = 1.15
SMALLEST_SHARE_OF_BARE = 0.6

PAY = pl.Normal(Pay("ada", 500))


def inputs_after(entry_count):
    """Yield a payment and its result, again and again."""
    for payment_id in range(entry_count + 1, entry_count + 1 + PAYMENT_COUNT):
        yield PAY
        yield pl.TrackedActionCompleted(payment_id, "charged")


def run_bare(entry_count):
    """Run stf on a plain dataclass."""
    state = state_of(entry_count)
    started = time.process_time()
    for value in inputs_after(entry_count):
        with suppress(StopIteration):
            stf(state, value, Actions()).send(None)
    return 2 * PAYMENT_COUNT / (time.process_time() - started)


def run_with_undo(entry_count):
    """Run stf on a state that can go back: begin, drive, commit."""
    version = MemorySource(lambda: state_of(entry_count), "initial").start()
    started = time.process_time()
    for value in inputs_after(entry_count):
        drive(stf(version.begin(None), value, Actions()))
        version = version.commit()
    return 2 * PAYMENT_COUNT / (time.process_time() - started)


def run_attempts(entry_count):
    """Run stf as a step does: with undo, and with a record of what became of it."""
    version = MemorySource(lambda: state_of(entry_count), "initial").start()
    limits = NoLimits()
    started = time.process_time()
    for value in inputs_after(entry_count):
        version = attempt("stf", stf, version, (value,), limits).version
    return 2 * PAYMENT_COUNT / (time.process_time() - started)


RUNS = {"bare": run_bare, "with undo": run_with_undo, "attempts": run_attempts}


def measure():
    """Return the best rate of each run at each size, the runs taking turns."""
    best = dict.fromkeys(((name, count) for name in RUNS for count in ENTRY_COUNTS), 0.0)
    for _ in range(ROUND_COUNT):
        for name, count in best:
            gc.collect()
            best[name, count] = max(best[name, count], RUNS[name](count))
    return best


def ratios(best):
    """Return how much slower the larger state is, and the smallest share of the bare rate."""
    few, many = ENTRY_COUNTS
    slowdown = best["with undo", few] / best["with undo", many]
    return slowdown, min(best["with undo", count] / best["bare", count] for count in ENTRY_COUNTS)


def main():
    """Print the figures and whether they are within their bars."""
    slowdown_collecting, share_collecting = ratios(measure())
    gc.disable()
    best = measure()
    gc.enable()
    few, many = ENTRY_COUNTS
    for name in RUNS:
        print(f"{name:10} {best[name, few]:>10,.0f}/s at {few} entries {best[name, many]:>10,.0f}/s at {many:,}")
    slowdown, share = ratios(best)
    print(
        f"{many:,} against {few} entries: {slowdown:.2f} times the time"
        f" ({slowdown_collecting:.2f} with the collector on; bar: {LARGEST_SLOWDOWN})"
    )
    print(
        f"with undo against bare: {share:.2f} of the rate"
        f" ({share_collecting:.2f} with the collector on; bar: {SMALLEST_SHARE_OF_BARE})"
    )
    return 0 if slowdown <= LARGEST_SLOWDOWN and share >= SMALLEST_SHARE_OF_BARE else 1


if __name__ == "__main__":
    raise SystemExit(main())
