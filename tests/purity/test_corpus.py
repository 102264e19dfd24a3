"""What is caught of the corpus, at which line, and what is not: exact lists, so that a change is seen."""

import functools
import inspect
from pathlib import Path

import pytest

from phasm_lab.interpreter.lines import code_of
from tests.purity import impure_behind, impure_hidden, impure_outside, impure_seed, pure
from tests.purity.corpus import IMPURE, PURE
from tests.purity.drive import judge

FILES = (impure_behind, impure_hidden, impure_outside, impure_seed, pure)


@functools.cache
def found(case):
    return judge(case.scenario, case.options.get("results", ("ok",)))


@pytest.mark.parametrize("case", IMPURE, ids=lambda case: case.name)
def test_an_impure_function_is_caught_by_its_rule_alone(case):
    findings, not_run = found(case)
    assert ([case.slug], []) == ([slug for slug, _ in findings], not_run)


@pytest.mark.parametrize("case", IMPURE, ids=lambda case: case.name)
def test_a_finding_names_the_line(case):
    findings, _ = found(case)
    assert [case.place] == [message[: len(case.place)] for _, message in findings]


@pytest.mark.parametrize("case", PURE, ids=lambda case: case.name)
def test_a_pure_function_is_left_alone(case):
    assert ([], []) == found(case)


def is_behind_a_helper(case):
    lines, first = inspect.getsourcelines(code_of(case.function))
    file, _, number = case.place.removesuffix(", in ").partition(":")
    return Path(case.file).name != file or int(number) not in range(first, first + len(lines))


def test_in_a_third_of_the_corpus_the_impurity_is_behind_a_helper():
    assert 3 * sum(map(is_behind_a_helper, IMPURE)) >= len(IMPURE)


def test_the_corpus_is_as_large_as_it_is_said_to_be():
    assert {"outside-effect": 71, "hidden-state": 43, "nondeterministic": 18} == {
        slug: sum(case.slug == slug for case in IMPURE)
        for slug in ("outside-effect", "hidden-state", "nondeterministic")
    }
    assert 36 == len(PURE)
