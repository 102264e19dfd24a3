"""Tables as text: their names, columns and keys, their rows for a person, and all of them as one canonical text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "MAX_LINE_COUNT",
    "Select",
    "Table",
    "canonical",
    "counted",
    "key_text",
    "lines",
    "named",
    "quote",
    "shorten",
    "tables",
]

MAX_LINE_COUNT = 100
"""Rows of a table that are listed."""

MAX_VALUE_LENGTH = 1_000
"""Characters of a value that are shown."""

_ROW_ID_NAMES = ("rowid", "_rowid_", "oid")


class Select(Protocol):
    """Runs a query and returns its rows, or at most the first."""

    def __call__(self, sql: str, params: Any = (), *, one: bool = False) -> list[Any]:
        """Return the rows."""


class Table(NamedTuple):
    """A user's table.

    Attributes
    ----------
    sql
        The statement that made it.
    columns
        Names of its columns.
    key
        Names of the columns of its primary key; the row id's name, or every column, where it has none.
    """

    name: str
    sql: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def is_virtual(self) -> bool:
        """Whether its rows are kept in other tables."""
        return self.sql.lower().startswith("create virtual")


def quote(name: str) -> str:
    """Return a name as SQL writes it, whatever is in it.

    Examples
    --------
    >>> quote('an "odd" name')
    '"an ""odd"" name"'
    """
    return '"' + name.replace('"', '""') + '"'


def tables(select: Select, database: str = "main") -> list[Table]:
    """Return the user's tables of a database in the order in which they were made."""
    found = select(
        f"select name, sql from {database}.sqlite_master"  # noqa: S608 - main or the name of a copy
        " where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by rowid"
    )
    return [_table(select, database, name, sql) for name, sql in found]


def _table(select: Select, database: str, name: str, sql: str) -> Table:
    columns = select("select name, pk from pragma_table_xinfo(?, ?) where hidden <> 1 order by cid", (name, database))
    names = tuple(column for column, _ in columns)
    key = tuple(column for column, place in sorted(columns, key=lambda pair: pair[1]) if place)
    return Table(name, sql, names, key or _row_id(names))


def _row_id(columns: tuple[str, ...]) -> tuple[str, ...]:
    taken = {column.lower() for column in columns}
    free = [name for name in _ROW_ID_NAMES if name not in taken]
    return (free[0],) if free else columns


def shorten(text: str) -> str:
    """Return a text, cut where nobody would read on."""
    if len(text) <= MAX_VALUE_LENGTH:
        return text
    return f"{text[:MAX_VALUE_LENGTH]}… ({len(text):,} characters)"


def key_text(values: tuple[Any, ...]) -> str:
    """Return a row's key as a person would write it.

    Examples
    --------
    >>> key_text((1,)), key_text(("ada", 2))
    ('1', "('ada', 2)")
    """
    return shorten(repr(values[0]) if len(values) == 1 else repr(values))


def named(columns: tuple[str, ...], values: tuple[Any, ...]) -> str:
    """Return a row's values with the names of their columns.

    Examples
    --------
    >>> named(("id", "stage"), (1, "paid"))
    "id=1, stage='paid'"
    """
    return ", ".join(f"{column}={shorten(repr(value))}" for column, value in zip(columns, values, strict=True))


def counted(count: int) -> str:
    """Return how many rows there are, in words.

    Examples
    --------
    >>> counted(0), counted(1), counted(1_200)
    ('no rows', '1 row', '1,200 rows')
    """
    return "no rows" if not count else "1 row" if count == 1 else f"{count:,} rows"


def lines(select: Select) -> list[tuple[str, str, int, str, str]]:
    """Return one line a row: (table, how many rows it has, 0, key, other columns); one without key for an empty table."""
    return [line for table in tables(select) for line in _lines_of(select, table)]


def _lines_of(select: Select, table: Table) -> Iterator[tuple[str, str, int, str, str]]:
    count = select(f"select count(*) from {quote(table.name)}")[0][0]  # noqa: S608 - quoted
    if not count:
        yield table.name, counted(0), 0, "", ""
    others = tuple(column for column in table.columns if column not in table.key)
    for row in select(_first_rows(table, others)):
        key, rest = row[: len(table.key)], row[len(table.key) :]
        yield table.name, counted(count), 0, key_text(key), named(others, rest)
    if count > MAX_LINE_COUNT:
        yield table.name, counted(count), 0, "…", f"and {counted(count - MAX_LINE_COUNT)} more"


def _first_rows(table: Table, others: tuple[str, ...]) -> str:
    key = ", ".join(map(quote, table.key))
    columns = ", ".join(map(quote, table.key + others))
    return f"select {columns} from {quote(table.name)} order by {key} limit {MAX_LINE_COUNT}"  # noqa: S608 - quoted


def canonical(select: Select) -> str:
    """Return a text that is equal exactly where schema and rows are: the order of rows does not count, types do."""
    schema = select("select type, name, tbl_name, sql from sqlite_master")
    parts = sorted(map(repr, schema))
    for name in sorted(name for kind, name, _, sql in schema if kind == "table" and _has_rows(name, sql)):
        rows = sorted(map(repr, select(f"select * from {quote(name)}")))  # noqa: S608 - quoted
        parts += [repr((name, len(rows))), *rows]
    return "\n".join(parts)


def _has_rows(name: str, sql: str) -> bool:
    """Tell whether a table keeps rows of its own that matter: a user's, or the sequence behind AUTOINCREMENT."""
    if name.startswith("sqlite_"):
        return name == "sqlite_sequence"
    return not sql.lower().startswith("create virtual")
