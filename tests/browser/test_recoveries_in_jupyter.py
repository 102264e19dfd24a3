"""A crash matrix in JupyterLab and Notebook 7: seen, moved in by keys, laid side by side, opened in a lab."""

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.explorers import (
    CHARGED_TWICE,
    LAB,
    cell,
    collect_errors,
    pictures_folder,
    serious_violations,
    wait_until_it_fits,
    wait_until_selected,
)
from tests.browser.hosts import execute, run_all_cells, run_cell, set_width
from tests.browser.recoveries import (
    MATRIX,
    matrix_cell,
    wait_for_cell_on,
    wait_for_note,
    wait_for_verdict,
    wait_for_whole_verdict,
    widget,
)
from tests.tidy.rules import ROOT

TWICE = "Same final state. ChargeCard 1 was performed twice on the right. The right breaks no_card_is_charged_twice."
LONG = f"""\
import sys
sys.path.insert(0, {str(ROOT)!r})
import phasm_lab as pl
from phasm_lab.examples.payments import Pay, payments_charging_again as scenario
long = pl.Scenario(scenario.machine, inputs=[Pay("ada", 5)] * 60, environment=scenario.environment)
shown = pl.CrashMatrix(long)
shown
"""
HOSTILE = f"""\
import sys
sys.path.insert(0, {str(ROOT)!r})
import phasm_lab as pl
from tests.export.hostile import PIECES
from tests.recoveries.test_hostile import noting
pl.crash_matrix(noting("".join(PIECES)))
"""
TAKEN = """\
(section) => [
    window.taken === undefined,
    section.querySelectorAll("script, img, iframe, [onload], [onerror], [onmouseover], [onfocus], [autofocus]").length,
]
"""
COMPARISON = """\
import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
pl.compare_recoveries(scenario).comparison
"""


def open_matrix(page, jupyter_lab, name, *, theme="light", source=MATRIX):
    jupyter_lab.open_in_lab(page, jupyter_lab.write_notebook(name, source), theme=theme)
    run_all_cells(page)
    widget(page).locator(".verd p").first.wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_matrix_is_seen_in_every_width_and_axe_finds_nothing_serious(page, jupyter_lab, tmp_path, theme):
    errors = collect_errors(page)
    open_matrix(page, jupyter_lab, f"matrix-{theme}.ipynb", theme=theme)
    wait_for_whole_verdict(page, TWICE)
    wait_for_cell_on(page, "right", "1 all out")
    assert [] == serious_violations(page)
    for width_px in (1200, 820, 420):
        set_width(page, width_px, height_px=1700)
        wait_until_it_fits(page)
        cell(page).screenshot(path=pictures_folder(tmp_path) / f"matrix-{theme}-{width_px}.png")
    assert [] == errors


