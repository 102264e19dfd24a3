import pytest
from hypothesis import given
from hypothesis import strategies as st

import phasm_lab as pl
from phasm_lab.errors import DefinitionError
from tests.stores.transitions import PAYMENTS, run_on

CHOICES = "state.fetch_one(sql, params), state.fetch_all(sql, params), state.tables"
HOSTILE = [
    "<script>alert(1)</script>",
    "'; drop table payments; --",
    'a"b',
    "\u202eabc",
    "\0\x1b[31m\n",
    "",
    "☃",
    "]",
    "`",
]


@pytest.fixture
def first():
    return pl.sqlite(PAYMENTS).start()


@pytest.fixture
def one_payment(first):
    return run_on(first, "insert into payments values (1, 'ada', 500)")


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def test_a_view_reads_its_own_version_wherever_the_database_stands(first, one_payment):
    views = [first.view(), one_payment.view()]
    assert [(0,), (1,), (0,)] == [view.fetch_one("select count(*) from payments") for view in (*views, views[0])]


def test_a_view_takes_parameters(one_payment):
    assert [("ada",)] == one_payment.view().fetch_all("select user from payments where cents = :cents", {"cents": 500})


def test_fetch_one_returns_none_where_there_is_no_row(first):
    assert None is first.view().fetch_one("select * from payments")


def test_tables_are_named_in_the_order_in_which_they_were_made():
    version = pl.sqlite(
        "create table b (x); create table a (y integer primary key autoincrement); create view v as select 1"
    )
    assert ("b", "a") == version.start().view().tables


@pytest.mark.parametrize("kind", ["view", "plain"])
@pytest.mark.parametrize(
    "sql",
    [
        "delete from payments",
        "create table t (a)",
        "commit",
        "pragma query_only = off",
        "with a as (select 1) delete from payments",
    ],
)
def test_writing_through_a_snapshot_is_refused(one_payment, kind, sql):
    with pytest.raises(DefinitionError) as raised:
        getattr(one_payment, kind)().fetch_all(sql)
    assert f"state.fetch_all({sql!r}): a snapshot is for reading; write in stf" == str(raised.value)
    assert [(1, "ada", 500)] == one_payment.view().fetch_all("select * from payments")


def test_execute_is_not_among_what_a_snapshot_has(one_payment):
    with pytest.raises(DefinitionError) as raised:
        one_payment.view().execute("delete from payments")
    assert f"state.execute: a snapshot of a database has no such name; write one of: {CHOICES}" == str(raised.value)


def test_a_property_may_not_read_the_clock(first):
    with pytest.raises(pl.OutsideEffectError) as raised:
        first.view().fetch_one("select current_date")
    assert str(raised.value).startswith("state.fetch_one('select current_date'): current_date reads the clock; ")


def test_a_view_reads_on_after_a_query_failed(one_payment):
    view = one_payment.view()
    with pytest.raises(pl.OutsideEffectError):
        view.fetch_one("select random()")
    assert (1,) == view.fetch_one("select count(*) from payments")


def test_a_plain_copy_stays_as_it_is(first, one_payment):
    copy = first.plain()
    run_on(one_payment, "delete from payments")
    assert [] == copy.fetch_all("select * from payments")
    assert None is copy.fetch_one("select * from payments")
    assert ("payments",) == copy.tables


def test_plain_copies_are_equal_where_their_rows_are(first, one_payment):
    emptied = run_on(one_payment, "delete from payments")
    assert first.plain() == emptied.plain()
    assert first.plain() != one_payment.plain()


def test_a_state_prints_its_tables_with_counts_and_first_rows(first):
    version = run_on(
        first,
        "insert into payments values (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, 'd', 4), (5, 'e', 5), (6, 'f', 6)",
    )
    expected = """payments: 6 rows
  (1, 'a', 1)
  (2, 'b', 2)
  (3, 'c', 3)
  (4, 'd', 4)
  (5, 'e', 5)
  and 1 row more"""
    assert [expected, expected] == [repr(version.view()), repr(version.plain())]


def test_a_database_without_tables_prints_that():
    assert "<a database without tables>" == repr(pl.sqlite("").start().plain())


