import asyncio
import gc
import subprocess
import sys
import textwrap
import types
from dataclasses import replace

import pytest

import phasm_lab as pl
from phasm_lab.engine import Crash, Fire, Recover, start, step
from phasm_lab.engine.drive import DIES, ProcessDied, drive
from phasm_lab.errors import EndlessError, OutsideEffectError
from tests.engine.desk import Ask, Desk, Outside, after, ask, desk, dispatch, restore, stf


def machine_of(stf, restore=restore):
    return pl.Machine(Desk, stf, restore)


def rejection(stf):
    """Return why a transition that wrote something before was rejected; nothing may be left of it."""
    scenario = desk(Ask(), machine=machine_of(stf))
    made = step(scenario, start(scenario), Fire(Ask()))
    assert ("rejected", Desk(), ()) == (made.record.result, made.configuration.state.plain(), made.record.emitted)
    return made.record.refusal


def foreign(awaited, function, line):
    where = f"{__file__}:{function.__code__.co_firstlineno + line}"
    return (
        f"OutsideEffectError: await {awaited} at {where}: stf and restore may await their state only; "
        "emit an action instead; its result comes back as an input"
    )


class Future:
    def __await__(self):
        yield self


async def sleeping_for_nothing(state, _input, _actions):
    state.next_id = 9
    await asyncio.sleep(0)


async def sleeping(state, _input, _actions):
    state.next_id = 9
    await asyncio.sleep(1)


async def awaiting_a_future(state, _input, _actions):
    state.next_id = 9
    await Future()


@pytest.mark.parametrize(
    ("stf", "awaited"), [(sleeping_for_nothing, "..."), (sleeping, "asyncio"), (awaiting_a_future, "Future")]
)
def test_a_foreign_await_is_named_with_its_line(stf, awaited):
    assert foreign(awaited, stf, 2) == rejection(stf).text


async def helper(state):
    state.next_id = 9
    await Future()


async def calling_a_helper(state, _input, _actions):
    await helper(state)


def test_a_foreign_await_is_named_with_the_innermost_line_of_the_user():
    assert foreign("Future", helper, 2) == rejection(calling_a_helper).text


async def numbers():
    for number in (1, 2, 3):
        yield number


async def numbers_with_pauses():
    yield 1
    await asyncio.sleep(0)
    yield 2


def test_an_async_generator_of_the_users_own_is_fine():
    async def adding_up(state, _input, _actions):
        async for number in numbers():
            state.next_id += number

    scenario = desk(Ask(), machine=machine_of(adding_up))
    assert 7 == after(scenario, Fire(Ask())).state.plain().next_id


def test_an_async_generator_that_pauses_is_a_foreign_await():
    async def adding_up(state, _input, _actions):
        async for number in numbers_with_pauses():
            state.next_id += number

    assert foreign("...", adding_up, 1) == rejection(adding_up).text


def test_a_foreign_await_in_restore_leaves_the_process_down():
    async def waiting(state, _actions):
        state.next_id = 9
        await asyncio.sleep(0)

    scenario = desk(Ask(), machine=machine_of(stf, waiting), faults=pl.Faults(crashes=1))
    down = after(scenario, Crash())
    made = step(scenario, down, Recover())
    assert ("rejected", foreign("...", waiting, 2), False) == (
        made.record.result,
        made.record.refusal.text,
        made.configuration.up,
    )


def test_a_coroutine_that_goes_on_awaiting_when_it_is_closed_is_left_alone():
    async def stubborn(state, _input, _actions):
        state.next_id = 9
        while True:
            try:
                await Future()
            except GeneratorExit:
                state.next_id = 10

    assert foreign("Future", stubborn, 4) == rejection(stubborn).text


def raising(error):
    async def stf(state, _input, actions):
        state.next_id = 9
        actions.add(pl.Untracked("before"))
        raise error

    return stf


class Unprintable(Exception):  # noqa: N818 - it stands for whatever users name so
    def __str__(self):
        raise LookupError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("no"), "ValueError: no"),
        (ValueError(), "ValueError"),
        (SystemExit(3), "SystemExit: 3"),
        (MemoryError(), "MemoryError"),
        (GeneratorExit(), "GeneratorExit"),
        (asyncio.CancelledError("stop"), "CancelledError: stop"),
        (StopIteration(), "RuntimeError: coroutine raised StopIteration"),
        (RuntimeError("no running event"), "RuntimeError: no running event"),
        (EndlessError("stopped after 2 s"), "stopped: stopped after 2 s"),
        (Unprintable(), "Unprintable: its message cannot be shown, since __str__ raised LookupError"),
    ],
)
def test_whatever_stf_raises_rejects_its_transition(error, text):
    assert text == rejection(raising(error)).text


def test_a_recursion_without_end_rejects_its_transition():
    def deeper(state):
        state.next_id += 1
        deeper(state)

    async def recursive(state, _input, _actions):
        deeper(state)

    refusal = rejection(recursive)
    assert "RecursionError: maximum recursion depth exceeded" == refusal.text[:48]
    assert {__file__} == {frame.file for frame in refusal.frames}
    assert 20 == len(refusal.frames)


def test_an_interrupt_in_stf_passes_through_and_the_state_is_rolled_back():
    scenario = desk(Ask(), machine=machine_of(raising(KeyboardInterrupt())))
    configuration = start(scenario)
    with pytest.raises(KeyboardInterrupt):
        step(scenario, configuration, Fire(Ask()))
    assert Desk() == configuration.state.plain()


def test_an_interrupt_in_a_metered_stf_leaves_no_metered_class():
    scenario = desk(Ask(), machine=machine_of(raising(KeyboardInterrupt())))
    configuration = start(scenario)
    with pytest.raises(KeyboardInterrupt):
        step(scenario, configuration, Fire(Ask()), metered=True)
    assert not hasattr(type(configuration.state.view()), "__phasm_metered__")


def test_an_interrupt_in_perform_passes_through_and_the_environment_is_rolled_back():
    def perform(outside, _action, _choose):
        outside.answered.append("yes")
        raise KeyboardInterrupt

    scenario = pl.Scenario(machine_of(stf), inputs=[Ask()], environment=pl.Environment(Outside, perform))
    configuration = after(scenario, Fire(Ask()), dispatch(1))
    with pytest.raises(KeyboardInterrupt):
        step(scenario, configuration, ask(1))
    assert [] == configuration.environment.plain().answered


@types.coroutine
def access():
    """Stand for an access to a database, at which the process dies."""
    yield DIES


def test_a_coroutine_abandoned_at_a_crash_never_runs_again():
    ran = []

    async def dying():
        try:
            await access()
        except BaseException:  # noqa: BLE001 - nothing may come here
            ran.append("except")
        finally:
            ran.append("finally")

    with pytest.raises(ProcessDied):
        drive(dying())
    gc.collect()
    assert [] == ran


def test_a_coroutine_abandoned_at_a_crash_does_not_run_when_the_interpreter_ends():
    program = """
        import gc, types
        from phasm_lab.engine.drive import DIES, ProcessDied, drive

        @types.coroutine
        def access():
            yield DIES

        async def dying():
            try:
                await access()
            finally:
                print("finally")

        for _ in range(3):
            try:
                drive(dying())
            except ProcessDied:
                print("died")
        gc.collect()
        """
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    assert ("died\n" * 3, "") == (done.stdout, done.stderr)


def test_a_coroutine_that_awaits_something_foreign_may_clean_up():
    ran = []

    async def waiting():
        try:
            await Future()
        finally:
            ran.append("finally")

    with pytest.raises(OutsideEffectError):
        drive(waiting())
    assert ["finally"] == ran


def test_a_clean_up_that_raises_does_not_hide_the_foreign_await():
    async def waiting():
        try:
            await Future()
        finally:
            raise LookupError

    with pytest.raises(OutsideEffectError):
        drive(waiting())


async def returning_a_copy(state, _input, _actions):
    return replace(state, next_id=9)


async def returning_an_action(_state, _input, _actions):
    return [pl.Tracked(1, "ask")]


@pytest.mark.parametrize(
    ("stf", "asked", "todo"),
    [
        (
            returning_a_copy,
            "returning_a_copy returned Desk(next_id=9, open={}, done={})",
            "change state in place, and return nothing",
        ),
        (
            returning_an_action,
            "returning_an_action returned [Tracked(id=1, payload='ask')]",
            "call actions.add(...) for each",
        ),
    ],
)
def test_what_would_be_lost_when_it_is_returned_is_refused(stf, asked, todo):
    scenario = desk(Ask(), machine=machine_of(stf))
    with pytest.raises(pl.DefinitionError) as caught:
        step(scenario, start(scenario), Fire(Ask()))
    assert f"{asked}: what it returns is not used; {todo}" == str(caught.value)


async def returning_what_it_was_given(state, _input, _actions):
    state.next_id = 9
    return state


def test_the_state_itself_may_be_returned():
    scenario = desk(Ask(), machine=machine_of(returning_what_it_was_given))
    assert 9 == step(scenario, start(scenario), Fire(Ask())).configuration.state.plain().next_id
