"""What restore asks for, and whether anybody works on it: `unwatched-action`, and `stuck` where nothing is left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.checks.obligations import Breach
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import kind_of

if TYPE_CHECKING:
    from phasm_lab.checks.parts import Parts

__all__ = ["unwatched"]


def unwatched(parts: Parts, asked: tuple[int, ...], working: int) -> list[Breach]:
    """Return what is broken where restore would emit `asked` and the ids in `working` are queued or on the wire, as bits."""
    found = []
    for action in asked:
        if not parts.bits([action]) & working:
            tracked = parts.actions[action]
            told = f"{kind_of(tracked.payload)} {line_of(tracked.id)}"
            found.append(Breach("unwatched-action", f"{told} is what restore asks for, and nobody is working on it"))
    if asked and not working:
        ids = ", ".join(line_of(parts.actions[action].id) for action in asked)
        found.append(Breach("stuck", f"nothing is left to do, and restore still asks for {ids}"))
    return found
