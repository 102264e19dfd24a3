"""A check in JupyterLab, as a person makes it: begun, watched, stopped, and its findings opened."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explorers import (
    LAB,
    cell,
    collect_errors,
    enabled_choices,
    pictures_folder,
    serious_violations,
    wait_until_it_fits,
    wait_until_selected,
)
from tests.browser.hosts import run_all_cells, run_cell, set_width, wait_for_idle_kernel
from tests.tidy.rules import ROOT

LONG = f"""\
import sys
sys.path.insert(0, {str(ROOT)!r})
import phasm_lab as pl
from tests.views.searches import LONG
lab = pl.Lab(LONG)
lab
"""
ALL_IN_SIGHT = """\
(section) => {
    const verdict = section.querySelector("header .verdict > span:last-child");
    const lanes = section.querySelector(".scroller").getBoundingClientRect();
    const marks = [...section.querySelectorAll(".lanes .row .f-broken, .lanes .row text")];
    return verdict.scrollWidth <= verdict.clientWidth
        && /\\u00d72$/.test(marks.map((mark) => mark.textContent).filter((text) => /\\u00d7/.test(text)).at(-1))
        && marks.every((mark) => mark.getBoundingClientRect().right <= lanes.right);
}
"""
"""Whether the verdict is whole, and neither how often something happened nor what broke is out of sight."""

THREADS = """\
import threading
searches = [each for each in threading.enumerate() if each.name == "phasm-lab-search"]
for each in searches:
    each.join(10)
print([each for each in searches if each.is_alive()])
"""
CLOSE = """\
import ipywidgets
ipywidgets.Widget.close_all()
"""


def chip(page):
    return cell(page).locator("header .verdict")


def check_button(page):
    return cell(page).locator("header [data-do=check]")


def open_long(page, jupyter_lab, name, *cells):
    """Show a lab whose check takes very long."""
    name = jupyter_lab.write_notebook(name, LONG, *cells)
    jupyter_lab.open_in_lab(page, name)
    run_cell(page, 0)
    wait_until_selected(page, 0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_finding_is_opened_as_a_branch_named_after_it(page, jupyter_lab, tmp_path, theme):
    errors = collect_errors(page)
    jupyter_lab.open_in_lab(page, jupyter_lab.write_notebook(f"check-{theme}.ipynb", LAB + "lab"), theme=theme)
    run_all_cells(page)
    wait_until_selected(page, 0)
    check_button(page).click()
    page.get_by_role("button", name="open broken-property, 5 steps", exact=True).click()
    wait_until_selected(page, 5)
    cell(page).get_by_text("charged \u00d72").wait_for()
    expect(chip(page)).to_have_text("broken: 2 findings · 1,583 configurations · complete for 1 crash")
    expect(cell(page).locator("[role=tree]").get_by_text("broken-property: no_card")).to_have_count(1)
    assert [] == serious_violations(page)
    for width_px in (1200, 820, 420):
        set_width(page, width_px, height_px=1700)
        wait_until_it_fits(page)
        page.wait_for_function(ALL_IN_SIGHT, arg=cell(page).element_handle())
        cell(page).screenshot(path=pictures_folder(tmp_path) / f"check-{theme}-{width_px}.png")
    assert [] == errors


def test_by_keys_alone_it_is_begun_and_its_finding_opened(page, jupyter_lab):
    jupyter_lab.open_in_lab(page, jupyter_lab.write_notebook("check-keys.ipynb", LAB + "lab"))
    run_all_cells(page)
    wait_until_selected(page, 0)
    cell(page).press("x")
    opens = page.get_by_role("button", name="open changed-outcome, 7 steps", exact=True)
    opens.focus()
    page.keyboard.press("Enter")
    wait_until_selected(page, 7)
    page.keyboard.press("d")
    page.get_by_role("tab", name="diff", selected=True).wait_for()
    page.keyboard.press("ArrowLeft")
    wait_until_selected(page, 6)


def test_choices_are_taken_while_it_goes_on_and_stop_ends_it(page, jupyter_lab, tmp_path):
    open_long(page, jupyter_lab, "check-long.ipynb", THREADS)
    cell(page).press("x")
    page.get_by_role("button", name="Stop", exact=True).wait_for()
    for step in (1, 2, 3):
        enabled_choices(page).first.click()
        wait_until_selected(page, step)
    cell(page).get_by_role("progressbar").wait_for()
    assert [] == serious_violations(page)
    cell(page).screenshot(path=pictures_folder(tmp_path) / "check-running.png")
    check_button(page).click()
    page.get_by_role("button", name="Check", exact=True).wait_for()
    expect(chip(page)).to_have_text(re.compile(r" configurations · stopped$"))
    run_cell(page, 1)
    page.get_by_text("[]", exact=True).wait_for()


def test_when_the_kernel_is_restarted_the_cell_says_that_there_is_none(page, jupyter_lab):
    open_long(page, jupyter_lab, "check-restart.ipynb", THREADS)
    cell(page).press("x")
    page.get_by_role("button", name="Stop", exact=True).wait_for()
    page.evaluate("() => void window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    cell(page).get_by_text("No kernel. Stepping works, new choices do not.").wait_for()
    expect(check_button(page)).to_be_disabled()
    wait_for_idle_kernel(page)
    run_cell(page, 1)
    page.get_by_text("[]", exact=True).wait_for()
    run_cell(page, 0)
    wait_until_selected(page, 0)
    expect(check_button(page)).to_be_enabled()


def test_a_widget_that_is_closed_takes_its_search_along(page, jupyter_lab):
    open_long(page, jupyter_lab, "check-closed.ipynb", CLOSE + THREADS)
    cell(page).press("x")
    page.get_by_role("button", name="Stop", exact=True).wait_for()
    run_cell(page, 1)
    page.get_by_text("[]", exact=True).wait_for()
