"""A run as a table of text, one row a step, its middle left out where it is long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.trace.labels import one_line, shorten, shorten_label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["table"]

EVENT_WIDTH = 50
TEXT_WIDTH = 66
MAX_ROW_COUNT = 40
"""Steps above which only the first and last half of as many are shown."""


def table(title: str, step_count: int, row: Callable[[int], tuple[str, str]]) -> str:
    """Return the text of a run; `row` gives event and what it led to for an index, and is asked only for what is shown.

    Examples
    --------
    >>> print(table("payments", 1, lambda index: ("recover", "committed")))
    payments · 1 step
    step  event    what it led to
       1  recover  committed
    """
    count = f"{step_count:,} step{'' if step_count == 1 else 's'}" if step_count else "no steps yet"
    heading = f"{shorten(title, EVENT_WIDTH)} · {count}"
    if step_count == 0:
        return heading
    half = MAX_ROW_COUNT // 2
    folded = step_count > MAX_ROW_COUNT
    first, last = (range(half), range(step_count - half, step_count)) if folded else (range(step_count), range(0))
    rows = _rows([*first, *last], row)
    gap = [f"… {step_count - 2 * half:,} more steps …"] if folded else []
    lines = _lines(rows)
    return "\n".join([heading, *lines[: len(first) + 1], *gap, *lines[len(first) + 1 :]])


def _rows(indexes: Sequence[int], row: Callable[[int], tuple[str, str]]) -> list[tuple[str, str, str]]:
    texts = [(index, *row(index)) for index in indexes]
    return [(f"{index + 1:,}", shorten_label(event, EVENT_WIDTH), _cut(led_to)) for index, event, led_to in texts]


def _cut(text: str) -> str:
    """Return a text as one line that ends where the table does."""
    line = one_line(text)
    return line if len(line) <= TEXT_WIDTH else f"{line[: TEXT_WIDTH - 1]}…"


def _lines(rows: list[tuple[str, str, str]]) -> list[str]:
    rows = [("step", "event", "what it led to"), *rows]
    number_width = max(len(number) for number, _, _ in rows)
    event_width = max(len(event) for _, event, _ in rows)
    return [f"{number:>{number_width}}  {event:<{event_width}}  {led_to}".rstrip() for number, event, led_to in rows]
