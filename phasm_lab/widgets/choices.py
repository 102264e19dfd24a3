"""What can happen next, as chips and forms: a widget of its own."""

from __future__ import annotations

from phasm_lab.widgets.base import LabWidget

__all__ = ["Choices"]


class Choices(LabWidget):
    """What can happen next, as chips and forms.

    Its parameters and its trait `selected` are those of `phasm_lab.widgets.base.LabWidget`.
    """

    part_name = "choices"
