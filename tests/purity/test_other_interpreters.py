"""Other interpreters run what was typed anywhere; where they cannot, the report says so and there is no finding."""

# ruff: noqa: ARG001 - stf takes what it is given

import functools
import linecache
import os
import sys
import types

import pytest

import phasm_lab as pl
from phasm_lab.checks.answering import answer
from phasm_lab.interpreter.shipping import ship, unship
from tests.purity.drive import Notes, judge, plain_restore, scenario_of

TABLE = {"names": {"ada", "bob", "cyd"}}
PREFIX = "nondeterministic in another interpreter"
CELL = """
from dataclasses import dataclass, field
import phasm_lab as pl

@dataclass
class Board:
    names: list[str] = field(default_factory=list)

async def stf(state, input, actions):
    for name in order(("ada", "bob", "cyd")):
        actions.add(pl.Tracked(name, ("tell", name)))

async def restore(state, actions):
    pass

def order(names):
    return set(names)
"""


def typed_in_a_cell(module, file, source=CELL):
    """Run source as a notebook does: in a module without a file, under a file name that only linecache knows."""
    names = types.ModuleType(module).__dict__
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), names)
    return names


@pytest.mark.parametrize("file", ["<ipython-input-3-abc>", "ipykernel_7/123.py", "<stdin>"])
def test_functions_that_were_typed_are_run_there(monkeypatch, file):
    module = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    names = typed_in_a_cell("__main__", file)
    machine = pl.Machine(initial=names["Board"], stf=names["stf"], restore=names["restore"])
    findings, not_run = judge(pl.Scenario(machine, inputs=["go"]))
    told = f"{file.rpartition('/')[2]}:17, in order: Normal(payload='go') on the same state gives the same actions in "
    assert (["nondeterministic"], []) == ([slug for slug, _ in findings], not_run)
    assert told == findings[0][1][: len(told)]


def test_the_same_is_found_whatever_hash_seed_this_interpreter_has():
    async def tells_two(state, input, actions):
        state.lines.extend({"left", "right"})

    messages = {str(judge(scenario_of(tells_two))) for _ in range(2)}
    assert 1 == len(messages)
    assert "gives another state in another interpreter" in messages.pop()


def test_a_machine_that_cannot_be_shipped_is_named_and_no_finding():
    with open(__file__) as file:  # noqa: PTH123

        async def holds_a_file(state, input, actions):
            state.lines = sorted({"ada", "bob"})
            if state.count < 0:
                file.close()

        assert (
            [],
            [f"{PREFIX}: the machine cannot be shipped: cannot pickle '_io.TextIOWrapper' object"],
        ) == judge(scenario_of(holds_a_file))


def test_without_processes_the_report_says_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")

    async def sorts_a_set(state, input, actions):
        state.lines = sorted({"ada", "bob"})

    expected = [f"{PREFIX}: there are no processes here"]
    assert ([], expected) == judge(scenario_of(sorts_a_set))


def test_where_python_is_not_known_the_report_says_so(monkeypatch):
    monkeypatch.setattr(sys, "executable", "")

    async def sorts_a_set(state, input, actions):
        state.lines = sorted({"ada", "bob"})

    expected = [f"{PREFIX}: it is not known where Python is"]
    assert ([], expected) == judge(scenario_of(sorts_a_set))


def test_a_python_that_cannot_run_it_is_named(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")

    async def sorts_a_set(state, input, actions):
        state.lines = sorted({"ada", "bob"})

    findings, not_run = judge(scenario_of(sorts_a_set))
    assert ([], [f"{PREFIX}: the machine cannot be run there: it ended"]) == (
        findings,
        not_run,
    )


def test_an_answer_tells_state_actions_and_refusal():
    async def refuses(state, input, actions):
        raise ValueError("no")

    scenario = scenario_of(refuses)
    question = {"stf": refuses, "restore": plain_restore, "cases": [((scenario.machine.initial(),), pl.Normal("a"))]}
    shipped = unship(ship(question, lambda file: file == __file__))
    assert ['[{"$":"Notes","count":0,"lines":[],"tags":{"$set":[]}},[],"ValueError"]'] == answer(shipped)


def test_a_machine_that_fails_there_alone_is_named_and_no_finding():
    started_by = os.getpid()

    async def runs_here_alone(state, input, actions):
        state.lines = sorted({"ada", "bob"})
        if os.getpid() != started_by:
            raise LookupError(state.lines)

    findings, not_run = judge(scenario_of(runs_here_alone))
    assert (["outside-effect"], [f"{PREFIX}: Normal(payload='first') fails there alone, by LookupError"]) == (
        [slug for slug, _ in findings],
        not_run,
    )


@functools.singledispatch
async def takes(state, input, actions):
    state.lines = ["nothing"]


@takes.register
async def _(state: Notes, input, actions):
    state.lines = list({"ada", "bob", "cyd"})


class Clerk:
    words = frozenset({"ada", "bob", "cyd"})

    async def takes(self, state, *_):
        state.lines = list(self.words)

    __call__ = takes


async def takes_more(words, state, input, actions):
    state.lines = list({*words, "cyd"})


def as_it_is(function):
    @functools.wraps(function)
    async def passes_on(*arguments):
        return await function(*arguments)

    return passes_on


@pytest.mark.parametrize(
    "stf",
    [takes, Clerk().takes, Clerk(), functools.partial(takes_more, ["ada", "bob"]), as_it_is(Clerk().takes)],
    ids=["by class", "method", "object", "partial", "decorated"],
)
def test_whatever_is_called_as_stf_runs_there_too(stf):
    findings, not_run = judge(scenario_of(stf))
    assert (["nondeterministic"], []) == ([slug for slug, _ in findings], not_run)


def test_a_set_inside_a_global_is_looked_at_there():
    async def asks_a_table(state, input, actions):
        state.lines = list(TABLE["names"])

    findings, not_run = judge(scenario_of(asks_a_table))
    assert (["nondeterministic"], []) == ([slug for slug, _ in findings], not_run)


def test_what_to_do_about_an_address_is_said():
    async def tells_an_address(state, input, actions):
        state.lines.append(str(judge))

    line = tells_an_address.__code__.co_firstlineno + 1
    told = "Normal(payload='first') on the same state gives another state in another interpreter"
    todo = "tell objects by their values: this text has an address in it"
    expected = f"test_other_interpreters.py:{line}, in tells_an_address: {told}; {todo}"
    assert ([("nondeterministic", expected)], []) == judge(scenario_of(tells_an_address))
