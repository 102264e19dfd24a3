r"""Values in a sentence: cut where nobody would read on, but never so that two that differ look alike."""

from __future__ import annotations

import re
from itertools import takewhile

from phasm_lab.trace.labels import one_line, shorten

__all__ = ["apart", "readable", "with_line_signs"]

LEAD_LENGTH = 12
"""Characters that are shown before the place where two texts begin to differ."""

_LINE_END = re.compile(r"(?<!\\)((?:\\\\)*)(?:\\r)?\\n\s*")


def readable(text: str, length: int) -> str:
    r"""Return the text of a value on one line; of one that is too long, line ends are shown as a sign and its middle is cut.

    Examples
    --------
    >>> readable(repr("two\nlines"), 20), readable(repr("several\n  lines of text"), 20)
    ("'two\\nlines'", "'several ⏎ li… text'")
    """
    line = one_line(text)
    return line if len(line) <= length else shorten(with_line_signs(line), length)


def with_line_signs(text: str) -> str:
    r"""Return a text with a sign where the code of a line end stands in it.

    Examples
    --------
    >>> with_line_signs(repr("several\n  lines"))
    "'several ⏎ lines'"
    """
    return _LINE_END.sub(r"\1 ⏎ ", text)


def apart(one: str, other: str, length: int) -> tuple[str, str]:
    """Return the texts of two values that differ, those that are too long from shortly before the place where they do.

    Examples
    --------
    >>> apart("the same beginning, then a", "the same beginning, then b", 18)
    ('…nning, then a', '…nning, then b')
    """
    one, other = one_line(one), one_line(other)
    if max(len(one), len(other)) <= length:
        return one, other
    common_length = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    first = common_length - LEAD_LENGTH
    if first > 0:
        one, other = f"…{one[first:]}", f"…{other[first:]}"
    return _beginning(one, length), _beginning(other, length)


def _beginning(text: str, length: int) -> str:
    text = with_line_signs(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"
