"""Shows a machine's transitions to the purity detectors, as a search would: breadth first, each state and input once."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import phasm_lab as pl
from phasm_lab.checks.purity import Purity
from phasm_lab.engine.scenario import start
from phasm_lab.engine.transition import attempt
from phasm_lab.interpreter.watchdog import Watchdog

MAX_STATE_COUNT = 12


@dataclass
class Notes:
    lines: list[str] = field(default_factory=list)
    count: int = 0
    tags: set[str] = field(default_factory=set)


async def plain_stf(state, input, actions):
    match input:
        case pl.Normal(word):
            state.count += 1
            actions.add(pl.Tracked(state.count, ("write", str(word))))
        case pl.TrackedActionCompleted(_, result):
            state.lines.append(str(result))


async def plain_restore(state, actions):
    for number in range(len(state.lines), state.count):
        actions.add(pl.Tracked(number + 1, ("write", "again")))


class Seen:
    """What the detectors are given of a search: the scenario, its states, its inputs, and who calls user code."""

    def __init__(self, scenario, results=("ok",)):
        self.scenario = scenario
        self.limits = Watchdog()
        self.states = [start(scenario).state]
        self.consumed = [*map(pl.Normal, scenario.inputs), *(pl.TrackedActionCompleted(1, value) for value in results)]
        self.keys = [self.states[0].frozen()]

    def outcome(self, state, consumed):
        return SimpleNamespace(state=self.after(state, consumed))

    def after(self, state, consumed):
        tried = attempt("stf", self.scenario.machine.stf, self.states[state], (self.consumed[consumed],), self.limits)
        if tried.version.frozen() not in self.keys:
            self.keys.append(tried.version.frozen())
            self.states.append(tried.version)
        return self.keys.index(tried.version.frozen())


def scenario_of(stf=plain_stf, restore=plain_restore, inputs=("first", "second"), initial=Notes):
    return pl.Scenario(pl.Machine(initial=initial, stf=stf, restore=restore, name="notes"), inputs=inputs)


def judge(scenario, results=("ok",)):
    """Return what the detectors find: pairs of a slug and a message; and what they could not run."""
    seen = Seen(scenario, results)
    with Purity(seen) as purity:
        found = list(_breaches(seen, purity))
        return [(breach.slug, breach.message) for breach in found], purity.not_run


def _breaches(seen, purity):
    state = 0
    while state < min(len(seen.states), MAX_STATE_COUNT):
        attempt("restore", seen.scenario.machine.restore, seen.states[state], (), seen.limits, keep=False)
        yield from purity.restore(state)
        for consumed in range(len(seen.consumed)):
            seen.after(state, consumed)
            yield from purity.transition(state, consumed)
        state += 1
    for breach, _, _ in purity.conclude():
        yield breach
