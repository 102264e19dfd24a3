"""HTML in which a text stays text: what is not marked as HTML is escaped where it is put in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from phasm_lab.trace.labels import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Markup", "element", "join", "plain"]


class Markup(str):
    """HTML that may stand in a page as it is."""

    __slots__ = ()


def plain(text: str) -> Markup:
    r"""Return a text as HTML that shows it on one line, with nothing in it that a browser acts upon.

    Examples
    --------
    >>> plain("<b>\u202e")
    '&lt;b&gt;\\u202e'
    """
    return text if isinstance(text, Markup) else Markup(escape(one_line(text)))


def join(parts: Iterable[str], between: str = "") -> Markup:
    """Return parts behind each other; each that is no `Markup` is escaped."""
    return Markup(between.join(map(plain, parts)))


def element(tag: str, *parts: str, **attributes: str | int) -> Markup:
    """Return an element; an underscore in an attribute's name is a hyphen, one at its end is left out.

    Examples
    --------
    >>> element("td", "a < b", class_="wide", aria_label="less")
    '<td class="wide" aria-label="less">a &lt; b</td>'
    """
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{plain(str(value))}"' for name, value in attributes.items()
    )
    return Markup(f"<{tag}{named}>{join(parts)}</{tag}>")
