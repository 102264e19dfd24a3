"""Alignment by meaning: pairs of runs with the pairs of moments expected, and what holds of any two runs."""

import random
import re
from collections import Counter
from itertools import combinations

import pytest

import phasm_lab as pl
from phasm_lab.engine import enabled, start, step
from phasm_lab.machine.data import freeze, same
from phasm_lab.recoveries.comparison import compare
from phasm_lab.recoveries.differences import apply, plain_state
from tests.recoveries import seeded
from tests.recoveries.scripts import EVERY_FAULT, pairs_of, run

ASKING = [
    ("equal", "f a, p 1, r 1", "f a, p 1, r 1", "f1-1 d2-2 p3-3 r4-4"),
    ("empty", "", "f a", ""),
    ("one step more", "f a", "f a, d 1", "f1-1"),
    ("other input", "f a, p 1, r 1", "f a, p 1, r 1, f b", "f1-1 d2-2 p3-3 r4-4"),
    ("died after the commit", "f a, p 1, r 1", "f a !0, R, p 1 s, r 1 s, p 1 c, r 1 c", "f1-1 d2-6 p3-7 r4-8"),
    ("died with it out", "f a, p 1, r 1", "f a !1, R, g", "f1-1 d2-1 p3-4 r4-5"),
    ("died before commit", "f a, p 1, r 1", "f a !before, R, f a, p 1, r 1", "f1-3 d2-4 p3-5 r4-6"),
    ("died before accept", "f a", "f a !accept, R, f a", "f1-3"),
    ("unknown commit", "f a, p 1, r 1", "f a !unknown, R, p 1 s, r 1 s, p 1 c, r 1 c", "f1-1 d2-6 p3-7 r4-8"),
    ("unknown then resent", "f a", "f a !unknown, R, f a", "f1-1"),
    ("result late", "f a, p 1, r 1", "f a, p 1, c, R, r 1", "f1-1 d2-2 p3-3 r4-6"),
    ("result lost, asked", "f a, p 1, r 1", "f a, p 1, c -1, R, p 1, r 1", "f1-1 d2-2 p3-3 r4-8"),
    ("late and asked", "f a, p 1, r 1", "f a, p 1, c, R, r 1, p 1, r 1", "f1-1 d2-2 p3-3 r4-6"),
    ("asked then late", "f a, p 1, r 1", "f a, p 1, c, R, p 1, r 1 s, r 1 c", "f1-1 d2-2 p3-3 r4-9"),
    (
        "two deaths at different points",
        "f a !0, R, g",
        "f a, p 1, c, R, r 1, g",
        "f1-1 c1-4 R2-5 d3-7 p4-8 r5-9 d6-2 p7-3 r8-6",
    ),
    (
        "two deaths, result lost or late",
        "f a, p 1, c, R, r 1, g",
        "f a, p 1, c -1, R, g",
        "f1-1 d2-2 p3-3 c4-4 R5-5 d7-6 p8-7 r9-8",
    ),
    ("death twice", "f a, c, R, g", "f a, c, R, c, R, g", "f1-1 c2-2 R3-3 d4-6 p5-7 r6-8 d7-9 p8-10 r9-11"),
    ("death in recovery", "f a, c, R, g", "f a, c, R !0, R, g", "f1-1 c2-2 R3-3 d4-5 p5-6 r6-7 d7-8 p8-9 r9-10"),
    (
        "death in recovery, one out",
        "f a, c, R, d 1, c -all, R, g",
        "f a, c, R !1, R, g",
        "f1-1 c2-2 R3-3 d4-3 c5-3 R6-4 d7-5 p8-9 r9-7 d10-8 p11-12 r12-13",
    ),
    (
        "two inputs in another order of answers",
        "f a, f b, p 1, p 2, r 1, r 2",
        "f a, f b, p 1, p 2, r 2, r 1",
        "f1-1 f2-2 d3-3 p4-4 d5-5 p6-6 r7-8 r8-7",
    ),
    (
        "two inputs performed in another order",
        "f a, f b, p 1, p 2, r 1, r 2",
        "f a, f b, p 2, p 1, r 1, r 2",
        "f1-1 f2-2 d3-5 p4-6 d5-3 p6-4 r7-7 r8-8",
    ),
    (
        "interleaved or one by one",
        "f a, f b, p 1, p 2, r 1, r 2",
        "f a, p 1, r 1, f b, p 2, r 2",
        "f1-1 f2-5 d3-2 p4-3 d5-6 p6-7 r7-4 r8-8",
    ),
    ("duplicated request", "f a, d 1, p 1, r 1", "f a, d 1, u 1, p 1, r 1, p 1, r 1", "f1-1 d2-2 p3-4 r4-5"),
    ("duplicated result", "f a, p 1, r 1", "f a, p 1, u 1, r 1, r 1", "f1-1 d2-2 p3-3 r4-5"),
    ("lost request sent again", "f a, d 1, p 1, r 1", "f a, d 1, l 1, d 1, p 1, r 1", "f1-1 d2-2 p3-5 r4-6"),
    ("lost result asked again", "f a, p 1, r 1", "f a, p 1, l 1, d 1, p 1, r 1", "f1-1 d2-2 p3-3 r4-7"),
    ("delayed request", "f a, d 1, p 1, r 1", "f a, d 1, y 1, d 1, p 1, r 1, p 1, r 1", "f1-1 d2-2 p3-5 r4-6"),
    ("input sent again", "f a, p 1, r 1", "f a, p 1, r 1, f a, p 2, r 2", "f1-1 d2-2 p3-3 r4-4"),
    ("input sent again while in flight", "f a, p 1, r 1", "f a, f a, p 1, r 1, p 2, r 2", "f1-1 d2-3 p3-4 r4-5"),
    ("both sent again", "f a, f a", "f a, c, R, f a", "f1-1 f2-4"),
    ("skipping", "f a, f b", "f a, p 1, f b, p 2", "f1-1 f2-4"),
    (
        "request survives, performed first",
        "f a, d 1, c, R, p 1 c, r 1 c, g",
        "f a, d 1, c -1, R, g",
        "f1-1 d2-2 c3-3 R4-4 p5-9 r6-10 d7-5 p8-6 r9-7",
    ),
    (
        "request survives, performed last",
        "f a, d 1, c, R, d 1, p 1 s, r 1 s, p 1 c 0",
        "f a, d 1, c -1, R, g",
        "f1-1 d2-2 c3-3 R4-4 d5-5 p6-6 r7-7 p8-9",
    ),
    (
        "request survives, both",
        "f a, d 1, p 1, r 1",
        "f a, d 1, c, R, d 1, p 1 c 0, p 1 s, r 1 c, r 1 s",
        "f1-1 d2-2 p3-6 r4-8",
    ),
    ("after the end a crash", "f a, g", "f a, g, c, R", "f1-1 d2-2 p3-3 r4-4"),
    ("crash before anything", "f a, g", "c, R, f a, g", "f1-3 d2-4 p3-5 r4-6"),
    (
        "second input after recovery",
        "f a, g, f b, g",
        "f a, p 1, c, R, g, f b, g",
        "f1-1 d2-2 p3-3 r4-7 f5-10 d6-11 p7-12 r8-13",
    ),
    ("second input dies", "f a, g, f b, g", "f a, g, f b !1, R, g", "f1-1 d2-2 p3-3 r4-4 f5-5 d6-5 p7-8 r8-9"),
    (
        "second dies in another way",
        "f a, g, f b !0, R, g",
        "f a, g, f b !1, R, g",
        "f1-1 d2-2 p3-3 r4-4 f5-5 c5-5 R6-6 d7-7 p8-10 r9-11 d10-5 p11-8 r12-9",
    ),
    ("restored and not", "f a, c, R", "f a, c", "f1-1 c2-2"),
    ("crash in delivery", "f a, p 1, r 1", "f a, p 1, c, R, c, R, r 1", "f1-1 d2-2 p3-3 r4-8"),
    ("third input only right", "f a, f b", "f a, f b, f c", "f1-1 f2-2"),
    ("left longer", "f a, p 1, r 1, f b, p 2, r 2", "f a", "f1-1"),
]
CHARGING = [
    ("charged again", "f a, p 1, r 1", "f a, p 1, c -1, R, p 1, r 1", "f1-1 d2-2 p3-3 r4-8"),
    ("charged again and late", "f a, p 1, r 1", "f a, p 1, c, R, r 1, p 1, r 1", "f1-1 d2-2 p3-3 r4-6"),
    (
        "charged at the same point, late or not",
        "f a !0, R, g",
        "f a, p 1, c, R, d 1, r 1, p 1, r 1",
        "f1-1 c1-4 R2-5 d3-6 p4-8 r5-7",
    ),
    (
        "charged again in the second recovery",
        "f a, c, R, p 1, c -all, R, g",
        "f a, c, R, g",
        "f1-1 c2-2 R3-3 d4-4 p5-5 r10-6",
    ),
    (
        "survivor first or last",
        "f a !1, R, p 1 0, r 1, g",
        "f a !1, R, d 1, p 1 1, r 1, p 1 0, r 1",
        "f1-1 d1-1 c1-1 R2-2 p3-6 r4-5 d5-3 p6-4 r7-7",
    ),
]
WALK_COUNT = 46
MACHINE = pl.Machine(initial=seeded.Till, stf=seeded.stf, restore=seeded.restore)


