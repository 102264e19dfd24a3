"""What the engine asks of a state: versions in a tree, one open at a time, each costing what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from phasm_lab.engine.accesses import Meter

__all__ = ["Change", "Source", "Version"]


@dataclass(frozen=True, slots=True)
class Change:
    """One value that a version changed.

    Attributes
    ----------
    place
        Which part of the state: "" for a dataclass, the table's name for a database.
    path
        Where in it, as a person would write it: ``pending[1]``.
    sign
        "+" added, "-" removed, "~" changed.
    old, new
        Text of the value before and after; "" where there is none.
    """

    place: str
    path: str
    sign: str
    old: str
    new: str


class Version(Protocol):
    """One value that a state had: immutable from outside, whatever the materialised state behind it does.

    A transition runs between `begin` and either `commit` or `rollback`. Only one may be open on a state at a time.
    """

    def begin(self, meter: Meter | None) -> Any:
        """Bring the materialised state to this version and return the handle that stf or restore gets."""

    def finish(self, *, returned: bool = True) -> None:
        """Raise what stands in the way of a commit; called once stf or restore has returned, or failed by a type."""

    def commit(self) -> Version:
        """Make what was written durable; return the new version, or this one if nothing was written."""

    def rollback(self) -> bool:
        """Take back what was written since `begin`; tell whether there was anything."""

    def view(self) -> Any:
        """Return the state as properties see it: for reading, now, and not to be kept."""

    def plain(self) -> Any:
        """Return an independent copy for a person to look at and keep."""

    def frozen(self) -> Hashable:
        """Return a stand-in that is equal exactly where the states are."""

    def changes(self) -> Sequence[Change]:
        """Return what this version changed against the one before it."""

    def listing(self) -> Sequence[tuple[str, str, int, str, str]]:
        """Return the whole state as lines: rows of (section, note, depth, key, value)."""


class Source(Protocol):
    """Where the first version of a state comes from."""

    def start(self) -> Version:
        """Return the version that each run begins with, made anew."""
