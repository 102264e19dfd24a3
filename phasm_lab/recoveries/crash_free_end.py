"""What is wrong with the crash-free run itself, so that its cells are not taken for sound because they end the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.recoveries.futures import broken_in, waiting_in

if TYPE_CHECKING:
    from phasm_lab.recoveries.running import Runner
    from phasm_lab.trace.trace import Trace

__all__ = ["crash_free_faults"]


def crash_free_faults(runner: Runner, run: Trace) -> str:
    """Say which properties a run breaks where first, and what it leaves undone; "" where nothing is wrong with it."""
    first: dict[str, int] = {}
    for number, here in enumerate([run.start, *(step.configuration for step in run)]):
        for name, _ in broken_in(runner, here):
            first.setdefault(name, number)
    said = [f"breaks {name} at step {number:,}" for name, number in first.items()]
    waiting = waiting_in(runner, run[-1].configuration if len(run) else run.start)
    if waiting:
        said.append(f"ends stuck, restore still asking for {', '.join(waiting)}")
    return f"The crash-free run itself {' and '.join(said)}; a cell tells only what is added to that." if said else ""
