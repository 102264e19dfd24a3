import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import phasm_lab as pl
from phasm_lab.errors import DefinitionError
from tests.stores.transitions import PAYMENTS, run_on, try_on


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.db"


def rows_in(path):
    """What anybody else sees in the file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("select * from payments order by id").fetchall()


def test_the_file_holds_the_version_last_run(path):
    first = pl.sqlite(PAYMENTS, path=path).start()
    second = run_on(first, "insert into payments values (1, 'ada', 500)")
    assert [(1, "ada", 500)] == rows_in(path)
    first.view().fetch_one("select 1")
    assert [] == rows_in(path)
    second.view().fetch_one("select 1")
    assert [(1, "ada", 500)] == rows_in(path)


def test_a_file_and_memory_go_through_the_same_states(path):
    statements = [
        "insert into payments values (1, 'ada', 500)",
        "update payments set cents = 1",
        "delete from payments",
    ]
    ends = []
    for database in (pl.sqlite(PAYMENTS), pl.sqlite(PAYMENTS, path=path)):
        version = database.start()
        versions = [version := run_on(version, statement) for statement in statements]
        ends.append([version.frozen() for version in reversed(versions)])
    assert ends[0] == ends[1]


def test_each_run_begins_with_the_schema(path):
    database = pl.sqlite(PAYMENTS, path=path)
    run_on(database.start(), "insert into payments values (1, 'ada', 500)")
    database.start()
    assert [] == rows_in(path)


def test_versions_of_an_earlier_run_stay(path):
    database = pl.sqlite(PAYMENTS, path=path)
    kept = run_on(database.start(), "insert into payments values (1, 'ada', 500)")
    run_on(database.start(), "insert into payments values (2, 'bob', 70)")
    assert [(1, "ada", 500)] == kept.view().fetch_all("select * from payments")


def test_a_rejected_transition_leaves_the_file_alone(path):
    async def function(state):
        await state.execute("insert into payments values (1, 'ada', 500)")
        raise ValueError

    try_on(pl.sqlite(PAYMENTS, path=path).start(), function)
    assert [] == rows_in(path)


def test_a_plain_copy_of_a_file_is_in_memory(path):
    copy = run_on(pl.sqlite(PAYMENTS, path=path).start(), "insert into payments values (1, 'ada', 500)").plain()
    assert [(1, "ada", 500)] == copy.fetch_all("select * from payments")


def test_changes_are_found_in_a_file(path):
    version = run_on(pl.sqlite(PAYMENTS, path=path).start(), "insert into payments values (1, 'ada', 500)")
    assert [("payments", "1", "+")] == [(change.place, change.path, change.sign) for change in version.changes()]


def test_what_somebody_else_writes_is_not_taken_for_the_state(path):
    first = pl.sqlite(PAYMENTS, path=path).start()
    second = run_on(first, "insert into payments values (1, 'ada', 500)")
    with closing(sqlite3.connect(path)) as other:
        other.execute("delete from payments")
        other.commit()
    assert [(1, "ada", 500)] == second.view().fetch_all("select * from payments")
    assert [(1, "ada", 500)] == rows_in(path)


def test_a_file_of_ours_is_begun_anew(path):
    run_on(pl.sqlite(PAYMENTS, path=path).start(), "insert into payments values (1, 'ada', 500)")
    later = pl.sqlite("create table other (value)", path=path).start()
    assert ("other",) == later.view().tables


def test_a_file_of_ours_is_known_by_its_mark_whatever_the_schema_says(path):
    pl.sqlite(f"pragma application_id = 7; {PAYMENTS}", path=path).start()
    assert ("payments",) == pl.sqlite(PAYMENTS, path=path).start().view().tables


def test_a_file_of_ours_with_another_page_size_is_begun_anew(path):
    pl.sqlite(f"pragma page_size = 8192; {PAYMENTS}", path=path).start()
    assert [] == pl.sqlite(PAYMENTS, path=str(path)).start().view().fetch_all("select * from payments")


def test_versions_of_a_file_that_was_taken_over_say_so(path):
    first = pl.sqlite(PAYMENTS, path=path).start()
    pl.sqlite(PAYMENTS, path=path).start()
    with pytest.raises(DefinitionError) as raised:
        first.view().fetch_one("select 1")
    assert str(raised.value) == (
        f"pl.sqlite(path={str(path)!r}): a later pl.sqlite(...) has taken the file over; "
        "go on with the scenario made from that one"
    )


def test_a_database_that_lost_its_file_takes_it_back_when_it_starts_again(path):
    database = pl.sqlite(PAYMENTS, path=path)
    database.start()
    pl.sqlite("create table other (value)", path=path).start()
    assert ("payments",) == database.start().view().tables


def test_somebody_elses_database_is_never_touched(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table precious (value)")
    before = path.read_bytes()
    with pytest.raises(DefinitionError) as raised:
        pl.sqlite(PAYMENTS, path=path)
    assert str(raised.value) == (
        f"pl.sqlite(path={path!r}): it is there and was not made by PHASM Lab; name another file, or move this one away"
    )
    assert before == path.read_bytes()


def test_a_file_that_is_no_database_is_never_touched(path):
    path.write_text("a letter")
    with pytest.raises(DefinitionError):
        pl.sqlite(PAYMENTS, path=path)
    assert "a letter" == path.read_text()


def test_somebody_elses_database_that_appears_before_the_run_is_not_touched_either(path):
    database = pl.sqlite(PAYMENTS, path=path)
    path.write_text("a letter")
    with pytest.raises(DefinitionError):
        database.start()
    assert "a letter" == path.read_text()


def test_naming_a_file_does_not_make_it(path):
    pl.sqlite(PAYMENTS, path=path)
    assert not path.exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (7, "it is not a path; write path='state.db', say"),
        ("", "it is not a path; write path='state.db', say"),
    ],
)
def test_what_is_no_path_is_refused(given, message):
    with pytest.raises(DefinitionError) as raised:
        pl.sqlite(PAYMENTS, path=given)
    assert f"pl.sqlite(path={given!r}): {message}" == str(raised.value)


def test_a_missing_folder_is_named(tmp_path):
    path = str(tmp_path / "missing" / "state.db")
    with pytest.raises(DefinitionError) as raised:
        pl.sqlite(PAYMENTS, path=path)
    assert f"pl.sqlite(path={path!r}): there is no folder {str(tmp_path / 'missing')!r}; make it first" == str(
        raised.value
    )


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(DefinitionError) as raised:
        pl.sqlite(PAYMENTS, path=tmp_path)
    assert f"pl.sqlite(path={tmp_path!r}): it is not a file; name a file" == str(raised.value)


KILLED = """
import os, signal, sys
import phasm_lab as pl
from tests.stores.transitions import PAYMENTS, run_on

version = pl.sqlite(PAYMENTS, path=sys.argv[1]).start()
for number in range(10):
    version = run_on(version, ("insert into payments values (?, 'ada', 1)", (number,)))
version.begin(None)
version.store.query("insert into payments values (10, 'ada', 1)")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_leaves_what_was_committed_and_the_file_can_be_used_again(path):
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, cwd=root)
    assert -9 == killed.returncode
    assert [(number, "ada", 1) for number in range(10)] == rows_in(path)
    assert [] == pl.sqlite(PAYMENTS, path=path).start().view().fetch_all("select * from payments")
