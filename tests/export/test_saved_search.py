"""A page of a lab whose scenario was searched shows what was found."""

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again
from phasm_lab.export.page import saved_history
from phasm_lab.views.search import search_of
from tests.views.searches import LONG, wait_for_workers


@pytest.fixture
def lab():
    lab = pl.Lab(payments_charging_again)
    search_of(lab).start()
    wait_for_workers()
    return lab


def saved_search(lab):
    return saved_history(lab)["traits"]["search"]


def test_the_verdict_is_that_of_the_search(lab):
    assert "broken: 2 findings" == saved_search(lab)["verdict"]["text"]


def test_a_finding_leads_to_where_the_history_holds_its_run(lab):
    search_of(lab).open("changed-outcome")
    assert [-1, lab.selected.number] == [finding["step"] for finding in saved_search(lab)["findings"]]


def test_a_search_that_goes_on_stands_still_on_the_page():
    lab = pl.Lab(LONG)
    search_of(lab).start()
    assert "ended" == saved_search(lab)["state"]
    search_of(lab).stop()
    wait_for_workers()


def test_without_a_search_there_is_nothing_to_show():
    assert saved_search(pl.Lab(payments_charging_again)) is None
