from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

import phasm_lab as pl
from phasm_lab.engine import Deliver, Dispatch, Duplicate, Fire, Perform, Request, Result, start, step
from phasm_lab.engine.enabled import outcomes
from phasm_lab.engine.here import Here
from tests.engine.desk import Ask, Desk, after, ask, deliver, desk, dispatch, request, restore, stf


class Opaque:
    def __repr__(self):
        return "Opaque()"


def error_of(make, *arguments, **named):
    with pytest.raises(pl.DefinitionError) as caught:
        make(*arguments, **named)
    return str(caught.value)


def scenario_error(**named):
    return error_of(pl.Scenario, pl.Machine(Desk, stf, restore), **named)


PLAIN_INPUT = "use plain data: numbers, text, tuples, frozen dataclasses, or a class with __eq__ and __hash__"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"inputs": "ask"}, "Scenario(inputs='ask'): it is not a list of inputs; write inputs=[first, second]"),
        ({"inputs": 5}, "Scenario(inputs=5): it is not a list of inputs; write inputs=[first, second]"),
        ({"inputs": [1, Opaque()]}, f"input 1: it holds a Opaque, which cannot be compared by value; {PLAIN_INPUT}"),
        ({"order": "all"}, "Scenario(order='all'): there is no such order; name one of: 'given', 'any'"),
        ({"faults": {}}, "Scenario(faults={}): it is no Faults; write pl.Faults(crashes=1)"),
        ({"environment": Desk}, f"Scenario(environment={Desk!r}): it is no Environment; write pl.Environment(...)"),
        ({"properties": 3}, "Scenario(properties=3): it is not a list of properties; write properties=[first, second]"),
        (
            {"properties": ["paid"]},
            "properties=['paid']: it is not a property; decorate a function with one of: pl.always, pl.when_quiescent, "  # noqa: ISC004
            "pl.sometimes",
        ),
        ({"results": [1]}, "Scenario(results=[1]): it is not a dict; write results={Kind: [first, second]}"),
        ({"results": {"ask": "yes"}}, "results[ask]='yes': it is not a list of results; write [first, second]"),
        (
            {"results": {Ask: [Opaque()]}},
            f"a declared result of Ask: it holds a Opaque, which cannot be compared by value; {PLAIN_INPUT}",
        ),
        ({"outcome": "paid"}, "Scenario(outcome='paid'): it is not a function; write def outcome(here): ..."),
        ({"limit": 0}, "Scenario(limit=0): a limit is a whole number of 1 or more; write limit=300_000, say"),
        ({"limit": True}, "Scenario(limit=True): a limit is a whole number of 1 or more; write limit=300_000, say"),
    ],
)
def test_an_ill_formed_scenario_is_refused_when_it_is_made(named, expected):
    assert expected == scenario_error(**named)


def test_a_scenario_needs_a_machine():
    expected = "Scenario(machine=5): it is no Machine; write pl.Machine(initial=..., stf=..., restore=...)"
    assert expected == error_of(pl.Scenario, 5)


def list_of_all(_here):
    return []


def test_a_property_that_returns_a_list_is_found_when_the_scenario_is_made():
    expected = "property list_of_all: it returned []; return one of: True, False, a sentence saying why not"
    assert expected == scenario_error(properties=[list_of_all])


def test_a_property_that_raises_is_found_when_the_scenario_is_made():
    def nothing_owed(here):
        return here.state.owed == 0

    raised = "AttributeError: 'Desk' object has no attribute 'owed'"
    where = f"{__file__}:{nothing_owed.__code__.co_firstlineno + 1}"
    expected = f"property nothing_owed: it raised {raised} at {where}; mend it or guard it"
    assert expected == scenario_error(properties=[pl.always(nothing_owed)])


def three():
    return 3


def needs_more(_count):
    return Desk()


@pytest.mark.parametrize(
    ("initial", "expected"),
    [
        (
            three,
            "Machine(initial=three): it made 3, a int; return an instance of a dataclass, or use pl.sqlite(schema=...)",
        ),
        (
            needs_more,
            "Machine(initial=needs_more): it raised TypeError: needs_more() missing 1 required positional argument: "  # noqa: ISC004
            "'_count'; pass a callable that needs no arguments",
        ),
    ],
)
def test_an_initial_state_that_is_none_is_refused(initial, expected):
    assert expected == error_of(pl.Scenario, pl.Machine(initial, stf, restore))


def test_an_initial_environment_that_is_none_is_refused():
    expected = (
        "Environment(initial=three): it made 3, a int; return an instance of a dataclass, or use pl.sqlite(schema=...)"
    )
    assert expected == scenario_error(environment=pl.Environment(three))


