"""One database and the versions that it can be moved to: transactions, replays and snapshots.

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
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from phasm_lab.errors import DefinitionError, EndlessError, OutsideEffectError
from phasm_lab.machine.data import ATOMIC, detach
from phasm_lab.stores.functions import STEPS_BETWEEN_LOOKS, Patience, Problem, install
from phasm_lab.stores.handle import Call, Handle
from phasm_lab.stores.statements import DEFINE, READ, WRITE, call_text, classify, kind_of

if TYPE_CHECKING:
    from phasm_lab.engine.accesses import Meter
    from phasm_lab.stores.version import SQLiteVersion

__all__ = ["Replayed", "Store", "open_memory"]

Replayed: TypeAlias = tuple[str, Any, bool]
"""A statement that writes, its parameters, and whether it failed."""

BLOCK_SIZE = 4_096
SHORTEST_REPLAY = 250
"""Statements below which no snapshot is taken, so that a small database is rarely copied."""

STATEMENTS_PER_BLOCK = 4
"""Statements for each block of the database after which a copy of it is paid for."""

ROWS_PER_STATEMENT = 8
"""Rows changed in bulk that take as long to replay as a statement."""

_PLAIN = frozenset((int, str, float, bytes, type(None)))


def open_memory() -> sqlite3.Connection:
    """Open a database in memory; the caller's transactions are its own business."""
    return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)


