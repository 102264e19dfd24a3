import contextlib
import gc
import sqlite3
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

import phasm_lab as pl
from phasm_lab.stores import store as moves
from tests.stores.transitions import PAYMENTS, run_on, try_on

SCHEMA = """
create table payments (id integer primary key autoincrement, user text unique, cents integer check (cents >= 0));
create table notes (text, at default 0);
create trigger noted after delete on payments begin insert into notes (text) values (old.user || last_insert_rowid()); end;
insert into payments (user, cents) values ('ada', 1), ('bob', 2);
"""
MANY_ROWS = """
create table payments (id integer primary key, user text, cents integer);
with recursive k (i) as (select 1 union all select i + 1 from k where i < 100000)
insert into payments select i, 'user' || i, i from k;
"""

users = st.sampled_from(["ada", "bob", "cy", "'; drop table payments; --", "<b>", "\u202e", ""])
cents = st.integers(-1, 3)
statements = st.one_of(
    st.tuples(st.just("insert into payments (user, cents) values (?, ?)"), st.tuples(users, cents)),
    st.tuples(st.just("insert or replace into payments (user, cents) values (?, ?)"), st.tuples(users, cents)),
    st.tuples(st.just("insert or fail into payments (user, cents) values ('new', 1), (?, ?)"), st.tuples(users, cents)),
    st.tuples(st.just("insert into notes (text) values (?) returning rowid"), st.tuples(users)),
    st.tuples(
        st.just("update payments set cents = cents + :by where user >= :user"),
        st.fixed_dictionaries({"by": cents, "user": users}),
    ),
    st.tuples(st.just("delete from payments where user = ?"), st.tuples(users)),
    st.tuples(st.just("delete from notes"), st.just(())),
    st.tuples(
        st.sampled_from(["create table a (x)", "create table b (x)", "drop table a", "drop table b"]), st.just(())
    ),
    st.tuples(st.sampled_from(["insert into a values (1)", "insert into b values (1)"]), st.just(())),
    st.tuples(st.sampled_from(["create index by_cents on payments (cents)", "drop index by_cents"]), st.just(())),
)
transitions = st.lists(statements, max_size=4)
programs = st.lists(st.tuples(st.integers(0, 1_000), transitions, st.booleans()), max_size=20)


def contents(connection):
    """Everything a query could see: schema, rows, and the row ids under which they are kept."""
    schema = connection.execute("select type, name, sql from sqlite_master order by rowid").fetchall()
    names = [name for kind, name, _ in schema if kind == "table"]
    selects = {name: f"select rowid, * from {name}" for name in names}  # noqa: S608 - names of ours
    return schema, {name: connection.execute(select).fetchall() for name, select in selects.items()}


