"""The code tab: the user's source, the lines that ran, and the one that the step is about."""

import linecache
import sys
from dataclasses import dataclass, field

import pytest

import phasm_lab as pl
from phasm_lab.interpreter.lines import LineRecorder, code_of, source_lines
from phasm_lab.views.session import Session


def code_at(view_at, step):
    return view_at(step)["panel"]["code"]


def ran(code):
    return [line["text"].strip() for line in code["lines"] if line["ran"]]


def now(code):
    return [(line["text"].strip(), line["note"]) for line in code["lines"] if line["now"]]


def test_the_lines_of_a_transition_that_ran(view_at):
    code = code_at(view_at, 8)

    assert ("stf", "step 8", "payments.py") == (code["name"], code["note"], code["file"].rsplit("/", 1)[-1])
    assert [
        "async def stf_charging_again(state, input, actions):",
        "match input:",
        "case pl.Normal(Pay(user, cents)):",
        'case pl.TrackedActionCompleted(payment_id, "charged"):',
        "state.paid[payment_id] = state.pending.pop(payment_id)",
    ] == ran(code)
    assert [("state.paid[payment_id] = state.pending.pop(payment_id)", "")] == now(code)
    assert {"mark": "commit", "text": "commit, nothing to hand over"} == code["boundary"]


def test_a_commit_says_how_many_actions_follow(view_at):
    assert {"mark": "commit", "text": "commit, then 2 actions handed over"} == code_at(view_at, 1)["boundary"]


def test_lines_note_the_simple_values_that_they_set(view_at):
    notes = {line["text"].strip(): line["note"] for line in code_at(view_at, 1)["lines"] if line["note"]}

    assert {
        "case pl.Normal(Pay(user, cents)):": "user is 'ada', cents is 500",
        "payment_id = state.next_id": "payment_id is 1",
    } == notes


def test_restore_is_shown_for_a_recovery(view_at):
    code = code_at(view_at, 5)

    assert ("restore", "step 5") == (code["name"], code["note"])
    assert {"mark": "recover", "text": "restore returned, 1 action handed over"} == code["boundary"]
    assert "actions.add(pl.Tracked(payment_id, ChargeCard(payment_id, cents)))" == now(code)[0][0]


def test_perform_is_shown_with_the_outside_system(view_at):
    code = code_at(view_at, 3)

    assert ("perform", "step 3 · the card network", None) == (code["name"], code["note"], code["boundary"])


def test_a_rejection_marks_the_line_that_raised(view_at):
    code = code_at(view_at, 9)
    (line,) = [line["number"] for line in code["lines"] if line["now"]]

    assert [("state.paid[payment_id] = state.pending.pop(payment_id)", "KeyError: 1")] == now(code)
    assert {"mark": "rejected", "text": f"rejected at line {line}, state unchanged"} == code["boundary"]


@pytest.mark.parametrize(
    ("step", "note"), [(0, "step 0 ran no code"), (2, "step 2 ran no code"), (4, "the process is down: no code runs")]
)
def test_a_step_without_code_shows_stf_unmarked(view_at, step, note):
    code = code_at(view_at, step)

    assert ("stf", note, [], []) == (code["name"], code["note"], ran(code), now(code))


def test_a_crash_at_an_access_marks_its_line(lab):
    lab.fire(lab.scenario.inputs[0], crash="at access", number=3)
    code = Session(lab).view()["panel"]["code"]

    assert [("state.next_id += 1", "the process dies here: write next_id")] == now(code)
    assert {"mark": "crash", "text": "crash in stf at access 3, state unchanged"} == code["boundary"]


def test_code_from_a_notebook_cell_is_found():
    text = "async def stf(state, input, actions):\n    state.count += 1\nasync def restore(state, actions):\n    pass\n"
    linecache.cache["<cell 7>"] = (len(text), None, text.splitlines(keepends=True), "<cell 7>")
    names = {}
    exec(compile(text, "<cell 7>", "exec"), names)
    lab = pl.Lab(pl.Scenario(pl.Machine(Counter, names["stf"], names["restore"]), inputs=["go"]))
    lab.fire("go")

    assert ["async def stf(state, input, actions):", "state.count += 1"] == ran(Session(lab).view()["panel"]["code"])


def test_code_without_a_source_says_so():
    names = {}
    text = "async def stf(state, input, actions): pass\nasync def restore(state, actions): pass\n"
    exec(compile(text, "<nowhere>", "exec"), names)
    lab = pl.Lab(pl.Scenario(pl.Machine(Counter, names["stf"], names["restore"]), inputs=["go"]))
    lab.fire("go")
    code = Session(lab).view()["panel"]["code"]

    assert ([], "step 1 · the source of stf cannot be read") == (code["lines"], code["note"])


@dataclass
class Counter:
    count: int = 0
    log: list[int] = field(default_factory=list)


def helper(state):
    state.count += 1


class Counting:
    async def stf(self, state, input, actions):  # noqa: ARG002 - its signature is fixed
        helper(state)

    async def restore(self, state, actions):
        pass


def test_a_method_is_shown_with_the_functions_that_it_calls():
    counting = Counting()
    lab = pl.Lab(pl.Scenario(pl.Machine(Counter, counting.stf, counting.restore), inputs=["go"]))
    lab.fire("go")

    assert [
        "async def stf(self, state, input, actions):  # noqa: ARG002 - its signature is fixed",
        "helper(state)",
        "def helper(state):",
        "state.count += 1",
    ] == ran(Session(lab).view()["panel"]["code"])


def test_the_tracer_that_was_there_is_put_back():
    class Direct:
        def call(self, function, *arguments):
            return function(*arguments)

    def tracer(_frame, _event, _argument):
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        recorder = LineRecorder(Direct(), [__file__])
        recorder.call(helper, Counter())
        after = sys.gettrace()
    finally:
        sys.settrace(before)

    assert after is tracer
    assert [code_of(helper)] == list(recorder.ran)


def test_looking_at_the_code_keeps_nothing(session):
    key = session.lab.configuration.key()
    session.view()

    assert key == session.lab.configuration.key()


def test_source_lines_are_numbered_as_in_the_file():
    first, *_ = source_lines(code_of(helper))

    assert (code_of(helper).co_firstlineno, "def helper(state):") == first
