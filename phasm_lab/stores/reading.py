"""A database for reading: as properties see it now, and as a copy that a person keeps."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, NoReturn

from phasm_lab.errors import DefinitionError
from phasm_lab.stores.handle import UnknownNameError
from phasm_lab.stores.statements import READ, call_text, kind_of
from phasm_lab.stores.store import open_memory
from phasm_lab.stores.tables import canonical, counted, quote, shorten, tables

if TYPE_CHECKING:
    import sqlite3

    from phasm_lab.stores.version import SQLiteVersion

__all__ = ["Reader", "Snapshot", "View"]

ROWS_IN_TEXT = 5
_CALLS = ("state.fetch_one(sql, params)", "state.fetch_all(sql, params)", "state.tables")


class Reader:
    """Queries that are not awaited; writing is refused."""

    __slots__ = ()

    def fetch_one(self, sql: str, params: Any = ()) -> Any:
        """Return the first row as a tuple, or None."""
        rows = self._read("fetch_one", sql, params)
        return rows[0] if rows else None

    def fetch_all(self, sql: str, params: Any = ()) -> list[Any]:
        """Return every row, a list of tuples."""
        return self._read("fetch_all", sql, params)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables, in the order in which they were made."""
        return tuple(table.name for table in tables(self._select))

    def _select(self, sql: str, params: Any = (), *, one: bool = False) -> list[Any]:
        raise NotImplementedError

    def _read(self, operation: str, sql: str, params: Any) -> list[Any]:
        if kind_of(sql) != READ:
            raise DefinitionError(call_text(operation, sql), "a snapshot is for reading", "write in stf")
        return self._select(sql, params, one=operation == "fetch_one")

    def __getattr__(self, name: str) -> NoReturn:
        raise UnknownNameError(f"state.{name}", "a snapshot of a database has no such name", "write one of", _CALLS)

    def __repr__(self) -> str:
        parts = [part for name in self.tables for part in self._part(name)]
        return "\n".join(parts) or "<a database without tables>"

    def _part(self, name: str) -> list[str]:
        count = self._select(f"select count(*) from {quote(name)}")[0][0]  # noqa: S608 - quoted
        rows = self._select(f"select * from {quote(name)} limit {ROWS_IN_TEXT}")  # noqa: S608 - quoted
        more = [f"  and {counted(count - len(rows))} more"] if count > len(rows) else []
        return [f"{shorten(repr(name)[1:-1])}: {counted(count)}", *(f"  {shorten(repr(row))}" for row in rows), *more]


class View(Reader):
    """The database at one version, read where it is: for now, not to be kept."""

    __slots__ = ("_version",)

    def __init__(self, version: SQLiteVersion) -> None:
        self._version = version

    def _select(self, sql: str, params: Any = (), *, one: bool = False) -> list[Any]:
        return self._version.select(sql, params, one=one)


class Snapshot(Reader):
    """A copy of the database in memory; two are equal where their rows and schemas are."""

    __slots__ = ("__weakref__", "_connection")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, image: bytes) -> None:
        self._connection = open_memory()
        self._connection.deserialize(image)
        weakref.finalize(self, self._connection.close)

    def _select(self, sql: str, params: Any = (), *, one: bool = False) -> list[Any]:
        cursor: sqlite3.Cursor = self._connection.execute(sql, params)
        return cursor.fetchmany(1) if one else cursor.fetchall()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Snapshot):
            return NotImplemented
        return canonical(self._select) == canonical(other._select)
