"""What of a report is printed, and where a page may end."""

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario

STYLES = """(selector) => {
    const style = getComputedStyle(document.querySelector(selector));
    return [style.breakInside, style.listStyleType, style.whiteSpace, style.overflowWrap];
}"""


@pytest.fixture
def printed(page, tmp_path):
    path = tmp_path / "report.html"
    pl.check(scenario).to_html(path)
    page.emulate_media(media="print")
    page.goto(path.as_uri())
    return lambda selector: page.evaluate(STYLES, selector)


@pytest.mark.parametrize("selector", ["#findings article > p", ".verdict", "#matrix summary", ".runs tr"])
def test_no_page_ends_within_a_sentence_or_a_row(printed, selector):
    assert "avoid" == printed(selector)[0]


def test_a_comparison_may_begin_on_the_page_of_its_verdict(printed):
    assert "auto" == printed(".runs")[0]


def test_what_unfolds_on_a_screen_has_no_triangle(printed):
    assert "none" == printed("#matrix summary")[1]


def test_the_labels_of_a_matrix_are_whole(printed):
    assert "normal" == printed(".matrix tbody th")[2]


def test_the_head_of_a_column_is_not_broken_within_a_word(printed):
    assert "normal" == printed(".steps th:last-child")[3]
