"""What a probe shows: whether a result for what is discharged did something, which is all that a probe is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.engine.events import Deliver, Recover
from phasm_lab.machine.data import freeze, same
from phasm_lab.views.rows import tracked_of

if TYPE_CHECKING:
    from collections.abc import Hashable

    from phasm_lab.trace.history import Node
    from phasm_lab.views.facts import FactBook

__all__ = ["breach"]


def breach(book: FactBook, node: Node) -> str:
    """Name the rule that a probe breaks, "repeated-result" or "late-result"; "" for none, and for any other step.

    What a probe finds counts where the run before it is one of the scenario (`semantics.md` §8): not after another probe.
    """
    before = node.parent
    event = node.step.event if node.step is not None else None
    if before is None or before.probed or not isinstance(event, Deliver) or not event.probe:
        return ""
    discharge = _discharge(book, before, freeze(event.result.action.id))
    if discharge is None or not _does_something(node):
        return ""
    return "repeated-result" if same(discharge.result.value, event.result.value) else "late-result"


def _discharge(book: FactBook, node: Node, key: Hashable) -> Deliver | None:
    """Return the delivery that discharged an id: committed, after stf last emitted the id, and restore asks no more."""
    emitted = [each.depth for each in book.before(node, "emit", key) if not _is_recovery(each)]
    for each in book.before(node, "deliver", key):
        assert each.step is not None
        if (
            isinstance(each.step.event, Deliver)
            and each.step.record.result == "committed"
            and each.depth > max(emitted, default=-1)
            and not book.restores(each, key)
        ):
            return each.step.event
    return None


def _is_recovery(node: Node) -> bool:
    return node.step is not None and isinstance(node.step.event, Recover)


def _does_something(node: Node) -> bool:
    assert node.parent is not None
    assert node.step is not None
    before, after = node.parent.configuration.state, node.configuration.state
    return bool(tracked_of(node.step.record)) or (before is not after and before.frozen() != after.frozen())
