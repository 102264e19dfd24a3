"""The explorer: choices, lanes and state of a lab in one notebook cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.widgets.base import LabWidget

if TYPE_CHECKING:
    from phasm_lab.lab.lab import Lab

__all__ = ["Explorer", "explorer_of"]


class Explorer(LabWidget):
    """The whole lab: what can happen next, what the run did, what changed, every branch, one line of Python.

    Its parameters and its trait `selected` are those of `phasm_lab.widgets.base.LabWidget`.
    """

    part_name = "explorer"


def explorer_of(lab: Lab) -> Explorer:
    """Return the explorer that shows `lab` wherever the lab itself is the value of a cell.

    It is made once: a cell that is run again shows it again, and each step is written to one widget.
    """
    with lab._lock:  # noqa: SLF001 - two cells may show the lab at once, on two threads
        shown = getattr(lab, "_explorer", None)
        if shown is None or shown.comm is None:
            shown = lab._explorer = Explorer(lab)  # type: ignore[attr-defined]  # noqa: SLF001 - it lives as long as the lab
        return shown