def replayed(history):
    """Run transitions on a plain connection, as the standard driver does, each with no row id inserted last."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA)
    for transition in history:
        connection.execute("create temp table if not exists zero (id integer primary key)")
        connection.execute("replace into zero values (0)")
        connection.execute("begin")
        for sql, params in transition:
            with contextlib.suppress(sqlite3.Error):
                connection.execute(sql, params).fetchall()
        connection.execute("commit")
    found = contents(connection)
    connection.close()
    return found


def writing(transition):
    async def function(state):
        for sql, params in transition:
            with contextlib.suppress(sqlite3.Error):
                await state.execute(sql, params)

    return function


def contents_of(version):
    version.view().fetch_one("select 1")
    return contents(version.store.connection)


@pytest.mark.parametrize("shortest_replay", [1, 3, 250])
@given(program=programs)
def test_every_version_equals_an_independent_replay_of_its_transitions(shortest_replay, program):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moves, "SHORTEST_REPLAY", shortest_replay)
        patch.setattr(moves, "STATEMENTS_PER_BLOCK", 0)
        histories = [(pl.sqlite(SCHEMA).start(), ())]
        for index, transition, keep in program:
            version, history = histories[index % len(histories)]
            attempted = try_on(version, writing(transition), keep=keep)
            assert attempted.refusal is None
            histories.append((attempted.version, (*history, transition) if keep else history))
        for version, history in [*histories, *reversed(histories), *histories[::3]]:
            assert replayed(history) == contents_of(version)


def test_a_child_is_reached_from_its_parent_without_loading(monkeypatch):
    first = pl.sqlite(PAYMENTS).start()
    second = run_on(first, "insert into payments values (1, 'ada', 500)")
    first.view().fetch_one("select 1")
    loaded = []
    monkeypatch.setattr(type(first.store), "_load", lambda _, image: loaded.append(len(image)))
    assert (1,) == second.view().fetch_one("select count(*) from payments")
    assert [] == loaded


def test_a_statement_prepared_on_one_branch_is_not_used_on_another():
    first = pl.sqlite("").start()
    run_on(first, "create table a (x)", "insert into a values (1)")
    other = run_on(first, "create table b (x)")
    attempted = try_on(other, writing([]))
    assert attempted.refusal is None

    async def function(state):
        await state.execute("insert into a values (1)")

    assert "OperationalError: no such table: a" == try_on(other, function).refusal.text
    assert [] == other.view().fetch_all("select * from b")


def test_table_valued_functions_work_after_every_move():
    first = pl.sqlite(PAYMENTS).start()
    second = run_on(first, "create table other (value)", "insert into other select value from json_each('[1, 2]')")
    for _ in range(20):
        for version in (first, second):
            assert [(7,)] == version.view().fetch_all("select value from json_each('[7]')")
    assert [(1,), (2,)] == second.view().fetch_all("select value from other")


def test_snapshots_share_the_blocks_in_which_they_do_not_differ():
    version = pl.sqlite(MANY_ROWS).start()
    first = version.snapshot
    after = run_on(version, "update payments set cents = 0 where id = 50000")
    second = after.store.snapshot(first)
    assert len(first) == len(second)
    assert 3 > sum(one is not other for one, other in zip(first, second, strict=True)) > 0


def test_snapshots_of_small_pages_grow_and_shrink_with_the_database(monkeypatch):
    monkeypatch.setattr(moves, "SHORTEST_REPLAY", 1)
    monkeypatch.setattr(moves, "STATEMENTS_PER_BLOCK", 0)
    versions = [pl.sqlite(f"pragma page_size = 512; pragma auto_vacuum = full; {PAYMENTS}").start()]
    for number in range(1, 60):
        versions.append(run_on(versions[-1], ("insert into payments values (?, ?, 1)", (number, "x" * 300))))
    for number in range(1, 60):
        versions.append(run_on(versions[-1], ("delete from payments where id = ?", (number,))))
    counts = [version.view().fetch_one("select count(*) from payments")[0] for version in reversed(versions)]
    assert [*range(60), *range(58, -1, -1)] == counts


def test_a_long_run_is_cut_by_snapshots():
    version = pl.sqlite(PAYMENTS).start()
    for number in range(1_000):
        version = run_on(version, ("insert into payments values (?, 'ada', 1)", (number,)))
    reaches = []
    while version.parent is not None:
        reaches.append(version.reach)
        version = version.parent
    assert max(reaches) < moves.SHORTEST_REPLAY
    assert reaches.count(0) == 4


def test_a_statement_that_changes_many_rows_is_followed_by_a_snapshot():
    version = run_on(pl.sqlite(MANY_ROWS).start(), "update payments set cents = cents + 1")
    assert version.snapshot is not None


def test_every_version_of_a_large_table_can_be_moved_to():
    versions = [pl.sqlite(MANY_ROWS).start()]
    for number in range(1, 21):
        versions.append(run_on(versions[-1], ("update payments set cents = -1 where id = ?", (number * 4_000,))))
    query = "select count(*), sum(cents = -1) from payments"
    counts = [version.view().fetch_one(query) for version in reversed(versions)]
    assert [(100_000, number) for number in range(20, -1, -1)] == counts


def test_two_starts_have_nothing_to_do_with_each_other():
    database = pl.sqlite(PAYMENTS)
    first, second = database.start(), database.start()
    run_on(first, "insert into payments values (1, 'ada', 500)")
    assert [] == second.view().fetch_all("select * from payments")


def test_pragmas_of_the_schema_hold_after_a_move():
    schema = (
        "pragma foreign_keys = on; create table users (name primary key); create table notes (user references users)"
    )
    first = pl.sqlite(schema).start()
    run_on(first, "insert into users values ('ada')")

    async def function(state):
        await state.execute("insert into notes values ('nobody')")

    assert "IntegrityError: FOREIGN KEY constraint failed" == try_on(first, function).refusal.text


def test_a_store_that_nobody_holds_is_closed():
    version = run_on(pl.sqlite(PAYMENTS).start(), "insert into payments values (1, 'ada', 500)")
    connection, store = version.store.connection, weakref.ref(version.store)
    del version
    gc.collect()
    assert store() is None
    with pytest.raises(sqlite3.ProgrammingError):
        connection.execute("select 1")
