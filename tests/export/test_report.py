"""A report is one page that holds everything, claims no more than was searched, and lets no text become markup."""

import json
import re
from html import unescape

import pytest

import phasm_lab as pl
from phasm_lab.checks.endings import Reductions
from phasm_lab.examples import all_scenarios
from phasm_lab.examples.bookings import bookings
from phasm_lab.examples.lease import lease, lease_without_fencing
from phasm_lab.examples.payments import payments, payments_charging_again
from phasm_lab.export import report as report_module
from phasm_lab.export import report_runs
from phasm_lab.export.comparison_html import comparison_html
from phasm_lab.export.report_runs import Runs
from phasm_lab.export.report_versions import versions_page
from phasm_lab.export.sharing import unpack
from phasm_lab.recoveries.matrix import CrashMatrix
from tests.export.hostile import hostile_lab, hostile_strings
from tests.export.test_hostile import Tags
from tests.recoveries.scripts import run

HOSTILE = hostile_strings(60)
HOSTILE_CHUNKS = [HOSTILE[first : first + 6] for first in range(0, 60, 6)]
OWN_TAGS = set(
    "html head meta title style body svg symbol path circle use main header nav section article h1 h2 h3 p ul li a b i em "  # noqa: SIM905
    "small span div table caption thead tbody tr th td details summary dl dt dd figure figcaption pre code script".split()
)


@pytest.fixture(scope="module")
def charged_again():
    return pl.check(payments_charging_again)


def text_of(page):
    """What is read on a page: without style sheet, data, script and tags."""
    body = re.sub(r"(?s)<(style|script)\b.*?</\1>", "", page)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def data_of(page):
    """What a page steps through: runs and matrices."""
    return unpack(json.loads(re.search(r'<script id="history" type="application/json">(.*?)</script>', page)[1]))


@pytest.mark.parametrize("name", all_scenarios())
def test_of_every_example_it_has_less_than_a_megabyte(name):
    assert len(pl.check(all_scenarios()[name]).to_html().encode()) < 1_000_000


def test_it_is_the_same_each_time(charged_again):
    assert charged_again.to_html() == pl.check(payments_charging_again).to_html()