@dataclass
class Holding:
    part: Any = None
    table: dict[Any, Any] = field(default_factory=dict)


@dataclass
class Box:
    items: list[int] = field(default_factory=list)


def with_part(part):
    return pl.Scenario(pl.Machine(lambda: Holding(part), stf, restore))


def test_what_cannot_be_rolled_back_is_refused_by_its_path_when_the_scenario_is_made():
    expected = (
        "Holding.part['a'][1]: it holds a Opaque, which cannot be rolled back; "
        "use plain data: numbers, text, dict, list, set, tuples and dataclasses"
    )
    assert expected == error_of(with_part, {"a": [1, Opaque()]})


def step_error(stf, events, **more):
    scenario = desk(Ask(), machine=pl.Machine(Holding, stf, restore), **more)
    configuration = after(scenario, *events[:-1])
    key = configuration.key()
    message = error_of(step, scenario, configuration, events[-1])
    assert key == configuration.key()
    return message


def adding(action):
    async def stf(state, _input, actions):
        state.part = 1
        actions.add(action)

    return stf


def adding_in_vain(action):
    async def stf(state, _input, actions):
        state.part = 1
        with suppress(Exception):
            actions.add(action)

    return stf


WRAP = "wrap it: pl.Tracked(id, payload) or pl.Untracked(payload)"


@pytest.mark.parametrize("make", [adding, adding_in_vain])
@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("charge", f"stf added 'charge': that is not an action; {WRAP}"),
        (Ask(), f"stf added Ask(count=1): that is not an action; {WRAP}"),
        (pl.Tracked, f"stf added {pl.Tracked!r}: that is not an action; {WRAP}"),
        (
            pl.Tracked(1, Opaque()),
            f"the payload of a Tracked: it holds a Opaque, which cannot be compared by value; {PLAIN_INPUT}",
        ),
        (
            pl.Tracked(Opaque(), 1),
            f"the id of a Tracked: it holds a Opaque, which cannot be compared by value; {PLAIN_INPUT}",
        ),
        (
            pl.Untracked([Opaque()]),
            f"the payload of an Untracked: it holds a Opaque, which cannot be compared by value; {PLAIN_INPUT}",
        ),
    ],
)
def test_what_is_not_an_action_is_refused_and_nothing_is_kept(make, action, expected):
    assert expected == step_error(make(action), [Fire(Ask())])


OUTPUT_ONLY = "actions are output only; keep what you need in state or in a variable"


@pytest.mark.parametrize(
    ("read", "asked"),
    [
        (list, "stf read its actions"),
        (lambda actions: actions[0], "stf read actions[0]"),
        (lambda actions: 3 in actions, "stf read actions[3]"),
    ],
)
def test_reading_actions_is_refused(read, asked):
    async def reading(_state, _input, actions):
        read(actions)

    assert f"{asked}: {OUTPUT_ONLY}" == step_error(reading, [Fire(Ask())])


def test_actions_can_be_cleared_and_counted():
    counts = []

    async def changing_its_mind(_state, _input, actions):
        actions.add(pl.Untracked("first"))
        counts.append(len(actions))
        actions.clear()
        actions.add(pl.Untracked("second"))

    scenario = desk(Ask(), machine=pl.Machine(Holding, changing_its_mind, restore))
    assert (pl.Untracked("second"),) == step(scenario, start(scenario), Fire(Ask())).record.emitted
    assert [1] == counts


def test_a_value_that_cannot_be_rolled_back_is_refused_when_it_turns_up():
    async def opaque(state, _input, _actions):
        state.part = "before"
        state.table["a"] = [Opaque()]

    expected = (
        "Holding.table['a'][0]: it holds a Opaque, which cannot be rolled back; "
        "use plain data: numbers, text, dict, list, set, tuples and dataclasses"
    )
    assert expected == step_error(opaque, [Fire(Ask())])


def test_an_attribute_that_is_no_field_is_refused():
    async def misspelling(state, _input, _actions):
        state.prat = 1

    expected = (
        "Holding.prat = ...: it is not a field of the dataclass, so it is no part of the state; "
        "declare it in Holding, or name one of: part, table"
    )
    assert expected == step_error(misspelling, [Fire(Ask())])


def performed_error(perform):
    scenario = pl.Scenario(pl.Machine(Desk, stf, restore), inputs=[Ask()], environment=pl.Environment(Holding, perform))
    configuration = after(scenario, Fire(Ask()), dispatch(1))
    key = configuration.key()
    message = error_of(step, scenario, configuration, ask(1, "yes"))
    assert message == error_of(outcomes, scenario, configuration, request(1))
    assert key == configuration.key()
    return message


