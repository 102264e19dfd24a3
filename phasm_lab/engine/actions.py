"""The `actions` that stf and restore are given: output only, and able to fail."""

from __future__ import annotations

from typing import Any, NoReturn

from phasm_lab.errors import AddError, DefinitionError
from phasm_lab.machine.data import ATOMIC, detach
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import Tracked, Untracked

__all__ = ["Actions"]


class Actions:
    """Collects the actions of one transition.

    Parameters
    ----------
    fail_at
        Number of the `add` that fails, 0 for none.
    sticky
        Whether every `add` after that fails too.
    """

    __slots__ = ("_fail_at", "_items", "_sticky", "add_count", "failed", "problem", "role")

    def __init__(self, role: str = "stf", fail_at: int = 0, *, sticky: bool = False) -> None:
        self._items: list[Tracked | Untracked] = []
        self._fail_at = fail_at
        self._sticky = sticky
        self.role = role
        self.add_count = 0
        self.failed = False
        self.problem: DefinitionError | None = None

    def add(self, action: Tracked | Untracked) -> None:
        """Emit one action.

        Raises
        ------
        AddError
            If the lab makes this `add` fail.
        DefinitionError
            If it is not a Tracked or Untracked, or its parts cannot be compared by value.
        """
        self.add_count += 1
        if self._fail_at and (self.add_count == self._fail_at or (self._sticky and self.add_count > self._fail_at)):
            self.failed = True
            raise AddError(f"actions.add number {self.add_count}", "the lab made it fail")
        try:
            self._items.append(self._checked(action))
        except DefinitionError as error:
            # Kept, so that user code which catches what it can does not hide it.
            self.problem = error
            raise

    def _checked(self, action: Any) -> Tracked | Untracked:
        if type(action) is Tracked:
            payload = action.payload
            if type(action.id) in ATOMIC and type(payload) in ATOMIC:
                return action
            identity, copy = detach(action.id, "the id of a Tracked"), detach(payload, "the payload of a Tracked")
            return action if copy is payload and identity is action.id else Tracked(identity, copy)
        if type(action) is Untracked:
            copy = detach(action.payload, "the payload of an Untracked")
            return action if copy is action.payload else Untracked(copy)
        return self._refuse(
            f"{self.role} added {line_of(action)}",
            "that is not an action",
            "wrap it: pl.Tracked(id, payload) or pl.Untracked(payload)",
        )

    def clear(self) -> None:
        """Take back what was added so far."""
        self._items.clear()

    def taken(self) -> tuple[Tracked | Untracked, ...]:
        """Return what was emitted; for the engine."""
        return tuple(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> NoReturn:
        self._refuse(
            f"{self.role} read its actions", "actions are output only", "keep what you need in state or in a variable"
        )

    def __getitem__(self, index: Any) -> NoReturn:
        self._refuse(
            f"{self.role} read actions[{line_of(index)}]",
            "actions are output only",
            "keep what you need in state or in a variable",
        )

    __contains__ = __getitem__

    def _refuse(self, asked: str, case: str, todo: str) -> NoReturn:
        self.problem = DefinitionError(asked, case, todo)
        raise self.problem

    def __repr__(self) -> str:
        return f"<actions, {len(self._items)} added>"
