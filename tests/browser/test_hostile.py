"""Names and values that try to be more than text, in a real browser."""

import pytest

from tests.browser.explorers import cell, collect_errors, pictures_folder, wait_until_it_fits, wait_until_selected
from tests.browser.hosts import run_all_cells, set_width, wait_for_layout
from tests.export.hostile import PIECES, hostile_lab
from tests.tidy.rules import ROOT

STRINGS = [*PIECES, "<b>" * 5_000]
LAB = f"""\
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.export.hostile import PIECES, hostile_lab
lab = hostile_lab([*PIECES, "<b>" * 5_000])
lab
"""
TABS = {"d": "diff", "f": "full", "s": "code"}
MARKUP = "script, img, iframe, [onload], [onerror], [onmouseover], [onfocus], [autofocus]"
TAKEN = """\
(section) => [
    window.taken === undefined,
    section.querySelectorAll("MARKUP").length,
    [section, ...section.querySelectorAll(":scope > :not(.sr)")].filter((each) => each.scrollWidth > each.clientWidth)
        .map((each) => each.className),
]
""".replace("MARKUP", MARKUP)


def look_at_every_tab(page):
    """Show the difference, the whole state and the code of the selected step, one after the other."""
    for key, tab in TABS.items():
        cell(page).press(key)
        cell(page).get_by_role("tab", name=tab, selected=True).wait_for()
        wait_for_layout(page)
        assert [True, 0, []] == cell(page).evaluate(TAKEN)


@pytest.mark.parametrize("width_px", [1200, 420])
def test_on_a_page_nothing_becomes_markup_or_leaves_its_place(page, tmp_path, width_px):
    errors = collect_errors(page)
    path = tmp_path / "hostile.html"
    lab = hostile_lab(STRINGS)
    lab.to_html(path)
    set_width(page, width_px)
    page.goto(path.as_uri())
    wait_until_selected(page, lab.selected.number)
    look_at_every_tab(page)
    wait_until_it_fits(page)
    assert [] == errors
    page.screenshot(path=pictures_folder(tmp_path) / f"hostile-{width_px}.png", full_page=True)
    for key in ("Home", *["ArrowRight"] * 12):
        cell(page).press(key)
    look_at_every_tab(page)


def test_in_jupyterlab_nothing_becomes_markup_or_leaves_its_place(page, jupyter_lab, tmp_path):
    jupyter_lab.open_in_lab(page, jupyter_lab.write_notebook("hostile.ipynb", LAB))
    errors = collect_errors(page)
    run_all_cells(page)
    cell(page).locator(".row.sel").wait_for()
    look_at_every_tab(page)
    wait_until_it_fits(page)
    assert [] == errors
    cell(page).screenshot(path=pictures_folder(tmp_path) / "hostile-jupyterlab.png")