def test_choose_needs_options():
    expected = "choose(): it was called without options; write choose(first, second, ...)"
    assert expected == performed_error(lambda _environment, _action, choose: choose())


def test_a_result_that_cannot_be_compared_is_refused():
    def perform(environment, _action, choose):
        environment.part = choose("yes", "no")
        return Opaque()

    expected = f"the result of str: it holds a Opaque, which cannot be compared by value; {PLAIN_INPUT}"
    assert expected == performed_error(perform)


def test_a_perform_that_raises_is_refused_with_its_line():
    def perform(environment, _action, choose):
        environment.part = choose("yes", "no")
        raise OSError("no route")

    line = perform.__code__.co_firstlineno + 2
    expected = (
        f"perform('question'): it raised OSError: no route at {__file__}:{line}; "
        "return a result instead: an outside failure is one too"
    )
    assert expected == performed_error(perform)


def test_a_perform_that_never_stops_choosing_is_refused():
    def perform(_environment, _action, choose):
        while True:
            choose("yes")

    expected = "choose(...): perform made more than 100 choices; let it return"
    assert expected == performed_error(perform)


def test_a_perform_that_catches_everything_still_follows_the_choice_asked_for():
    def perform(_environment, _action, choose):
        try:
            return choose("yes", "no")
        except Exception:  # noqa: BLE001 - such code would hide that the choice is not offered
            return "hidden"

    scenario = pl.Scenario(pl.Machine(Desk, stf, restore), inputs=[Ask()], environment=pl.Environment(Holding, perform))
    configuration = after(scenario, Fire(Ask()), dispatch(1))
    with pytest.raises(pl.NotEnabledError):
        step(scenario, configuration, ask(1, "maybe"))


def test_without_perform_the_results_are_those_declared():
    scenario = pl.Scenario(pl.Machine(Desk, stf, restore), inputs=[Ask()], results={str: ["yes", "no"]})
    configuration = after(scenario, Fire(Ask()), dispatch(1))
    assert [(("yes",), "yes"), (("no",), "no")] == outcomes(scenario, configuration, request(1))


def test_without_perform_and_declared_results_the_result_is_none():
    scenario = pl.Scenario(pl.Machine(Desk, stf, restore), inputs=[Ask()])
    configuration = after(scenario, Fire(Ask()), dispatch(1))
    assert [((), None)] == outcomes(scenario, configuration, request(1))


class TestWhatUserCodeIsGivenIsItsOwn:
    def test_an_input_that_stf_changes_stays_as_it_was(self):
        async def greedy(state, input, _actions):
            input.payload.append(3)
            state.part = input.payload

        event = Fire([1, 2])
        scenario = desk([1, 2], machine=pl.Machine(Holding, greedy, restore))
        assert [1, 2, 3] == after(scenario, event).state.plain().part
        assert (Fire([1, 2]), ([1, 2],)) == (event, scenario.inputs)

    def test_a_result_and_a_payload_stay_as_they_were(self):
        async def keeping(state, input, actions):
            if isinstance(input, pl.Normal):
                actions.add(pl.Tracked(1, Box([1])))
            else:
                state.part = input.result
                state.part.items.append(9)

        def perform(environment, action, _choose):
            environment.part = action
            environment.part.items.append(5)
            return Box([7])

        scenario = pl.Scenario(
            pl.Machine(Holding, keeping, restore), inputs=[Ask()], environment=pl.Environment(Holding, perform)
        )
        action = pl.Tracked(1, Box([1]))
        asked = after(scenario, Fire(Ask()), Dispatch(action, 0))
        answered = step(scenario, asked, Perform(Request(action, 0))).configuration
        end = step(scenario, answered, Deliver(Result(action, 0, Box([7])))).configuration
        assert (Box([7, 9]), Box([1, 5])) == (end.state.plain().part, end.environment.plain().part)
        assert (Box([1]), Box([7])) == (asked.requests[0].action.payload, answered.results[0].value)
        assert [Box, Box] == [type(asked.requests[0].action.payload), type(answered.results[0].value)]

    def test_a_property_that_writes_leaves_nothing_behind(self):
        def meddling(here):
            here.state.next_id = 77
            return True

        scenario = desk(Ask(), properties=[meddling])
        configuration = start(scenario)
        pl.always(meddling).judge(Here(configuration))
        assert 2 == step(scenario, configuration, Fire(Ask())).configuration.state.plain().next_id


def test_a_result_delivered_twice_finds_its_first_value_untouched():
    scenario = desk(Ask(), faults=pl.Faults(duplicated_results=1))
    events = Fire(Ask()), dispatch(1), ask(1), Duplicate(deliver(1).result), deliver(1), deliver(1)
    assert {1: ["yes", "yes"]} == after(scenario, *events).state.plain().done
