"""Whole processes, run to their end: how long they took, what of the processor and how much memory."""

import os
import subprocess
import time
from typing import NamedTuple


class Ended(NamedTuple):
    """What a process that ended had printed and used; `memory_bytes` is the most that it had at once."""

    printed: str
    duration_s: float
    processor_s: float
    memory_bytes: int


def run(command, folder=None):
    """Run a process to its end.

    Raises
    ------
    RuntimeError
        If it ended with an exit code other than 0.
    """
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
    with process.stdout:
        printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(printed)
    duration_s = time.perf_counter() - started
    return Ended(printed, duration_s, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
