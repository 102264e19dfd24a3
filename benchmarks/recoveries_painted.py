"""How long a browser takes to paint two recoveries of 1,000 steps each, and a matrix of 100 steps, from the objects in Python."""

import base64
import json
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

import phasm_lab as pl
from benchmarks.recoveries import payments_of, recovered_run, with_inputs
from phasm_lab.examples.payments import payments_charging_again
from phasm_lab.recoveries.matrix import CrashMatrix
from phasm_lab.views.comparison_session import ComparisonSession
from phasm_lab.views.comparison_view import ComparisonBook
from phasm_lab.views.matrix_session import MatrixSession

LONGEST_MS = 1_000
BUNDLE = Path(pl.__file__).parent / "widgets" / "static" / "recoveries.js"
CHROMIUM = "/usr/bin/chromium"
PAINT = """\
async ([bundle, traits]) => {
    const { mountStatic } = await import(`data:text/javascript;base64,${bundle}`);
    const started = performance.now();
    const el = document.body.appendChild(document.createElement("div"));
    mountStatic(el, { traits, comparisons: {} });
    el.getBoundingClientRect();
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - started;
}
"""


def comparison_traits():
    """Return two long recoveries side by side, and how long Python took to align and write them."""
    scenario = with_inputs(payments_charging_again, payments_of(250))
    left, right = recovered_run(scenario, 0), recovered_run(scenario, 125)
    started = time.perf_counter()
    shown = ComparisonSession(ComparisonBook(pl.compare(left, right))).comparison()
    return {"part": "comparison", "matrix": None, "comparison": shown}, (time.perf_counter() - started) * 1_000


def matrix_traits():
    """Return a long matrix whose first cell is searched, and how long Python took to that."""
    scenario = with_inputs(payments_charging_again, payments_of(25))
    started = time.perf_counter()
    matrix = CrashMatrix(scenario)
    next(matrix.fill())
    session = MatrixSession(matrix)
    traits = {"part": "crash_matrix", "matrix": session.matrix_shape(), "comparison": session.comparison()}
    return traits, (time.perf_counter() - started) * 1_000


def main():
    """Print the figures and whether they are within their bars."""
    bundle = base64.b64encode(BUNDLE.read_bytes()).decode()
    within = []
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]).new_page()
        for words, make in (
            ("two recoveries of 1,000 steps", comparison_traits),
            ("first cells of a matrix of 100 steps", matrix_traits),
        ):
            traits, python_ms = make()
            painted_ms = page.evaluate(PAINT, [bundle, traits])
            size_kb = len(json.dumps(traits)) / 1_000
            whole = python_ms + painted_ms
            print(
                f"{words}: made in {python_ms:,.0f} ms, {size_kb:,.0f} kB, painted in {painted_ms:,.0f} ms, "
                f"together {whole:,.0f} ms (bar: {LONGEST_MS:,})"
            )
            within.append(whole <= LONGEST_MS)
    return 0 if all(within) else 1


if __name__ == "__main__":
    raise SystemExit(main())
