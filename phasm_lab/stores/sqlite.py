"""A SQLite database as the state of a machine, in memory or in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.errors import DefinitionError
from phasm_lab.machine.text import line_of
from phasm_lab.stores.file import FileStore, checked_path
from phasm_lab.stores.store import Store, open_memory
from phasm_lab.stores.version import SQLiteVersion

if TYPE_CHECKING:
    import os
    from pathlib import Path

__all__ = ["Database", "sqlite"]


def sqlite(schema: str, path: str | os.PathLike[str] | None = None) -> Database:
    """Return a database for ``Machine(initial=...)``; stf and restore get a transaction on it.

    Parameters
    ----------
    schema
        The SQL that each run begins with: tables, indexes, first rows, pragmas.
    path
        A file to keep it in; it always holds the state of the step last run. Without it the database is in memory.

    Raises
    ------
    DefinitionError
        If SQLite refuses the schema, or the file is somebody else's.

    Notes
    -----
    The state has ``await state.execute(sql, params)``, which returns how many rows changed, ``await state.fetch_one(sql,
    params)`` and ``await state.fetch_all(sql, params)``; placeholders are those of `sqlite3`. A property reads
    ``here.state.fetch_one(...)``, ``here.state.fetch_all(...)`` and ``here.state.tables`` without awaiting. Two states are
    equal where their schemas are and each table holds the same rows; row ids that are no column do not count.

    Examples
    --------
    >>> sqlite("create table payments (id integer primary key, cents integer not null)")
    <SQLite in memory: payments>
    """
    return Database(schema, path)


class Database:
    """A schema and where it is kept: what a machine on SQLite begins with."""

    def __init__(self, schema: str, path: str | os.PathLike[str] | None = None) -> None:
        if not isinstance(schema, str):
            raise DefinitionError(
                f"pl.sqlite(schema={line_of(schema)})", "it is not text", "write the SQL that makes the tables"
            )
        self.schema = schema
        self.path: Path | None = None if path is None else checked_path(path)
        self._file: tuple[FileStore, SQLiteVersion] | None = None
        self._tables = self._start_in_memory().view().tables
        self.__name__ = self._tables[0] if self._tables else "sqlite"

    def source(self) -> Database:
        """Return where the first version comes from: this."""
        return self

    def start(self) -> SQLiteVersion:
        """Return the version that each run begins with; a file is brought back to it."""
        return self._start_in_memory() if self.path is None else self._start_in_file(self.path)

    def _start_in_memory(self) -> SQLiteVersion:
        return _first(Store(open_memory()), self.schema)

    def _start_in_file(self, path: Path) -> SQLiteVersion:
        if self._file is None or self._file[0].is_taken_over:
            store = FileStore(checked_path(path))
            self._file = (store, _first(store, self.schema))
        store, version = self._file
        store.move_to(version)
        return version

    def __repr__(self) -> str:
        where = "memory" if self.path is None else str(self.path)
        return f"<SQLite in {where}: {', '.join(self._tables) or 'no tables'}>"


def _first(store: Store, schema: str) -> SQLiteVersion:
    store.define(schema)
    store.position = SQLiteVersion(store, None)
    return store.position
