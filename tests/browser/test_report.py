"""A report opened from a file: runs step by themselves, cells lead to comparisons, nothing is asked of the network."""

import re

import pytest
from playwright.sync_api import expect

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again
from tests.browser.explorers import AXE, collect_errors, pictures_folder
from tests.browser.hosts import set_width

# The widgets in it are looked at where they are tested.
RUN_AXE = """\
async () => {
    const { violations, passes } = await axe.run({ exclude: [".live"] });
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const texts = serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    return { texts, passed: passes.map(({ id }) => id) };
}
"""
FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.html"
    pl.check(payments_charging_again).to_html(path)
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_drawn_wide_and_narrow_in_the_colours_of_the_system(page, report, tmp_path, scheme):
    errors = collect_errors(page)
    page.emulate_media(color_scheme=scheme)
    page.goto(report)
    expect(page.locator("section.lab")).to_have_count(3)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(RUN_AXE)
    assert [] == found["texts"]
    assert "color-contrast" in found["passed"], "axe has looked at nothing"
    for width_px in (1200, 420):
        set_width(page, width_px)
        page.wait_for_function(FITS)
        page.screenshot(path=pictures_folder(tmp_path) / f"report-{scheme}-{width_px}.png", full_page=True)
    assert [] == errors


def test_a_counterexample_is_stepped_through_by_itself(page, report):
    page.goto(report)
    first, second = page.locator("section.lab").nth(0), page.locator("section.lab").nth(1)
    first.locator(".row.sel[data-step='5']").wait_for()
    first.locator(".row[data-step='2']").click()
    first.locator(".row.sel[data-step='2']").wait_for()
    expect(second.locator(".row.sel[data-step='7']")).to_have_count(1)


def test_a_cell_puts_its_recovery_beside_the_crash_free_run(page, report):
    page.goto(report)
    matrix = page.get_by_label("crash matrix").first
    matrix.get_by_role("gridcell", name="step 7, result on wire").first.click()
    matrix.get_by_text("ChargeCard 2 was performed twice on the right.", exact=True).wait_for()


def test_a_cell_stays_under_the_pointer_when_its_verdict_is_shorter(page, report):
    page.goto(report)
    matrix = page.get_by_label("PHASM Lab crash matrix").first
    verdict = matrix.locator(".verd p")
    verdict.filter(has_text="The right breaks no_card_is_charged_twice.").wait_for()
    sound = matrix.get_by_role("gridcell", name="step 4, commit unknown")
    sound.scroll_into_view_if_needed()
    before = sound.bounding_box()
    sound.click()
    verdict.filter(has_text="Same final state and same card network, by another way.").wait_for()
    expect(matrix.locator(".hov .words > span")).to_contain_text("Crash at step 4, the commit not acknowledged")
    assert before == sound.bounding_box()


def test_any_two_cells_are_laid_side_by_side(page, report):
    page.goto(report)
    matrix = page.get_by_label("PHASM Lab crash matrix").first
    matrix.get_by_role("gridcell", name="step 7, result on wire").first.click()
    matrix.get_by_role("gridcell", name="step 2, request on wire").first.click(modifiers=["Shift"])
    note = matrix.locator(".verd > span")
    late = "crash at step 2, request on the wire, request 1 performed late"
    note.filter(has_text=f"Left: {late}. Right: crash at step 7").wait_for()
    matrix.get_by_role("button", name="Swap left and right").click()
    note.filter(has_text=f"Right: {late}.").wait_for()


def test_columns_out_of_sight_are_counted_in_words_and_the_words_lead_to_them(page, report):
    page.goto(report)
    matrix = page.get_by_label("PHASM Lab crash matrix").first
    after = matrix.get_by_role("button", name="to the right")
    matrix.get_by_role("grid").wait_for()
    set_width(page, 1200)
    after.wait_for(state="hidden")
    set_width(page, 420)
    matrix.get_by_role("button", name=re.compile(r"^[5-7] more columns to the right →$")).wait_for()
    expect(matrix.locator(".matwrap")).to_have_css("border-right-style", "dashed")
    after.click()
    matrix.get_by_role("button", name="more columns to the left").wait_for()
    matrix.locator(".matwrap").evaluate("(element) => element.scrollTo(element.scrollWidth, 0)")
    after.wait_for(state="hidden")
    expect(matrix.locator(".matwrap")).to_have_css("border-right-style", "none")


def test_a_crash_that_was_not_computed_is_said_to_be_so_in_place_of_the_verdict(page, report):
    page.goto(report)
    matrix = page.get_by_label("PHASM Lab crash matrix").first
    matrix.get_by_role("gridcell", name="step 2, second crash").first.click()
    matrix.locator(".verd p", has_text="Step 2, second crash: not searched; second_crashes=True searches it").wait_for()
    matrix.get_by_role("gridcell", name="step 7, result on wire").first.click()
    matrix.get_by_text("ChargeCard 2 was performed twice on the right.", exact=True).wait_for()


def test_on_paper_runs_are_tables_and_the_worst_comparison_is_unfolded(page, report):
    page.goto(report)
    page.locator("section.lab").first.wait_for()
    page.evaluate("document.querySelector('details.paper').open = false")
    page.emulate_media(media="print")
    expect(page.locator("section.lab").first).to_be_hidden()
    expect(page.get_by_role("cell", name="perform 1, 'charged'", exact=True).first).to_be_visible()
    expect(page.locator("details.paper .verdict")).to_be_visible()
    expect(page.locator("details.cell .verdict").first).to_be_hidden()


@pytest.fixture
def page_without_scripts(browser):
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_scripts_runs_are_tables(page_without_scripts, report):
    page_without_scripts.goto(report)
    assert page_without_scripts.get_by_role("cell", name="perform 1, 'charged'", exact=True).first.is_visible()


def test_without_scripts_a_cell_leads_to_its_comparison_by_keyboard(page_without_scripts, report):
    page = page_without_scripts
    page.goto(report)
    comparison = page.locator("#cell-7-result-on-wire .verdict")
    assert not comparison.is_visible()
    page.get_by_role("link", name="step 7, result on wire: effect performed twice, 2").press("Enter")
    comparison.wait_for()
    assert (
        "Same final state. ChargeCard 2 was performed twice on the right. The right breaks no_card_is_charged_twice."
        == comparison.inner_text()
    )