def test_by_keys_alone_two_recoveries_are_laid_side_by_side(page, jupyter_lab):
    open_matrix(page, jupyter_lab, "matrix-keys.ipynb")
    matrix_cell(page, "1 all out").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    said = widget(page).locator("td:focus .sr, td :focus .sr")
    expect(said).to_have_text("step 3, result on wire: effect performed twice")
    page.keyboard.press("Enter")
    wait_for_cell_on(page, "right", "3 result on wire")
    wait_for_whole_verdict(page, TWICE)
    for key in ("Control+Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "Shift+Enter"):
        page.keyboard.press(key)
    wait_for_note(page, "Left: crash at step 1, after the commit, 0 of 1 handed over")
    wait_for_cell_on(page, "left", "1 none out")
    page.get_by_role("button", name="Swap left and right").press("Enter")
    wait_for_verdict(page, "ChargeCard 1 was performed twice on the left.")


def test_what_both_runs_have_in_common_unfolds_and_a_link_leads_to_what_was_there_before(page, jupyter_lab):
    open_matrix(page, jupyter_lab, "matrix-fold.ipynb")
    matrix_cell(page, "3 result on wire").click()
    widget(page).get_by_text("3 common steps").wait_for()
    rows = widget(page).locator(".paths [data-at]")
    expect(rows).to_have_count(7)
    page.get_by_role("button", name="again, as at 3").click()
    widget(page).locator("[data-at='right 2']:focus").wait_for()
    page.get_by_role("button", name="Fold", exact=True).click()
    page.get_by_role("button", name="Unfold").wait_for()
    expect(rows).to_have_count(7)


def test_another_crash_of_a_cell_is_chosen(page, jupyter_lab):
    open_matrix(page, jupyter_lab, "matrix-choose.ipynb")
    page.get_by_label("Right run").select_option(index=2)
    wait_for_verdict(page, "Same final state")
    wait_for_note(page, "request 1 lost.")
    expect(widget(page).locator(".verd em")).to_have_count(0)


def test_a_recovery_opens_in_a_lab_in_the_same_cell_and_there_is_a_way_back(page, jupyter_lab, tmp_path):
    errors = collect_errors(page)
    open_matrix(page, jupyter_lab, "matrix-open.ipynb")
    matrix_cell(page, "3 result on wire").click()
    page.get_by_role("button", name="Open in lab").click()
    lab = page.locator("section.lab")
    lab.locator(".row.sel[data-step='9']").wait_for()
    lab.press("ArrowLeft")
    lab.locator(".row.sel[data-step='8']").wait_for()
    widget(page).screenshot(path=pictures_folder(tmp_path) / "matrix-lab.png")
    page.get_by_role("button", name="Back to the two runs").click()
    expect(lab).to_have_count(0)
    widget(page).locator(".paths").wait_for()
    assert [] == errors


def test_first_cells_are_seen_while_the_rest_is_searched_and_stop_keeps_them(page, jupyter_lab, tmp_path):
    jupyter_lab.open_in_lab(page, jupyter_lab.write_notebook("matrix-long.ipynb", LONG, "shown.shown.is_complete"))
    run_cell(page, 0)
    matrix_cell(page, "1 before accept").locator(".mk").wait_for()
    widget(page).get_by_role("progressbar").wait_for()
    matrix_cell(page, "1 before accept").click()
    wait_for_cell_on(page, "right", "1 before accept")
    widget(page).screenshot(path=pictures_folder(tmp_path) / "matrix-running.png")
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Go on").wait_for()
    run_cell(page, 1)
    page.get_by_text("False", exact=True).wait_for()
    expect(matrix_cell(page, "1 before accept").locator(".mk")).to_have_count(1)


def test_two_runs_alone_are_shown(page, jupyter_lab, tmp_path):
    open_matrix(page, jupyter_lab, "comparison.ipynb", source=COMPARISON)
    wait_for_whole_verdict(page, TWICE)
    assert [] == serious_violations(page)
    page.get_by_role("button", name="Swap left and right").click()
    wait_for_verdict(page, "ChargeCard 1 was performed twice on the left.")
    cell(page).screenshot(path=pictures_folder(tmp_path) / "comparison.png")


def test_two_marked_steps_of_an_explorer_are_compared_in_its_cell(page, jupyter_lab, tmp_path):
    errors = collect_errors(page)
    jupyter_lab.open_in_lab(page, jupyter_lab.write_notebook("marks.ipynb", LAB + CHARGED_TWICE + "lab"))
    run_all_cells(page)
    wait_until_selected(page, 7)
    explorer = page.locator("section.lab")
    for key in ("End", "m", "Home", "m", "="):
        explorer.press(key)
    wait_for_verdict(page, "The final states differ")
    explorer.screenshot(path=pictures_folder(tmp_path) / "explorer-compared.png")
    page.keyboard.press("Escape")
    expect(widget(page)).to_have_count(0)
    page.get_by_role("button", name="Compare A with B").click()
    wait_for_verdict(page, "The final states differ")
    page.get_by_role("button", name="Back to the lanes").click()
    expect(widget(page)).to_have_count(0)
    explorer.press("ArrowRight")
    wait_until_selected(page, 1)
    assert [] == errors


def test_in_notebook_7_it_is_the_same(page, jupyter_lab):
    jupyter_lab.open_in_notebook(page, jupyter_lab.write_notebook("matrix-seven.ipynb", MATRIX))
    run_all_cells(page)
    wait_for_verdict(page, TWICE)
    matrix_cell(page, "4 before commit").click()
    wait_for_note(page, "Right: crash at step 4, before the commit")


def test_a_saved_notebook_shows_the_table_without_a_kernel(page, jupyter_lab):
    name = jupyter_lab.write_notebook("matrix-saved.ipynb", MATRIX)
    jupyter_lab.open_in_lab(page, name)
    run_all_cells(page)
    wait_for_verdict(page, TWICE)
    execute(page, "docmanager:save")
    (cell_,) = nbformat.read(jupyter_lab.root / name, as_version=4).cells
    assert [["text/html", "text/plain"]] == [sorted(output["data"]) for output in cell_.outputs]
    jupyter_lab.end_kernels()
    page.goto("about:blank")
    jupyter_lab.open_in_lab(page, name)
    page.get_by_role("table", name="Crash matrix, payments charging again: 36 crash points").wait_for()
    assert 0 == page.get_by_text("Error displaying widget").count()


@pytest.mark.parametrize("width_px", [1200, 420])
def test_no_text_of_a_user_becomes_markup_or_leaves_its_place(page, jupyter_lab, tmp_path, width_px):
    errors = collect_errors(page)
    set_width(page, width_px)
    open_matrix(page, jupyter_lab, f"matrix-hostile-{width_px}.ipynb", source=HOSTILE)
    wait_until_it_fits(page)
    assert [True, 0] == cell(page).evaluate(TAKEN)
    cell(page).screenshot(path=pictures_folder(tmp_path) / f"matrix-hostile-{width_px}.png")
    assert [] == errors
