from dataclasses import dataclass
from functools import partial

import pytest

import phasm_lab as pl
from phasm_lab.machine.properties import as_property


@dataclass
class Counter:
    count: int = 0


async def stf(_state, _input, _actions):
    pass


async def restore(_state, _actions):
    pass


def not_async(_state, _input, _actions):
    pass


async def too_few(_state, _input):
    pass


async def generating(_state, _input, _actions):
    yield


class Callable:
    async def __call__(self, state, input, actions):
        pass

    async def method(self, state, input, actions):
        pass

    def __repr__(self):
        return "Callable()"


def error_of(make, *arguments, **named):
    with pytest.raises(pl.DefinitionError) as caught:
        make(*arguments, **named)
    return str(caught.value)


@pytest.mark.parametrize("function", [stf, Callable(), Callable().method, partial(stf)])
def test_stf_may_be_anything_that_is_called_with_await(function):
    assert function is pl.Machine(Counter, function, restore).stf


FORM = "write async def stf(state, input, actions)"


@pytest.mark.parametrize(
    ("function", "case"),
    [
        (5, "it is not a function"),
        (not_async, "it is not async"),
        (generating, "it is not async"),
        (too_few, "it takes (_state, _input)"),
    ],
)
def test_stf_that_cannot_be_awaited_with_three_arguments_is_refused(function, case):
    assert f"Machine(stf={function!r}): {case}; {FORM}" == error_of(pl.Machine, Counter, function, restore)


def test_restore_takes_state_and_actions():
    expected = f"Machine(restore={stf!r}): it takes (_state, _input, _actions); write async def restore(state, actions)"
    assert expected == error_of(pl.Machine, Counter, stf, stf)


def test_initial_is_called_anew_for_each_run():
    assert (
        "Machine(initial=Counter(count=0)): it is not callable, and each run needs a state of its own; "
        "pass the dataclass itself, a function that makes one, or pl.sqlite(schema=...)"
    ) == error_of(pl.Machine, Counter(), stf, restore)


async def async_perform(_environment, _action, _choose):
    pass


def perform_two(_environment, _action):
    pass


@pytest.mark.parametrize(
    ("perform", "case"),
    [
        ("charge", "it is not a function"),
        (async_perform, "it is async, and the outside world is modelled without awaiting"),
        (perform_two, "it takes (_environment, _action)"),
    ],
)
def test_perform_that_cannot_be_called_with_three_arguments_is_refused(perform, case):
    expected = f"Environment(perform={perform!r}): {case}; write def perform(environment, action, choose)"
    assert expected == error_of(pl.Environment, Counter, perform)


def test_the_environments_initial_is_callable_too():
    expected = "Environment(initial=3): it is not callable; pass a dataclass or a function that makes one"
    assert expected == error_of(pl.Environment, 3)


NAMES = (
    "crashes, recovery_crashes, lost_requests, duplicated_requests, delayed_requests, lost_results, duplicated_results, "
    "reordered_results, access_errors, add_errors, commit_failures, unknown_commits, duplicated_inputs, lost_inputs"
)


def test_a_misspelt_fault_is_refused_with_all_that_there_are():
    expected = f"Faults(crash=1): there is no fault 'crash'; name one of: {NAMES}"
    assert expected == error_of(pl.Faults, crash=1)


@pytest.mark.parametrize("count", [-1, 1.0, True, "1", None])
def test_a_budget_is_a_whole_number(count):
    expected = f"Faults(crashes={count!r}): a budget is a whole number of 0 or more; write crashes=1, say"
    assert expected == error_of(pl.Faults, crashes=count)


def test_faults_are_compared_and_shown_by_what_was_given():
    assert pl.Faults(crashes=2, lost_inputs=0) == pl.Faults(crashes=2)
    assert "Faults(crashes=2)" == repr(pl.Faults(crashes=2, lost_inputs=0))


def holds(_here):
    return True


def verdict_of(value):
    return pl.always(lambda _here: value).judge(None)


def test_a_property_holds_is_broken_or_says_why_it_is_broken():
    assert (True, "") == verdict_of(True)
    assert (False, "") == verdict_of(False)
    assert (False, "two cards") == verdict_of("two cards")


@pytest.mark.parametrize("value", [None, 1, [], "", [True]])
def test_a_property_that_gives_anything_else_is_refused(value):
    expected = f"property <lambda>: it returned {value!r}; return one of: True, False, a sentence saying why not"
    assert expected == error_of(verdict_of, value)


def test_a_property_that_raises_is_refused():
    def no_debt(here):
        return here.nothing

    raised = "AttributeError: 'int' object has no attribute 'nothing'"
    where = f"{__file__}:{no_debt.__code__.co_firstlineno + 1}"
    expected = f"property no_debt: it raised {raised} at {where}; mend it or guard it"
    assert expected == error_of(pl.always(no_debt).judge, 3)


def test_a_property_that_asserts_is_refused_without_an_empty_message():
    def no_debt(here):
        if here:
            raise AssertionError

    where = f"{__file__}:{no_debt.__code__.co_firstlineno + 2}"
    expected = f"property no_debt: it raised AssertionError at {where}; mend it or guard it"
    assert expected == error_of(pl.always(no_debt).judge, 3)


def test_of_a_property_without_a_file_of_its_own_no_line_is_named():
    expected = "property int: it raised ValueError: invalid literal for int() with base 10: 'debt'; mend it or guard it"
    assert expected == error_of(pl.always(int).judge, "debt")


def test_a_bare_function_counts_as_always():
    assert pl.always(holds) == as_property(holds)
    assert pl.sometimes(holds) is not as_property(pl.sometimes(holds))
    assert "sometimes" == as_property(pl.sometimes(holds)).kind


def test_what_cannot_be_called_is_no_property():
    assert (
        "properties=[3]: it is not a property; decorate a function with one of: pl.always, pl.when_quiescent, pl.sometimes"
    ) == error_of(as_property, 3)


def test_the_words_of_a_property_are_its_name():
    assert (
        "no card is charged twice"
        == pl.Property("always", type("F", (), {"__name__": "no_card_is_charged_twice"})()).words
    )