@pytest.mark.parametrize(("left", "right", "pairs"), [case[1:] for case in ASKING], ids=[case[0] for case in ASKING])
def test_moments_are_matched_by_meaning(left, right, pairs):
    assert pairs == pairs_of(compare(run(left), run(right)))


@pytest.mark.parametrize(
    ("left", "right", "pairs"), [case[1:] for case in CHARGING], ids=[case[0] for case in CHARGING]
)
def test_charges_asked_again_are_matched_by_meaning(left, right, pairs):
    assert pairs == pairs_of(compare(run(left, seeded.restore_charging), run(right, seeded.restore_charging)))


def walk(seed):
    """Return a run in which anything that can happen may."""
    draw = random.Random(seed)
    environment = pl.Environment(initial=seeded.Bank, perform=seeded.perform)
    scenario = pl.Scenario(MACHINE, inputs=["a", "b", "c"], environment=environment, faults=EVERY_FAULT)
    here = first = start(scenario)
    steps = []
    while len(steps) < draw.randrange(4, 24) and (events := enabled(scenario, here)):
        steps.append(step(scenario, here, draw.choice(events)))
        here = steps[-1].configuration
    return pl.Trace(scenario, first, steps)


@pytest.fixture(name="comparisons", scope="module")
def fixture_comparisons():
    walks = [walk(seed) for seed in range(WALK_COUNT)]
    return [(compare(one, other), compare(other, one)) for one, other in combinations(walks, 2)]


