"""What one state of a database changed against another, found by SQLite itself on two copies."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.versions import Change
from phasm_lab.stores.store import open_memory
from phasm_lab.stores.tables import Select, Table, key_text, named, quote, shorten, tables

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

__all__ = ["MAX_CHANGE_COUNT", "changes_between"]

MAX_CHANGE_COUNT = 200
"""Changes that are listed; a last one says that there are more."""


def changes_between(before: bytes, after: bytes) -> list[Change]:
    """Return what changed between two images of a database: schema first, then rows, table by table."""
    with closing(open_memory()) as connection:
        connection.execute("attach ':memory:' as before")
        connection.deserialize(before, name="before")
        connection.deserialize(after)
        found = list(islice(_all_changes(partial(_select, connection)), MAX_CHANGE_COUNT + 1))
    if len(found) > MAX_CHANGE_COUNT:
        found[-1] = Change("", "…", "~", "", f"more than the {MAX_CHANGE_COUNT} changes listed")
    return found


def _select(connection: sqlite3.Connection, sql: str, params: Any = (), *, one: bool = False) -> list[Any]:
    cursor = connection.execute(sql, params)
    return cursor.fetchmany(1) if one else cursor.fetchall()


def _all_changes(select: Select) -> Iterator[Change]:
    yield from _schema_changes(select)
    old = {table.name: table for table in tables(select, "before")}
    new = {table.name: table for table in tables(select)}
    for name in {**old, **new}:
        if not (new.get(name) or old[name]).is_virtual:
            yield from _row_changes(select, old.get(name), new.get(name))


def _schema_changes(select: Select) -> Iterator[Change]:
    old, new = _definitions(select, "before"), _definitions(select, "main")
    for (place, path), sql in old.items():
        other = new.get((place, path))
        if other != sql:
            yield Change(place, path, "-" if other is None else "~", sql, other or "")
    for (place, path), sql in new.items():
        if (place, path) not in old:
            yield Change(place, path, "+", "", sql)


def _definitions(select: Select, database: str) -> dict[tuple[str, str], str]:
    found = select(
        f"select type, name, tbl_name, sql from {database}.sqlite_master"  # noqa: S608 - main or before
        " where sql is not null order by rowid"
    )
    return {
        (table, kind if kind == "table" else f"{kind} {name}"): shorten(sql)
        for kind, name, table, sql in found
        if not name.startswith("sqlite_")
    }


def _row_changes(select: Select, old: Table | None, new: Table | None) -> Iterator[Change]:
    if old is None or new is None or old.key != new.key:
        if old is not None:
            yield from _whole_rows(select, old, "before", "")
        if new is not None:
            yield from _whole_rows(select, new, "main", "")
        return
    yield from _whole_rows(select, old, "before", "main")
    yield from _column_changes(select, old, new)
    yield from _whole_rows(select, new, "main", "before")


def _whole_rows(select: Select, table: Table, database: str, other: str) -> Iterator[Change]:
    """Yield the rows that are in one database and, by their key, not in the other; every row if there is no other."""
    columns = ", ".join(f"a.{quote(name)}" for name in table.key + table.columns)
    sql = f"select {columns} from {database}.{quote(table.name)} as a"  # noqa: S608 - quoted
    if other:
        sql += f" where not exists (select 1 from {other}.{quote(table.name)} as b where {_same_key(table)})"  # noqa: S608 - quoted
    for row in select(f"{sql} limit {MAX_CHANGE_COUNT + 1}"):
        key, text = key_text(row[: len(table.key)]), named(table.columns, row[len(table.key) :])
        removed = database == "before"
        yield Change(table.name, key, "-" if removed else "+", text if removed else "", "" if removed else text)


def _column_changes(select: Select, old: Table, new: Table) -> Iterator[Change]:
    columns = [name for name in new.columns if name in old.columns]
    differs = " or ".join(
        f"(a.{name} is not b.{name} collate binary or typeof(a.{name}) <> typeof(b.{name}))"
        for name in map(quote, columns)
    )
    key = ", ".join(f"a.{quote(name)}" for name in new.key)
    pairs = ", ".join(f"b.{name}, a.{name}" for name in map(quote, columns))
    table = quote(new.name)
    sql = f"select {key}, {pairs} from main.{table} as a join before.{table} as b on {_same_key(new)}"  # noqa: S608 - quoted
    for row in select(f"{sql} where {differs} limit {MAX_CHANGE_COUNT + 1}"):
        path, values = key_text(row[: len(new.key)]), row[len(new.key) :]
        for name, before, after in zip(columns, values[::2], values[1::2], strict=True):
            if before != after or type(before) is not type(after):
                yield Change(new.name, f"{path}.{name}", "~", shorten(repr(before)), shorten(repr(after)))


def _same_key(table: Table) -> str:
    return " and ".join(f"a.{name} is b.{name}" for name in map(quote, table.key))
