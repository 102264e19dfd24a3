"""The explorer as a Panel app, started by the command line."""

import json

from tests.browser.explorers import (
    PAYMENTS_FILE,
    cell,
    click_rows,
    collect_errors,
    enabled_choices,
    pictures_folder,
    row,
    serious_violations,
    wait_until_it_fits,
    wait_until_selected,
)
from tests.browser.hosts import set_width
from tests.tidy.rules import ROOT

RECORDED = """\
import json
from pathlib import Path
from phasm_lab.examples.payments import payments_charging_again as scenario
from phasm_lab.views.session import Session

HERE = Path(__file__).with_name("posts.jsonl")
handle = Session.handle

def recording(session, post):
    with HERE.open("a") as file:
        file.write(json.dumps(post) + "\\n")
    return handle(session, post)

Session.handle = recording
"""


def fire_both_inputs(page):
    """Take the first choice, and again once its step is there."""
    for step in (1, 2):
        enabled_choices(page).first.click()
        wait_until_selected(page, step)


def test_the_first_click_makes_a_step(page, panel_app, tmp_path):
    errors = collect_errors(page)
    page.goto(panel_app(f"{PAYMENTS_FILE}:payments_charging_again"))
    wait_until_selected(page, 0)
    fire_both_inputs(page)
    for width_px in (1200, 420):
        set_width(page, width_px)
        wait_until_it_fits(page)
        page.screenshot(path=pictures_folder(tmp_path) / f"panel-{width_px}.png", full_page=True)
    assert [] == errors


def test_axe_finds_nothing_serious(page, panel_app):
    page.goto(panel_app(f"{PAYMENTS_FILE}:payments_charging_again"))
    wait_until_selected(page, 0)
    fire_both_inputs(page)
    assert [] == serious_violations(page)


def test_twenty_clicks_5_ms_apart_all_arrive_in_order(page, panel_app, tmp_path):
    (tmp_path / "recorded.py").write_text(RECORDED)
    page.goto(panel_app(f"{tmp_path / 'recorded.py'}:scenario"))
    wait_until_selected(page, 0)
    fire_both_inputs(page)
    steps = [0, 1, 2, 1] * 5
    click_rows(page, steps, pause_ms=5)
    cell(page).press("c")
    page.keyboard.press("1")
    wait_until_selected(page, 3)
    posts = [json.loads(line) for line in (tmp_path / "posts.jsonl").read_text().splitlines()]
    assert steps == [post["step"] for post in posts if post["kind"] == "goto"]


def test_a_check_is_watched_stopped_and_its_findings_opened(page, panel_app, tmp_path):
    errors = collect_errors(page)
    page.goto(panel_app(f"{PAYMENTS_FILE}:payments_charging_again"))
    wait_until_selected(page, 0)
    cell(page).press("x")
    page.get_by_role("button", name="open broken-property, 5 steps", exact=True).click()
    wait_until_selected(page, 5)
    assert [] == serious_violations(page)
    page.screenshot(path=pictures_folder(tmp_path) / "panel-checked.png")
    page.goto(panel_app(f"{ROOT / 'tests' / 'views' / 'searches.py'}:LONG"))
    wait_until_selected(page, 0)
    cell(page).press("x")
    cell(page).locator("header .verdict").get_by_text("configurations").wait_for()
    enabled_choices(page).first.click()
    wait_until_selected(page, 1)
    page.get_by_role("button", name="Stop", exact=True).click()
    cell(page).locator("header .verdict").get_by_text("stopped").wait_for()
    assert [] == errors


def test_each_browser_session_has_a_lab_of_its_own(page, panel_app):
    url = panel_app(f"{PAYMENTS_FILE}:payments_charging_again")
    page.goto(url)
    wait_until_selected(page, 0)
    fire_both_inputs(page)
    other = page.context.new_page()
    other.goto(url)
    wait_until_selected(other, 0)
    assert 0 == row(other, 1).count()


def test_a_page_that_is_loaded_again_has_its_run_again_and_goes_on_with_it(page, panel_app):
    errors = collect_errors(page)
    page.goto(panel_app(f"{PAYMENTS_FILE}:payments_charging_again"))
    wait_until_selected(page, 0)
    fire_both_inputs(page)
    page.wait_for_url("**/?lab=*")
    page.reload()
    wait_until_selected(page, 2)
    enabled_choices(page).filter(has_text="dispatch #1").click()
    wait_until_selected(page, 3)
    assert [] == errors
