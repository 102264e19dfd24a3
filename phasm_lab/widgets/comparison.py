"""Two runs side by side as a widget."""

from __future__ import annotations

from typing import Any

from phasm_lab.errors import DefinitionError
from phasm_lab.export.recovery_tables import comparison_table
from phasm_lab.recoveries.comparison import Comparison as SideBySideRuns
from phasm_lab.views.comparison_session import ComparisonSession
from phasm_lab.views.comparison_view import ComparisonBook
from phasm_lab.widgets.picture import checked_options
from phasm_lab.widgets.recoveries import RecoveriesWidget

__all__ = ["Comparison", "comparison_session", "required_comparison"]


class Comparison(RecoveriesWidget):
    """Two runs side by side, matched by what their steps mean.

    Parameters
    ----------
    comparison
        What `phasm_lab.compare` or `phasm_lab.compare_recoveries` returned.
    options
        Those of `phasm_lab.widgets.recoveries.RecoveriesWidget`.
    """

    part_name = "comparison"

    def __init__(self, comparison: Any, **options: Any) -> None:
        name = type(self).__name__
        session = comparison_session(required_comparison(name, comparison))
        super().__init__(session, checked_options(f"{name}(...", options))

    @property
    def shown(self) -> SideBySideRuns:
        """The comparison that is shown."""
        session: ComparisonSession = self.session
        return session.book.comparison

    def table(self) -> str:
        """Return both runs as one table."""
        return comparison_table(self.shown)

    def __repr__(self) -> str:
        return f"Comparison({self.shown.verdict!r})"


def comparison_session(comparison: SideBySideRuns) -> ComparisonSession:
    """Return what drives a screen of a comparison."""
    return ComparisonSession(ComparisonBook(comparison))


def required_comparison(name: str, comparison: Any) -> SideBySideRuns:
    """Return the comparison that a widget called `name` was asked to show.

    Raises
    ------
    DefinitionError
        If it is none.
    """
    found = getattr(comparison, "comparison", comparison)
    if not isinstance(found, SideBySideRuns):
        raise DefinitionError(
            f"{name}({comparison!r:.80})", "it is not a comparison", f"write {name}(pl.compare(left, right))"
        )
    return found
