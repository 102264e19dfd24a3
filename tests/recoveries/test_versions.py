"""Old code against new code: what got worse and better, matched by what the steps mean, with an example each."""

import json

import pytest

import phasm_lab as pl
from phasm_lab.examples import all_examples
from phasm_lab.recoveries.running import with_faults
from phasm_lab.recoveries.versions_text import finding_line
from tests.recoveries import seeded

EXAMPLES = {example.name: example.scenario for example in all_examples()}
TWINS = {
    ("payments", "payments_charging_again"): (14, 2),
    ("transfer", "transfer_without_reference"): (22, 4),
    ("bookings", "bookings_overlooking_requests"): (0, 2),
    ("outbox", "outbox_losing_retries"): (8, 3),
    ("lease", "lease_without_fencing"): (0, 2),
}


def cells_and_findings(changes):
    findings = [change for change in changes if hasattr(change, "finding")]
    return len(changes) - len(findings), len(findings)


@pytest.mark.parametrize(("sound", "broken"), TWINS)
def test_a_mistake_makes_it_worse_and_taking_it_out_better(sound, broken):
    there = pl.compare_versions(EXAMPLES[sound], EXAMPLES[broken])
    back = pl.compare_versions(EXAMPLES[broken], EXAMPLES[sound])
    assert TWINS[sound, broken] == cells_and_findings(there.worse) == cells_and_findings(back.better)
    assert ((), ()) == (there.better, back.worse)
    assert (True, False) == (there.got_worse, back.got_worse)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_version_against_itself_changes_nothing(name):
    found = pl.compare_versions(EXAMPLES[name], EXAMPLES[name])
    assert ((), (), False) == (found.cells, found.findings, found.got_worse)


def test_what_is_broken_in_both_versions_is_told_and_is_neither_worse_nor_better():
    one = EXAMPLES["payments_charging_again"]
    found = pl.compare_versions(one, one)
    assert ["broken-property", "changed-outcome"] == [finding.check for finding in found.kept_findings]
    assert (14, True) == (len(found.kept_cells), found.keeps_faults)
    said = "payments charging again: nothing got worse, nothing got better; broken in both: 14 cells and 2 findings"
    lines = str(found).splitlines()
    assert said == lines[0]
    assert lines.index("broken in both") + 1 == lines.index(f"  {finding_line(found.kept_findings[0])}")
    assert "  … 4 more" == lines[-1]


def test_of_versions_that_are_sound_nothing_is_broken_in_both():
    found = pl.compare_versions(EXAMPLES["payments"], EXAMPLES["payments_charging_again"])
    assert ((), (), False) == (found.kept_findings, found.kept_cells, found.keeps_faults)
    assert "broken in both" not in str(found)


def test_a_cell_says_what_it_was_and_what_it_is():
    found = pl.compare_versions(EXAMPLES["payments"], EXAMPLES["payments_charging_again"])
    assert "step 2, dispatch 1, request on wire: S before, 2 (1 of 2 crashes) now" == found.cells[1].sentence
    assert found.cells[1].why.startswith(
        "now: Crash at step 2, request on the wire (request 1 performed late), in 1 of"
    )


def test_the_example_lays_the_old_recovery_beside_the_new_one():
    found = pl.compare_versions(
        seeded.scenario(perform=seeded.perform_by_key), seeded.scenario(restore=seeded.restore_charging)
    )
    assert "Same final state. Charge 1 was performed twice on the right." == found.example("worse").verdict
    assert found.example("better") is None


@pytest.mark.parametrize("direction", ["worse", "better"])
def test_the_example_is_of_the_cell_that_does_most_harm_not_of_the_first(direction):
    versions = EXAMPLES["transfer"], EXAMPLES["transfer_without_reference"]
    found = pl.compare_versions(*(versions if direction == "worse" else reversed(versions)))
    assert "step 1, fire Transfer(cents=6000), commit unknown: " in found.cells[0].sentence
    assert "step 6, perform 2, 'deposited', performed" == found.leading(direction).place
    side = "right" if direction == "worse" else "left"
    assert f"Same final state. Deposit 2 took effect twice on the {side}. " in found.example(direction).verdict
    assert f"  {'now' if direction == 'worse' else 'before'}: Crash at step 6, performed, no result" in str(found)
    assert "for example step 6, perform 2, 'deposited', performed, old on the left, new on the right:" in str(found)


def test_a_finding_about_a_database_is_told_on_one_line():
    text = str(pl.compare_versions(EXAMPLES["transfer"], EXAMPLES["transfer_without_reference"]))
    assert "a faulted run ends with transfers: 1 row ⏎ (1, 6000, 'refused', 1)" in text


def test_a_share_that_grows_is_worse():
    first = pl.compare_versions(seeded.scenario(), seeded.scenario(restore=seeded.restore_charging))
    worse = [change.sentence for change in first.cells if change.direction == "worse"]
    assert "step 3, perform 1, performed: S before, 2 now" in worse
    assert not any(sentence.startswith("step 2, dispatch 1, request on wire") for sentence in worse)


def test_a_step_that_only_one_version_has_counts_where_it_is_bad():
    one = seeded.scenario(restore=seeded.restore_charging)
    two = with_faults(one, one.faults, inputs=["pay", "pay"])
    longer, shorter = pl.compare_versions(one, two), pl.compare_versions(two, one)
    assert "step 6, dispatch 2, request on wire: no such point before, 2 (1 of 2 crashes) now" in [
        c.sentence for c in longer.cells
    ]
    assert "step 6, dispatch 2, request on wire: 2 (1 of 2 crashes) before, no such point now" in [
        c.sentence for c in shorter.cells
    ]
    assert 7 == len(longer.worse) == len(shorter.better)


def test_a_change_between_cells_in_order_is_neither_worse_nor_better():
    free = seeded.scenario(perform=seeded.perform_by_key, outcome=lambda _here: 0)
    found = pl.compare_versions(free, seeded.scenario(perform=seeded.perform_by_key))
    assert {"other"} == {change.direction for change in found.cells}
    assert not found.got_worse
    assert "changed, and in order before and now" in str(found)


def test_an_incomplete_search_says_so():
    found = pl.compare_versions(EXAMPLES["outbox_losing_retries"], EXAMPLES["outbox"], limit=200)
    assert not found.is_complete
    assert all("as far as was searched" in change.sentence for change in found.findings)
    assert "not all was searched: old: 200 configurations, up to the limit" in str(found)


def test_it_is_plain_json():
    found = pl.compare_versions(EXAMPLES["outbox"], EXAMPLES["outbox_losing_retries"])
    told = json.loads(json.dumps(found.to_json()))
    assert (True, True, 8, 3) == (told["got_worse"], told["is_complete"], len(told["cells"]), len(told["findings"]))
    assert "Deliver" in told["examples"]["worse"]["verdict"]
    assert ([], []) == (told["kept_findings"], told["kept_cells"])


def test_only_scenarios_are_compared():
    with pytest.raises(
        pl.DefinitionError, match=r"compare_versions\(new=5\): it is not a Scenario; pass two scenarios"
    ):
        pl.compare_versions(EXAMPLES["payments"], 5)
