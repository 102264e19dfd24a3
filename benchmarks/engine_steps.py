"""What a whole step costs: payments fired, handed over, performed and delivered, every step kept.

Run it with ``python -m benchmarks.engine_steps``. Times are of the processor, so that a busy machine changes little;
the cyclic garbage collector runs as it does for a user while steps are made, and is paused while jumps are timed.
"""

import gc
import random
import time
import tracemalloc

from benchmarks.payments import Pay, scenario_of
from phasm_lab.engine import Deliver, Dispatch, Fire, Perform, start, step

ENTRY_COUNTS = (10, 100_000)
STEPS_PER_PAYMENT = 5
ROUND_COUNT = 7
SMALLEST_RATE = 30_000
LARGEST_SLOWDOWN = 1.3
HISTORY_STEP_COUNT = 100_000
JUMP_COUNT = 300
LONGEST_JUMP_MS = 20

PAY = Pay("ada", 500)


def next_event(configuration):
    """Return the event that takes the newest payment one step further, told from what is in flight."""
    if configuration.results:
        return Deliver(configuration.results[-1])
    if configuration.requests:
        return Perform(configuration.requests[-1], ("charged",))
    if configuration.untracked:
        return Dispatch(configuration.untracked[-1], configuration.life)
    if configuration.queue:
        return Dispatch(configuration.queue[-1].action, configuration.life)
    return Fire(PAY)


def run(entry_count, payment_count):
    """Return the steps of so many payments, and how many were made in a second."""
    scenario = scenario_of(entry_count)
    configuration = start(scenario)
    steps = []
    started = time.process_time()
    for _ in range(STEPS_PER_PAYMENT * payment_count):
        steps.append(step(scenario, configuration, next_event(configuration)))
        configuration = steps[-1].configuration
    return steps, len(steps) / (time.process_time() - started)


def rates():
    """Return the best rate at each size, the sizes taking turns."""
    best = dict.fromkeys(ENTRY_COUNTS, 0.0)
    for _ in range(ROUND_COUNT):
        for count in ENTRY_COUNTS:
            best[count] = max(best[count], run(count, 2_000)[1])
    return best


def bytes_per_step(entry_count):
    """Return what a step adds to memory once a history is under way."""
    scenario = scenario_of(entry_count)
    configuration = start(scenario)
    steps = []
    step_count = 10_000
    tracemalloc.start()
    for number in range(2 * step_count):
        if number == step_count:
            before, _ = tracemalloc.get_traced_memory()
        steps.append(step(scenario, configuration, next_event(configuration)))
        configuration = steps[-1].configuration
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / step_count


def jumps_ms(entry_count):
    """Return how long each of many jumps to steps drawn at random takes."""
    steps, _ = run(entry_count, HISTORY_STEP_COUNT // STEPS_PER_PAYMENT)
    draw = random.Random(1)  # noqa: S311 - the same jumps each time
    found = []
    gc.disable()
    for _ in range(JUMP_COUNT):
        configuration = draw.choice(steps).configuration
        started = time.process_time()
        configuration.state.view()
        configuration.environment.view()
        found.append((time.process_time() - started) * 1_000)
    gc.enable()
    return sorted(found)


def main():
    """Print the figures and whether they are within their bars."""
    best = rates()
    few, many = ENTRY_COUNTS
    slowdown = best[few] / best[many]
    print(f"steps: {best[few]:,.0f}/s at {few} entries, {best[many]:,.0f}/s at {many:,} (bar: {SMALLEST_RATE:,}/s)")
    print(f"{many:,} against {few} entries: {slowdown:.2f} times the time (bar: {LARGEST_SLOWDOWN})")
    longest = 0.0
    for count in ENTRY_COUNTS:
        times = jumps_ms(count)
        longest = max(longest, times[-1])
        print(
            f"at {count:,} entries: {bytes_per_step(count):,.0f} bytes a step; a jump among {HISTORY_STEP_COUNT:,} steps"
            f" takes {times[len(times) // 2]:.1f} ms, at most {times[-1]:.1f} ms (bar: {LONGEST_JUMP_MS} ms)"
        )
    within = min(best.values()) >= SMALLEST_RATE and slowdown <= LARGEST_SLOWDOWN and longest <= LONGEST_JUMP_MS
    return 0 if within else 1


if __name__ == "__main__":
    raise SystemExit(main())
