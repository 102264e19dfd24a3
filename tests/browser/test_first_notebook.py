"""The first notebook, from its first cell to its last, by keyboard alone."""

import shutil
from pathlib import Path

from tests.browser.explorers import pictures_folder

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FIRST = "01_first_crash.ipynb"
FOCUS_IS_IN_CELL = "() => document.activeElement?.classList.contains('phasm-lab')"
SELECTED_CELL = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
CELL_COUNT = "() => window.jupyterapp.shell.currentWidget.content.widgets.length"


def run_to(page, index):
    """Press Shift+Enter until the cell with this index is selected."""
    while page.evaluate(SELECTED_CELL) < index:
        before = page.evaluate(SELECTED_CELL)
        page.keyboard.press("Shift+Enter")
        page.wait_for_function(f"() => ({SELECTED_CELL})() > {before}")


def enter_explorer(page):
    """Press Tab until the focus is in an explorer."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUS_IS_IN_CELL):
            return
    raise AssertionError("Tab never gets into the explorer")


def selected(explorer, step):
    explorer.locator(f".row.sel[data-step='{step}']").wait_for()


def test_the_whole_of_it_is_done_by_keyboard_alone(page, jupyter_lab, tmp_path):
    for part in (FIRST, "pictures"):
        source = NOTEBOOKS / part
        if source.is_dir():
            shutil.copytree(source, jupyter_lab.root / part, dirs_exist_ok=True)
        else:
            shutil.copy(source, jupyter_lab.root / part)
    jupyter_lab.open_in_lab(page, FIRST)
    count = page.evaluate(CELL_COUNT)
    run_to(page, 11)
    explorer = page.locator("section.phl").first
    selected(explorer, 0)
    enter_explorer(page)
    for step, keys in enumerate(["1", "2", "2", "c1", "c1", "2", "2"], start=1):
        for key in keys:
            page.keyboard.press(key)
        selected(explorer, step)
    explorer.get_by_text("charged \u00d72").wait_for()
    explorer.scroll_into_view_if_needed()
    page.keyboard.press("Escape")
    explorer.screenshot(path=pictures_folder(tmp_path) / "first_crash.png")
    run_to(page, count - 1)
    page.keyboard.press("Shift+Enter")
    page.locator("section.phl").nth(1).locator(".row.sel[data-step='9']").wait_for()
    assert 0 == page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count()