class Store:
    """A live connection, the version at which it stands, and the transaction that is open on it.

    Attributes
    ----------
    connection
        The live connection.
    position
        The version at which it stands; None while it is moved.
    meter
        Counts the accesses of a metered transition, else None.
    calls
        Calls of the open transition that are not awaited yet.
    statements
        What the open transition wrote so far.
    limit
        Statements after which the next snapshot is taken.
    handle
        What stf and restore get.
    checks_references
        Whether a reference may be broken until the end of a transition, so that it is to be looked at there.
    """

    shared = False
    """Whether somebody else may have written to the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.position: SQLiteVersion | None = None
        self.meter: Meter | None = None
        self.calls: list[Call] = []
        self.statements: list[Replayed] = []
        self.limit = SHORTEST_REPLAY
        self.handle = Handle(self)
        self.checks_references = False
        self._enforces_references = False
        self._cursor = connection.cursor()
        self._execute = self._cursor.execute
        self._problem: Exception | None = None
        self._defined = False
        self._schema_before = 0
        self._total_before = 0
        # The connection holds these two for good, out of sight of the garbage collector: neither may hold the store.
        self._reported: list[Problem] = []
        self._patience = Patience()
        install(connection, self._reported.append)
        connection.set_progress_handler(self._patience.look, STEPS_BETWEEN_LOOKS)
        weakref.finalize(self, connection.close)

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
        problem = self._schema_problem()
        if problem is not None:
            raise DefinitionError("pl.sqlite(schema=...)", *problem)
        self._enforces_references = bool(self._execute("PRAGMA foreign_keys").fetchone()[0])
        self.checks_references = self._enforces_references and "deferr" in schema.lower()

    def _schema_problem(self) -> Problem | None:
        if self.connection.in_transaction:
            return "it leaves a transaction open", "end it with commit"
        names = {row[1] for row in self._execute("PRAGMA database_list").fetchall()}
        if names - {"main", "temp"}:
            return "it attaches another database, which is not part of the state", "keep it all in this one"
        if self._execute("SELECT 1 FROM sqlite_temp_master").fetchone() is not None:
            return "what is temporary is gone after a crash without being part of the state", "create it without TEMP"
        return None

    def begin(self, meter: Meter | None) -> None:
        """Open a transaction."""
        if self.connection.in_transaction:
            self.rollback()
        self.meter = meter
        self.statements = []
        self._total_before = self.connection.total_changes
        self._patience.look_count = 0
        self._execute("BEGIN")

    def run(self, operation: str, sql: str, params: Any) -> Any:
        """Run one statement of the open transaction and return what `operation` promises.

        Raises
        ------
        sqlite3.Error
            If SQLite refuses it; the transaction goes on without it.
        OutsideEffectError
            If it reaches for the transaction, the clock, chance or another database.
        EndlessError
            If it does not end.
        """
        kind = kind_of(sql)
        if kind > WRITE or self._problem is not None:
            kind = self._admit(operation, sql)
        try:
            self._execute(sql, params)
            if kind == READ:
                return self._read(operation)
            rows = self._cursor.fetchall() if self._cursor.description else []
        except sqlite3.Error as error:
            if kind != READ:
                self.statements.append((sql, _kept(params), True))
            self._explain(error, operation, sql)
            raise
        self.statements.append((sql, _kept(params), False))
        if operation == "execute":
            return max(self._cursor.rowcount, 0)
        return rows if operation == "fetch_all" else rows[0] if rows else None

    def _read(self, operation: str) -> Any:
        if operation == "fetch_one":
            return self._cursor.fetchone()
        return self._cursor.fetchall() if operation == "fetch_all" else 0

    def _admit(self, operation: str, sql: str) -> int:
        """Return the kind of a statement that needs a closer look, once it had one."""
        if self._problem is not None:
            raise self._problem
        statement = classify(sql)
        if statement.refusal is not None:
            raise self._outside(operation, sql, statement.refusal)
        if statement.looks_back and not self._changed():
            case = f"{statement.looks_back}() speaks of an earlier transition until this one has changed something"
            raise self._outside(operation, sql, (case, "ask the tables instead"))
        if statement.kind == DEFINE:
            self._note_definition(sql)
        return statement.kind

    def _note_definition(self, sql: str) -> None:
        if not self._defined:
            self._defined, self._schema_before = True, self._schema_version()
        if "deferr" in sql.lower():
            self.checks_references = self._enforces_references

    def _schema_version(self) -> int:
        return int(self._execute("PRAGMA schema_version").fetchone()[0])

    def _outside(self, operation: str, sql: str, problem: Problem) -> OutsideEffectError:
        """Return the error for something outside the state; it comes back at the end, should user code swallow it."""
        error = OutsideEffectError(call_text(operation, sql), *problem)
        self._problem = error
        return error

    def _explain(self, error: sqlite3.Error, operation: str, sql: str) -> None:
        """Raise what is behind an error of SQLite, where something is."""
        if self._reported:
            problem = self._reported[0]
            self._reported.clear()
            raise self._outside(operation, sql, problem) from None
        if str(error) == "interrupted":
            self._problem = sqlite3.OperationalError(str(error))
            raise EndlessError(f"stopped in {call_text(operation, sql)}") from None
        if not self.connection.in_transaction:
            self._problem = sqlite3.OperationalError(f"SQLite ended the transaction: {error}")

    def finish(self) -> None:
        """Raise what stands in the way of a commit.

        Raises
        ------
        DefinitionError
            If a call was never awaited.
        sqlite3.IntegrityError
            If a deferred reference is broken.
        """
        if self.calls:
            raise self.calls[0].not_awaited()
        if self._problem is not None:
            raise self._problem
        if self.checks_references and self._execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise sqlite3.IntegrityError("FOREIGN KEY constraint failed")

    def commit(self) -> int:
        """End the transaction; return how many rows it changed, or -1 if it changed nothing, which is then taken back."""
        if not self._changed():
            self.rollback()
            return -1
        self._execute("COMMIT")
        changed = self.connection.total_changes - self._total_before
        self._close()
        return changed

    def rollback(self) -> bool:
        """Take the transaction back; tell whether it had changed anything."""
        changed = self._changed()
        if self.connection.in_transaction:
            self._execute("ROLLBACK")
        self._close()
        return changed

    def _changed(self) -> bool:
        if not self.statements:
            return False
        if self.connection.total_changes != self._total_before:
            return True
        return self._defined and self._schema_version() != self._schema_before

    def _close(self) -> None:
        self.meter = None
        self._problem = None
        self._defined = False
        if self.calls:
            self.calls.clear()

    def select(self, sql: str, params: Any = (), *, one: bool = False) -> list[Any]:
        """Return the rows of a query outside any transition, or at most the first.

        Raises
        ------
        OutsideEffectError
            If it reads the clock or chance.
        """
        self._patience.look_count = 0
        try:
            cursor = self._execute(sql, params)
            return cursor.fetchmany(1) if one else cursor.fetchall()
        except sqlite3.Error as error:
            self._explain(error, "fetch_one" if one else "fetch_all", sql)
            raise
        finally:
            self._problem = None

    def move_to(self, target: SQLiteVersion) -> None:
        """Bring the live connection to `target`."""
        if self.connection.in_transaction:
            raise DefinitionError(
                "reading a database state", "a transition is running on it", "await the state that stf was given"
            )
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
        self._cursor.close()
        self.connection.deserialize(image)
        self._cursor = self.connection.cursor()
        self._execute = self._cursor.execute

    def _replay(self, versions: Iterable[SQLiteVersion]) -> None:
        self._execute("BEGIN")
        try:
            for version in versions:
                self._patience.look_count = 0
                self._run_again(version.statements)
        except BaseException:
            if self.connection.in_transaction:
                self._execute("ROLLBACK")
            raise
        self._execute("COMMIT")

    def _run_again(self, statements: Iterable[Replayed]) -> None:
        for sql, params, failed in statements:
            try:
                self._execute(sql, params)
            except sqlite3.Error:
                if not failed:
                    raise

    def snapshot(self, earlier: tuple[bytes, ...]) -> tuple[bytes, ...]:
        """Return the database as it is, in blocks; those that did not change are those of `earlier`."""
        image = self.image()
        blocks = [image[start : start + BLOCK_SIZE] for start in range(0, len(image), BLOCK_SIZE)]
        self.limit = max(SHORTEST_REPLAY, STATEMENTS_PER_BLOCK * len(blocks))
        shared = [old if old == new else new for old, new in zip(earlier, blocks, strict=False)]
        return (*shared, *blocks[len(shared) :])

    def image(self) -> bytes:
        """Return the database as it is, as the bytes of a file."""
        return self.connection.serialize()


def _kept(params: Any) -> Any:
    """Return parameters that nobody can change any more."""
    if type(params) is tuple and _PLAIN.issuperset(map(type, params)):
        return params
    if isinstance(params, Mapping):
        return {str(key): _kept_value(value) for key, value in params.items()}
    return tuple(map(_kept_value, params)) if isinstance(params, Sequence) else ()


def _kept_value(value: Any) -> Any:
    if type(value) in ATOMIC:
        return value
    return bytes(value) if isinstance(value, bytearray | memoryview) else detach(value, "a parameter")
