"""One database and the versions that it can be moved to: replays and snapshots.

Theory of operation. A store has one live connection, which stands at one version. A version keeps the statements of the
transition that made it, so a child is reached by replaying its statements; any other version by loading the nearest
snapshot above it and replaying from there. A snapshot is taken when the replay from the last one would be long for the
size of the database, so a transition costs what it changed and a jump costs one copy of the database and a bounded
replay. Snapshots share the blocks in which they do not differ from the one before.

Statements replay to the same rows, row ids included, since chance, the clock and the connection's memory are refused.

What it does not handle: row ids that SQLite picks by chance, once a table has used the largest one.
"""

from __future__ import annotations

import sqlite3
import weakref
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from phasm_lab.errors import DefinitionError
from phasm_lab.stores.statements import TOTAL_CHANGES, FailedSQL, classify
from phasm_lab.stores.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phasm_lab.stores.functions import Problem
    from phasm_lab.stores.version import SQLiteVersion

__all__ = ["APPLICATION_ID", "ROWS_PER_STATEMENT", "Store", "open_memory"]

APPLICATION_ID = 0x504C6162
"""Marks a database as ours, in the header where SQLite keeps it; "PLab"."""

BLOCK_SIZE = 4_096
SHORTEST_REPLAY = 250
"""Statements below which no snapshot is taken, so that a small database is rarely copied."""

STATEMENTS_PER_BLOCK = 5
"""Statements for each block of the database after which a copy of it is paid for."""

ROWS_PER_STATEMENT = 8
"""Rows changed in bulk that take as long to replay as a statement."""


def open_memory() -> sqlite3.Connection:
    """Open a database in memory; the caller's transactions are its own business."""
    return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)


class Store(Transaction):
    """A live connection and the version at which it stands.

    Attributes
    ----------
    position
        The version at which it stands; None while it is moved.
    limit
        Statements after which the next snapshot is taken.
    """

    shared = False
    """Whether somebody else may have written to the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.position: SQLiteVersion | None = None
        self.limit = SHORTEST_REPLAY
        self._source = open_memory()
        weakref.finalize(self, connection.close)
        weakref.finalize(self, self._source.close)

    def define(self, schema: str) -> None:
        """Run the schema.

        Raises
        ------
        DefinitionError
            If SQLite refuses it, or it leaves more behind than the one database.
        """
        try:
            self.connection.executescript(schema)
        except (sqlite3.Error, sqlite3.Warning) as error:
            case, todo = self._reported.pop() if self._reported else (f"SQLite says: {error}", "mend the schema")
            raise DefinitionError("pl.sqlite(schema=...)", case, todo) from None
        problem = TOTAL_CHANGES if "total_changes" in classify(schema).looks_back else self._schema_problem()
        if problem is not None:
            raise DefinitionError("pl.sqlite(schema=...)", *problem)
        self.query(f"PRAGMA application_id = {APPLICATION_ID}")
        self.note_definition(schema)

    def _schema_problem(self) -> Problem | None:
        if self.connection.in_transaction:
            return "it leaves a transaction open", "end it with commit"
        names = {row[1] for row in self.query("PRAGMA database_list").fetchall()}
        if names - {"main", "temp"}:
            return "it attaches another database, which is not part of the state", "keep it all in this one"
        if self.query("SELECT 1 FROM sqlite_temp_master").fetchone() is not None:
            return "what is temporary is gone after a crash without being part of the state", "create it without TEMP"
        return None

    def select(self, sql: str, params: Any = (), *, one: bool = False) -> list[Any]:
        """Return the rows of a query outside any transition, or at most the first.

        Raises
        ------
        OutsideEffectError
            If it reads the clock or chance.
        """
        self._patience.look_count = 0
        problem = self.problem
        try:
            cursor = self.query(sql, params)
            return cursor.fetchmany(1) if one else cursor.fetchall()
        except sqlite3.Error as error:
            self.explain(error, "fetch_one" if one else "fetch_all", sql)
            raise
        finally:
            self.problem = problem

    def move_to(self, target: SQLiteVersion) -> None:
        """Bring the live connection to `target`; a transaction that is still open, as after Ctrl-C, is taken back."""
        if self.is_open:
            self.rollback()
        versions: list[SQLiteVersion] = []
        version = target
        while version is not self.position and version.snapshot is None:
            versions.append(version)
            assert version.parent is not None
            version = version.parent
        if version is not self.position:
            assert version.snapshot is not None
            self.position = None
            self._load(b"".join(version.snapshot))
        if versions:
            self.position = None
            self._replay(reversed(versions))
        self.position = target

    def _load(self, image: bytes) -> None:
        """Put an image in the place of the live database, whose connection stays as it is.

        Deserializing on the live connection would be faster, but SQLite then keeps statements of the old schema, and the
        schema itself under table-valued functions such as json_each, which ends in a crash of the interpreter.
        """
        earlier, self.cursor = self.cursor, self.connection.cursor()
        self.query = self.cursor.execute
        earlier.close()
        self._source.deserialize(image)
        self._source.backup(self.connection)

    def _replay(self, versions: Iterable[SQLiteVersion]) -> None:
        self.query("BEGIN")
        try:
            for version in versions:
                self._patience.look_count = 0
                if self.looks_back:
                    self.forget()
                self._run_again(version.statements)
        except BaseException:
            if self.connection.in_transaction:
                self.query("ROLLBACK")
            raise
        self.query("COMMIT")

    def _run_again(self, statements: tuple[Any, ...]) -> None:
        for sql, params in zip(statements[::2], statements[1::2], strict=True):
            try:
                self.query(sql, params)
            except sqlite3.Error:
                if not isinstance(sql, FailedSQL):
                    raise

    def snapshot(self, earlier: tuple[bytes, ...]) -> tuple[bytes, ...]:
        """Return the database as it is, in blocks; those that did not change are those of `earlier`."""
        image = self.image()
        starts = range(0, len(image), BLOCK_SIZE)
        self.limit = max(SHORTEST_REPLAY, STATEMENTS_PER_BLOCK * len(starts))
        # startswith compares in place: a block that did not change is never copied.
        return tuple(
            old if len(old) == BLOCK_SIZE and image.startswith(old, start) else image[start : start + BLOCK_SIZE]
            for start, old in zip(starts, chain(earlier, repeat(b"")), strict=False)
        )

    def image(self) -> bytes:
        """Return the database as it is, as the bytes of a file."""
        return self.connection.serialize()
