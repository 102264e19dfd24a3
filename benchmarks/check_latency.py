"""Measures a search in JupyterLab: clicks meanwhile, Stop from click to answer, messages a second."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.browser_latency import CLICK, print_times
from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, PAGE_LIMIT_MS
from tests.browser.explorers import cell
from tests.browser.hosts import Jupyter, run_cell

CLICK_COUNT = 40
STOP_COUNT = 6
AT_LEAST = 100_000
LAB = """\
import phasm_lab as pl
from phasm_lab.examples.payments import payments as small
scenario = pl.Scenario(small.machine, inputs=[small.inputs[0]] * 16, environment=small.environment, order="any",
                       faults=pl.Faults(crashes=2, lost_results=1), properties=small.properties, limit=5_000_000)
lab = pl.Lab(scenario)
lab
"""
DONE_COUNT = "section => Number(section.querySelector('[role=progressbar]').getAttribute('aria-valuenow') ?? 0)"
HAS_MORE_THAN = f"""\
([section, least]) => !section.querySelector('[role=progressbar]').hidden && ({DONE_COUNT})(section) > least
"""
UPDATES = f"""\
async (section) => {{
    const found = new Set();
    const start = performance.now();
    while (performance.now() - start < 3000) {{
        found.add(({DONE_COUNT})(section));
        await new Promise((resolve) => requestAnimationFrame(resolve));
    }}
    return found.size / 3;
}}
"""
STOP = """\
async (section) => {
    const button = section.querySelector("header [data-do=check]");
    const until = (is_so) => new Promise((resolve) => {
        const look = () => (is_so() ? resolve(performance.now() - start) : requestAnimationFrame(look));
        look();
    });
    const start = performance.now();
    button.click();
    const answered_ms = await until(() => button.ariaDisabled === "true" || button.textContent === "Check");
    return { answered_ms, reported_ms: await until(() => button.textContent === "Check") };
}
"""


def main():
    """Start a browser and a JupyterLab of their own, measure, and end both."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        jupyter = Jupyter(Path(folder))
        with jupyter.server:
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            page.set_default_timeout(PAGE_LIMIT_MS)
            jupyter.open_in_lab(page, jupyter.write_notebook("check.ipynb", LAB))
            run_cell(page, 0)
            cell(page).locator(".row.sel").wait_for()
            measure(page)
            jupyter.end_kernels()
        browser.close()


def measure(page):
    """Print what a search does to clicks, and how soon it is stopped."""
    print_times("click to painted before the search", clicks(page))
    search_on(page)
    print_times(f"click to painted while more than {AT_LEAST:,} configurations are searched", clicks(page))
    print(f"messages a second: {cell(page).evaluate(UPDATES):.1f}")
    stops = [stop(page)]
    for _ in range(STOP_COUNT - 1):
        search_on(page)
        stops.append(stop(page))
    print_times("Stop, from click to answer", [each["answered_ms"] for each in stops])
    print_times("Stop, from click to the whole report", [each["reported_ms"] for each in stops])


def clicks(page):
    """Take choices one after the other; return the times from each click to the picture."""
    return [cell(page).evaluate(CLICK)["painted_ms"] for _ in range(CLICK_COUNT)]


def search_on(page):
    """Begin a search and wait until it has met many configurations."""
    section = cell(page)
    section.locator("header [data-do=check]").click()
    page.wait_for_function(HAS_MORE_THAN, arg=[section.element_handle(), AT_LEAST])


def stop(page):
    """Stop the search; return how long it took."""
    return cell(page).evaluate(STOP)


if __name__ == "__main__":
    sys.exit(main())
