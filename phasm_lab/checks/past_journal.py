"""What C code wrote to a state without asking it: no rollback undoes that, so the machine is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.engine.memory import MemoryVersion
from phasm_lab.errors import DefinitionError
from phasm_lab.machine.data import freeze

if TYPE_CHECKING:
    from collections.abc import Collection

    from phasm_lab.engine.versions import Version
    from phasm_lab.interpreter.listener import Heard

__all__ = ["refuse_writes_past_journal"]


def refuse_writes_past_journal(version: Version, in_c: Collection[Heard]) -> None:
    """Refuse a state that is not what its journal says, after a transition that was taken back.

    Raises
    ------
    DefinitionError
        If it is not, and calls in C were heard in that transition; it names their lines.
    """
    if not in_c or not isinstance(version, MemoryVersion) or freeze(version.view()) == version.frozen():
        return
    raise DefinitionError(
        " or ".join(f"{heard.place}: {heard.what}" for heard in in_c) + " on a list of the state",
        "C code writes to the list without asking it, and no rollback would undo that",
        "use bisect.insort, or keep the heap in a list of its own: heap = list(state.heap), and state.heap = heap",
    )
