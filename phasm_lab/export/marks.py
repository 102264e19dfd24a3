"""The marks of outcome classes and moments as SVG, each in a box of 14 around 0, 0; shape first, colour from a class."""

from __future__ import annotations

from phasm_lab.export.markup import Markup, element, join

__all__ = ["CLASS_MARKS", "MOMENT_MARKS", "definitions", "mark"]

_TURNING = "M4.2 2.4A4.8 4.8 0 1 1 4.2 -2.4"


def _drawn(path: str, *, width: float = 1.5, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="{width}"{dashes}/>'


def _filled(path: str) -> str:
    return f'<path d="{path}" fill="currentColor"/>'


def _cut(path: str, width: float = 1.75) -> str:
    return f'<path class="cut" d="{path}" fill="none" stroke-width="{width}"/>'


_SHAPES = {
    "same": '<circle r="4.8" fill="currentColor"/>',
    "allowed": _drawn("M0 -4.4A4.4 4.4 0 1 1 0 4.4A4.4 4.4 0 1 1 0 -4.4") + _filled("M0 -4.4A4.4 4.4 0 0 0 0 4.4Z"),
    "finding": _drawn("M0 -6L6 0L0 6L-6 0Z") + _drawn("M0 -3V.6M0 1.8V3"),
    "stuck": _drawn("M-5 -5H5V5H-5Z") + _drawn("M-1.8 -2.6V2.6M1.8 -2.6V2.6"),
    "lost": _drawn("M-5 -5H5V5H-5Z", dash="2.2 1.8") + _drawn("M-2.5 0H2.5"),
    "broken": _filled("M-2.6 -6.2H2.6L6.2 -2.6V2.6L2.6 6.2H-2.6L-6.2 2.6V-2.6Z")
    + _cut("M-2.5 -2.5L2.5 2.5M2.5 -2.5L-2.5 2.5"),
    "twice": _filled("M-6 -6H2V2H-6Z") + _filled("M-2 -2H6V6H-2Z") + _cut("M-2 -2H6V6H-2Z", 1.4),
    "failed": _drawn(_TURNING, width=1.8) + _drawn("M-6 6L6 -6", width=1.8),
    "input": '<circle r="4" fill="currentColor"/>',
    "commit": _filled("M-4.5 -4.5H4.5V4.5H-4.5Z"),
    "rejected": _drawn("M-4.5 -4.5H4.5V4.5H-4.5Z") + _drawn("M-6.5 6.5L6.5 -6.5"),
    "arrow": _drawn("M-6 0H2") + _filled("M6 0L0 -3.5V3.5Z"),
    "crash": _drawn("M-6.5 1L-3.5 -4L0 4L3.5 -4L6.5 1", width=2),
    "recover": _drawn(_TURNING, width=1.8) + _filled("M6.6 -5.6V-.6H1.6Z"),
    "ok": _drawn("M-4 .5L-1.2 3.4L4.2 -3.2", width=1.75),
    "gone": _drawn("M-4 -4L4 4M4 -4L-4 4", width=2),
}

CLASS_MARKS = {
    "S": "same",
    "A": "allowed",
    "F": "finding",
    "T": "stuck",
    "L": "lost",
    "B": "broken",
    "2": "twice",
    "R": "failed",
}
"""The mark of each outcome class, by its letter."""

MOMENT_MARKS = {
    "fire": "input",
    "dispatch": "arrow",
    "perform": "arrow",
    "deliver": "commit",
    "crash": "crash",
    "recover": "recover",
    "lose": "gone",
    "duplicate": "arrow",
    "delay": "arrow",
}
"""The mark of each kind of moment."""


def definitions() -> Markup:
    """Return the shapes, to stand once in a page that shows marks."""
    symbols = (
        element("symbol", Markup(shape), id=f"mark-{name}", viewBox="-7 -7 14 14") for name, shape in _SHAPES.items()
    )
    return element("svg", join(symbols), class_="marks", width=0, height=0, aria_hidden="true")


def mark(name: str) -> Markup:
    """Return a mark that stands beside words; the words say what it means.

    Examples
    --------
    >>> mark("same")
    '<svg class="mark same" width="14" height="14" aria-hidden="true"><use href="#mark-same"></use></svg>'
    """
    used = element("use", href=f"#mark-{name}")
    return element("svg", used, class_=f"mark {name}", width=14, height=14, aria_hidden="true")
