"""The same check in Pyodide, CPython in WebAssembly, and here: one run, the check alone without the start of either.

Run it with ``python -m benchmarks.checker_pyodide``, or name another case: ``... 4 1`` (payments, crashes). The best of
several rounds counts, since Node compiles on threads of its own, which a busy machine delays.
"""

import re
import sys

from benchmarks.processes import run
from tests.pyodide import pyodide

CASE = ("4", "1")
ROUND_COUNT = 2
SMALLEST_SHARE = 0.5


def rate(command):
    """Return the configurations a second that a check printed."""
    printed = run(command, pyodide.ROOT).printed
    return float(re.search(r": ([\d,]+)/s", printed)[1].replace(",", ""))


def main():
    """Print the figures and whether they are within their bar."""
    if pyodide.missing():
        print(f"not run: {pyodide.missing()}")
        return 0
    asked = ("benchmarks.checker_payments", *(sys.argv[1:] or CASE))
    commands = {"here": [sys.executable, "-m", *asked], "in Pyodide": pyodide.command(*asked)}
    best = dict.fromkeys(commands, 0.0)
    for _ in range(ROUND_COUNT):
        for name, command in commands.items():
            best[name] = max(best[name], rate(command))
    share = best["in Pyodide"] / best["here"]
    print(f"{best['in Pyodide']:,.0f}/s in Pyodide, {best['here']:,.0f}/s here: {share:.2f} (bar: {SMALLEST_SHARE})")
    return 0 if share >= SMALLEST_SHARE else 1


if __name__ == "__main__":
    raise SystemExit(main())
