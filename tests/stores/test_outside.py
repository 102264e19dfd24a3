import pytest

import phasm_lab as pl
from phasm_lab.errors import DefinitionError
from tests.stores.transitions import PAYMENTS, answer_of, refusal_of, run_on, try_on

TRANSACTION = "the engine begins, commits and rolls back; leave it out, or raise to have everything taken back"
ELSEWHERE = "another database is not part of the state; keep it all in this one"
PRAGMA = "a pragma speaks to the connection, which is not part of the state; put it into pl.sqlite(schema=...)"
TEMPORARY = "what is temporary is gone after a crash without being part of the state; create it without TEMP"
PASS_IT_IN = "pass the value in with the input and bind it as a parameter"  # noqa: S105 - advice
NOT_YET = "speaks of an earlier transition until this one has changed something; ask the tables instead"


@pytest.fixture
def first():
    return pl.sqlite(PAYMENTS).start()


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("begin", TRANSACTION),
        ("COMMIT", TRANSACTION),
        ("end transaction", TRANSACTION),
        ("rollback", TRANSACTION),
        ("savepoint here", TRANSACTION),
        ("release here", TRANSACTION),
        ("/* now */ -- really \n commit", TRANSACTION),
        (";; commit", TRANSACTION),
        ("\ufeffcommit", TRANSACTION),
        ("attach 'other.db' as other", ELSEWHERE),
        ("detach main", ELSEWHERE),
        ("pragma user_version = 3", PRAGMA),
        ("vacuum", "it cannot run inside a transaction; leave it out"),
        ("vacuum into 'copy.db'", "it cannot run inside a transaction; leave it out"),
        ("create temp table t (a)", TEMPORARY),
        ("CREATE TEMPORARY VIEW v as select 1", TEMPORARY),
        ("create table temp.t (a)", TEMPORARY),
        (
            "select total_changes()",
            "total_changes() counts since the connection was opened; count what execute returns",
        ),
        ("select last_insert_rowid()", f"last_insert_rowid() {NOT_YET}"),
        ("select changes ()", f"changes() {NOT_YET}"),
    ],
)
def test_sql_that_reaches_beyond_the_transaction_is_refused(first, sql, reason):
    folded = " ".join(sql.split())
    assert f"OutsideEffectError: state.execute({folded!r}): {reason}" == refusal_of(
        first, lambda state: state.execute(sql)
    )


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("random()", "random() is chance"),
        ("abs(random() % 6)", "random() is chance"),
        ("randomblob(4)", "randomblob() is chance"),
        ("current_timestamp", "current_timestamp reads the clock"),
        ("CURRENT_DATE", "current_date reads the clock"),
        ("current_time", "current_time reads the clock"),
        ("datetime('now')", "datetime('now') reads the clock"),
        ("datetime(' NOW ')", "datetime('now') reads the clock"),
        ("date()", "date('now') reads the clock"),
        ("time('now', '+1 hour')", "time('now') reads the clock"),
        ("julianday('now')", "julianday('now') reads the clock"),
        ("strftime('%s', 'now')", "strftime('now') reads the clock"),
        ("strftime('%s')", "strftime('now') reads the clock"),
        (
            "datetime('2024-02-28', 'localtime')",
            "datetime() with 'localtime' or 'utc' depends on where the process runs",
        ),
    ],
)
@pytest.mark.parametrize("operation", ["execute", "fetch_one", "fetch_all"])
def test_functions_of_the_clock_and_of_chance_are_refused(first, expression, reason, operation):
    sql = f"select {expression}"
    text = refusal_of(first, lambda state: getattr(state, operation)(sql))
    assert f"OutsideEffectError: state.{operation}({sql!r}): {reason}; {PASS_IT_IN}" == text


def test_a_clock_hidden_in_a_parameter_is_refused(first):
    text = refusal_of(first, lambda state: state.fetch_one("select date(?)", ("now",)))
    assert f"OutsideEffectError: state.fetch_one('select date(?)'): date('now') reads the clock; {PASS_IT_IN}" == text


