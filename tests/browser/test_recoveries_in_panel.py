"""A crash matrix and two runs side by side in a Panel app."""

import sys

import pytest

from tests.browser.explorers import collect_errors, pictures_folder, serious_violations, wait_until_it_fits
from tests.browser.hosts import set_width
from tests.browser.recoveries import (
    matrix_cell,
    wait_for_cell_on,
    wait_for_note,
    wait_for_verdict,
    wait_for_whole_verdict,
    widget,
)
from tests.browser.servers import Server, free_port

APP = """\
import panel as pn
import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
pn.Column({shown}, sizing_mode="stretch_width").servable()
"""


@pytest.fixture
def served(tmp_path):
    """A function that serves an app in which an expression is shown, and returns its address."""
    servers = []

    def serve(shown):
        (tmp_path / "shown.py").write_text(APP.format(shown=shown))
        port = free_port()
        command = [sys.executable, "-m", "panel", "serve", str(tmp_path / "shown.py"), "--port", str(port)]
        url = f"http://localhost:{port}/shown"
        servers.append(Server([*command, "--address", "localhost"], url, tmp_path).__enter__())
        return url

    yield serve
    for server in servers:
        server.stop()


def test_a_matrix_works_by_clicks_and_keys(page, served, tmp_path):
    errors = collect_errors(page)
    page.goto(served("pl.crash_matrix(scenario)"))
    wait_for_verdict(page, "ChargeCard 1 was performed twice on the right.")
    matrix_cell(page, "3 result on wire").click()
    wait_for_note(page, "Right: crash at step 3, result on the wire")
    matrix_cell(page, "5 none out").press("Shift+Enter")
    wait_for_note(page, "Left: crash at step 5, after the commit")
    wait_for_cell_on(page, "left", "5 none out")
    wait_for_cell_on(page, "right", "3 result on wire")
    assert [] == serious_violations(page)
    for width_px in (1200, 420):
        set_width(page, width_px, height_px=1500)
        wait_until_it_fits(page)
        page.screenshot(path=pictures_folder(tmp_path) / f"panel-matrix-{width_px}.png", full_page=True)
    assert [] == errors


def test_a_recovery_opens_in_a_lab_in_the_same_place(page, served):
    page.goto(served("pl.crash_matrix(scenario)"))
    matrix_cell(page, "3 result on wire").click()
    page.get_by_role("button", name="Open in lab").click()
    lab = page.locator("section.lab")
    lab.locator(".row.sel[data-step='9']").wait_for()
    lab.press("Home")
    lab.locator(".row.sel[data-step='0']").wait_for()
    page.get_by_role("button", name="Back to the two runs").click()
    widget(page).locator(".paths").wait_for()


def test_two_runs_alone_are_swapped(page, served):
    page.goto(served("pl.compare_recoveries(scenario).comparison"))
    wait_for_verdict(page, "ChargeCard 1 was performed twice on the right.")
    page.get_by_role("button", name="Swap left and right").click()
    wait_for_whole_verdict(
        page,
        "Same final state. ChargeCard 1 was performed twice on the left. The left breaks no_card_is_charged_twice.",
    )
