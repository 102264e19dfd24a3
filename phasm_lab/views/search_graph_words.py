"""What a picture of a search says in words: how much of it is shown, and what is known of one node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.trace.labels import shorten
from phasm_lab.views.search_graph_nodes import BANDS
from phasm_lab.views.words import count_of

if TYPE_CHECKING:
    from phasm_lab.views.search_graph_groups import Groups
    from phasm_lab.views.search_graph_shapes import Picked

__all__ = ["picked", "showing"]


def showing(shown: int, total: int, configuration_count: int, *, overview: bool = False) -> str:
    """Say how much of what a search met is shown.

    Examples
    --------
    >>> showing(16, 16, 4565), showing(60, 12431, 12431), showing(1, 1, 1)
    ('16 groups, all 4,565 configurations', 'showing 60 of 12,431', 'all 1 configuration')
    >>> showing(60, 12431, 12431, overview=True)
    'showing 60 of 12,431 with marks'
    """
    everything = f"all {count_of(configuration_count, 'configuration')}"
    if shown < total:
        more = " with marks" if overview else " groups" if total < configuration_count else ""
        return f"showing {shown:,} of {total:,}{more}"
    return everything if total == configuration_count else f"{count_of(total, 'group')}, {everything}"


def picked(groups: Groups, group: int) -> Picked:
    """Tell what is known of a node."""
    met, node = groups.met, groups.firsts[group]
    more = groups.counts[group] - 1
    process = BANDS[met.band(node)]
    facts = [
        f"{count_of(met.depths[node], 'step')} from the start",
        process if met.life(node) < 2 else f"{process}, crashed {met.life(node)} times",
        "quiescent" if met.is_quiescent(node) else "",
        "broken" if group in groups.broken else "",
        f"the first of {more + 1:,} configurations" if more else "",
    ]
    lines = [" · ".join(filter(None, facts)), shorten(f"state {met.state_text(node)}", 240)]
    return {"node": group, "title": groups.label(group), "lines": lines}
