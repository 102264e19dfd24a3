"""The whole history of a lab as one HTML page that steps through it with no kernel and no network."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import phasm_lab
from phasm_lab.errors import PhasmLabError
from phasm_lab.export.sharing import UNPACK, Table
from phasm_lab.export.tables import run_table, shown
from phasm_lab.views.offers import group
from phasm_lab.views.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phasm_lab.engine.events import Event
    from phasm_lab.lab.lab import Lab
    from phasm_lab.trace.history import Node
    from phasm_lab.views.shapes import Choices

__all__ = ["BUNDLE_PATH", "RECOVERIES_BUNDLE_PATH", "Page", "history_page", "saved_history", "whole_page"]

MAX_STEP_COUNT_WITH_CHOICES = 300
GROUPS = (
    ("inputs", "Inputs"),
    ("in_flight", "In flight"),
    ("results", "Results"),
    ("crash", "Crash"),
    ("storage", "Storage"),
)
BUNDLES = Path(phasm_lab.__file__).parent / "widgets" / "static"
BUNDLE_PATH = BUNDLES / "phasm_lab.js"
RECOVERIES_BUNDLE_PATH = BUNDLES / "recoveries.js"

STYLE = """\
:root { color-scheme: light dark; --ground: #e9ebee; --ink: #14181f; }
@media (prefers-color-scheme: dark) { :root { --ground: #0a0b0d; --ink: #e8eaed; } }
body { margin: 16px; background: var(--ground); color: var(--ink); font: 13px/1.5 system-ui, sans-serif; }
#lab { max-width: 920px; margin: 0 auto; }
@media (max-width: 600px) { body { margin: 4px; } }
"""

MOUNT = """\
mountStatic(document.getElementById("lab"), unpack(JSON.parse(document.getElementById("history").textContent)));
"""

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
<script id="history" type="application/json">{history}</script>
{scripts}
</body>
</html>
"""


class Page(str):
    """A page as text, which a notebook cell does not print whole."""

    __slots__ = ()

    def write(self, path: str | Path | None) -> Self:
        """Write the page to a file, if one is named, and return it."""
        if path is not None:
            Path(path).write_text(self, encoding="utf-8")
        return self

    def __repr__(self) -> str:
        return f"<page of {len(self):,} characters; write it to a file with to_html('run.html')>"


def history_page(lab: Lab) -> Page:
    """Return one page with everything in it: the front end, the recorded history, and a table where scripts are off."""
    body = f'<main id="lab"></main>\n<noscript>{run_table(lab)}</noscript>'
    return whole_page(lab.scenario.name, STYLE, body, saved_history(lab), {BUNDLE_PATH: MOUNT})


def whole_page(title: str, style: str, body: str, history: Any, mounts: Mapping[Path, str]) -> Page:
    """Return a page that needs nothing but itself.

    Parameters
    ----------
    title
        What it is about.
    style
        Its style sheet.
    body
        Its HTML.
    history
        Plain data for the front end.
    mounts
        For each bundle of the front end the JavaScript that is handed its ``mountStatic``, and ``unpack``, and shows what it
        reads in the element ``history``.

    Raises
    ------
    PhasmLabError
        If one of them is no bundle of the front end.
    """
    table = Table()
    table.add(history)
    scripts = [page_script(path, mount) for path, mount in mounts.items()]
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    page = PAGE.format(
        policy=f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src {hashes}",
        title=f"PHASM Lab · {shown(title)}",
        style=style,
        body=body,
        history=script_json(table.plain()),
        scripts="\n".join(f'<script type="module">{script}</script>' for script in scripts),
    )
    return Page(page)


def page_script(path: Path, mount: str) -> str:
    """Return a bundle followed by what starts it; within one module it goes by its minified name."""
    bundle = path.read_text(encoding="utf-8")
    name = re.search(r"([\w$]+) as mountStatic\b", bundle)
    if name is None or "</script" in bundle or "<!--" in bundle:
        raise PhasmLabError(str(path), "it is not a bundle of the front end that a page can use", "run `make bundle`")
    return f"{bundle}\n{UNPACK}const mountStatic = {name[1]};\n{mount}".replace(
        "const mountStatic = mountStatic;\n", ""
    )


def script_json(value: Any) -> str:
    r"""Return JSON that stays data inside a script element, whatever is in it.

    Examples
    --------
    >>> script_json("</script><!--")
    '"\\u003c/script>\\u003c!--"'
    """
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def saved_history(lab: Lab) -> dict[str, Any]:
    """Return what the front end needs to step through the history by itself: `Saved` of ``widgets/protocol.ts``."""
    reader = _reader(lab)
    session = _RecordedSession(reader)
    search = session.search()
    traits = {
        "part": "explorer",
        "view": session.view(),
        "tree": session.tree(),
        "selected": lab.selected.number,
        "search": search and {**search, "state": "ended"},
    }
    views: dict[str, Any] = {}
    for node in lab.history.nodes:
        reader.goto(node.number)
        views[str(node.number)] = session.view()
    timelines = []
    # The first branch that holds a step is the one on which it is shown: the selected one, else the newest.
    for leaf in sorted(lab.history.leaves(), key=lambda leaf: (leaf is not lab.tip, -leaf.number)):
        reader.goto(leaf.number)
        timelines.append(_whole_timeline(session))
    return {"traits": traits, "views": views, "timelines": timelines}


def _whole_timeline(session: Session) -> dict[str, Any]:
    """Return the selected branch with all of its rows, of which a session hands over so many at a time."""
    window = session.timeline(0)
    whole: dict[str, Any] = {**window, "found": None}
    rows, threads = list(window["rows"]), {id(thread): thread for thread in window["threads"]}
    while len(rows) < window["row_count"]:
        window = session.timeline(len(rows))
        rows += window["rows"][len(rows) - window["first"] :]
        threads |= {id(thread): thread for thread in window["threads"]}
    return whole | {"rows": rows, "threads": list(threads.values())}


class _RecordedSession(Session):
    """What a page shows of each step; in a long history without the choices, which are most of it and cannot be taken."""

    def _offered(self, node: Node) -> tuple[Choices, dict[str, Event]]:
        if len(self.lab.history) <= MAX_STEP_COUNT_WITH_CHOICES:
            return super()._offered(node)
        groups = [group(key, title, "not kept in a long history") for key, title in GROUPS]
        note = f"at step {node.number}"
        return {"note": note, "empty": "The choices of a long history are not kept.", "groups": groups}, {}


def _reader(lab: Lab) -> Lab:
    """Return a second cursor on the history of a lab, which nobody watches and no journal records."""
    reader = copy.copy(lab)
    reader._keeper, reader._observers = None, []  # noqa: SLF001 - it is a lab of this page alone
    return reader


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
