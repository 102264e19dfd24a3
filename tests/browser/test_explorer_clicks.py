"""A click anywhere on a step selects it, also on what is drawn over it."""

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
from tests.browser.explorers import cell, wait_until_selected
from tests.browser.hosts import wait_for_layout


@pytest.fixture
def crashed(tmp_path):
    path = tmp_path / "crashed.html"
    lab = pl.Lab(scenario)
    lab.fire(scenario.inputs[0])
    lab.crash()
    lab.recover()
    lab.goto(0)
    lab.to_html(path)
    return path.as_uri()


POINTS = {
    "text.holds": "(each) => { const r = each.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }",
    "path.cut": """(each) => {
        const point = each.getPointAtLength(each.getTotalLength() / 2).matrixTransform(each.getScreenCTM());
        return [point.x, point.y];
    }""",
}


@pytest.mark.parametrize("drawn", POINTS)
def test_a_click_on_what_is_drawn_over_a_crash_selects_it(page, crashed, drawn):
    page.goto(crashed)
    wait_until_selected(page, 0)
    wait_for_layout(page)
    page.mouse.click(*cell(page).locator(drawn).first.evaluate(POINTS[drawn]))

    wait_until_selected(page, 2)
