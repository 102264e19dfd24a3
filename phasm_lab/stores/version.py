"""One value that a database state had, in the shape the engine asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.stores.difference import changes_between
from phasm_lab.stores.reading import Snapshot, View
from phasm_lab.stores.store import ROWS_PER_STATEMENT
from phasm_lab.stores.tables import canonical, lines

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from phasm_lab.engine.accesses import Meter
    from phasm_lab.engine.versions import Change
    from phasm_lab.stores.handle import Handle
    from phasm_lab.stores.store import Store

__all__ = ["SQLiteVersion"]


class SQLiteVersion:
    """One value that a database state had.

    Attributes
    ----------
    store
        The database that can be moved here.
    parent
        The version before, or None.
    statements
        What the transition from there wrote: SQL and parameters by turns.
    reach
        Statements from the nearest snapshot to here, rows changed in bulk counted in.
    snapshot
        The database in blocks, or None.
    """

    __slots__ = ("_frozen", "parent", "reach", "snapshot", "statements", "store")

    def __init__(
        self, store: Store, parent: SQLiteVersion | None, statements: tuple[Any, ...] = (), reach: int = 0
    ) -> None:
        self.store = store
        self.parent = parent
        self.statements = statements
        self.reach = reach
        self.snapshot: tuple[bytes, ...] | None = None
        self._frozen: str | None = None
        if parent is None or reach >= store.limit:
            self.snapshot = store.snapshot(self._earlier_blocks())
            self.reach = 0

    def _earlier_blocks(self) -> tuple[bytes, ...]:
        version = self.parent
        while version is not None:
            if version.snapshot is not None:
                return version.snapshot
            version = version.parent
        return ()

    def begin(self, meter: Meter | None) -> Handle:
        """Open a transaction and return what stf gets."""
        store = self.store
        if store.position is not self or store.shared:
            store.move_to(self)
        store.begin(meter)
        return store.handle

    def finish(self, *, returned: bool = True) -> None:
        """Raise what stands in the way of a commit; of what did not return, only a call that was never awaited."""
        self.store.finish(returned=returned)

    def commit(self) -> SQLiteVersion:
        """Commit; return the new version, or this one if nothing was changed."""
        store = self.store
        statements = store.statements
        row_count = store.commit()
        if row_count < 0:
            return self
        reach = self.reach + len(statements) // 2 + row_count // ROWS_PER_STATEMENT
        store.position = version = SQLiteVersion(store, self, tuple(statements), reach)
        return version

    def rollback(self) -> bool:
        """Roll back; tell whether anything had been changed."""
        return self.store.rollback()

    def select(self, sql: str, params: Any = (), *, one: bool = False) -> list[Any]:
        """Return the rows of a query at this version, or at most the first."""
        self.store.move_to(self)
        return self.store.select(sql, params, one=one)

    def _image(self) -> bytes:
        self.store.move_to(self)
        return self.store.image()

    def view(self) -> View:
        """Return the database at this version, for reading, with queries that are not awaited."""
        return View(self)

    def plain(self) -> Snapshot:
        """Return a copy in memory that stays as it is."""
        return Snapshot(self._image())

    def frozen(self) -> Hashable:
        """Return the rows of every table in one order, and the schema, as text; made once."""
        if self._frozen is None:
            self._frozen = canonical(self.select)
        return self._frozen

    def changes(self) -> Sequence[Change]:
        """Return the rows and columns that differ from the version before, the first two hundred."""
        if self.parent is None:
            return []
        before = self.parent._image()  # noqa: SLF001 - a version of the same class
        return changes_between(before, self._image())

    def listing(self) -> Sequence[tuple[str, str, int, str, str]]:
        """Return one line a row, the first hundred of each table."""
        return lines(self.select)