def test_it_is_written_where_asked(charged_again, tmp_path):
    page = charged_again.to_html(tmp_path / "report.html")
    assert page == (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"<page of {len(page):,} characters; write it to a file with to_html('run.html')>" == repr(page)


@pytest.mark.parametrize(
    ("report", "judged"),
    [
        (pl.check(payments_charging_again), "broken: 2 findings"),
        (pl.check(lease), "holds"),
        (pl.check(lease, limit=100, reductions=Reductions()), "nothing broken up to 5 steps"),
        (pl.check(lease, pause=lambda: True), "nothing broken so far"),
    ],
    ids=["findings", "complete", "limit", "stopped"],
)
def test_the_verdict_says_no_more_than_was_searched(report, judged):
    page = report.to_html()
    assert judged == text_of(re.search(r'<p class="judged.*?</p>', page)[0]).strip()
    assert f'<p class="bound">{report.bound}</p>' in page


def test_each_finding_can_be_stepped_through_and_is_a_table_too(charged_again):
    page = charged_again.to_html()
    *runs, last = data_of(page)["runs"]
    assert [5, 7] == [run["traits"]["selected"] for run in runs]
    assert 7 == last["traits"]["selected"]
    assert [f'data-runs="{index}"' for index in range(3)] == re.findall(r'data-runs="\d+"', page)
    assert "step 5 of a run of 5 steps" in page
    assert "step 7 of a run of 7 steps" in page


def test_the_last_run_has_the_crash_free_run_as_a_branch(charged_again):
    last = data_of(charged_again.to_html())["runs"][-1]
    assert [7, 8] == [len(timeline["rows"]) - 1 for timeline in last["timelines"]]


def test_a_run_that_cannot_be_taken_again_is_text_that_says_why(charged_again):
    trace = charged_again.findings[0].trace
    without_crashes = pl.Scenario(
        payments_charging_again.machine,
        inputs=payments_charging_again.inputs,
        environment=payments_charging_again.environment,
    )
    shown = Runs().show(pl.Trace(without_crashes, trace.start, trace.steps))
    assert shown.startswith("<p>It cannot be stepped through: ")
    assert "1  crash in fire Pay(&#x27;ada&#x27;, 500) after commit, 1 handed over" in shown


def test_what_was_not_reached_and_not_searched_is_said():
    text = text_of(pl.check(lease, pause=lambda: True).to_html())
    assert "not reached: both_get_their_turn" in text
    assert "not searched: More than 1 crash." in text


def test_below_the_verdict_stands_how_much_was_not_reached_and_why():
    scenario = pl.Scenario(payments_charging_again.machine, inputs=["no such thing"])
    text = text_of(pl.check(scenario).to_html())
    assert "1 goal not reached · 'no such thing' is committed and never has an effect" in text


def test_every_cell_leads_to_its_comparison(charged_again):
    page = charged_again.to_html()
    cells = [cell for cell in pl.crash_matrix(payments_charging_again).cells if cell.recoveries]
    led_to = re.findall(r'<a href="#(cell-[\w-]+)"', page)
    assert len(cells) == len(led_to)
    assert led_to == re.findall(r'<div id="(cell-[\w-]+)"', page)


def test_a_cell_is_named_and_has_shape_and_letter(charged_again):
    page = charged_again.to_html()
    named = 'aria-label="step 3, result on wire: effect performed twice, 2"'
    cell = re.search(rf"<a [^>]*{named}.*?</a>", page)[0]
    assert '<use href="#mark-twice"></use></svg><b>2</b>' in cell
    assert '<symbol id="mark-twice"' in page


def test_the_first_comparison_of_each_bad_class_is_for_paper_and_the_worst_is_open(charged_again):
    page = charged_again.to_html()
    assert 1 == page.count('<details class="paper"')
    assert 1 == page.count('<details class="paper" open="">')
    assert (
        '<p class="verdict">Same final state. ChargeCard 1 was performed twice on the right. The right breaks no_card_is_charged_twice.</p>'
        in page
    )


def test_where_there_is_no_room_the_worst_comparisons_are_kept(charged_again, monkeypatch):
    monkeypatch.setattr(report_module, "MAX_COMPARISONS_LENGTH", 20_000)
    page = charged_again.to_html()
    assert {"2"} == set(re.findall(r"<summary>.*?<b>(.)</b>", page))
    assert re.search(r"<p>\d+ more cells are not laid out, \d+ of them bad; the worst ones are.</p>", page)
    assert set(re.findall(r'<a href="#(cell-[\w-]+)"', page)) == set(re.findall(r'<div id="(cell-[\w-]+)"', page))


def test_a_matrix_can_be_stepped_through_as_far_as_there_is_room(charged_again, monkeypatch):
    (saved,) = data_of(charged_again.to_html())["matrices"]
    assert 29 * 29 - 1 == len(saved["comparisons"])
    monkeypatch.setattr(report_runs, "MAX_SAVED_CELL_COUNT", 27)
    page = charged_again.to_html()
    assert [] == data_of(page)["matrices"]
    assert ("", 2) == ("".join(re.findall("data-matrices=", page)), page.count("<script"))
    assert '<table class="matrix">' in page


def test_a_matrix_has_a_page_of_its_own():
    text = text_of(pl.crash_matrix(payments_charging_again).to_html())
    assert "14 cells end badly 36 crash points, 50 crashes" in text
    assert "Findings" not in text


def test_a_matrix_that_is_not_filled_says_so():
    page = CrashMatrix(payments).to_html()
    assert '<p class="judged run"> no cell ends badly</p>' in page
    assert "not all searched" in page


def test_a_search_and_a_matrix_can_share_a_page(charged_again):
    matrix = pl.crash_matrix(payments_charging_again, storage_faults=True)
    assert matrix.to_html(report=charged_again) == charged_again.to_html(matrix=matrix)
    assert "access fails" in charged_again.to_html(matrix=matrix)
    assert "access fails" not in text_of(charged_again.to_html())


def test_without_inputs_there_is_nothing_to_hit():
    scenario = pl.Scenario(payments.machine, environment=payments.environment)
    assert "The crash-free run has no step that could be hit." in text_of(pl.check(scenario).to_html())


def test_the_scenario_is_told_with_its_budgets(charged_again):
    text = text_of(charged_again.to_html())
    assert "inputs, in this order Pay(user='ada', cents=500) Pay(user='bob', cents=120)" in text
    assert "budgets of faults 1 crash properties always: no card is charged twice" in text


def test_the_source_has_the_numbers_of_its_file(charged_again):
    text = text_of(charged_again.to_html())
    assert re.search(
        r"restore_charging_again · payments.py:(\d+) \1 async def restore_charging_again\(state, actions\):", text
    )
    assert re.search(r"PHASM Lab 0\.\d+\.\d+ CPython 3\.\d+\.\d+", text)


def test_no_path_of_this_machine_stands_beside_the_source():
    page = pl.check(bookings).to_html()
    assert "payments.py" not in page
    assert [] == re.findall(r"<figcaption>[^<]*/[^<]*</figcaption>", page)


@pytest.mark.parametrize("chunk", HOSTILE_CHUNKS, ids=range(len(HOSTILE_CHUNKS)))
def test_no_string_becomes_markup(chunk):
    scenario = hostile_lab(chunk).scenario
    page = pl.check(scenario, limit=300, pure=False).to_html()
    page.encode("utf-8")
    tags = Tags(page)
    assert set() == set(tags.counts) - OWN_TAGS
    assert (3, 1, 1, []) == (tags.counts["script"], tags.counts["title"], tags.counts["main"], tags.handlers)


def test_every_letter_of_a_fenceless_lease_is_in_its_legend():
    totals = pl.crash_matrix(lease_without_fencing).totals
    page = pl.check(lease_without_fencing).to_html()
    legend = re.search(r'<ul class="legend">.*?</ul>', page)[0]
    assert list(totals) == re.findall(r"<b>([^<\d,]|2)</b> [a-z]", legend)


def test_a_scenario_without_goals_is_not_said_to_have_reached_them():
    scenario = pl.Scenario(payments.machine, inputs=payments.inputs[:1], environment=payments.environment)
    page = pl.check(scenario).to_html()
    assert "<li>no goals are named; every input, result and fault was met</li>" in page


def test_the_matrices_of_two_versions_are_told_apart_by_their_names_and_stand_beside_the_crash_free_run():
    saved = data_of(versions_page(pl.compare_versions(payments, payments)))["matrices"]
    assert ["payments, old", "payments, new"] == [each["traits"]["matrix"]["name"] for each in saved]
    assert [28, 28] == [len(each["comparisons"]) for each in saved]


def test_a_version_that_keeps_what_is_broken_has_no_mark_of_being_in_order():
    page = versions_page(pl.compare_versions(payments_charging_again, payments_charging_again))
    assert (
        '<p class="judged run"> nothing got worse, nothing got better; broken in both: 14 cells and 2 findings</p>'
        in page
    )
    assert "<li>broken-property after 5 steps: no_card_is_charged_twice is broken</li>" in page


def test_of_two_moments_that_are_called_alike_a_row_names_the_actions():
    compared = pl.compare(run("f a, p 1, r 1"), run("f a, p 1, c -1, R, g"))
    [row] = [row for row in compared.rows if row.relation == "different"]
    assert ("deliver 1, 'charged'",) * 2 == (row.left.label, row.right.label)
    assert ["Charge 1", "AskStatus 1"] == re.findall(r"<em>(\w+ 1)</em>", comparison_html(compared))
