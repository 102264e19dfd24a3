"""A check against TLC and against a search written by hand: the same payments, whole processes, one run.

Run it with ``python -m benchmarks.checker_against_tlc``, or name another case: ``... 3 2`` (payments, crashes).

With one crash, 4 payments are the most that TLC finishes in a minute: 5 have 21,137,925 configurations. TLC searches
without any property; the check has all findings on.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.tla import tlc

LARGEST = (4, 1)
ROUND_COUNT = 2
SMALLEST_AGAINST_TLC = 1.5
GOAL_AGAINST_TLC = 3
SMALLEST_AGAINST_HAND_WRITTEN = 1
MOST_BYTES = 250


class Ended(NamedTuple):
    """What a process that ended had found, how long it took and how much memory it had at most."""

    configuration_count: int
    duration_s: float
    memory_bytes: int

    @property
    def rate(self):
        """Configurations a second, from the start of the process to its end."""
        return self.configuration_count / self.duration_s


def run(command, count_of, folder=None):
    """Run a process to its end; `count_of` reads the number of configurations from what it printed."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
    printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    duration_s = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise RuntimeError(printed)
    return Ended(count_of(printed), duration_s, used.ru_maxrss * 1024)


def first_number(printed):
    """Return the number that a line begins with."""
    return int(printed.split()[0])


def module(name, case):
    """Run one of the benchmarks' own modules on a case."""
    return run([sys.executable, "-m", f"benchmarks.{name}", *map(str, case)], first_number)


def by_tlc(case):
    """Run TLC on a case, with one worker and no invariant."""
    with tempfile.TemporaryDirectory() as folder:
        command = tlc.command(*case, Path(folder), invariants=())
        return run(command, tlc.distinct_state_count, folder)


RUNS = {
    "check": lambda case: module("checker_payments", case),
    "hand-written": lambda case: module("checker_hand_written", case),
    "TLC": by_tlc,
}


def bytes_per_configuration(name, case, large):
    """Return what a configuration more takes, from the same run with a payment less."""
    small = RUNS[name]((case[0] - 1, case[1]))
    return (large.memory_bytes - small.memory_bytes) / (large.configuration_count - small.configuration_count)


def main():
    """Print the figures and whether they are within their bars."""
    if tlc.missing():
        print(f"not run: {tlc.missing()}")
        return 0
    case = tuple(map(int, sys.argv[1:])) or LARGEST
    ended = {name: [] for name in RUNS}
    for _ in range(ROUND_COUNT):
        for name, once in RUNS.items():
            ended[name].append(once(case))
    best = {name: min(runs, key=lambda one: one.duration_s) for name, runs in ended.items()}
    for name, one in best.items():
        print(f"{name}: {one.configuration_count:,} configurations in {one.duration_s:.1f} s, {one.rate:,.0f}/s")
    against_tlc = best["check"].rate / best["TLC"].rate
    against_hand = best["check"].rate / best["hand-written"].rate
    taken = {name: bytes_per_configuration(name, case, best[name]) for name in ("check", "hand-written")}
    print(f"check against TLC: {against_tlc:.2f} (bar: {SMALLEST_AGAINST_TLC}, goal: {GOAL_AGAINST_TLC})")
    print(f"check against hand-written: {against_hand:.2f} (bar: {SMALLEST_AGAINST_HAND_WRITTEN})")
    print(f"bytes a configuration: {taken['check']:.0f} (bar: {MOST_BYTES}), hand-written {taken['hand-written']:.0f}")
    same = len({one.configuration_count for one in best.values()}) == 1
    if not same:
        print("they did not meet the same configurations")
    within = against_tlc >= SMALLEST_AGAINST_TLC and against_hand >= SMALLEST_AGAINST_HAND_WRITTEN
    return 0 if same and within and taken["check"] <= MOST_BYTES else 1


if __name__ == "__main__":
    raise SystemExit(main())
