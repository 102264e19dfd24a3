"""A crash matrix and two runs side by side as a person meets them: cells that show them, and what to look for on the page."""

from playwright.sync_api import expect

MATRIX = """\
import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
matrix = pl.crash_matrix(scenario)
matrix
"""


def widget(page):
    """The frame of the widget; the selector sees through shadow roots."""
    return page.locator("section.cmp")


def matrix_cell(page, name):
    """A cell of the matrix, by its step and column."""
    return widget(page).locator(f"td[data-id='{name}']")


def wait_for_cell_on(page, side, name):
    """Wait until a cell stands on a side, the left or the right one."""
    flagged = widget(page).locator("td", has=page.locator(".flag", has_text=side[0].upper()))
    expect(flagged).to_have_attribute("data-id", name)


def wait_for_whole_verdict(page, text):
    """Wait until the verdict says this and nothing else."""
    expect(widget(page).locator(".verd p")).to_have_text(text, use_inner_text=True)


def wait_for_verdict(page, text):
    """Wait until the verdict has a text in it."""
    widget(page).locator(".verd p", has_text=text).wait_for()


def wait_for_note(page, text):
    """Wait until the line below the verdict, which says what the two runs are, has a text in it."""
    widget(page).locator(".verd > span", has_text=text).wait_for()
