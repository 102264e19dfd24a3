"""The transaction that is open on a database while stf or restore runs: what it may do, and what it wrote."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from phasm_lab.errors import DefinitionError, EndlessError, OutsideEffectError
from phasm_lab.machine.data import ATOMIC, detach
from phasm_lab.stores.functions import STEPS_BETWEEN_LOOKS, Patience, Problem, install
from phasm_lab.stores.handle import Handle, is_waiting, not_awaited
from phasm_lab.stores.statements import DEFINE, READ, WRITE, FailedSQL, call_text, classify, kind_of

if TYPE_CHECKING:
    from phasm_lab.engine.accesses import Meter

__all__ = ["Transaction"]

_OVER = Exception("no transition is running")
"""Stands where a problem stands while no transaction is open."""


class Transaction:
    """A connection and the transaction on it, if one is open.

    Attributes
    ----------
    connection, cursor, query
        The live connection, its one cursor, and how that runs SQL.
    handle
        What stf and restore get.
    meter
        Counts the accesses of a metered transition, else None.
    calls
        Calls that the open transition made, awaited or not.
    statements
        What it wrote: SQL and parameters by turns.
    problem
        What happened that rejects the transition, whatever user code does about it.
    checks_references
        Whether a reference may be broken until the end of a transition, so that it is to be looked at there.
    looks_back
        Whether a trigger may ask what the connection did before.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.cursor = connection.cursor()
        self.query = self.cursor.execute
        self.handle = Handle(self)
        self.meter: Meter | None = None
        self.calls: list[Any] = []
        self.statements: list[Any] = []
        self.checks_references = False
        self.looks_back = False
        self.problem: Exception | None = _OVER
        self._defined = False
        self._schema_before = 0
        self._total_before = 0
        # The connection holds these two for good, out of sight of the garbage collector: neither may hold this object.
        self._reported: list[Problem] = []
        self._patience = Patience()
        install(connection, self._reported.append)
        connection.set_progress_handler(self._patience.look, STEPS_BETWEEN_LOOKS)

    def begin(self, meter: Meter | None) -> None:
        """Open a transaction."""
        if self.is_open:
            self.rollback()
        if self.looks_back:
            self.forget()
        self.meter = meter
        self.problem = None
        self._total_before = self.connection.total_changes
        self._patience.look_count = 0
        self.query("BEGIN")

    def run(self, operation: str, sql: str, params: Any) -> list[Any]:
        """Run a statement, whatever it is, and return its rows.

        Raises
        ------
        sqlite3.Error
            If SQLite refuses it; the transaction goes on without it.
        OutsideEffectError
            If it reaches for the transaction, the clock, chance or another database.
        EndlessError
            If it does not end.
        """
        kind = self._admit(operation, sql)
        try:
            rows = self.query(sql, params).fetchall()
        except sqlite3.Error as error:
            if kind != READ:
                self.note(FailedSQL(sql), params)
            self.explain(error, operation, sql)
            raise
        if kind != READ:
            self.note(sql, params)
        return rows

    def note(self, sql: str, params: Any) -> None:
        """Remember a statement that writes, with parameters that nobody can change any more."""
        try:
            hash(params)
        except TypeError:
            params = _kept(params)
        statements = self.statements
        statements.append(sql)
        statements.append(params)

    def _admit(self, operation: str, sql: str) -> int:
        """Return the kind of a statement that needs a closer look, once it had one."""
        if self.problem is _OVER:
            raise DefinitionError(
                call_text(operation, sql), "its transition is over", "use the state that stf is given"
            )
        if self.problem is not None:
            raise self.problem
        if kind_of(sql) == WRITE:
            return WRITE
        statement = classify(sql)
        if statement.refusal is not None:
            raise self.outside(call_text(operation, sql), statement.refusal)
        if statement.looks_back and statement.kind != DEFINE and not self.changed():
            case = f"{statement.looks_back[0]}() speaks of an earlier transition until this one has changed something"
            raise self.outside(call_text(operation, sql), (case, "ask the tables instead"))
        if statement.kind == DEFINE:
            if not self._defined:
                self._defined, self._schema_before = True, self._schema_version()
            self.note_definition(sql)
        return statement.kind

    def note_definition(self, sql: str) -> None:
        """Notice what a definition asks of every transition from now on."""
        if "deferr" in sql.lower():
            self.checks_references = bool(self.query("PRAGMA foreign_keys").fetchone()[0])
        if classify(sql).looks_back:
            self.looks_back = True

    def forget(self) -> None:
        """Let last_insert_rowid() and changes() say the same at the start of every transition, as triggers may ask."""
        self.query("CREATE TEMP TABLE IF NOT EXISTS phasm_lab_zero (zero INTEGER PRIMARY KEY)")
        self.query("REPLACE INTO phasm_lab_zero VALUES (0)")

    def _schema_version(self) -> int:
        return int(self.query("PRAGMA schema_version").fetchone()[0])

    def outside(self, asked: str, problem: Problem) -> OutsideEffectError:
        """Return the error for something outside the state; it comes back at the end, should user code swallow it."""
        self.problem = error = OutsideEffectError(asked, *problem)
        return error

    def explain(self, error: sqlite3.Error, operation: str, sql: str) -> None:
        """Raise what is behind an error of SQLite, where something is."""
        if self._reported:
            problem = self._reported[0]
            self._reported.clear()
            raise self.outside(call_text(operation, sql), problem) from None
        if str(error) == "interrupted":
            self.problem = error
            raise EndlessError(f"{call_text(operation, sql)} did not end") from None
        if not self.connection.in_transaction:
            self.problem = sqlite3.OperationalError(f"SQLite ended the transaction: {error}")

    @property
    def is_open(self) -> bool:
        """Whether a transaction was begun and neither committed nor rolled back."""
        return self.problem is not _OVER

    def finish(self, *, returned: bool = True) -> None:
        """Raise what stands in the way of a commit; of what did not return, only a call that was never awaited.

        Raises
        ------
        DefinitionError
            If a call was never awaited.
        sqlite3.IntegrityError
            If a deferred reference is broken.
        """
        for call in self.calls:
            if call.cr_frame is not None and is_waiting(call):
                raise not_awaited(call)
        if returned and self.problem is not None:
            raise self.problem if self.is_open else _read_while_running()
        if returned and self.checks_references and self.query("PRAGMA foreign_key_check").fetchone() is not None:
            raise sqlite3.IntegrityError("FOREIGN KEY constraint failed")

    def commit(self) -> int:
        """End the transaction; return how many rows it changed, or -1 if it changed nothing, which is then taken back."""
        row_count = self.connection.total_changes - self._total_before
        if not row_count and not self.changed():
            self.rollback()
            return -1
        self.query("COMMIT")
        self._close()
        return row_count

    def rollback(self) -> bool:
        """Take the transaction back; tell whether it had changed anything."""
        changed = self.changed()
        if self.connection.in_transaction:
            self.query("ROLLBACK")
        for call in filter(is_waiting, self.calls):
            call.close()
        self._close()
        return changed

    def changed(self) -> bool:
        """Tell whether the open transaction changed anything."""
        if not self.statements:
            return False
        if self.connection.total_changes != self._total_before:
            return True
        return self._defined and self._schema_version() != self._schema_before

    def _close(self) -> None:
        self.calls.clear()
        self.statements = []
        self.problem = _OVER
        self._defined = False


def _read_while_running() -> DefinitionError:
    return DefinitionError(
        "a transition",
        "its database was read past it while it ran, which ended it",
        "await the state that stf is given",
    )


def _kept(params: Any) -> Any:
    """Return parameters that nobody can change any more."""
    if isinstance(params, Mapping):
        return {str(key): _kept_value(value) for key, value in params.items()}
    return tuple(map(_kept_value, params)) if isinstance(params, Sequence) else ()


def _kept_value(value: Any) -> Any:
    if type(value) in ATOMIC:
        return value
    return bytes(value) if isinstance(value, bytearray | memoryview) else detach(value, "a parameter")
