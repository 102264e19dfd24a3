"""Measures the picture of a search in JupyterLab: from running the cell that shows a report to the painted overview."""

import sys
import tempfile
from pathlib import Path
from time import perf_counter

from playwright.sync_api import sync_playwright

import phasm_lab as pl
from benchmarks.browser_latency import print_times
from phasm_lab.examples.payments import payments_charging_again as small
from phasm_lab.views.search_graph import SearchGraphSession
from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, PAGE_LIMIT_MS
from tests.browser.explorers import cell
from tests.browser.hosts import Jupyter, run_cell

PICTURE_COUNT = 5
LIMIT = 12_500
REPORT = f"""\
import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as small
scenario = pl.Scenario(small.machine, inputs=small.inputs, environment=small.environment, faults=pl.Faults(crashes=2),
                       properties=small.properties)
report = pl.check(scenario, limit={LIMIT}, pure=False)
print(report.configuration_count)
"""
PAINTED = """\
async () => {
    const start = performance.now();
    const shown = () => [...document.querySelectorAll(".phasm-lab")].find((host) => host.shadowRoot?.querySelector("canvas"));
    document.querySelectorAll(".phasm-lab").forEach((host) => host.remove());
    window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1;
    window.jupyterapp.commands.execute("notebook:run-cell");
    await new Promise((resolve) => {
        const look = () => (shown() ? resolve() : requestAnimationFrame(look));
        look();
    });
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return performance.now() - start;
}
"""


def main():
    """Measure what Python does, then start a browser and a JupyterLab of their own, measure the whole, and end both."""
    measure_python()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        jupyter = Jupyter(Path(folder))
        with jupyter.server:
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            page.set_default_timeout(PAGE_LIMIT_MS)
            jupyter.open_in_lab(page, jupyter.write_notebook("report.ipynb", REPORT, "report"))
            run_cell(page, 0)
            page.wait_for_selector(".jp-OutputArea-output pre")
            times_ms = [page.evaluate(PAINTED) for _ in range(PICTURE_COUNT)]
            print_times("from running the cell to the painted overview", times_ms)
            cell(page).last.locator("canvas").wait_for()
            jupyter.end_kernels()
        browser.close()


def measure_python():
    """Print how long graphs of a search take to make."""
    scenario = pl.Scenario(
        small.machine,
        inputs=small.inputs,
        environment=small.environment,
        faults=pl.Faults(crashes=2),
        properties=small.properties,
    )
    report = pl.check(scenario, limit=LIMIT, pure=False)
    print(f"{report.configuration_count:,} configurations")
    for name, make in (
        ("report.graph()", report.graph),
        ('report.graph(by="process")', lambda: report.graph(by="process")),
        (
            "report.graph(around=report.findings[0], limit=60)",
            lambda: report.graph(around=report.findings[0], limit=60),
        ),
        ("what StateGraph shows", lambda: SearchGraphSession(report).view()),
        ('what StateGraph shows, by="charged"', lambda: SearchGraphSession(report, "charged").view()),
    ):
        begun = perf_counter()
        make()
        print(f"{name}: {(perf_counter() - begun) * 1000:.0f} ms")


if __name__ == "__main__":
    sys.exit(main())
