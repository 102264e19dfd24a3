"""The page that steps through a recorded history with no kernel and no network."""

import pytest
from playwright.sync_api import expect

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
from phasm_lab.views.search import search_of
from tests.browser.explorers import (
    cell,
    collect_errors,
    enabled_choices,
    pictures_folder,
    row,
    serious_violations,
    wait_until_it_fits,
    wait_until_selected,
)
from tests.browser.hosts import set_width
from tests.views.searches import wait_for_workers


def charged_twice():
    lab = pl.Lab(scenario)
    lab.fire(scenario.inputs[0])
    lab.perform(1, "charged")
    lab.crash()
    lab.recover()
    lab.dispatch(1)
    lab.perform(1, "charged", life=1)
    lab.deliver(1, life=0)
    lab.deliver(1)
    lab.goto(3)
    lab.deliver(1)
    lab.goto(7)
    return lab


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "saved.html"
    charged_twice().to_html(path)
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_drawn_wide_and_narrow_in_the_colours_of_the_system(page, saved, tmp_path, scheme):
    errors = collect_errors(page)
    page.emulate_media(color_scheme=scheme)
    page.goto(saved)
    wait_until_selected(page, 7)
    assert scheme == cell(page).evaluate("(section) => section.getRootNode().host.dataset.theme")
    assert [] == serious_violations(page)
    for width_px in (1200, 420):
        set_width(page, width_px)
        wait_until_it_fits(page)
        page.screenshot(path=pictures_folder(tmp_path) / f"page-{scheme}-{width_px}.png", full_page=True)
    assert [] == errors


def test_it_steps_through_every_branch(page, saved):
    page.goto(saved)
    wait_until_selected(page, 7)
    row(page, 3).click()
    wait_until_selected(page, 3)
    cell(page).press("b")
    page.keyboard.press("End")
    wait_until_selected(page, 10)


def test_a_lab_that_was_checked_shows_its_verdict_and_leads_to_its_findings(page, tmp_path):
    lab = pl.Lab(scenario)
    search = search_of(lab)
    search.start()
    wait_for_workers()
    search.open("changed-outcome")
    lab.goto(0)
    lab.to_html(tmp_path / "checked.html")
    page.goto((tmp_path / "checked.html").as_uri())
    wait_until_selected(page, 0)
    cell(page).locator("header .verdict").click()
    assert [] == serious_violations(page)
    expect(page.get_by_role("button", name="Check", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="open broken-property, 5 steps", exact=True)).to_be_disabled()
    page.get_by_role("button", name="open changed-outcome, 7 steps", exact=True).click()
    wait_until_selected(page, 7)
    page.screenshot(path=pictures_folder(tmp_path) / "page-checked.png")


def test_only_the_choice_that_was_taken_can_be_taken_and_leads_to_its_step(page, saved):
    page.goto(saved)
    wait_until_selected(page, 7)
    expect(enabled_choices(page)).to_have_count(1)
    cell(page).press("1")
    wait_until_selected(page, 8)


def test_without_scripts_it_is_a_table(browser, saved):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(saved)
    assert 1 == page.get_by_role("cell", name="fire Pay(user='ada', cents=500)", exact=True).count()
    context.close()
