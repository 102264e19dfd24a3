"""DOT text from a graph, and a picture of it by Graphviz, where that is installed."""

from __future__ import annotations

import subprocess
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from phasm_lab.errors import PhasmLabError
from phasm_lab.machine.text import one_line
from phasm_lab.views.search_graph_changes import DEATHS

if TYPE_CHECKING:
    import networkx

__all__ = ["dot_text", "quoted", "svg_text"]

GRAPH_STYLE = 'rankdir=LR bgcolor=white fontname="sans-serif"'
NODE_STYLE = 'shape=ellipse fontname="sans-serif" fontsize=12 style=filled fillcolor=white'
EDGE_STYLE = 'fontname="sans-serif" fontsize=11 color="#5a6372"'
KIND_STYLES = {
    "crash": 'style=dotted penwidth=2 color="#b04a00"',
    "recover": 'style=dashed penwidth=2 color="#00697a"',
}


def quoted(text: str) -> str:
    r"""Return a text as a DOT string that shows it as it is.

    DOT reads backslashes as commands and ampersands as entities; a control character has no place in a picture.

    Examples
    --------
    >>> print(quoted('a "b" \\N & <i>'))
    "a \"b\" \\N &amp; <i>"
    """
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") + '"'


def dot_text(graph: networkx.DiGraph[Any]) -> str:
    """Return a graph of configurations in the DOT language: double line quiescent, dashed down, filled octagon broken."""
    lines = [f"digraph {quoted(graph.name)} {{", f"  graph [{GRAPH_STYLE}]"]
    lines += [f"  node [{NODE_STYLE}]", f"  edge [{EDGE_STYLE}]"]
    for key, node in graph.nodes(data=True):
        lines.append(f"  {key} [label={quoted(node['label'])}{_node_style(node)}]")
    for source, target, edge in graph.edges(data=True):
        kind = "crash" if edge.get("fault") in DEATHS else edge["kind"]
        style = f" {KIND_STYLES[kind]}" if kind in KIND_STYLES else ""
        lines.append(f"  {source} -> {target} [label={quoted(edge['label'])}{style}]")
    return "\n".join([*lines, "}", ""])


def _node_style(node: dict[str, Any]) -> str:
    if node["broken"]:
        return ' shape=octagon fillcolor="#b0005f" fontcolor=white'
    if not node["up"]:
        return ' style="filled,dashed" color="#b04a00"'
    return " peripheries=2" if node["quiescent"] else ""


@lru_cache(maxsize=8)
def svg_text(dot: str, timeout_s: float) -> str:
    """Return the picture that Graphviz draws from DOT text, as SVG without the XML prologue.

    Raises
    ------
    PhasmLabError
        If Graphviz is not installed, takes too long, or refuses the text.
    """
    from graphviz.backend.dot_command import command

    asked = f"to_svg(timeout_s={timeout_s!r})"
    try:
        drawn = subprocess.run(  # noqa: S603 - the program is fixed and the text goes in by a pipe
            [*map(str, command("dot", "svg"))],
            input=dot,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout_s,
            check=False,
        )
    except FileNotFoundError:
        raise PhasmLabError(
            asked, "the program dot is not on the PATH", "install Graphviz, or use to_dot(), which needs no program"
        ) from None
    except subprocess.TimeoutExpired:
        raise PhasmLabError(
            asked, f"dot was not done after {timeout_s:g} s", "give it longer, or look at a smaller history"
        ) from None
    if drawn.returncode != 0:
        raise PhasmLabError(asked, f"dot refused the graph: {drawn.stderr.strip()}", "look at to_dot()")
    return drawn.stdout[drawn.stdout.index("<svg") :]
