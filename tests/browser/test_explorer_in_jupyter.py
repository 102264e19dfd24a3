"""The explorer in JupyterLab 4 and in Notebook 7."""

import json

import pytest

from tests.browser.explorers import (
    CHARGED_TWICE,
    LAB,
    RECORD_POSTS,
    cell,
    click_rows,
    enabled_choices,
    pictures_folder,
    row,
    serious_violations,
    wait_until_it_fits,
    wait_until_selected,
)
from tests.browser.hosts import execute, run_all_cells, run_cell, set_width, wait_for_idle_kernel

SMALL = """\
import phasm_lab as pl
from phasm_lab.examples.payments import Pay, payments_charging_again as twin
scenario = pl.Scenario(twin.machine, inputs=[Pay("ada", 500)], environment=twin.environment,
                       faults=pl.Faults(crashes=1), properties=twin.properties)
lab = pl.Lab(scenario)
lab
"""
# The host hands what a widget posts to a thread of its own, so a cell that is run after a click may be there before it.
TELL_STEPS = """\
import time
for _ in range(3_000):
    steps = [post["step"] for post in posts if post["kind"] == "goto"]
    if len(steps) >= 20:
        break
    time.sleep(0.01)
print(steps)
"""
FOCUS_IS_IN_CELL = "() => document.activeElement?.classList.contains('phasm-lab')"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_in_jupyterlab_it_is_drawn_wide_and_narrow_without_a_serious_finding_of_axe(page, jupyter_lab, tmp_path, theme):
    name = jupyter_lab.write_notebook(f"drawn-{theme}.ipynb", LAB + CHARGED_TWICE + "lab")
    jupyter_lab.open_in_lab(page, name, theme=theme)
    run_all_cells(page)
    wait_until_selected(page, 7)
    for width_px in (1200, 420):
        set_width(page, width_px, height_px=1400)
        wait_until_it_fits(page)
        cell(page).screenshot(path=pictures_folder(tmp_path) / f"jupyterlab-{theme}-{width_px}.png")
    set_width(page, 1200)
    page.screenshot(path=pictures_folder(tmp_path) / f"jupyterlab-{theme}-page.png")
    assert [] == serious_violations(page)


def test_in_jupyterlab_the_first_click_makes_a_step(page, jupyter_lab, tmp_path):
    jupyter_lab.open_in_lab(page, jupyter_lab.write_notebook("first.ipynb", LAB + "lab"))
    run_all_cells(page)
    enabled_choices(page).first.click()
    wait_until_selected(page, 1)
    cell(page).screenshot(path=pictures_folder(tmp_path) / "jupyterlab-first-click.png")


def test_in_notebook_7_the_first_click_makes_a_step(page, jupyter_lab, tmp_path):
    jupyter_lab.open_in_notebook(page, jupyter_lab.write_notebook("first-7.ipynb", LAB + CHARGED_TWICE + "lab"))
    run_all_cells(page)
    wait_until_selected(page, 7)
    page.screenshot(path=pictures_folder(tmp_path) / "notebook-7-page.png")
    enabled_choices(page).first.click()
    wait_until_selected(page, 11)


def test_in_jupyterlab_twenty_clicks_5_ms_apart_all_arrive_in_order(page, jupyter_lab):
    name = jupyter_lab.write_notebook("clicks.ipynb", RECORD_POSTS + LAB + CHARGED_TWICE + "lab", TELL_STEPS)
    jupyter_lab.open_in_lab(page, name)
    run_cell(page, 0)
    wait_until_selected(page, 7)
    steps = [1, 2, 3, 4, 5] * 4
    click_rows(page, steps, pause_ms=5)
    run_cell(page, 1)
    page.get_by_text(str(steps), exact=True).wait_for()


def test_in_jupyterlab_a_small_scenario_is_run_by_keys_alone(page, jupyter_lab, tmp_path):
    tell = "print(*(type(node.step.event).__name__ for node in lab.history.nodes[1:]))"
    name = jupyter_lab.write_notebook("keys.ipynb", SMALL, tell)
    jupyter_lab.open_in_lab(page, name)
    run_cell(page, 0)
    wait_until_selected(page, 0)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUS_IS_IN_CELL):
            break
    assert page.evaluate(FOCUS_IS_IN_CELL)
    # 1 fires the only input; from then on 1 is the first thing in flight, and last the result.
    for step, key in enumerate("11111", start=1):
        page.keyboard.press(key)
        wait_until_selected(page, step)
    page.keyboard.press("ArrowLeft")
    wait_until_selected(page, 4)
    page.keyboard.press("c")
    page.keyboard.press("1")
    wait_until_selected(page, 6)
    cell(page).screenshot(path=pictures_folder(tmp_path) / "jupyterlab-keys.png")
    page.keyboard.press("Home")
    wait_until_selected(page, 0)
    run_cell(page, 1)
    page.get_by_text("Fire Dispatch Perform Dispatch Deliver Crash", exact=True).wait_for()


def test_a_saved_notebook_opened_without_its_kernel_shows_the_run_as_a_table(page, jupyter_lab):
    name = jupyter_lab.write_notebook("saved.ipynb", LAB + CHARGED_TWICE + "lab")
    jupyter_lab.open_in_lab(page, name)
    run_all_cells(page)
    wait_until_selected(page, 7)
    execute(page, "docmanager:save")
    outputs = json.loads((jupyter_lab.root / name).read_text())["cells"][0]["outputs"]
    assert [["text/html", "text/plain"]] == [sorted(output["data"]) for output in outputs]
    jupyter_lab.end_kernels()
    page.goto("about:blank")
    for open_again in (jupyter_lab.open_in_lab, jupyter_lab.open_in_notebook):
        open_again(page, name)
        page.get_by_role("cell", name="fire Pay(user='ada', cents=500)", exact=True).wait_for()
        assert 0 == page.get_by_text("Error displaying widget").count()


def test_a_notebook_loaded_again_while_its_kernel_runs_shows_the_widget_and_it_works(page, jupyter_lab):
    name = jupyter_lab.write_notebook("again.ipynb", LAB + CHARGED_TWICE + "lab")
    jupyter_lab.open_in_lab(page, name)
    run_all_cells(page)
    wait_until_selected(page, 7)
    execute(page, "docmanager:save")
    page.reload()
    wait_for_idle_kernel(page)
    wait_until_selected(page, 7)
    row(page, 3).click()
    enabled_choices(page).first.click()
    wait_until_selected(page, 11)
