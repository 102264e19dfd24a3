"""Statements: what a piece of SQL does, told from its words, and which SQL has no place in a transition."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

__all__ = [
    "DEFINE",
    "KNOWN",
    "READ",
    "TOTAL_CHANGES",
    "TRANSACTION",
    "WRITE",
    "FailedSQL",
    "Statement",
    "call_text",
    "classify",
    "fold",
    "kind_of",
]

READ, WRITE, DEFINE, SPECIAL = 0, 1, 2, 3
"""Reads only; changes rows; changes the schema; needs a closer look before it is run."""

KNOWN: dict[str, int] = {}
"""Kinds of statements seen so far, looked up at each call."""

MAX_KNOWN_COUNT = 512

MAX_FOLDED_LENGTH = 120
"""Characters of a statement that are shown where it is named."""

_QUOTED_OR_COMMENT = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?(?:\*/|\Z)""", re.DOTALL)
_WORD = re.compile(r"[a-z_]\w*|[().]")

_KINDS = {
    "select": READ,
    "values": READ,
    "explain": READ,
    "insert": WRITE,
    "replace": WRITE,
    "update": WRITE,
    "delete": WRITE,
    "create": DEFINE,
    "drop": DEFINE,
    "alter": DEFINE,
    "reindex": DEFINE,
    "analyze": DEFINE,
}

TRANSACTION = ("the engine begins, commits and rolls back", "leave it out, or raise to have everything taken back")
_ELSEWHERE = ("another database is not part of the state", "keep it all in this one")
_REFUSALS = {
    **dict.fromkeys(("begin", "commit", "end", "rollback", "savepoint", "release"), TRANSACTION),
    **dict.fromkeys(("attach", "detach"), _ELSEWHERE),
    "pragma": (
        "a pragma speaks to the connection, which is not part of the state",
        "put it into pl.sqlite(schema=...)",
    ),
    "vacuum": ("it cannot run inside a transaction", "leave it out"),
}
_TEMPORARY = ("what is temporary is gone after a crash without being part of the state", "create it without TEMP")
TOTAL_CHANGES = ("total_changes() counts since the connection was opened", "count what execute returns")


class Statement(NamedTuple):
    """What a piece of SQL does.

    Attributes
    ----------
    kind
        READ, WRITE, DEFINE, or SPECIAL for what the next two say.
    refusal
        What is the case and what to do, if it has no place in a transition.
    looks_back
        Names of the functions in it that ask what the connection did before.
    returns_rows
        Whether it returns the rows that it writes.
    """

    kind: int
    refusal: tuple[str, str] | None = None
    looks_back: tuple[str, ...] = ()
    returns_rows: bool = False


class FailedSQL(str):
    """The text of a statement that SQLite refused, and that is to fail again when it is replayed."""

    __slots__ = ()


def kind_of(sql: str) -> int:
    """Return the kind of a statement and remember it in `KNOWN`; SPECIAL sends the caller to `classify`."""
    statement = classify(sql)
    if len(KNOWN) >= MAX_KNOWN_COUNT:
        KNOWN.clear()
    plain = not (statement.refusal or statement.looks_back or statement.returns_rows)
    KNOWN[sql] = statement.kind if plain else SPECIAL
    return KNOWN[sql]


@lru_cache(maxsize=512)
def classify(sql: str) -> Statement:
    """Say what a statement does.

    Examples
    --------
    >>> classify("insert into t values (1)").kind == WRITE, classify("with a as (select 1) delete from t").kind == WRITE
    (True, True)
    >>> classify("commit").refusal
    ('the engine begins, commits and rolls back', 'leave it out, or raise to have everything taken back')
    """
    words = _WORD.findall(_QUOTED_OR_COMMENT.sub(" '' ", sql).lower())
    first = words[0] if words else ""
    kind = _kind_after_with(words) if first == "with" else _KINDS.get(first, WRITE)
    return Statement(kind, _refusal(first, words), _looks_back(words), "returning" in words)


def _kind_after_with(words: list[str]) -> int:
    depth = 0
    for word in words[1:]:
        depth += (word == "(") - (word == ")")
        if depth == 0 and _KINDS.get(word, DEFINE) < DEFINE:
            return _KINDS[word]
    return WRITE


def _refusal(first: str, words: list[str]) -> tuple[str, str] | None:
    if first in _REFUSALS:
        return _REFUSALS[first]
    if first == "create" and (words[1:2] in (["temp"], ["temporary"]) or _follows(words, "temp", ".")):
        return _TEMPORARY
    return TOTAL_CHANGES if _follows(words, "total_changes", "(") else None


def _looks_back(words: list[str]) -> tuple[str, ...]:
    return tuple(name for name in ("last_insert_rowid", "changes", "total_changes") if _follows(words, name, "("))


def _follows(words: list[str], first: str, second: str) -> bool:
    return any(pair == (first, second) for pair in pairwise(words))


@lru_cache(maxsize=512)
def fold(sql: str) -> str:
    r"""Return a statement on one line, shortened.

    Examples
    --------
    >>> fold("select *\n    from payments")
    'select * from payments'
    """
    line = " ".join(str(sql).split())
    return line if len(line) <= MAX_FOLDED_LENGTH else line[: MAX_FOLDED_LENGTH - 1] + "…"


def call_text(operation: str, sql: str) -> str:
    """Return a call as a person would write it, for messages.

    Examples
    --------
    >>> call_text("execute", "commit")
    "state.execute('commit')"
    """
    return f"state.{operation}({fold(sql)!r})"
