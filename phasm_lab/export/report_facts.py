"""What a report says of its subject: the scenario and its budgets, the source of the machine, and the versions of everything."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import sqlite3
from typing import TYPE_CHECKING

import phasm_lab
from phasm_lab.export.markup import Markup, element, join
from phasm_lab.export.sources import sources_of
from phasm_lab.machine.text import text_of
from phasm_lab.trace.labels import one_line, shorten
from phasm_lab.views.search_words import budget_words
from phasm_lab.views.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.export.sources import Block

__all__ = ["scenario_html", "source_html", "versions_html"]

MAX_TEXT_LENGTH = 300
MAX_INPUT_COUNT = 100
MAX_LINE_COUNT = 2_000


def scenario_html(scenario: Scenario) -> Markup:
    """Return what may happen, within what bounds, and what is claimed."""
    facts = [
        ("machine", [scenario.machine.name]),
        (f"inputs, {'in any order' if scenario.order == 'any' else 'in this order'}", _inputs(scenario)),
        ("environment", [scenario.environment.name]),
        ("budgets of faults", budget_words(scenario.faults) or ["none: nothing goes wrong"]),
        ("properties", [f"{claim.kind.replace('_', ' ')}: {claim.words}" for claim in scenario.properties] or ["none"]),
        ("declared results", [f"{kind}: {_list(values)}" for kind, values in scenario.results.items()]),
        ("outcome", [_outcome(scenario)]),
        ("limit of a search", [count_of(scenario.limit, "configuration")]),
    ]
    return element("dl", *(part for name, values in facts if values for part in _fact(name, values)))


def _fact(name: str, values: Iterable[str]) -> Iterator[Markup]:
    yield element("dt", name)
    yield element("dd", *(element("div", shorten(value, MAX_TEXT_LENGTH)) for value in values))


def _inputs(scenario: Scenario) -> list[str]:
    texts = list(map(text_of, scenario.inputs[:MAX_INPUT_COUNT]))
    more = len(scenario.inputs) - len(texts)
    return [*texts, *([f"and {more:,} more"] if more else [])] or ["none"]


def _list(values: Iterable[object]) -> str:
    return ", ".join(map(text_of, values))


def _outcome(scenario: Scenario) -> str:
    if scenario.outcome is None:
        return "state and environment"
    return f"what {getattr(scenario.outcome, '__name__', 'outcome')} returns"


def source_html(scenario: Scenario) -> Markup:
    """Return the source of the machine, line by line with its numbers; in words what cannot be read."""
    found = sources_of(scenario)
    parts = [*_blocks(found.blocks)]
    if found.schema:
        parts.append(_code("the schema of the database", 1, found.schema.splitlines()))
    if found.values:
        parts.append(_code("values that it names", 0, found.values))
    parts += [element("p", words) for words in found.missing]
    return join(parts)


def _blocks(blocks: Sequence[Block]) -> Iterator[Markup]:
    left = MAX_LINE_COUNT
    for index, block in enumerate(blocks):
        if len(block.lines) > left:
            yield element("p", f"{len(blocks) - index:,} more functions and classes are not shown.")
            return
        left -= len(block.lines)
        yield _code(f"{block.name} · {block.place}", block.first, block.lines)


def _code(heading: str, first: int, lines: Sequence[str]) -> Markup:
    """Return lines of code; without numbers where the first is 0."""
    shown = [
        join([element("span", str(first + index), class_="number") if first else "", line_of(line)])
        for index, line in enumerate(lines)
    ]
    return element("figure", element("figcaption", heading), element("pre", join(shown, "\n")))


def line_of(line: str) -> str:
    """Return a line of source with its tabs as spaces, and all else that has no glyph escaped."""
    return one_line(line.expandtabs(4))


def versions_html() -> Markup:
    """Return the version of everything that took part."""
    rows = [
        element("tr", element("th", name, scope="row"), element("td", version)) for name, version in _versions().items()
    ]
    return element("table", element("tbody", *rows), class_="versions")


def _versions() -> dict[str, str]:
    known = {
        "PHASM Lab": phasm_lab.__version__,
        platform.python_implementation(): platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}".strip(),
        "SQLite": sqlite3.sqlite_version,
    }
    return known | {name: importlib.metadata.version(name) for name in _dependencies()}


def _dependencies() -> Iterator[str]:
    """Yield the packages that this one needs, where they are installed."""
    try:
        wanted = importlib.metadata.requires("phasm-lab") or []
    except importlib.metadata.PackageNotFoundError:
        return
    for each in wanted:
        name = re.split(r"[^\w.-]", each, maxsplit=1)[0]
        if "extra" not in each and any(importlib.metadata.distributions(name=name)):
            yield name
