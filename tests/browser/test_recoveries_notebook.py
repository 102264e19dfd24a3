"""The notebook on recoveries, in JupyterLab: its matrix is looked at, and its picture taken."""

import shutil

from tests.browser.explorers import pictures_folder
from tests.browser.hosts import run_cell, set_width
from tests.browser.recoveries import matrix_cell, wait_for_note, wait_for_verdict, widget
from tests.browser.test_first_notebook import NOTEBOOKS

NAME = "04_recoveries_side_by_side.ipynb"


def open_notebook(page, jupyter_lab):
    shutil.copytree(NOTEBOOKS / "pictures", jupyter_lab.root / "pictures", dirs_exist_ok=True)
    shutil.copy(NOTEBOOKS / NAME, jupyter_lab.root / NAME)
    jupyter_lab.open_in_lab(page, NAME)


def test_its_matrix_shows_the_deposit_that_is_made_twice(page, jupyter_lab, tmp_path):
    set_width(page, 1200, height_px=1700)
    open_notebook(page, jupyter_lab)
    for index in (2, 4):
        run_cell(page, index)
    wait_for_verdict(page, "Withdraw 1 was performed twice on the right, answered 'withdrawn', then 'refused'.")
    matrix_cell(page, "6 performed").click()
    wait_for_note(page, "Right: crash at step 6, performed, no result")
    wait_for_verdict(page, "Deposit 2 was performed twice on the right.")
    page.mouse.move(0, 0)
    page.keyboard.press("Escape")
    widget(page).screenshot(path=pictures_folder(tmp_path) / "recoveries.png")
