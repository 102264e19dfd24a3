"""A database in a file: opened without harm to what is there, and moved between versions in place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from phasm_lab.errors import DefinitionError
from phasm_lab.machine.text import line_of
from phasm_lab.stores.store import APPLICATION_ID, Store, open_memory

if TYPE_CHECKING:
    from phasm_lab.stores.version import SQLiteVersion

__all__ = ["FileStore", "checked_path"]

_MAGIC = b"SQLite format 3\0"
_HEADER_SIZE = 100
_ID_AT = slice(68, 72)
_WAL_FLAGS_AT = slice(18, 20)

_OWNERS: WeakValueDictionary[Path, FileStore] = WeakValueDictionary()


def checked_path(path: object) -> Path:
    """Return the path of a database file that may be made or replaced.

    Raises
    ------
    DefinitionError
        If it cannot be a file, or is one that is not ours.
    """
    asked = f"pl.sqlite(path={line_of(path)})"
    if not isinstance(path, str | os.PathLike) or not str(path):
        raise DefinitionError(asked, "it is not a path", "write path='state.db', say")
    found = Path(path).absolute()
    if not found.parent.is_dir():
        raise DefinitionError(asked, f"there is no folder {str(found.parent)!r}", "make it first")
    if found.exists() and not found.is_file():
        raise DefinitionError(asked, "it is not a file", "name a file")
    if found.exists() and not _may_be_replaced(found):
        raise DefinitionError(
            asked, "it is there and was not made by PHASM Lab", "name another file, or move this one away"
        )
    return found


def _may_be_replaced(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(_HEADER_SIZE)
    return not header or (header.startswith(_MAGIC) and header[_ID_AT] == APPLICATION_ID.to_bytes(4, "big"))


class FileStore(Store):
    """A store whose live connection is on a file: what the file holds is the version at which it stands."""

    shared = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self._taken_over = False
        earlier = _OWNERS.pop(path, None)
        if earlier is not None:
            earlier.surrender()
        super().__init__(_opened(path))
        _OWNERS[path] = self
        self._data_version = self._read_data_version()

    def surrender(self) -> None:
        """Leave the file to somebody else."""
        self._taken_over = True
        self.connection.close()

    @property
    def is_taken_over(self) -> bool:
        """Whether a later store has the file."""
        return self._taken_over

    def move_to(self, target: SQLiteVersion) -> None:
        """Bring the file to `target`, also where somebody else wrote to it."""
        if self._taken_over:
            raise DefinitionError(
                f"pl.sqlite(path={str(self.path)!r})",
                "a later pl.sqlite(...) has taken the file over",
                "go on with the scenario made from that one",
            )
        version = self._read_data_version()
        if version != self._data_version:
            self._data_version = version
            self.position = None
        super().move_to(target)

    def _read_data_version(self) -> int:
        return int(self.connection.execute("pragma data_version").fetchone()[0])

    def image(self) -> bytes:
        """Return the database as a file that is not in write-ahead mode: a copy in memory cannot be."""
        image = bytearray(super().image())
        image[_WAL_FLAGS_AT] = b"\1\1"
        return bytes(image)


def _opened(path: Path) -> sqlite3.Connection:
    """Open the file, emptied and marked.

    Raises
    ------
    DefinitionError
        If SQLite cannot.
    """
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        _empty(connection)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
    except sqlite3.Error as error:
        connection.close()
        raise DefinitionError(
            f"pl.sqlite(path={str(path)!r})", f"SQLite says: {error}", "close what else uses the file, or name another"
        ) from None
    return connection


def _empty(connection: sqlite3.Connection) -> None:
    page_size = connection.execute("pragma page_size").fetchone()[0]
    with closing(open_memory()) as source:
        source.execute(f"pragma page_size = {page_size}")
        source.execute(f"pragma application_id = {APPLICATION_ID}")
        source.backup(connection)
