"""A report in JupyterLab: what its search met, as an overview, in groups, and around one configuration."""

import pytest

from tests.browser.explorers import cell, collect_errors, pictures_folder, serious_violations, wait_until_it_fits
from tests.browser.hosts import run_all_cells, set_width

REPORT = """\
import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
pl.check(scenario, pure=False)
"""
COLOUR_COUNT = """\
(canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
}
"""
UNITS = {1200: "one dot, one configuration", 420: "one dot, 4 configurations"}


@pytest.fixture
def show(page, jupyter_lab):
    """A function that shows the report in a notebook with a theme."""

    def shown(name, theme="light"):
        jupyter_lab.open_in_lab(page, jupyter_lab.write_notebook(name, REPORT), theme=theme)
        run_all_cells(page)
        said(page, "showing 60 of 1,583 with marks")

    return shown


def said(page, text):
    """Wait until the cell says something."""
    cell(page).get_by_text(text, exact=True).first.wait_for()


def group_by(page, by):
    cell(page).get_by_label("Group by").select_option(by)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_overview_is_drawn_wide_and_narrow_in_the_colours_of_the_host(page, show, tmp_path, theme):
    errors = collect_errors(page)
    show(f"report-{theme}.ipynb", theme)
    for width_px, unit in UNITS.items():
        set_width(page, width_px)
        said(page, unit)
        assert [] == serious_violations(page)
        wait_until_it_fits(page)
        page.wait_for_function(
            f"(canvas) => ({COLOUR_COUNT})(canvas) > 4", arg=cell(page).locator("canvas").element_handle()
        )
        cell(page).screenshot(path=pictures_folder(tmp_path) / f"report-overview-{theme}-{width_px}.png")
    assert [] == errors


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_groups_are_drawn_wide_and_narrow(page, show, tmp_path, theme):
    show(f"groups-{theme}.ipynb", theme)
    group_by(page, "charged")
    said(page, "17 groups, all 1,583 configurations")
    for width_px in UNITS:
        set_width(page, width_px)
        assert [] == serious_violations(page)
        wait_until_it_fits(page)
        cell(page).screenshot(path=pictures_folder(tmp_path) / f"report-groups-{theme}-{width_px}.png")


def test_a_configuration_is_looked_at_by_mouse_and_by_keys(page, show):
    show("looked_at.ipynb")
    group_by(page, "neighbourhood")
    said(page, "showing 60 of 1,583")
    cell(page).get_by_role("button", name="Pay(ada, 500), step 1", exact=True).click()
    said(page, "1 step from the start · no crash")
    cell(page).press("ArrowRight")
    said(page, "0 steps from the start · no crash · quiescent")
    cell(page).press("ArrowRight")
    said(page, "1 step from the start · process down")


def test_the_run_of_another_finding_is_drawn(page, show):
    show("findings.ipynb")
    cell(page).get_by_role("button", name="draw the run of changed-outcome, 7 steps", exact=True).click()
    said(page, "run, 7 steps")


def test_a_table_holds_the_counts_of_the_overview(page, show):
    show("table.ipynb")
    cell(page).get_by_role("button", name="Show as table", exact=True).click()
    cell(page).get_by_role("columnheader", name="broken, 360", exact=True).wait_for()
    cell(page).press("Escape")
    cell(page).locator("canvas").wait_for()
