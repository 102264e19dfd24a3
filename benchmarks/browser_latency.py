"""Measures the front end in JupyterLab: click to picture, local feedback, a long timeline's first picture, the bundle."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from phasm_lab.widgets.follower import BUNDLE_PATH
from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, PAGE_LIMIT_MS
from tests.browser.explorers import cell
from tests.browser.hosts import Jupyter, run_cell

CLICK_COUNT = 60
LONG = """\
import phasm_lab as pl
from phasm_lab.examples.payments import Pay, payments as small
scenario = pl.Scenario(small.machine, inputs=[Pay(f"user {{index}}", 5) for index in range({inputs})],
                       environment=small.environment, faults=pl.Faults(crashes=1), properties=small.properties)
lab = pl.Lab(scenario)
for value in scenario.inputs:
    if len(lab.history) >= {steps}:
        break
    lab.fire(value)
    lab.run()
print(len(lab.history))
"""
CLICK = """\
async (section) => {
    const newest = () => section.querySelector(".row.sel")?.dataset.step;
    const before = newest();
    const chips = [...section.querySelectorAll("[data-do='choose']:not([aria-disabled='true'])")];
    const goesOn = (chip) => ["In flight", "Results"].includes(chip.closest(".group")?.getAttribute("aria-label"));
    const chip = chips.find(goesOn) ?? chips[0];
    const start = performance.now();
    chip.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true }));
    const local_ms = performance.now() - start;
    const ghost = section.querySelector(".ghost") !== null;
    await new Promise((resolve) => {
        const look = () => (newest() !== before ? resolve() : requestAnimationFrame(look));
        requestAnimationFrame(look);
    });
    return { painted_ms: performance.now() - start, local_ms, ghost };
}
"""


def main():
    """Start a browser and a JupyterLab of their own, measure, and end both."""
    print(f"bundle: {BUNDLE_PATH.stat().st_size:,} bytes")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        jupyter = Jupyter(Path(folder))
        with jupyter.server:
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            page.set_default_timeout(PAGE_LIMIT_MS)
            measure_clicks(jupyter, page)
            jupyter.end_kernels()
            measure_long_timeline(jupyter, page)
        browser.close()


def open_long(jupyter, page, steps, shown):
    """Open a notebook whose first cell makes a history and whose second shows it; the first is run."""
    name = jupyter.write_notebook(f"long-{steps}.ipynb", LONG.format(inputs=steps // 5 + 40, steps=steps), shown)
    jupyter.open_in_lab(page, name)
    run_cell(page, 0)
    page.wait_for_selector(".jp-OutputArea-output pre", timeout=PAGE_LIMIT_MS)


def measure_clicks(jupyter, page):
    """Print what a click costs at a history of 1,000 steps."""
    open_long(jupyter, page, 1_000, "lab")
    run_cell(page, 1)
    cell(page).locator(".row.sel").wait_for()
    found = [cell(page).evaluate(CLICK) for _ in range(CLICK_COUNT)]
    print_times("click to painted at 1,000 steps", [each["painted_ms"] for each in found])
    print_times("local feedback", [each["local_ms"] for each in found])
    print(f"a ghost row before the answer: {sum(each['ghost'] for each in found)} of {len(found)}")


def measure_long_timeline(jupyter, page):
    """Print how soon a timeline of 5,000 steps is there, and how many rows it draws."""
    open_long(jupyter, page, 5_000, "pl.Timeline(lab)")
    measure_picture(page, "its first picture, the properties judged at each step")
    measure_picture(page, "another")
    print(f"rows in the page: {cell(page).locator('.row, tr').count()}")


def measure_picture(page, what):
    """Print how long it takes from running the second cell until its widget is drawn."""
    start = time.perf_counter()
    run_cell(page, 1)
    cell(page).locator(".row.sel").wait_for()
    took_ms = (time.perf_counter() - start) * 1_000
    print(f"a timeline of 5,000 steps, from running its cell to {what}: {took_ms:.0f} ms")


def print_times(what, times_ms):
    """Print median, 95th percentile and worst of some times."""
    p95 = statistics.quantiles(times_ms, n=20)[-1]
    print(f"{what}: median {statistics.median(times_ms):.1f} ms, p95 {p95:.1f} ms, worst {max(times_ms):.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
