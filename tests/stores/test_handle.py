import pytest

import phasm_lab as pl
from phasm_lab.errors import DefinitionError
from tests.stores.transitions import PAYMENTS, answer_of, refusal_of, run_on, try_on

CHOICES = "await state.execute(sql, params), await state.fetch_one(sql, params), await state.fetch_all(sql, params)"


@pytest.fixture
def two_payments():
    return run_on(
        pl.sqlite(PAYMENTS).start(), ("insert into payments values (?, ?, ?), (?, ?, ?)", (1, "ada", 500, 2, "bob", 70))
    )


def test_execute_returns_how_many_rows_changed(two_payments):
    assert 2 == answer_of(two_payments, lambda state: state.execute("update payments set cents = cents + 1"))


def test_execute_of_a_query_returns_0(two_payments):
    assert 0 == answer_of(two_payments, lambda state: state.execute("select * from payments"))


def test_execute_of_a_definition_returns_0(two_payments):
    assert 0 == answer_of(two_payments, lambda state: state.execute("create index by_user on payments (user)"))


def test_fetch_one_returns_the_first_row_as_a_tuple(two_payments):
    assert (1, "ada", 500) == answer_of(
        two_payments, lambda state: state.fetch_one("select * from payments order by id")
    )


def test_fetch_one_returns_none_where_there_is_no_row(two_payments):
    assert None is answer_of(two_payments, lambda state: state.fetch_one("select * from payments where id = 3"))


def test_fetch_all_returns_every_row(two_payments):
    rows = [(2, "bob", 70), (1, "ada", 500)]
    assert rows == answer_of(two_payments, lambda state: state.fetch_all("select * from payments order by id desc"))


def test_placeholders_may_be_named(two_payments):
    query = "select user from payments where id = :id"
    assert ("bob",) == answer_of(two_payments, lambda state: state.fetch_one(query, {"id": 2}))


def test_parameters_may_be_a_list(two_payments):
    query = "select user from payments where id in (?, ?) order by id"
    assert [("ada",), ("bob",)] == answer_of(two_payments, lambda state: state.fetch_all(query, [1, 2]))


@pytest.mark.parametrize(
    ("value", "stored"),
    [(1, 1), (1.5, 1.5), ("x", "x"), (b"\0\xff", b"\0\xff"), (None, None), (bytearray(b"a"), b"a"), (True, 1)],
)
def test_values_come_back_as_the_driver_stores_them(value, stored):
    version = run_on(pl.sqlite("create table kept (value)").start(), ("insert into kept values (?)", (value,)))
    assert [(stored,)] == version.view().fetch_all("select value from kept")


def test_returning_gives_the_rows_that_were_written(two_payments):
    query = "insert into payments (user, cents) values ('cy', 1), ('di', 2) returning id"
    assert [(3,), (4,)] == answer_of(two_payments, lambda state: state.fetch_all(query))


def test_fetch_one_of_returning_writes_every_row(two_payments):
    versions = []

    async def function(state):
        versions.append(await state.fetch_one("update payments set cents = 9 returning id"))

    after = try_on(two_payments, function).version
    assert [(1,)] == versions
    assert [(9,), (9,)] == after.view().fetch_all("select cents from payments")


def test_calls_may_be_made_first_and_awaited_later(two_payments):
    async def function(state):
        calls = [state.execute("delete from payments where id = ?", (number,)) for number in (1, 2)]
        for call in calls:
            await call

    assert [] == try_on(two_payments, function).version.view().fetch_all("select * from payments")


def test_a_write_that_is_not_awaited_is_told(two_payments):
    async def function(state):
        state.execute("delete from payments")

    with pytest.raises(DefinitionError) as raised:
        try_on(two_payments, function)
    assert str(raised.value) == (
        "state.execute('delete from payments'): it was not awaited, so nothing was run; "
        "write await state.execute('delete from payments')"
    )


@pytest.mark.parametrize(
    "use",
    [lambda call: call[0], list, len, lambda call: call.sort()],
    ids=["index", "iterate", "length", "attribute"],
)
def test_using_the_result_of_a_call_that_is_not_awaited_is_told(two_payments, use):
    async def function(state):
        use(state.fetch_all("select * from payments"))

    with pytest.raises(DefinitionError) as raised:
        try_on(two_payments, function)
    assert str(raised.value) == (
        "state.fetch_all('select * from payments'): it was not awaited, so nothing was run; "
        "write await state.fetch_all('select * from payments')"
    )


def test_an_error_of_the_users_own_is_not_mistaken_for_a_missing_await(two_payments):
    async def function(state):
        await state.fetch_one("select 1")
        raise TypeError("mine")

    assert "TypeError: mine" == try_on(two_payments, function).refusal.text


def test_the_database_goes_on_after_a_call_was_not_awaited(two_payments):
    async def function(state):
        state.execute("delete from payments")

    with pytest.raises(DefinitionError):
        try_on(two_payments, function)
    assert (2,) == answer_of(two_payments, lambda state: state.fetch_one("select count(*) from payments"))


def test_an_unknown_name_lists_what_there_is(two_payments):
    with pytest.raises(DefinitionError) as raised:
        refusal_of(two_payments, lambda state: state.fetchone("select 1"))
    assert str(raised.value) == f"state.fetchone: a database state has no such name; write one of: {CHOICES}"


def test_an_assignment_says_where_values_are_kept(two_payments):
    with pytest.raises(DefinitionError) as raised:
        refusal_of(two_payments, lambda state: setattr(state, "next_id", 2))
    assert str(raised.value) == f"state.next_id = 2: a database keeps values in its tables; write one of: {CHOICES}"


def test_code_may_ask_whether_a_name_is_there(two_payments):
    found = []

    async def function(state):
        found.extend([hasattr(state, "execute"), hasattr(state, "pending")])

    try_on(two_payments, function)
    assert [True, False] == found


def test_a_handle_kept_from_another_transition_writes_nothing(two_payments):
    kept = []

    async def keep(state):
        kept.append(state)

    async def use(state):
        del state
        await kept[0].execute("delete from payments")

    try_on(two_payments, keep)
    with pytest.raises(DefinitionError) as raised:
        try_on(pl.sqlite(PAYMENTS).start(), use)
    assert str(raised.value) == (
        "state.execute('delete from payments'): its transition is over; use the state that stf is given"
    )
    assert (2,) == two_payments.view().fetch_one("select count(*) from payments")


def test_parameters_changed_after_the_call_do_not_change_what_is_replayed():
    database = pl.sqlite("create table kept (value)")
    blob, params = bytearray(b"before"), []
    params.append(blob)

    async def function(state):
        await state.execute("insert into kept values (?)", params)
        params[0] = b"replaced"
        blob[:] = b"after!"

    first = database.start()
    second = try_on(first, function).version
    first.view().fetch_all("select * from kept")
    assert [(b"before",)] == second.view().fetch_all("select value from kept")