def test_equal_rows_are_equal_states_in_whatever_order_they_came():
    first = pl.sqlite("create table notes (text, count)").start()
    one = run_on(first, "insert into notes values ('a', 1), ('b', 2)")
    other = run_on(first, "insert into notes values ('b', 2)", "insert into notes values ('a', 1)")
    assert one.frozen() == other.frozen()
    assert hash(one.frozen()) == hash(other.frozen())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("insert into notes values (1)", "insert into notes values (1.0)"),
        ("insert into notes values (1)", "insert into notes values ('1')"),
        ("insert into notes values ('a')", "insert into notes values (x'61')"),
        ("insert into notes values ('')", "insert into notes values (null)"),
        ("insert into notes values (1)", "insert into notes values (1), (1)"),
        ("create table other (x)", "create table other (y)"),
        ("create index one on notes (value)", "create index two on notes (value)"),
        ("insert into notes values (7)", "insert into others values (7)"),
    ],
)
def test_states_differ_where_a_value_its_type_its_count_or_the_schema_does(first, second):
    start = pl.sqlite("create table notes (value); create table others (value)").start()
    assert run_on(start, first).frozen() != run_on(start, second).frozen()


def test_the_next_number_of_an_autoincrement_is_part_of_the_state():
    start = pl.sqlite("create table notes (id integer primary key autoincrement)").start()
    emptied = run_on(run_on(start, "insert into notes values (null)"), "delete from notes")
    assert start.frozen() != emptied.frozen()


def test_a_listing_has_a_line_for_each_row_and_for_an_empty_table():
    schema = "create table payments (id integer primary key, user text); create table grid (x, y, v, primary key (x, y)); create table n (a)"
    version = run_on(
        pl.sqlite(schema).start(),
        "insert into payments values (2, 'bob'), (1, 'ada')",
        "insert into grid values (1, 'a', null)",
    )
    assert [
        ("payments", "2 rows", 0, "1", "user='ada'"),
        ("payments", "2 rows", 0, "2", "user='bob'"),
        ("grid", "1 row", 0, "(1, 'a')", "v=None"),
        ("n", "no rows", 0, "", ""),
    ] == version.listing()


def test_a_long_table_is_listed_up_to_a_hundred_rows():
    version = pl.sqlite(
        "create table numbers (n); with recursive k (i) as (select 1 union all select i + 1 from k where i < 1500)"
        " insert into numbers select i from k"
    ).start()
    lines = version.listing()
    assert 101 == len(lines)
    assert ("numbers", "1,500 rows", 0, "100", "n=100") == lines[99]
    assert ("numbers", "1,500 rows", 0, "…", "and 1,400 rows more") == lines[100]


def test_a_long_value_is_cut_where_it_is_listed():
    version = run_on(pl.sqlite("create table notes (text)").start(), ("insert into notes values (?)", ("x" * 100_000,)))
    ((_, _, _, _, value),) = version.listing()
    assert f"text='{'x' * 999}… (100,002 characters)" == value


@pytest.mark.parametrize("name", HOSTILE[:-4] + HOSTILE[-3:])
def test_hostile_names_and_values_are_text_everywhere(name):
    if "\0" in name:
        name = name.replace("\0", "")
    table = quoted(name or "empty")
    first = pl.sqlite(f"create table {table} ({table} text primary key, other text)").start()
    second = run_on(first, (f"insert into {table} values (?, ?)", (name, name)))  # noqa: S608 - quoted
    assert ((name or "empty"),) == second.view().tables
    assert [(name, name)] == second.plain().fetch_all(f"select * from {table}")  # noqa: S608 - quoted
    assert [(name or "empty", "1 row", 0, repr(name), f"other={name!r}")] == second.listing()
    (change,) = second.changes()
    assert (name or "empty", repr(name), "+") == (change.place, change.path, change.sign)
    assert "\x1b" not in repr(second.plain())
    assert first.frozen() != second.frozen()


@given(
    values=st.lists(
        st.one_of(
            st.none(),
            st.integers(-(2**63), 2**63 - 1),
            st.floats(allow_nan=False),
            st.text(st.characters(exclude_categories=["Cs"])),
            st.binary(),
        )
    )
)
def test_every_value_comes_back_after_a_move(values):
    first = pl.sqlite("create table kept (id integer primary key, value)").start()
    second = run_on(first, *[("insert into kept (value) values (?)", (value,)) for value in values])
    first.view().fetch_one("select 1")
    assert list(map(repr, values)) == [
        repr(value) for (value,) in second.view().fetch_all("select value from kept order by id")
    ]
