"""Words for a restore that writes to the state, with the line that does: a write counts, whether or not a value differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.interpreter.places import Place

if TYPE_CHECKING:
    from phasm_lab.engine.transition import Attempt

__all__ = ["wrote_words"]

WRITES = ("write", "execute")


def wrote_words(tried: Attempt) -> str:
    """Return what is told of a metered run of restore that wrote; the line is that of its first write."""
    found = [access for access in tried.accesses if access.operation in WRITES and access.line]
    where = "".join(f": {Place(access.file, access.line, 'restore').where}" for access in found[:1])
    return f"restore writes to the state{where}"
