"""The selected run as lanes, one row a step: a widget of its own."""

from __future__ import annotations

from phasm_lab.widgets.base import LabWidget

__all__ = ["Timeline"]


class Timeline(LabWidget):
    """The selected run as lanes, one row a step.

    Its parameters and its trait `selected` are those of `phasm_lab.widgets.base.LabWidget`.
    """

    part_name = "timeline"
