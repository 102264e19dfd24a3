"""Two runs side by side: the verdict, the rows, what differs at the end, and what may be compared."""

import json
import re

import pytest

import phasm_lab as pl
from phasm_lab.examples import all_examples
from phasm_lab.examples.payments import payments_charging_again
from phasm_lab.export.comparison_html import comparison_html
from phasm_lab.recoveries.comparison import compare
from phasm_lab.recoveries.doubled import Doubled
from phasm_lab.recoveries.matrix import crash_matrix
from phasm_lab.recoveries.side_by_side import compare_recoveries
from phasm_lab.views.comparison_view import ComparisonBook
from tests.recoveries import seeded
from tests.recoveries.scripts import run

EXAMPLES = {example.name: example.scenario for example in all_examples()}

TWICE = "f a, f b, f a, f b, p 1, p 2, p 3, p 4"

VERDICTS = {
    "payments": "The final states differ: confirmed[0] is 1 on the left and missing on the right, and 2 more "
    "differences. ChargeCard 1 was performed once on the left and never on the right.",
    "payments_charging_again": "Same final state. ChargeCard 1 was performed twice on the right. The right breaks "
    "no_card_is_charged_twice.",
    "transfer": "The final states differ: transfers[1] is {'cents': 6000, 'stage': 'completed', 'request_id': 2} "
    "on the left and missing on the right. Withdraw 1 was performed once on the left and never on the "
    "right. Deposit 2 was performed once on the left and never on the right.",
    "transfer_without_reference": "The final states differ: transfers[1].request_id is 2 on the left and 1 on the right, and 1 more "
    "difference. Withdraw 1 was performed twice on the right, answered 'withdrawn', then 'refused'. "
    "Deposit 2 was performed once on the left and never on the right. The right breaks "
    "no_money_is_missing.",
    "bookings": "The final states differ: bookings[1] is Booking(room='blue room', start=9, end=11, "
    "status='confirmed') on the left and missing on the right, and 1 more difference. IssueDoorCode 1 "
    "was performed once on the left and never on the right.",
    "bookings_overlooking_requests": "The final states differ: bookings[1] is Booking(room='blue room', start=9, end=11, "
    "status='confirmed') on the left and missing on the right, and 1 more difference. IssueDoorCode 1 "
    "was performed once on the left and never on the right.",
    "outbox": "The final states differ: events[1] is Event(body='order 7 is paid', status='delivered') on the "
    "left and missing on the right, and 2 more differences. DeliverWebhook 1 was performed once on "
    "the left and never on the right.",
    "outbox_losing_retries": "The final states differ: events[2].status is 'dead' on the left and 'waiting' on the right, and "
    "1 more difference. DeliverWebhook 3 was performed once on the left and never on the right. The "
    "right breaks no_event_is_lost.",
    "lease": "The final states differ: lease is Lease(lease_id=1, holder='ada') on the left and None on the "
    "right, and 1 more difference. Grant 1 was performed once on the left and never on the right.",
    "lease_without_fencing": "The final states differ: lease is Lease(lease_id=1, holder='ada') on the left and None on the "
    "right, and 1 more difference. Grant 1 was performed once on the left and never on the right.",
}


def charging(text):
    return run(text, seeded.restore_charging, seeded.perform)


