"""What stf and restore get for a database: three calls, each to be awaited, each an access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from phasm_lab.engine.drive import DIES
from phasm_lab.errors import DefinitionError, OutsideEffectError
from phasm_lab.stores.statements import call_text, fold

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from phasm_lab.stores.store import Store

__all__ = ["Call", "Handle", "UnknownNameError"]

_CALLS = (
    "await state.execute(sql, params)",
    "await state.fetch_one(sql, params)",
    "await state.fetch_all(sql, params)",
)
_ENGINES_OWN = ("begin", "close", "commit", "connection", "rollback")


class UnknownNameError(DefinitionError, AttributeError):
    """A name was asked for, or given, that a database state does not have."""


class EnginesOwnError(OutsideEffectError, AttributeError):
    """The transaction was reached for, which is the engine's."""


class Handle:
    """The database as stf and restore see it, inside a transaction that the engine ends."""

    __slots__ = ("_store",)

    def __init__(self, store: Store) -> None:
        object.__setattr__(self, "_store", store)

    def execute(self, sql: str, params: Any = ()) -> Call:
        """Run a statement; awaited, it returns how many rows were inserted, updated or deleted."""
        return Call(self._store, "execute", sql, params)

    def fetch_one(self, sql: str, params: Any = ()) -> Call:
        """Run a query; awaited, it returns the first row as a tuple, or None."""
        return Call(self._store, "fetch_one", sql, params)

    def fetch_all(self, sql: str, params: Any = ()) -> Call:
        """Run a query; awaited, it returns every row, a list of tuples."""
        return Call(self._store, "fetch_all", sql, params)

    def __getattr__(self, name: str) -> NoReturn:
        if name in _ENGINES_OWN:
            raise EnginesOwnError(
                f"state.{name}", "the engine begins, commits and rolls back", "leave it out; there are", _CALLS
            )
        raise UnknownNameError(f"state.{name}", "a database state has no such name", "write one of", _CALLS)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise UnknownNameError(
            f"state.{name} = {value!r}", "a database keeps values in its tables", "write one of", _CALLS
        )

    def __repr__(self) -> str:
        return "<the database in a transition: execute, fetch_one, fetch_all>"


class Call:
    """One call on the database that waits to be awaited."""

    __slots__ = ("_operation", "_params", "_sql", "_store")

    def __init__(self, store: Store, operation: str, sql: str, params: Any) -> None:
        self._store = store
        self._operation = operation
        self._sql = sql
        self._params = params
        store.calls.append(self)

    def __await__(self) -> Generator[Any, None, Any]:
        store = self._store
        try:
            store.calls.remove(self)
        except ValueError:
            raise self._no_longer() from None
        meter = store.meter
        if meter is not None and meter.access(self._operation, fold(self._sql)):
            yield DIES
        return store.run(self._operation, self._sql, self._params)

    def _no_longer(self) -> DefinitionError:
        return DefinitionError(
            f"await {self.text}",
            "it was awaited already, or its transition is over",
            "call it anew where it is awaited",
        )

    @property
    def text(self) -> str:
        """The call as a person would write it."""
        return call_text(self._operation, self._sql)

    def not_awaited(self) -> DefinitionError:
        """Return the error for a call that nobody awaited."""
        return DefinitionError(self.text, "it was not awaited, so nothing was run", f"write await {self.text}")

    def __iter__(self) -> Iterator[Any]:
        raise self.not_awaited()

    def __getitem__(self, index: Any) -> NoReturn:
        raise self.not_awaited()

    def __bool__(self) -> NoReturn:
        raise self.not_awaited()

    def __len__(self) -> NoReturn:
        raise self.not_awaited()

    def __repr__(self) -> str:
        return f"<{self.text}, not awaited>"
