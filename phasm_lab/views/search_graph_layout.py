"""Where the nodes of a search's graph stand: column by fewest steps, band by what the process does, rows by their neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["rows_of"]

SWEEP_COUNT = 4


def rows_of(
    spots: Mapping[int, tuple[int, int]], edges: Iterable[tuple[int, int]], run: Iterable[int]
) -> dict[int, int]:
    """Return the row of each node within its band.

    Those of the run stand first, so that it is one line where it can be; others near the rows of what they are joined to.

    Parameters
    ----------
    spots
        By node: its band and its column.
    edges
        Pairs of nodes.
    run
        The nodes of the run.

    Examples
    --------
    >>> rows_of({0: (0, 0), 1: (0, 1), 2: (0, 1), 3: (0, 2), 4: (0, 2)}, [(0, 1), (0, 2), (1, 4), (2, 3)], run=[0, 2])
    {0: 0, 2: 0, 1: 1, 3: 0, 4: 1}
    """
    first = set(run)
    columns: dict[tuple[int, int], list[int]] = {}
    for node, (band, column) in spots.items():
        columns.setdefault((column, band), []).append(node)
    around: dict[int, list[int]] = {node: [] for node in spots}
    for source, target in edges:
        if spots[source] != spots[target]:
            around[source].append(target)
            around[target].append(source)
    for stack in columns.values():
        stack.sort(key=lambda node: (node not in first, node))
    rows = {node: row for stack in columns.values() for row, node in enumerate(stack)}
    for sweep in range(SWEEP_COUNT):
        for spot in sorted(columns, reverse=bool(sweep % 2)):
            means = {node: _mean([rows[other] for other in around[node]], rows[node]) for node in columns[spot]}
            columns[spot].sort(key=lambda node: (node not in first, means[node], node))
            rows.update((node, row) for row, node in enumerate(columns[spot]))
    return {node: rows[node] for spot in sorted(columns) for node in columns[spot]}


def _mean(rows: list[int], otherwise: int) -> float:
    return sum(rows) / len(rows) if rows else otherwise
