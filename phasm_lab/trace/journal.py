"""A file that records are appended to and that survives the death of the process at any moment.

Theory of operation. The file is JSON lines: a header, then one record a line, its newline last. Each append is one
write on a descriptor opened for appending, so a killed process leaves whole lines and at most one unfinished one, which the
next opening cuts off. A lock on the file keeps a second process out; within one process a newer `open` takes the file
over, since running a notebook's cell again is no mistake.

What it does not survive: a power failure may take what the system had not yet written to the disk.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakValueDictionary, finalize

from phasm_lab.errors import TraceError
from phasm_lab.trace.codec import from_line, to_line
from phasm_lab.trace.labels import shorten

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["FORMAT", "VERSION", "Journal"]

FORMAT = "phasm-lab-journal"
VERSION = 1

_OPEN: WeakValueDictionary[tuple[int, int], Journal] = WeakValueDictionary()
"""The journals open in this process, by device and file number."""


class Journal:
    """A journal file that is open for appending.

    Attributes
    ----------
    path
        The file.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._hold(descriptor)

    def _hold(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor
        self._closer = finalize(self, os.close, descriptor)

    @classmethod
    def open(cls, path: str | Path, scenario_name: str) -> tuple[Journal, list[dict[str, Any]]]:
        """Open a journal, or begin one where there is no file; return it and the records in it.

        Raises
        ------
        TraceError
            If the file is something else, belongs to another scenario or is open in another process. It is as it was.
        """
        path = Path(path)
        asked = f"journal={str(path)!r}"
        descriptor = _open_file(path, asked)
        journal = cls(path, descriptor)
        status = os.fstat(descriptor)
        older = _OPEN.get((status.st_dev, status.st_ino))
        if older is not None and older.closed:
            older = None
        try:
            if older is None:
                _lock(descriptor, asked)
            records = journal._read(asked, scenario_name)
        except BaseException:
            journal.close()
            raise
        if older is not None:
            journal._take_over(older)
        _OPEN[status.st_dev, status.st_ino] = journal
        return journal, records

    @property
    def closed(self) -> bool:
        """Whether the file was let go, or taken over."""
        return self._descriptor is None

    def _take_over(self, older: Journal) -> None:
        """Go on with the descriptor of an older journal on the same file, which holds the lock."""
        descriptor = older._descriptor
        assert descriptor is not None
        older._closer.detach()
        older._descriptor = None
        self.close()
        self._hold(descriptor)

    def _read(self, asked: str, scenario_name: str) -> list[dict[str, Any]]:
        """Return the records in the file, an unfinished last line cut off; write the header into an empty file."""
        assert self._descriptor is not None
        header = to_line({"format": FORMAT, "version": VERSION, "scenario": scenario_name}).encode()
        content = _content(self._descriptor)
        if header.startswith(content) and content != header:
            os.ftruncate(self._descriptor, 0)
            self._write(header)
            return []
        whole = content[: content.rfind(b"\n") + 1]
        _require_header(asked, (whole or content).split(b"\n")[0], scenario_name)
        records = [_record(asked, number, line) for number, line in enumerate(whole.split(b"\n")[1:-1], start=2)]
        os.ftruncate(self._descriptor, len(whole))
        return records

    def append(self, *records: dict[str, Any]) -> None:
        """Write records, so that they are in the file when this returns; none is if it raises.

        Raises
        ------
        TraceError
            If the journal is closed, or they cannot be written.
        """
        self._write("".join(map(to_line, records)).encode())

    def _write(self, line: bytes) -> None:
        asked = f"journal {str(self.path)!r}"
        if self._descriptor is None:
            raise TraceError(asked, "it is closed, or was opened again since", "go on in the lab that was opened last")
        try:
            count = os.write(self._descriptor, line)
            if count < len(line):
                os.ftruncate(self._descriptor, os.fstat(self._descriptor).st_size - count)
        except OSError as error:
            raise TraceError(asked, f"it cannot be written: {error.strerror}", "name a file elsewhere") from error
        if count < len(line):
            raise TraceError(asked, "only a part of a record could be written", "make room on the disk")

    def close(self) -> None:
        """Let go of the file; closing twice is once."""
        self._closer()
        self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<journal {str(self.path)!r}, {'closed' if self.closed else 'open'}>"


def _open_file(path: Path, asked: str) -> int:
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    try:
        return os.open(path, flags, 0o666)
    except FileNotFoundError as error:
        raise TraceError(asked, f"there is no folder {str(path.parent)!r}", "make it first") from error
    except IsADirectoryError as error:
        raise TraceError(asked, "it is a folder", "name a file in it") from error
    except (OSError, ValueError) as error:
        raise TraceError(asked, f"it cannot be opened: {getattr(error, 'strerror', None) or error}") from error


def _lock(descriptor: int, asked: str) -> None:
    try:
        import fcntl
    except ImportError:  # there is none on Windows, and then nothing keeps a second process out
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise TraceError(asked, "another process has it open", "close the lab there, or name another file") from error
    except OSError:  # some shared folders know no locks
        return


def _content(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    parts = []
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _require_header(asked: str, line: bytes, scenario_name: str) -> None:
    header = from_line(line)
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        begins = shorten(repr(line.decode(errors="replace")), 60)
        raise TraceError(asked, f"it is not a journal of PHASM Lab: it begins with {begins}", "name another file")
    if header.get("version") != VERSION:
        raise TraceError(
            asked,
            f"it is written in version {header.get('version')!r} of the format",
            f"this PHASM Lab reads version {VERSION}",
        )
    if header.get("scenario") != scenario_name:
        raise TraceError(
            asked,
            f"it belongs to the scenario {header.get('scenario')!r}, not to {scenario_name!r}",
            "name another file",
        )


def _record(asked: str, number: int, line: bytes) -> dict[str, Any]:
    record = from_line(line)
    if not isinstance(record, dict):
        found = shorten(repr(line.decode(errors="replace")), 60)
        raise TraceError(asked, f"its line {number} is no record: {found}", "take that line out, or name another file")
    return record


def _let_go() -> None:
    """Close every journal in a forked child: two processes must not write to one."""
    for journal in list(_OPEN.values()):
        journal.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)
