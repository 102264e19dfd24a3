"""A check against TLC and against a search written by hand: the same payments, whole processes, one run.

Run it with ``python -m benchmarks.checker_against_tlc``, or name another case: ``... 3 2`` (payments, crashes).

With one crash, 4 payments are the most that TLC finishes in a minute: 5 have 21,137,925 configurations. TLC searches
without any property; the check has all findings on.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.processes import run
from tests.tla import tlc

LARGEST = (4, 1)
ROUND_COUNT = 2
SMALLEST_AGAINST_TLC = 1.5
GOAL_AGAINST_TLC = 3
SMALLEST_AGAINST_HAND_WRITTEN = 1
MOST_BYTES = 250


def module(name, case):
    """Run one of the benchmarks' own modules on a case; return how many configurations it met, and how it ended."""
    ended = run([sys.executable, "-m", f"benchmarks.{name}", *map(str, case)])
    return int(ended.printed.split()[0]), ended


def by_tlc(case):
    """Run TLC on a case, with one worker and no invariant; return how many states it found, and how it ended."""
    with tempfile.TemporaryDirectory() as folder:
        ended = run(tlc.command(*case, Path(folder), invariants=()), folder)
    return tlc.distinct_state_count(ended.printed), ended


RUNS = {
    "check": lambda case: module("checker_payments", case),
    "hand-written": lambda case: module("checker_hand_written", case),
    "TLC": by_tlc,
}


def best_of_rounds(case):
    """Return the count and the quickest run of each, taking turns."""
    best = {}
    for _ in range(ROUND_COUNT):
        for name, once in RUNS.items():
            found = once(case)
            best[name] = min(best.get(name, found), found, key=lambda one: one[1].duration_s)
    return best


def bytes_per_configuration(name, case, large_count, large):
    """Return what one more configuration takes, from the same run with a payment less."""
    small_count, small = RUNS[name]((case[0] - 1, case[1]))
    return (large.memory_bytes - small.memory_bytes) / (large_count - small_count)


def main():
    """Print the figures and whether they are within their bars."""
    if tlc.missing():
        print(f"not run: {tlc.missing()}")
        return 0
    case = tuple(map(int, sys.argv[1:])) or LARGEST
    best = best_of_rounds(case)
    rates = {name: count / ended.duration_s for name, (count, ended) in best.items()}
    for name, (count, ended) in best.items():
        print(f"{name}: {count:,} configurations in {ended.duration_s:.1f} s, {rates[name]:,.0f}/s")
    against_tlc, against_hand = rates["check"] / rates["TLC"], rates["check"] / rates["hand-written"]
    taken = {name: bytes_per_configuration(name, case, *best[name]) for name in ("check", "hand-written")}
    print(f"check against TLC: {against_tlc:.2f} (bar: {SMALLEST_AGAINST_TLC}, goal: {GOAL_AGAINST_TLC})")
    print(f"check against hand-written: {against_hand:.2f} (bar: {SMALLEST_AGAINST_HAND_WRITTEN})")
    print(f"bytes a configuration: {taken['check']:.0f} (bar: {MOST_BYTES}), hand-written {taken['hand-written']:.0f}")
    same = len({count for count, _ in best.values()}) == 1
    if not same:
        print("they did not meet the same configurations")
    within = against_tlc >= SMALLEST_AGAINST_TLC and against_hand >= SMALLEST_AGAINST_HAND_WRITTEN
    return 0 if same and within and taken["check"] <= MOST_BYTES else 1


if __name__ == "__main__":
    raise SystemExit(main())