def test_a_clock_hidden_in_a_default_is_refused_where_it_is_used():
    version = pl.sqlite("create table notes (text, at default current_timestamp)").start()
    insert = "insert into notes (text) values ('x')"
    assert (
        f"OutsideEffectError: state.execute({insert!r}): current_timestamp reads the clock; {PASS_IT_IN}"
        == refusal_of(version, lambda state: state.execute(insert))
    )
    assert 1 == answer_of(version, lambda state: state.execute("insert into notes values ('x', '2024-02-28')"))


def test_chance_hidden_in_a_trigger_is_refused():
    version = pl.sqlite(
        "create table notes (text); create table dice (value);"
        "create trigger roll after insert on notes begin insert into dice values (random()); end"
    ).start()
    insert = "insert into notes values ('x')"
    text = refusal_of(version, lambda state: state.execute(insert))
    assert f"OutsideEffectError: state.execute({insert!r}): random() is chance; {PASS_IT_IN}" == text


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("date('2024-02-28', '+2 days')", "2024-03-01"),
        ("datetime(1709078400, 'unixepoch')", "2024-02-28 00:00:00"),
        ("strftime('%Y now', '2024-02-28')", "2024 now"),
        ("julianday('2024-02-28')", 2460368.5),
        ("date('no date')", None),
        ("'random() and current_date'", "random() and current_date"),
    ],
)
def test_dates_that_are_given_may_be_calculated_with(first, expression, value):
    assert (value,) == answer_of(first, lambda state: state.fetch_one(f"select {expression}"))


def test_dates_may_stand_in_an_index():
    version = pl.sqlite("create table notes (at text); create index by_day on notes (date(at))").start()
    after = run_on(version, "insert into notes values ('2024-02-28 10:00')")
    assert ("2024-02-28 10:00",) == after.view().fetch_one("select at from notes where date(at) = '2024-02-28'")


def test_words_in_text_and_names_are_not_taken_for_statements(first):
    version = run_on(first, ("insert into payments values (1, 'commit; pragma x; changes()', 1)"))
    assert ("commit; pragma x; changes()",) == version.view().fetch_one("select user from payments")


def test_a_refusal_that_is_caught_still_rejects_the_transition(first):
    async def function(state):
        with pytest.raises(pl.OutsideEffectError):
            await state.execute("commit")

    assert f"OutsideEffectError: state.execute('commit'): {TRANSACTION}" == try_on(first, function).refusal.text


def test_nothing_is_written_after_a_refusal(first):
    async def function(state):
        with pytest.raises(pl.OutsideEffectError):
            await state.execute("commit")
        await state.execute("insert into payments values (1, 'ada', 500)")

    assert try_on(first, function).refusal is not None
    assert (0,) == first.view().fetch_one("select count(*) from payments")


@pytest.mark.parametrize("name", ["begin", "commit", "rollback", "close", "connection"])
def test_the_transaction_is_not_to_be_had_as_an_attribute(first, name):
    assert f"OutsideEffectError: state.{name}: {TRANSACTION}" == refusal_of(first, lambda state: getattr(state, name))


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("create tabel t (a)", 'SQLite says: near "tabel": syntax error; mend the schema'),
        ("begin; create table t (a)", "it leaves a transaction open; end it with commit"),
        (
            "attach ':memory:' as other",
            "it attaches another database, which is not part of the state; keep it all in this one",
        ),
        ("create temp table t (a)", TEMPORARY),
        ("create table t (a); insert into t values (random())", f"random() is chance; {PASS_IT_IN}"),
        (
            "create table t (a); insert into t values (datetime('now'))",
            f"datetime('now') reads the clock; {PASS_IT_IN}",
        ),
    ],
)
def test_a_schema_that_cannot_be_begun_with_is_refused(schema, message):
    with pytest.raises(DefinitionError) as raised:
        pl.sqlite(schema)
    assert f"pl.sqlite(schema=...): {message}" == str(raised.value)


def test_a_schema_that_is_no_text_is_refused():
    with pytest.raises(DefinitionError) as raised:
        pl.sqlite(None)
    assert "pl.sqlite(schema=None): it is not text; write the SQL that makes the tables" == str(raised.value)
