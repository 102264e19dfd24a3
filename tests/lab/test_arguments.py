"""Calls of the lab's verbs that do not fit: each is refused in words, and changes nothing."""

import pytest

import phasm_lab as pl

COUNTED = "accesses, adds and actions are counted in whole numbers from 0 on; write number=1, say"
LIVES = "lives are counted in whole numbers from 0 on; the one before the first crash is life=0"
CRASH_POINTS = "'before accept', 'at access', 'before commit', 'commit unknown', 'after commit'"
GOES_WITH_FAILURE = "it goes with one of: fails='access', fails='add'"
GOES_WITH_COUNTED = "it goes with one of: crash='at access', crash='after commit', fails='access', fails='add'"
NOT_A_TRACE = "it is not a Trace; give it the trace of a finding or of a lab"
NOT_OF_THIS_LAB = "it is no step of this lab; give it lab.selected, or what a verb returned"


@pytest.fixture
def lab(scenario, ada):
    lab = pl.Lab(scenario)
    lab.fire(ada)
    return lab


class Stubborn:
    """Neither compares nor shows."""

    __hash__ = None

    def __eq__(self, other):
        raise ValueError

    def __repr__(self):
        raise ValueError


STUBBORN = "<Stubborn, whose repr raised ValueError>"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            lambda lab: lab.crash(number=2),
            "crash(number=2): it has no number=, since only fire, deliver and recover go wrong inside; it takes: lose",
        ),
        (
            lambda lab: lab.dispatch(1, lives=0),
            "dispatch(1, lives=0): it has no lives=; it takes: identity, action, life",
        ),
        (lambda lab: lab.run(1), "run(1): too many positional arguments; write run()"),
        (
            lambda lab: lab.delay(),
            "delay(): missing a required argument: 'identity'; it takes: identity, action, life",
        ),
        (lambda lab: lab.fire("x", crash="at access", number=1.5), f"number=1.5: {COUNTED}"),
        (lambda lab: lab.fire("x", fails="add", number=True), f"number=True: {COUNTED}"),
        (lambda lab: lab.recover(crash="at access", number="2"), f"number='2': {COUNTED}"),
        (
            lambda lab: lab.fire("x", crash=Stubborn()),
            f"crash={STUBBORN}: there is no such crash point; name one of: {CRASH_POINTS}",
        ),
        (
            lambda lab: lab.recover(fails="restore"),
            "fails='restore': there is no such failure; name one of: 'access', 'add', 'commit'",
        ),
        (lambda lab: lab.dispatch(1, life=Stubborn()), f"life={STUBBORN}: {LIVES}"),
        (lambda lab: lab.perform(1, life=-1), f"life=-1: {LIVES}"),
        (
            lambda lab: lab.dispatch(Stubborn()),
            f"dispatch({STUBBORN}): nothing of it fits here; in flight are: 1 (queued), 'tell ada: processing' (untracked)",
        ),
        (lambda lab: lab.name(None), 'name(None): a name is text; write name("first try"), say'),
        (
            lambda lab: lab.without(Stubborn()),
            f"without({STUBBORN}): it is not a step of this branch; goto a later step first",
        ),
        (lambda lab: lab.goto("1"), "goto('1'): there is no such step; steps are numbered 0 to 1"),
        (lambda lab: lab.place_of([1]), f"place_of([1]): {NOT_A_TRACE}"),
        (lambda lab: lab.branch(Stubborn()), f"branch({STUBBORN}): {NOT_A_TRACE}"),
        (lambda lab: lab.judgements(1), f"judgements(1): {NOT_OF_THIS_LAB}"),
        (lambda lab: lab.python_line(1, None), f"python_line(1): {NOT_OF_THIS_LAB}"),
        (
            lambda lab: lab.python_line(lab.selected, 1),
            "python_line(1): it is not an event; take one of lab.enabled, or call a verb",
        ),
    ],
)
def test_a_call_that_does_not_fit_is_refused_in_words(lab, call, expected):
    with pytest.raises(pl.PhasmLabError) as caught:
        call(lab)
    assert expected == str(caught.value)
    assert (2, 1) == (len(lab.history), lab.selected.number)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (
            {"number": 2},
            f"number=2: nothing is counted here; {GOES_WITH_COUNTED}",
        ),
        (
            {"crash": "before commit", "number": 2},
            f"number=2: nothing is counted here; {GOES_WITH_COUNTED}",
        ),
        (
            {"crash": "at access", "sticky": True},
            f"sticky=True: no access or add fails here; {GOES_WITH_FAILURE}",
        ),
        ({"fails": "add", "lose": [0]}, "lose=[0]: no crash takes it here; say where with crash="),
        ({"lose": 0}, "lose=0: no crash takes it here; say where with crash="),
        (
            {"crash": "at access", "fails": "add"},
            "crash='at access', fails='add': one thing goes wrong in a transition; leave out one",
        ),
    ],
)
def test_what_would_have_no_effect_is_not_said_in_vain(lab, bob, named, expected):
    with pytest.raises(pl.NotEnabledError) as caught:
        lab.fire(bob, **named)
    assert expected == str(caught.value)


def test_a_step_of_another_lab_is_not_judged_under_its_number(lab, scenario, ada):
    other = pl.Lab(scenario)
    with pytest.raises(pl.NotEnabledError):
        lab.judgements(other.fire(ada))


def test_a_type_error_of_the_inside_stays_what_it_is(lab):
    def observer():
        raise TypeError("an observer's own")

    lab.observe(observer)
    with pytest.raises(TypeError, match="an observer's own"):
        lab.back()