def relations(comparison):
    return " ".join(
        {"same": "=", "different": "≠", "left only": "<", "right only": ">", "moved": "~"}[row.relation]
        for row in comparison.rows
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_verdict_on_each_examples_worst_cell(name):
    assert VERDICTS[name] == compare_recoveries(EXAMPLES[name]).comparison.verdict


def test_the_runs_of_the_picture():
    found = compare(charging("f a !0, R, g"), charging("f a, p 1, c, R, d 1, p 1 1, r 1 0, r 1"))
    assert "Same final state. Charge 1 was performed twice on the right." == found.verdict
    assert "= > > ≠ = = ≠ = >" == relations(found)
    assert 1 == found.common_count
    assert [("Charge 1", 1, 2)] == found.effects
    assert [("~", "charged[1]", "1", "2")] == [(c.sign, c.path, c.old, c.new) for c in found.outside_difference.changes]


def test_a_crash_inside_a_transition_stands_apart_from_its_input():
    moments = compare(charging("f a !1"), charging("f a")).left.moments
    assert [(1, "fire"), (1, "dispatch"), (1, "crash")] == [(moment.step_number, moment.what) for moment in moments]
    assert "crash after the commit, 1 of 1 handed over" == moments[-1].label


def test_what_is_done_again_names_the_step_where_it_was_done_first():
    moments = compare(charging("f a, p 1, c, R, p 1 1, r 1 1"), charging("")).left.moments
    again = [(moment.step_number, moment.what, moment.again) for moment in moments if moment.again]
    assert [
        (5, "recover", (("Charge 1", 1),)),
        (6, "dispatch", (("dispatch 1", 2),)),
        (7, "perform", (("perform 1", 3),)),
    ] == again


def test_a_restore_that_asks_again_says_what_was_asked_where():
    moments = compare(charging("f a, p 1, c, R, p 1 1"), charging("")).left.moments
    assert ["", "emits again what 1 emitted", "again, as at 2", "again, as at 3"] == [
        moment.again_words for moment in moments[3:]
    ]


def test_a_crash_is_said_once_with_what_it_loses():
    found = compare(charging("f a !1, R"), charging("f a, p 1, c -1"))
    page = str(comparison_html(found))
    assert 1 == page.count("after the commit, 1 of 1 handed over")
    assert ("crash, losing result 1, 'charged'", 0) == (found.right.moments[-1].label, page.count("between two steps"))


def test_a_late_result_is_marked():
    moments = compare(charging("f a, p 1, c, R, r 1"), charging("")).left.moments
    assert [False] * 5 + [True] == [moment.is_late for moment in moments]


def test_what_happens_in_another_order_names_its_place_in_the_other_run():
    found = compare(run("f a, f b, p 1, p 2, r 1, r 2"), run("f a, f b, p 1, p 2, r 2, r 1"))
    moved = [(row.left or row.right).label for row in found.rows if row.relation == "moved"]
    assert 2 == len(moved)
    assert moved[0] == moved[1]
    assert "Same final state and same bank, by another way." == found.verdict


def test_two_versions_of_a_machine_may_do_otherwise_with_the_same_input():
    sound, broken = pl.Lab(seeded.scenario()), pl.Lab(seeded.scenario(stf=seeded.stf_storing_late))
    sound.fire("pay")
    broken.fire("pay")
    assert ["different"] == [row.relation for row in pl.compare(sound, broken).rows]


def test_the_state_after_each_pair_can_be_compared():
    found = compare(run("f a, p 1, r 1"), run("f a, f b, p 1, r 1"))
    [last] = [row for row in found.rows if row.left is not None and row.left.what == "deliver"]
    assert [("~", "next_id", "2", "3"), ("+", "pending", "", "2")] == [
        (c.sign, c.path, c.old, c.new) for c in last.state_difference.changes
    ]


def test_what_was_never_done_on_one_side_is_told_with_both_counts():
    found = compare(run("f a, g"), run("f a"))
    assert found.verdict.endswith(
        "Charge 1 was performed once on the left and never on the right. Charge 1 is still in flight on the right."
    )


def test_a_result_that_reached_one_side_only_is_told_where_nothing_else_was_done():
    found = compare(run("f a, p 1, r 1"), run("f a, p 1, c -1"))
    assert (
        "The final states differ: paid has 1 on the left only, and 1 more difference. Charge 1 had its"
        " result delivered once on the left and never on the right. On the right the process is down." == found.verdict
    )


def test_a_restore_that_fails_is_told():
    async def restore(state, actions):
        raise KeyError(state.next_id, len(actions))

    found = compare(run("f a, c", restore), run("f a, c, R", restore))
    assert found.verdict.endswith("On the right the process is down: restore failed with KeyError: (2, 0).")


def test_many_differences_are_counted_and_not_all_named():
    found = compare(charging("f a, g, f b, g, f c, g"), charging(""))
    assert found.verdict.endswith(
        "Charge 1 was performed once on the left and never on the right. Charge 2 was performed once on the left and never on"
        " the right. 1 more differs so."
    )


def test_a_status_query_changes_nothing_and_is_no_effect():
    found = compare(run("f a, g"), run("f a, p 1, c -1, R, g"))
    assert [("Charge 1", 1, 1), ("AskStatus 1", 0, 1)] == found.performed
    assert [("Charge 1", 1, 1)] == found.effects
    assert "Same final state and same bank, by another way." == found.verdict


def test_steps_labs_findings_and_recoveries_can_be_compared():
    scenario = EXAMPLES["payments_charging_again"]
    lab = pl.Lab(scenario)
    lab.fire(scenario.inputs[0])
    first = lab.selected
    lab.perform(1, "charged")
    finding = pl.check(scenario).findings[0]
    assert 1 == compare(first, lab).common_count
    assert 1 <= compare(lab.selected, finding).common_count
    assert compare(finding, finding.trace).is_equal


def test_a_step_of_a_lab_is_judged_as_the_lab_is():
    finding = pl.check(payments_charging_again).findings[0]
    bad, good = finding.open(), pl.Lab(payments_charging_again)
    assert (
        compare(bad, bad).verdict == compare(bad, bad.selected).verdict == compare(bad.selected, bad.selected).verdict
    )
    assert compare(bad, bad).verdict.endswith("Both break no_card_is_charged_twice.")
    assert compare(good, bad).verdict == compare(good.selected, bad.selected).verdict
    assert "The right breaks no_card_is_charged_twice." in compare(good.selected, bad.selected).verdict


def test_what_is_not_a_run_is_refused():
    with pytest.raises(pl.DefinitionError, match=r"compare\(right=5\): it is not a run; pass a trace, a step of a lab"):
        compare(run("f a"), 5)


@pytest.mark.parametrize("kind", ["cell", "matrix"])
def test_what_has_several_runs_behind_it_is_refused_with_the_one_to_pass(kind):
    matrix = crash_matrix(seeded.scenario())
    several = {"cell": matrix[1, "before accept"], "matrix": matrix}[kind]
    with pytest.raises(pl.DefinitionError) as raised:
        compare(several, matrix.worst)
    assert len(str(raised.value)) < 250
    assert str(raised.value).endswith(
        f": it is a {kind}, with several runs behind it; pass {kind}.worst, or another of {kind}.recoveries"
    )


def test_it_prints_the_verdict_and_both_runs():
    text = str(compare(charging("f a, g"), charging("f a, p 1, c, R, r 1, g")))
    assert "Same final state. Charge 1 was performed twice on the right." == text.splitlines()[0]
    assert "3 common steps, from fire 'a' on" == text.splitlines()[2]
    assert "   4  deliver 1, 'charged'                             =    6  deliver 1, 'charged', late" in text
    assert "at the end, bank: different\n  charged[1] is 1 on the left and 2 on the right" in text


def test_it_prints_below_a_row_in_what_its_two_moments_differ():
    text = str(compare(run("f a, p 1, r 1"), run("f a, p 1, c -1, R, g")))
    assert "   4  deliver 1, 'charged'                             ≠    8  deliver 1, 'charged'" in text
    assert "      Charge 1                                                 AskStatus 1\n" in text


def test_a_result_that_dies_after_its_commit_was_still_delivered():
    rows = crash_matrix(seeded.scenario())[4, "none out"].worst.comparison.rows
    [row] = [row for row in rows if row.left is not None and row.left.what == "deliver"]
    assert ("'charged', committed", "'charged', committed") == (row.left.ended, row.right.ended)
    assert "same" == row.relation


@pl.always
def nobody_is_charged_twice(here):
    return all(count < 2 for count in here.environment.charged.values())


def test_harm_on_both_sides_is_told():
    scenario = seeded.scenario(restore=seeded.restore_charging, properties=[nobody_is_charged_twice])
    matrix = crash_matrix(scenario)
    found = compare(matrix[1, "all out"].worst, matrix[3, "performed"].worst)
    assert (
        "Same final state and same bank, by another way. Charge 1 was performed twice on both sides."
        " Both break nobody_is_charged_twice." == found.verdict
    )
    assert [False, True, True] == [part["bad"] for part in ComparisonBook(found).shape()["verdict"]]


def doubled(found):
    marks = Doubled(found)
    return {
        side: [f"{moment.action} {marks.rank(side, moment)}" for moment in run.moments if marks.rank(side, moment)]
        for side, run in (("left", found.left), ("right", found.right))
    }


def test_what_one_side_alone_did_twice_stands_out_from_what_both_did():
    found = compare(charging("f a, f b, p 1, c, R, g"), charging("f a, f b, p 1, p 2, c, R, g"))
    assert {"left": ["Charge 1 later"], "right": ["Charge 1 later", "Charge 2 first"]} == doubled(found)


def test_where_both_sides_did_the_same_twice_it_stands_out_on_both():
    found = compare(charging("f a, p 1, c, R, g"), charging("f a, p 1, c, R, g"))
    assert {"left": ["Charge 1 first"], "right": ["Charge 1 first"]} == doubled(found)


def test_on_a_page_a_perform_that_took_effect_again_has_the_mark_of_what_is_broken():
    shown = comparison_html(compare(charging("f a, p 1, g"), charging("f a, p 1, c, R, g")))
    (marked,) = re.findall(r'<td class="twice">.*?</td>', shown)
    assert "#mark-broken" in marked
    assert ">again, as at 3<" in marked


def test_of_several_done_twice_on_both_sides_two_are_named():
    found = compare(*(charging(f"{order}, c, R, g") for order in (TWICE, TWICE.replace("p 3, p 4", "p 4, p 3"))))
    assert found.verdict.endswith("Charge 2 was performed twice on both sides. So are 2 more.")


def test_a_run_beside_itself_tells_of_its_harm_too():
    found = compare(charging("f a, p 1, c, R, g"), charging("f a, p 1, c, R, g"))
    assert "Both runs are equal: 9 steps. Charge 1 was performed twice on both sides." == found.verdict


def test_what_both_end_in_alike_is_told_once():
    found = compare(run("f a, d 1"), run("f a, d 1, p 1"))
    assert found.verdict.endswith("Charge 1 is still in flight on both sides.")
    assert compare(run("f a, c"), run("f a, d 1, c")).verdict.endswith("On both sides the process is down.")


def test_a_counter_is_not_what_a_difference_is_named_by():
    found = compare(run("f a, g"), run("f a, g, f b"))
    assert found.verdict.startswith(
        "The final states differ: pending has 2 on the right only, and 1 more difference. Charge 2 is still in flight"
    )


def test_what_differs_is_told_in_the_order_of_the_run():
    found = compare(run("f a, p 1, c -1, R, g"), run(""))
    assert ["Charge 1", "AskStatus 1"] == [count.action for count in found.performed]


def test_what_is_in_flight_at_the_end_is_named():
    found = compare(run("f a, f b, f c, d 1, p 2, r 2"), run(""))
    assert found.verdict.endswith("Charge 3 and Charge 1 are still in flight on the left.")
    many = compare(run(""), run("f a, f b, f c, f d"))
    assert many.verdict.endswith("Charge 1, Charge 2 and 2 more are still in flight on the right.")


def test_it_is_plain_json():
    found = compare(charging("f a, g"), charging("f a, p 1, c, R, r 1, g"))
    told = json.loads(json.dumps(found.to_json()))
    assert found.verdict == told["verdict"]
    assert ["same"] * 3 == [row["relation"] for row in told["rows"]][:3]
    assert {"action": "Charge 1", "left": 1, "right": 2} == told["effects"][0]


def test_a_scenario_without_inputs_has_nothing_to_compare():
    found = compare_recoveries(pl.Scenario(EXAMPLES["payments"].machine))
    assert found.comparison is None
    assert str(found.matrix) == str(found)


def test_steps_in_common_count_as_steps_though_the_process_dies_inside_one():
    died = crash_matrix(seeded.scenario())[4, "none out"].worst
    found = compare(died, died)
    assert f"Both runs are equal: {died.step_count} steps." == found.verdict
    assert f"{died.step_count} common steps" == found.common_words
    assert len(found.rows) == died.step_count + 1


def test_the_parts_of_a_step_in_which_the_process_dies_are_lettered():
    matrix = crash_matrix(seeded.scenario())
    found = compare(matrix[1, "none out"].worst, matrix[1, "all out"].worst)
    assert "the beginning of a common step" == found.common_words
    assert ["1a", "1b", "2", "3"] == [moment.number for moment in found.left.moments[:4]]
    assert ["1a", "1b", "1c", "2"] == [moment.number for moment in found.right.moments[:4]]


def test_where_the_process_dies_is_printed_once():
    matrix = crash_matrix(seeded.scenario())
    text = str(compare(matrix[1, "none out"].worst, matrix[1, "all out"].worst))
    assert 1 == text.count("after the commit, 0 of 1 handed over")


def test_a_side_is_called_by_what_it_is():
    recovery = crash_matrix(seeded.scenario())[1, "none out"].worst
    lab = recovery.open()
    found = compare(recovery, lab)
    assert "crash at step 1, after the commit, 0 of 1 handed over" == found.left.title
    assert f"the run to step {len(lab.trace)}" == found.right.title == compare(lab.selected, lab).left.title
    assert "" == compare(lab.trace, lab).left.title


def test_a_finding_is_called_by_its_name():
    [finding, *_] = pl.check(payments_charging_again).findings
    assert finding.message == compare(finding, finding).left.title
