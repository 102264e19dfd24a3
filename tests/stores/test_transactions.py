import sqlite3

import pytest

import phasm_lab as pl
from tests.stores.transitions import PAYMENTS, commit_on, refusal_of, run_on, try_on

REFERENCES = """
pragma foreign_keys = on;
create table users (name text primary key);
create table payments (id integer primary key, user text references users deferrable initially deferred);
"""


@pytest.fixture
def empty():
    return pl.sqlite(PAYMENTS).start()


def rows(version, table="payments"):
    return version.view().fetch_all(f"select * from {table} order by 1")  # noqa: S608 - a name of ours


def test_a_commit_keeps_what_was_written(empty):
    after = run_on(empty, "insert into payments values (1, 'ada', 500)")
    assert [(1, "ada", 500)] == rows(after)
    assert [] == rows(empty)


def test_a_transition_that_writes_nothing_keeps_its_version(empty):
    async def function(state):
        await state.fetch_all("select * from payments")

    assert empty is commit_on(empty, function)


@pytest.mark.parametrize(
    "statement",
    [
        "update payments set cents = 1 where id = 99",
        "delete from payments",
        "insert into payments select 1, 'ada', 1 where false",
        "create table if not exists payments (other)",
        "drop table if exists missing",
    ],
)
def test_statements_that_change_nothing_keep_the_version(empty, statement):
    assert empty is run_on(empty, statement)


def test_an_exception_takes_back_everything(empty):
    async def function(state):
        await state.execute("create table other (value)")
        await state.execute("insert into payments values (1, 'ada', 500)")
        raise ValueError("no")

    attempted = try_on(empty, function)
    assert "ValueError: no" == attempted.refusal.text
    assert attempted.wrote
    assert empty is attempted.version
    assert ("payments",) == empty.view().tables
    assert [] == rows(empty)


def test_a_rollback_tells_whether_anything_was_written(empty):
    async def read(state):
        await state.fetch_one("select 1")
        raise ValueError

    assert not try_on(empty, read).wrote


def test_what_restore_writes_is_rolled_back(empty):
    async def function(state):
        await state.execute("insert into payments values (1, 'ada', 500)")

    attempted = try_on(empty, function, keep=False)
    assert (None, True, empty) == (attempted.refusal, attempted.wrote, attempted.version)
    assert [] == rows(empty)


def test_a_broken_constraint_is_the_drivers_own_error(empty):
    text = refusal_of(empty, lambda state: state.execute("insert into payments values (1, 'ada', 0)"))
    assert "IntegrityError: CHECK constraint failed: cents > 0" == text


def test_a_caught_constraint_error_leaves_the_transaction_usable(empty):
    async def function(state):
        await state.execute("insert into payments values (1, 'ada', 500)")
        with pytest.raises(sqlite3.IntegrityError):
            await state.execute("insert into payments values (1, 'bob', 70)")
        await state.execute("insert into payments values (2, 'bob', 70)")

    after = commit_on(empty, function)
    rows(empty)
    assert [(1, "ada", 500), (2, "bob", 70)] == rows(after)


def test_what_a_failed_statement_left_behind_is_left_behind_by_a_replay_too(empty):
    async def function(state):
        with pytest.raises(sqlite3.IntegrityError):
            await state.execute("insert or fail into payments values (1, 'ada', 1), (2, 'bob', 0), (3, 'cy', 1)")

    after = commit_on(empty, function)
    assert [(1, "ada", 1)] == rows(after)
    assert [] == rows(empty)
    assert [(1, "ada", 1)] == rows(after)


def test_a_query_on_a_missing_table_is_the_drivers_own_error(empty):
    text = refusal_of(empty, lambda state: state.fetch_one("select * from nowhere"))
    assert "OperationalError: no such table: nowhere" == text


def test_two_statements_in_one_call_are_refused_by_the_driver(empty):
    text = refusal_of(empty, lambda state: state.execute("delete from payments; delete from payments"))
    assert text.endswith(": You can only execute one statement at a time.")


def test_a_statement_that_ends_the_transaction_rejects_the_transition_even_if_it_is_caught(empty):
    async def function(state):
        await state.execute("insert into payments values (1, 'ada', 500)")
        with pytest.raises(sqlite3.IntegrityError):
            await state.execute("insert or rollback into payments values (1, 'bob', 70)")

    attempted = try_on(empty, function)
    assert attempted.refusal.text == (
        "OperationalError: SQLite ended the transaction: UNIQUE constraint failed: payments.id"
    )
    assert [] == rows(empty)


def test_nothing_is_written_after_a_statement_ended_the_transaction(empty):
    async def function(state):
        await state.execute("insert into payments values (1, 'ada', 500)")
        with pytest.raises(sqlite3.IntegrityError):
            await state.execute("insert or rollback into payments values (1, 'bob', 70)")
        await state.execute("insert into payments values (2, 'cy', 1)")

    assert try_on(empty, function).refusal is not None
    assert [] == rows(empty)


def test_a_transaction_left_open_by_an_interrupt_is_taken_back_by_whatever_comes_next(empty):
    for following in (lambda: rows(empty), lambda: rows(run_on(empty, "delete from payments"))):
        empty.begin(None)
        empty.store.query("insert into payments values (1, 'ada', 500)")
        assert [] == following()


def test_reading_the_database_past_its_own_transition_is_refused(empty):
    async def function(state):
        await state.execute("insert into payments values (1, 'ada', 500)")
        rows(empty)

    with pytest.raises(pl.DefinitionError) as raised:
        try_on(empty, function)
    assert str(raised.value) == (
        "a transition: its database was read past it while it ran, which ended it; await the state that stf is given"
    )
    assert [] == rows(empty)


@pytest.mark.parametrize("keep", [True, False], ids=["run", "survey"])
def test_a_deferred_reference_that_stays_broken_rejects_the_transition(keep):
    first = pl.sqlite(REFERENCES).start()

    async def function(state):
        await state.execute("insert into payments values (1, 'nobody')")

    assert "IntegrityError: FOREIGN KEY constraint failed" == try_on(first, function, keep=keep).refusal.text
    assert [] == rows(first)


def test_a_deferred_reference_may_be_mended_within_the_transition():
    first = pl.sqlite(REFERENCES).start()
    after = run_on(first, "insert into payments values (1, 'ada')", "insert into users values ('ada')")
    assert [(1, "ada")] == rows(after)


def test_tables_can_be_defined_and_dropped_in_a_transition(empty):
    defined = run_on(empty, "create table other (value)", "insert into other values (7)")
    dropped = run_on(defined, "drop table payments")
    assert [(7,)] == rows(defined, "other")
    assert ("other",) == dropped.view().tables
    assert ("payments",) == empty.view().tables


def test_the_last_row_id_is_that_of_this_transition(empty):
    found = []

    async def function(state):
        await state.execute("insert into payments values (41, 'ada', 500)")
        found.append(await state.fetch_one("select last_insert_rowid(), changes()"))

    commit_on(empty, function)
    assert [(41, 1)] == found


def test_statements_that_do_not_end_are_stopped(empty, monkeypatch):
    monkeypatch.setattr("phasm_lab.stores.functions.MAX_LOOK_COUNT", 1)
    endless = "with recursive k (i) as (select 1 union all select i + 1 from k) select max(i) from k"
    text = refusal_of(empty, lambda state: state.fetch_one(endless))
    assert f"stopped: state.fetch_one({endless!r}) did not end" == text
    assert [] == rows(empty)
