"""The listing of a version as paths: where each value stands, as one would write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.trace.labels import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["EMPTY", "leaves", "paths"]

EMPTY = ("", "{}", "[]", "set()", "frozenset()")
"""What stands for the value of a container, in which there may be something."""


def paths(listing: Sequence[tuple[str, str, int, str, str]]) -> Iterator[tuple[str, str, bool]]:
    """Yield each place of a listing: its path, what is written there, and whether it has parts.

    Examples
    --------
    >>> list(paths([("", "S", 0, "pending", ""), ("", "S", 1, "1", "500")]))
    [('pending', '', True), ('pending[1]', '500', False)]
    """
    above: list[tuple[str, bool]] = []
    for index, (_, _, depth, key, value) in enumerate(listing):
        del above[depth:]
        path, in_container = above[-1] if above else ("", False)
        path = f"{path}[{key}]" if in_container else f"{path}.{key}" if path else key
        above.append((path, value == ""))
        yield path, value, index + 1 < len(listing) and listing[index + 1][2] > depth


def leaves(listing: Sequence[tuple[str, str, int, str, str]]) -> Iterator[tuple[str, str]]:
    """Return the values of a listing with their paths, containers left out.

    Examples
    --------
    >>> list(leaves([("", "S", 0, "next_id", "2"), ("", "S", 0, "pending", ""), ("", "S", 1, "1", "500")]))
    [('next_id', '2'), ('pending[1]', '500')]
    """
    for path, value, has_parts in paths(listing):
        if not has_parts and value not in EMPTY:
            yield path, one_line(value)
