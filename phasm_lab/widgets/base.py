"""The base of every widget: traits only; what they hold is made by the lab's session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from phasm_lab.export.tables import run_table
from phasm_lab.trace.labels import shorten
from phasm_lab.widgets.follower import BUNDLE_PATH, Follower, require_lab
from phasm_lab.widgets.picture import Picture, checked_options

if TYPE_CHECKING:
    from phasm_lab.lab.lab import Lab

__all__ = ["LabWidget"]


class LabWidget(Picture):
    """One picture of a lab; several on one lab show the same selected step.

    Parameters
    ----------
    lab
        What is shown.
    theme
        "auto" (what the notebook has), "light" or "dark".
    read_only
        Whether it is for looking only.
    layout
        An `ipywidgets.Layout`, as for any widget.

    Attributes
    ----------
    selected
        Number of the selected step; write it to select another, link it to follow.
    """

    _esm = BUNDLE_PATH
    part_name: ClassVar[str]
    _follower: Follower | None = None

    part = traitlets.Unicode().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    timeline = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    tree = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    graph = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    search = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    comparison = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    other_bundle = traitlets.Unicode().tag(sync=True)
    selected = traitlets.Int(0).tag(sync=True)

    def __init__(self, lab: Lab, **options: Any) -> None:
        name = type(self).__name__
        checked_options(f"{name}(lab", options)
        require_lab(name, lab)
        super().__init__(part=self.part_name, **options)
        self._follower = Follower(lab, self.part_name, self._write)
        self._follower.update()
        self.on_msg(self._receive)

    @property
    def lab(self) -> Lab:
        """The lab that is shown."""
        assert self._follower is not None
        return self._follower.lab

    def close(self) -> None:
        """Stop following the lab, and take the widget off every page."""
        if self._follower is not None:
            self._follower.stop()
        super().close()

    def __repr__(self) -> str:
        lab = self.lab
        return (
            f"{type(self).__name__}({shorten(lab.scenario.name)}, step {lab.selected.number} of {len(lab.history) - 1})"
        )

    def text(self) -> str:
        """Return the lab as text."""
        return repr(self.lab)

    def table(self) -> str:
        """Return the run as a table."""
        return run_table(self.lab)

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        assert self._follower is not None
        self._follower.handle(content)

    @traitlets.validate("selected")
    def _step_that_there_is(self, proposal: Any) -> int:
        number, last = int(proposal["value"]), len(self.lab.history) - 1 if self._follower is not None else 0
        if not 0 <= number <= last:
            raise traitlets.TraitError(f"selected={number}: there is no such step; steps are numbered 0 to {last}")
        return number

    @traitlets.observe("selected")
    def _select(self, change: Any) -> None:
        if self._follower is not None:
            self._follower.select(change["new"])
