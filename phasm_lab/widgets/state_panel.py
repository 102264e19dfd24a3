"""What the selected step changed, what there is, and the code that ran: a widget of its own."""

from __future__ import annotations

from phasm_lab.widgets.base import LabWidget

__all__ = ["StatePanel"]


class StatePanel(LabWidget):
    """What the selected step changed, what there is, and the code that ran.

    Its parameters and its trait `selected` are those of `phasm_lab.widgets.base.LabWidget`.
    """

    part_name = "state_panel"
