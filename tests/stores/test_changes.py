import pytest

import phasm_lab as pl
from phasm_lab.engine.versions import Change
from tests.stores.transitions import run_on

SCHEMA = """
create table payments (id integer primary key, user text, cents integer);
create table grid (x, y, value, primary key (x, y)) without rowid;
create table notes (text);
insert into payments values (1, 'ada', 500), (2, 'bob', 70);
insert into grid values (0, 'a', 1.5);
insert into notes values ('one'), ('two');
"""


@pytest.fixture
def first():
    return pl.sqlite(SCHEMA).start()


def changes(first, *statements):
    return list(run_on(first, *statements).changes())


def test_the_first_version_changed_nothing(first):
    assert [] == first.changes()


def test_an_added_row_is_shown_whole_under_its_key(first):
    expected = [Change("payments", "3", "+", "", "id=3, user='cy', cents=None")]
    assert expected == changes(first, "insert into payments values (3, 'cy', null)")


def test_a_removed_row_is_shown_whole_under_its_key(first):
    expected = [Change("payments", "1", "-", "id=1, user='ada', cents=500", "")]
    assert expected == changes(first, "delete from payments where id = 1")


def test_a_changed_row_is_shown_by_column(first):
    expected = [Change("payments", "2.user", "~", "'bob'", "'bo'"), Change("payments", "2.cents", "~", "70", "71")]
    assert expected == changes(first, "update payments set user = 'bo', cents = 71 where id = 2")


def test_a_compound_key_is_shown_as_a_tuple(first):
    assert [Change("grid", "(0, 'a').value", "~", "1.5", "2")] == changes(first, "update grid set value = 2")


def test_a_table_without_key_goes_by_its_row_ids(first):
    expected = [Change("notes", "2.text", "~", "'two'", "'TWO'"), Change("notes", "3", "+", "", "text='three'")]
    assert expected == changes(
        first, "update notes set text = 'TWO' where text = 'two'", "insert into notes values ('three')"
    )


def test_a_changed_key_is_a_row_less_and_a_row_more(first):
    assert [
        Change("payments", "2", "-", "id=2, user='bob', cents=70", ""),
        Change("payments", "9", "+", "", "id=9, user='bob', cents=70"),
    ] == changes(first, "update payments set id = 9 where id = 2")


def test_a_changed_type_is_a_change(first):
    assert [Change("notes", "1.text", "~", "'one'", "b'one'")] == changes(
        first, "update notes set text = x'6f6e65' where text = 'one'"
    )
    assert [Change("grid", "(0, 'a').value", "~", "1.5", "'1.5'")] == changes(first, "update grid set value = '1.5'")


def test_letters_that_a_collation_takes_as_one_are_told_apart():
    first = pl.sqlite(
        "create table names (id integer primary key, name text collate nocase); insert into names values (1, 'ada')"
    ).start()
    assert [Change("names", "1.name", "~", "'ada'", "'ADA'")] == changes(first, "update names set name = 'ADA'")


def test_a_row_written_back_as_it_was_is_no_change(first):
    assert [] == changes(first, "update payments set cents = cents")


def test_a_new_table_is_shown_with_its_rows(first):
    assert [
        Change("other", "table", "+", "", "CREATE TABLE other (x)"),
        Change("other", "1", "+", "", "x=1"),
    ] == changes(first, "create table other (x)", "insert into other values (1)")


def test_a_dropped_table_is_shown_with_its_rows(first):
    assert [
        Change("grid", "table", "-", "CREATE TABLE grid (x, y, value, primary key (x, y)) without rowid", ""),
        Change("grid", "(0, 'a')", "-", "x=0, y='a', value=1.5", ""),
    ] == changes(first, "drop table grid")


def test_an_index_is_shown_at_its_table(first):
    assert [Change("notes", "index by_text", "+", "", "CREATE INDEX by_text on notes (text)")] == changes(
        first, "create index by_text on notes (text)"
    )


def test_a_new_column_changes_the_table_and_the_rows_that_use_it(first):
    assert [
        Change("notes", "table", "~", "CREATE TABLE notes (text)", "CREATE TABLE notes (text, at)"),
        Change("notes", "3", "+", "", "text='x', at=1"),
    ] == changes(first, "alter table notes add column at", "insert into notes values ('x', 1)")


def test_changes_beyond_the_two_hundredth_are_only_mentioned():
    first = pl.sqlite("create table numbers (n)").start()
    many = "with recursive k (i) as (select 1 union all select i + 1 from k where i < 300) insert into numbers select i from k"
    found = changes(first, many)
    assert 201 == len(found)
    assert Change("numbers", "200", "+", "", "n=200") == found[199]
    assert Change("", "…", "~", "", "more than the 200 changes listed") == found[200]


def test_one_change_among_a_hundred_thousand_rows_is_found():
    first = pl.sqlite(
        "create table numbers (id integer primary key, n);"
        "with recursive k (i) as (select 1 union all select i + 1 from k where i < 100000) insert into numbers select i, i from k"
    ).start()
    assert [Change("numbers", "70000.n", "~", "70000", "0")] == changes(
        first, "update numbers set n = 0 where id = 70000"
    )


def test_rows_of_a_table_whose_columns_hide_every_name_of_the_row_id_are_still_compared():
    first = pl.sqlite("create table odd (rowid, _rowid_, oid); insert into odd values (1, 2, 3)").start()
    assert [Change("odd", "(4, 5, 6)", "+", "", "rowid=4, _rowid_=5, oid=6")] == changes(
        first, "insert into odd values (4, 5, 6)"
    )


def test_rows_of_a_full_text_index_are_not_shown_twice():
    first = pl.sqlite("create virtual table words using fts5 (text)").start()
    places = [change.place for change in changes(first, "insert into words values ('hello')")]
    assert ("words_content" in places, "words" in places) == (True, False)
