"""The explorer as a person meets it: cells that show it, what to look for on the page, and pictures of it."""

import os
from pathlib import Path

import phasm_lab

AXE = Path(phasm_lab.__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
PAYMENTS_FILE = Path(phasm_lab.__file__).parent / "examples" / "payments.py"

LAB = """\
import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
lab = pl.Lab(scenario)
"""
CHARGED_TWICE = """\
lab.fire(scenario.inputs[0]); lab.dispatch(1); lab.perform(1, "charged")
lab.crash(); lab.recover()
lab.dispatch(1); lab.perform(1, "charged", life=1)
lab.deliver(1, life=0); lab.deliver(1)
lab.goto(3); lab.deliver(1); lab.goto(7)
"""
RECORD_POSTS = """\
from phasm_lab.views.session import Session
posts = []
_handle = Session.handle
def _recording(session, post):
    posts.append(post)
    return _handle(session, post)
Session.handle = _recording
"""
CLICK_ROWS = """\
async (section, [steps, pause_ms]) => {
    for (const step of steps) {
        section.querySelector(`.row[data-step="${step}"]`).dispatchEvent(new MouseEvent("click", { bubbles: true }));
        await new Promise((resolve) => setTimeout(resolve, pause_ms));
    }
}
"""
RUN_AXE = """\
async (section) => {
    // JupyterLab's body is 0 px high, and axe looks at nothing that a body of no height holds.
    document.body.style.minHeight = "100vh";
    const { violations, passes } = await axe.run(section.getRootNode().host);
    const texts = violations.flatMap(({ id, impact, nodes }) =>
        nodes.map(({ target, failureSummary }) => [impact, id, target.flat().at(-1), failureSummary].join(" | ")));
    return { texts, passed: passes.map(({ id }) => id) };
}
"""
FITS = """\
(section) => section.getRootNode().host.getBoundingClientRect().right <= document.documentElement.clientWidth
"""


def cell(page):
    """The frame of the widget; the selector sees through shadow roots."""
    return page.locator("section.phl")


def row(page, step):
    """The row of a step among the lanes."""
    return cell(page).locator(f".row[data-step='{step}']")


def enabled_choices(page):
    """The chips that can be taken, in the order of their keys."""
    return cell(page).locator("[data-do='choose']:not([aria-disabled='true'])")


def wait_until_selected(page, step):
    cell(page).locator(f".row.sel[data-step='{step}']").wait_for()


def click_rows(page, steps, *, pause_ms):
    """Click rows one after the other from within the page, faster than a person can."""
    cell(page).evaluate(CLICK_ROWS, [steps, pause_ms])


def pictures_folder(tmp_path):
    """Where pictures go: a folder of the person's choice, or one that is thrown away."""
    folder = Path(os.environ.get("PHASM_LAB_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def serious_violations(page):
    """What axe-core finds serious or critical in the cell, as texts."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = cell(page).evaluate(RUN_AXE)
    assert "color-contrast" in found["passed"], "axe has looked at nothing"
    return [text for text in found["texts"] if text.startswith(("serious", "critical"))]


def wait_until_it_fits(page):
    """Wait until the cell reaches nowhere beyond the page: a host lays out anew a while after its width has changed."""
    page.wait_for_function(FITS, arg=cell(page).element_handle())


def collect_errors(page):
    """A list that every uncaught error of the page is added to."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors
