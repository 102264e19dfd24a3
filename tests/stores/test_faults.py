import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import phasm_lab as pl
from phasm_lab.engine import Fault
from phasm_lab.errors import StorageError
from tests.stores.transitions import PAYMENTS, run_on, try_on


@pytest.fixture
def first():
    return run_on(pl.sqlite(PAYMENTS).start(), "insert into payments values (1, 'ada', 500)")


async def four_accesses(state):
    await state.execute("insert into payments values (2, 'bob', 70)")
    await state.fetch_one("select * from payments where id = ?", (2,))
    await state.fetch_all("select *\n    from payments")
    await state.execute("delete from payments where id = 1")


def test_each_awaited_call_is_one_access_named_by_its_sql_and_line(first):
    accesses = try_on(first, four_accesses, metered=True).accesses
    line = inspect.getsourcelines(four_accesses)[1]
    assert [
        (1, "execute", "insert into payments values (2, 'bob', 70)", __file__, line + 1),
        (2, "fetch_one", "select * from payments where id = ?", __file__, line + 2),
        (3, "fetch_all", "select * from payments", __file__, line + 3),
        (4, "execute", "delete from payments where id = 1", __file__, line + 4),
    ] == list(accesses)


def test_long_sql_is_shortened_where_it_is_named(first):
    async def function(state):
        await state.fetch_one(f"select '{'x' * 1_000}'")

    (access,) = try_on(first, function, metered=True).accesses
    assert f"select '{'x' * 111}…" == access.path


def test_a_metered_run_writes_what_an_unmetered_one_does(first):
    metered = try_on(first, four_accesses, metered=True).version
    assert try_on(first, four_accesses).version.frozen() == metered.frozen()


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_an_access_can_fail_and_nothing_is_kept(first, number):
    attempted = try_on(first, four_accesses, fault=Fault("access fails", number))
    assert attempted.refusal.text.startswith(f"StorageError: access {number} (")
    assert attempted.refusal.text.endswith("): the lab made it fail")
    assert (first, number) == (attempted.version, len(attempted.accesses))
    assert [(1, "ada", 500)] == first.view().fetch_all("select * from payments")


def test_an_access_that_fails_once_may_be_tried_again(first):
    async def function(state):
        with pytest.raises(StorageError):
            await state.execute("delete from payments")
        await state.execute("delete from payments")

    attempted = try_on(first, function, fault=Fault("access fails", 1))
    assert None is attempted.refusal
    assert [] == attempted.version.view().fetch_all("select * from payments")


def test_every_access_after_a_sticky_one_fails_too(first):
    async def function(state):
        for _ in range(2):
            with pytest.raises(StorageError):
                await state.execute("delete from payments")

    assert first is try_on(first, function, fault=Fault("access fails", 1, sticky=True)).version


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_process_can_die_at_each_access(first, number):
    seen = []

    async def function(state):
        try:
            await four_accesses(state)
        except BaseException as error:
            seen.append(error)
            raise
        finally:
            seen.append("finally")

    attempted = try_on(first, function, fault=Fault("at access", number))
    assert (True, first, number) == (attempted.died, attempted.version, len(attempted.accesses))
    assert [] == seen
    assert [(1, "ada", 500)] == first.view().fetch_all("select * from payments")


def test_the_database_works_on_after_the_process_died(first):
    try_on(first, four_accesses, fault=Fault("at access", 3))
    after = try_on(first, four_accesses).version
    assert [(2, "bob", 70)] == after.view().fetch_all("select * from payments")


DYING = """
import phasm_lab as pl
from phasm_lab.engine import Fault
from tests.stores.transitions import try_on

async def function(state):
    try:
        await state.execute("create table t (a)")
    finally:
        print("finally")

print(try_on(pl.sqlite("").start(), function, fault=Fault("at access", 1)).died)
"""


def test_nothing_of_a_dead_process_runs_when_the_interpreter_ends():
    command = [sys.executable, "-W", "error", "-c", DYING]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    assert ("True\n", "") == (done.stdout, done.stderr)
