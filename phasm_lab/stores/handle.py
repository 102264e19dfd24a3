"""What stf and restore get for a database: three calls, each to be awaited, each an access."""

from __future__ import annotations

import sqlite3
from types import coroutine
from typing import TYPE_CHECKING, Any, NoReturn

from phasm_lab.engine.drive import DIES
from phasm_lab.errors import DefinitionError
from phasm_lab.machine.text import line_of
from phasm_lab.stores.statements import KNOWN, READ, TRANSACTION, WRITE, FailedSQL, call_text, fold, kind_of

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator

    from phasm_lab.stores.transaction import Transaction

__all__ = ["Handle", "UnknownNameError", "is_waiting", "not_awaited"]

_CALLS = (
    "await state.execute(sql, params)",
    "await state.fetch_one(sql, params)",
    "await state.fetch_all(sql, params)",
)
_ENGINES_OWN = ("begin", "close", "commit", "connection", "rollback")


class UnknownNameError(DefinitionError, AttributeError):
    """A name was asked for, or given, that a database state does not have."""


class Handle:
    """The database as stf and restore see it, inside a transaction that the engine ends."""

    __slots__ = ("_store",)
    _store: Transaction

    def __init__(self, store: Transaction) -> None:
        object.__setattr__(self, "_store", store)

    def execute(self, sql: str, params: Any = ()) -> Coroutine[Any, Any, int]:
        """Run a statement; awaited, it returns how many rows were inserted, updated or deleted."""
        store = self._store
        call = _execute(store, sql, params)
        store.calls.append(call)
        return call

    def fetch_one(self, sql: str, params: Any = ()) -> Coroutine[Any, Any, Any]:
        """Run a query; awaited, it returns the first row as a tuple, or None."""
        store = self._store
        call = _fetch_one(store, sql, params)
        store.calls.append(call)
        return call

    def fetch_all(self, sql: str, params: Any = ()) -> Coroutine[Any, Any, list[Any]]:
        """Run a query; awaited, it returns every row, a list of tuples."""
        store = self._store
        call = _fetch_all(store, sql, params)
        store.calls.append(call)
        return call

    def __getattr__(self, name: str) -> NoReturn:
        if name in _ENGINES_OWN:
            raise self._store.outside(f"state.{name}", TRANSACTION)
        raise UnknownNameError(f"state.{name}", "a database state has no such name", "write one of", _CALLS)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise UnknownNameError(
            f"state.{name} = {line_of(value)}", "a database keeps values in its tables", "write one of", _CALLS
        )

    def __repr__(self) -> str:
        return "<the database in a transition: execute, fetch_one, fetch_all>"


async def _execute(store: Transaction, sql: str, params: Any) -> int:
    meter = store.meter
    if meter is not None and meter.access("execute", fold(sql)):
        await _death()
    if KNOWN.get(sql) != WRITE or store.problem is not None:
        store.run("execute", sql, params)
        return max(store.cursor.rowcount, 0)
    try:
        count = store.query(sql, params).rowcount
    except sqlite3.Error as error:
        store.note(FailedSQL(sql), params)
        store.explain(error, "execute", sql)
        raise
    store.note(sql, params)
    return count


async def _fetch_one(store: Transaction, sql: str, params: Any) -> Any:
    meter = store.meter
    if meter is not None and meter.access("fetch_one", fold(sql)):
        await _death()
    if KNOWN.get(sql) != READ and kind_of(sql) != READ:
        rows = store.run("fetch_one", sql, params)
        return rows[0] if rows else None
    try:
        return store.query(sql, params).fetchone()
    except sqlite3.Error as error:
        store.explain(error, "fetch_one", sql)
        raise


async def _fetch_all(store: Transaction, sql: str, params: Any) -> list[Any]:
    meter = store.meter
    if meter is not None and meter.access("fetch_all", fold(sql)):
        await _death()
    if KNOWN.get(sql) != READ and kind_of(sql) != READ:
        return store.run("fetch_all", sql, params)
    try:
        return store.query(sql, params).fetchall()
    except sqlite3.Error as error:
        store.explain(error, "fetch_all", sql)
        raise


@coroutine
def _death() -> Generator[Any, None, None]:
    yield DIES


def is_waiting(call: Any) -> bool:
    """Tell whether a call was not awaited so far."""
    return call.cr_frame is not None and not call.cr_running and not call.cr_suspended


def not_awaited(call: Any) -> DefinitionError:
    """Return the error for a call that nobody awaited."""
    text = call_text(call.__name__[1:], call.cr_frame.f_locals["sql"])
    return DefinitionError(text, "it was not awaited, so nothing was run", f"write await {text}")
