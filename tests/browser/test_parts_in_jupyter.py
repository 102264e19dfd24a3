"""The parts of the explorer as widgets of their own, laid out and linked by ipywidgets."""

from tests.browser.explorers import LAB, collect_errors, pictures_folder
from tests.browser.hosts import run_all_cells

PARTS = """\
import ipywidgets
slider = ipywidgets.IntSlider(min=0, max=9)
timeline, panel = pl.Timeline(lab), pl.StatePanel(lab)
ipywidgets.link((timeline, "selected"), (slider, "value"))
ipywidgets.VBox([slider, ipywidgets.HBox([pl.Choices(lab), timeline]), ipywidgets.HBox([panel, pl.StateGraph(lab)])])
"""
LINKED = """\
first, second = pl.Lab(scenario), pl.Lab(scenario)
for each in (first, second):
    each.fire(scenario.inputs[0]); each.dispatch(1); each.perform(1, "charged")
left, right = pl.Timeline(first), pl.Timeline(second)
ipywidgets.jslink((left, "selected"), (right, "selected"))
ipywidgets.HBox([left, right])
"""


def test_a_choice_in_one_part_is_seen_in_all_and_the_slider_selects_a_step(page, jupyter_lab, tmp_path):
    errors = collect_errors(page)
    jupyter_lab.open_in_lab(page, jupyter_lab.write_notebook("parts.ipynb", LAB + PARTS))
    run_all_cells(page)
    parts = page.locator("section.phl")
    parts.nth(3).wait_for()
    parts.locator("[data-do='choose']:not([aria-disabled='true'])").first.click()
    parts.locator(".row.sel[data-step='1']").wait_for()
    parts.get_by_text("1 · Pay(ada, 500)", exact=True).wait_for()
    parts.get_by_text("all 2 configurations", exact=True).wait_for()
    page.locator(".jp-OutputArea-output").screenshot(path=pictures_folder(tmp_path) / "parts.png")
    page.get_by_role("slider").press("ArrowLeft")
    parts.locator(".row.sel[data-step='0']").wait_for()
    assert [] == errors


def test_a_link_in_the_browser_moves_the_other_lab_too(page, jupyter_lab):
    name = jupyter_lab.write_notebook("linked.ipynb", LAB + "import ipywidgets\n" + LINKED)
    jupyter_lab.open_in_lab(page, name)
    run_all_cells(page)
    parts = page.locator("section.phl")
    parts.nth(1).locator(".row.sel[data-step='3']").wait_for()
    parts.nth(0).locator(".row[data-step='1']").click()
    parts.nth(1).locator(".row.sel[data-step='1']").wait_for()
