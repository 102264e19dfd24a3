"""The crash matrix of a short and a long run, and two long recoveries laid side by side."""

import time

import phasm_lab as pl
from phasm_lab.examples.payments import Pay, payments, payments_charging_again
from phasm_lab.examples.transfer import Transfer, transfer
from phasm_lab.recoveries.matrix import CrashMatrix
from phasm_lab.recoveries.running import with_faults

LONGEST_SHORT_MATRIX_MS = 1_000
LONGEST_LONG_MATRIX_MS = 20_000
LONGEST_FIRST_CELL_MS = 1_000
LONGEST_COMPARISON_MS = 1_000
SHOWN_ROW_COUNT = 200


def with_inputs(scenario, inputs):
    """Return a scenario with other inputs."""
    return with_faults(scenario, pl.Faults(crashes=1), inputs=inputs)


def payments_of(count):
    """Return as many payments, a run of four steps each."""
    return [Pay(f"user {index}", 100 + index) for index in range(count)]


def matrix_ms(scenario, **options):
    """Return the matrix, and how long it took to its first cell and to its last."""
    started = time.perf_counter()
    matrix = CrashMatrix(scenario, **options)
    first = 0.0
    for _ in matrix.fill():
        first = first or time.perf_counter() - started
    return matrix, first * 1_000, (time.perf_counter() - started) * 1_000


def recovered_run(scenario, input_index):
    """Return a run through all inputs in which the process dies once, with a request on the wire."""
    lab = pl.Lab(scenario)
    for index, value in enumerate(scenario.inputs):
        lab.fire(value)
        if index == input_index:
            lab.dispatch(lab.in_flight[-1].id)
            lab.crash()
        lab.run()
    return lab.trace


def comparison_ms(scenario):
    """Return a comparison of two recoveries, and how long it took to what a screen shows of it."""
    left, right = recovered_run(scenario, 0), recovered_run(scenario, len(scenario.inputs) // 2)
    started = time.perf_counter()
    found = pl.compare(left, right)
    shown = [row.to_json() for row in found.rows[:SHOWN_ROW_COUNT]]
    assert shown
    assert found.verdict
    return found, (time.perf_counter() - started) * 1_000


def main():
    """Print the figures and whether they are within their bars."""
    within = []
    for scenario in (payments, payments_charging_again, transfer):
        for more in ({}, {"second_crashes": True}):
            matrix, _, whole = matrix_ms(scenario, **more)
            words = f"{len(matrix.run)} steps, {len(matrix.recoveries):,} recoveries{' with second crashes' if more else ''}"
            print(f"{scenario.name}: {words}: {whole:,.0f} ms (bar: {LONGEST_SHORT_MATRIX_MS:,})")
            within.append(whole <= LONGEST_SHORT_MATRIX_MS)
    for scenario in (
        with_inputs(payments, payments_of(25)),
        with_inputs(payments_charging_again, payments_of(25)),
        with_inputs(transfer, [Transfer(10 + index) for index in range(14)]),
    ):
        matrix, first, whole = matrix_ms(scenario)
        words = f"{len(matrix.run)} steps, {len(matrix.recoveries):,} recoveries"
        bars = f"bars: {LONGEST_FIRST_CELL_MS:,} and {LONGEST_LONG_MATRIX_MS:,}"
        print(f"{scenario.name}: {words}: first cell {first:,.0f} ms, all {whole:,.0f} ms ({bars})")
        within += [first <= LONGEST_FIRST_CELL_MS, whole <= LONGEST_LONG_MATRIX_MS]
    for scenario in (
        with_inputs(payments_charging_again, payments_of(250)),
        with_inputs(transfer, [Transfer(10 + index) for index in range(140)]),
    ):
        found, whole = comparison_ms(scenario)
        counts = f"{len(found.left.steps):,} and {len(found.right.steps):,} steps"
        print(f"{scenario.name}: {counts} aligned and shown: {whole:,.0f} ms (bar: {LONGEST_COMPARISON_MS:,})")
        within.append(whole <= LONGEST_COMPARISON_MS)
    return 0 if all(within) else 1


if __name__ == "__main__":
    raise SystemExit(main())