def test_any_two_runs_are_matched_the_same_whichever_is_on_the_left(comparisons):
    assert 1_035 == len(comparisons)
    for there, back in comparisons:
        assert there.pairs == sorted((left, right) for right, left in back.pairs)


def test_the_rows_are_mirrored_where_the_sides_are_swapped(comparisons):
    mirror = {"left only": "right only", "right only": "left only"}
    for there, back in comparisons:
        rows = [(row.left, row.right, row.relation) for row in there.rows]
        assert rows == [(row.right, row.left, mirror.get(row.relation, row.relation)) for row in back.rows]


def test_the_verdict_says_the_same_of_the_other_side(comparisons):
    mirror = {"left": "right", "right": "left"}
    for there, back in comparisons:
        words, other = (Counter(re.findall(r"\w+", found.verdict)) for found in (there, back))
        assert words == Counter({mirror.get(word, word): count for word, count in other.items()})


def test_the_state_difference_makes_the_left_state_the_right_one(comparisons):
    for pair in comparisons:
        for found in pair:
            left, right = (plain_state(side.end.state) for side in (found.left, found.right))
            assert same(right, apply(found.state_difference, left))
            assert bool(found.state_difference) == (freeze(left) != freeze(right))


def test_every_moment_is_in_one_row_and_both_orders_are_kept(comparisons):
    for found, _ in comparisons:
        assert found.left.moments == [row.left for row in found.rows if row.left is not None]
        assert found.right.moments == [row.right for row in found.rows if row.right is not None]
        assert 2 * len(found.pairs) == sum(
            2 if row.left and row.right else row.partner is not None for row in found.rows
        )


def test_matched_moments_are_about_the_same_thing(comparisons):
    for found, _ in comparisons:
        for pair in found.pairs:
            left, right = found.left.moments[pair.left], found.right.moments[pair.right]
            assert (left.what, left.identity) == (right.what, right.identity)


def test_rows_that_are_taken_for_common_change_the_same(comparisons):
    rows = [row for found, _ in comparisons for row in found.rows if row.is_common]
    assert 100 < len(rows)
    for row in rows:
        assert (row.left.ended, row.left.state_changes) == (row.right.ended, row.right.state_changes)
        assert row.left.outside_changes == row.right.outside_changes


@pytest.mark.parametrize("seed", range(8))
def test_a_run_and_itself_taken_again_are_equal(seed):
    found = compare(walk(seed), walk(seed))
    assert found.is_equal
    assert f"Both runs are equal: {len(found.left.steps)} steps." == found.verdict
