"""A report as a picture of what its search met: each configuration, groups of them, a neighbourhood, or an overview of all."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from threading import RLock
from typing import TYPE_CHECKING, Any

from phasm_lab.trace.labels import shorten
from phasm_lab.views.header import summary
from phasm_lab.views.posts import PostError, do_post, field, serial_of
from phasm_lab.views.quiet import muted
from phasm_lab.views.search_graph_changes import DEATHS
from phasm_lab.views.search_graph_groups import NAMED, Groups, fields_of, name_of
from phasm_lab.views.search_graph_layout import rows_of
from phasm_lab.views.search_graph_nodes import BANDS, Met
from phasm_lab.views.search_graph_words import picked, showing
from phasm_lab.views.search_words import ended, goals, goals_note, not_searched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from phasm_lab.checks.findings import Report
    from phasm_lab.views.run_shapes import Edge
    from phasm_lab.views.search_graph_groups import By, GroupEdge
    from phasm_lab.views.search_graph_shapes import Band, BandKind, Grouping, SearchGraph, SearchNode
    from phasm_lab.views.search_shapes import Opening
    from phasm_lab.views.shapes import Answer, Header, Mark

__all__ = ["MAX_NODE_COUNT", "SearchGraphSession"]

MAX_NODE_COUNT = 500
"""Nodes that are drawn one by one; of more configurations there is an overview."""

MARKED_COUNT = 60
"""Nodes of a neighbourhood, and those that have a mark in an overview."""

NONE, OVERVIEW, NEIGHBOURHOOD = "none", "process", "neighbourhood"
BROKEN_BAND = len(BANDS)
KINDS: tuple[BandKind, ...] = ("up", "down", "recovered", "broken")
MARKS: dict[str, Mark] = {
    "fire": "input",
    "dispatch": "tracked",
    "perform": "tracked",
    "deliver": "commit",
    "crash": "crash",
    "recover": "recover",
}


class SearchGraphSession:
    """What a front end shows of a report; what it posts is done here.

    Parameters
    ----------
    report
        The report.
    by
        How to group at first: as for `Report.graph`, or "neighbourhood"; None is the whole as far as it can be drawn.

    Raises
    ------
    DefinitionError
        If there is no such grouping.
    """

    def __init__(self, report: Report, by: By = None) -> None:
        self.report = report
        self.met = Met(report)
        self.finding = 0 if report.findings else -1
        self.selected = -1
        self._lock = RLock()
        self._known: dict[str, Groups] = {NONE: Groups(self.met)}
        self._functions = {} if by is None or isinstance(by, str) else {name_of(by): by}
        self.by = self._default() if by is None else name_of(by)
        self._groups()
        self._handlers: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
            "ready": lambda _: None,
            "group": lambda post: self._group(field(post, "by", str)),
            "goto": lambda post: self._select(field(post, "step", int)),
            "open": lambda post: self._show(field(post, "run", str)),
        }

    def _default(self) -> str:
        return NONE if len(self.met) <= MAX_NODE_COUNT else OVERVIEW

    def handle(self, post: Any) -> Answer:
        """Do what a post asks for and say what became of it; never raises."""
        with self._lock, muted():
            return {"serial": serial_of(post), "problem": do_post(post, self._handlers)}

    def _group(self, by: str) -> None:
        if by not in (grouping["by"] for grouping in self.groupings()):
            raise PostError(f"group by {by!r:.80}: there is no such grouping", ["choose one that is offered"])
        if self._each_alone(by) != self._each_alone(self.by):
            self.selected = -1
        self.by = by

    def _each_alone(self, by: str) -> bool:
        return by in (NONE, NEIGHBOURHOOD, OVERVIEW)

    def _select(self, node: int) -> None:
        if not 0 <= node < len(self._groups()):
            raise PostError(f"node {node}: there is no such node", ["choose one that is shown"])
        self.selected = node

    def _show(self, run: str) -> None:
        index = int(run) if run.isdecimal() else -1
        if not 0 <= index < len(self.report.findings):
            raise PostError(f"finding {run!r:.80}: there is no such finding", ["choose one that is shown"])
        self.finding, self.selected = index, -1

    # What is shown.

    def groupings(self) -> list[Grouping]:
        """Return how configurations can be put together."""
        few = len(self.met) <= MAX_NODE_COUNT
        found: list[Grouping] = [{"by": NONE, "words": "each configuration"}] if few else []
        found.append({"by": OVERVIEW, "words": "overview by process"})
        found += [] if len(self.met) <= MARKED_COUNT else [{"by": NEIGHBOURHOOD, "words": "neighbourhood"}]
        names = [*self._functions, *NAMED[1:], *fields_of(self.met)]
        if self.by not in (NONE, OVERVIEW, NEIGHBOURHOOD, *names):
            names.append(self.by)
        return found + [{"by": name, "words": f"by {shorten(name, 40)}"} for name in dict.fromkeys(names)]

    def _groups(self) -> Groups:
        name = NONE if self._each_alone(self.by) else self.by
        if name not in self._known:
            self._known[name] = Groups(self.met, self._functions.get(name, name))
        return self._known[name]

    def view(self) -> SearchGraph:
        """Return what is shown."""
        with self._lock, muted():
            groups, run = self._groups(), self._groups().run(self.finding)
            overview = self.by == OVERVIEW
            shown = self._shown(groups, run)
            edges = list(groups.edges(shown))
            depths, nodes, bands = self._placed(groups, shown, edges, run)
            report = self.report
            return {
                "header": self._header(),
                "by": self.by,
                "groupings": self.groupings(),
                "showing": showing(len(shown), len(groups), len(self.met), overview=overview),
                "overview": overview,
                "depths": depths,
                "bands": self._bands_of_all() if overview else bands,
                "nodes": nodes,
                "edges": self._edges(edges, run),
                "path": run if self.finding >= 0 else [],
                "step_count": len(report.findings[self.finding].trace) if self.finding >= 0 else 0,
                "picked": picked(groups, self.selected) if self.selected >= 0 else None,
                "finding": self.finding,
                "findings": [self._opening(index) for index in range(len(report.findings))],
                "goals": goals(report),
                "goals_note": goals_note(report),
                "not_searched": not_searched(report.scenario, report.not_run),
            }

    def _shown(self, groups: Groups, run: list[int]) -> list[int]:
        if self.by == NEIGHBOURHOOD:
            return groups.nearest([self.selected] if self.selected >= 0 else run, MARKED_COUNT)
        if self.by == OVERVIEW:
            return groups.next_after(run, MARKED_COUNT)
        return groups.first(MAX_NODE_COUNT, self.finding)

    def _placed(
        self, groups: Groups, shown: list[int], edges: list[GroupEdge], run: list[int]
    ) -> tuple[list[int], list[SearchNode], list[Band]]:
        """Return the depths that have a column, the nodes where they stand, and the bands with their rows."""
        met, overview = self.met, self.by == OVERVIEW
        depth_of = {group: met.depths[groups.firsts[group]] for group in shown}
        depths = list(range(max(met.depths) + 1)) if overview else sorted(set(depth_of.values()))
        columns = {depth: column for column, depth in enumerate(depths)}
        spots = {group: (self._band(groups, group), columns[depth_of[group]]) for group in shown}
        rows = rows_of(spots, [(edge.source, edge.target) for edge in edges], run)
        heights = {band: 1 + max((rows[g] for g in shown if spots[g][0] == band), default=-1) for band in range(4)}
        tops = {band: sum(heights[above] for above in range(band)) for band in heights}
        nodes = [
            self._node(groups, group, spots[group], rows[group] + (0 if overview else tops[spots[group][0]]))
            for group in shown
        ]
        return depths, nodes, [_band(band, heights[band]) for band in heights if heights[band]]

    def _band(self, groups: Groups, group: int) -> int:
        if self.by == OVERVIEW and group in groups.broken:
            return BROKEN_BAND
        return self.met.band(groups.firsts[group])

    def _node(self, groups: Groups, group: int, spot: tuple[int, int], order: int) -> SearchNode:
        node = groups.firsts[group]
        quiescent = self.met.is_quiescent(node)
        return {
            "key": group,
            "label": groups.label(group),
            "short": groups.short(group),
            "column": spot[1],
            "order": order,
            "kind": "quiescent" if quiescent else "up" if self.met.is_up(node) else "down",
            "broken": group in groups.broken,
            "step": group,
            "band": KINDS[spot[0]],
            "count": groups.counts[group],
        }

    def _edges(self, edges: list[GroupEdge], run: list[int]) -> list[Edge]:
        """Return one edge for each pair of nodes, that of most events first in its words; a death is what is drawn of it."""
        steps = set(pairwise(run)) if self.finding >= 0 else set()
        found: dict[tuple[int, int], Edge] = {}
        for edge in sorted(edges, key=lambda edge: edge.move.fault not in DEATHS):
            ends = edge.source, edge.target
            words = edge.move.label + (f" and {edge.event_count - 1:,} more" if edge.event_count > 1 else "")
            if ends in found:
                found[ends]["label"] = shorten(f"{found[ends]['label']} or {words}", 200)
                continue
            found[ends] = {
                "source": edge.source,
                "target": edge.target,
                "mark": _mark(edge),
                "label": shorten(words, 200),
                "selected": ends in steps,
            }
        return list(found.values())

    def _bands_of_all(self) -> list[Band]:
        """Return the bands with how many configurations stand in each column."""
        met, broken = self.met, self.met.broken
        counts = Counter((BROKEN_BAND if key in broken else met.band(key), met.depths[key]) for key in range(len(met)))
        depths = range(max(met.depths) + 1)
        bands = [_band(band, 1, [counts[band, depth] for depth in depths]) for band in range(BROKEN_BAND + 1)]
        return [band for band in bands if band["count"]]

    def _header(self) -> Header:
        report = self.report
        at_limit = report.search.place_count >= report.search.limit and not report.complete
        verdict = ended(report, was_stopped=False, at_limit=at_limit)
        return {
            "name": shorten(report.scenario.name, 60),
            "summary": summary(report.scenario),
            "verdict": verdict | {"label": f"{verdict['text'].capitalize()}. {verdict['more']}."},
        }

    def _opening(self, index: int) -> Opening:
        finding = self.report.findings[index]
        return {
            "id": str(index),
            "title": shorten(finding.check, 80),
            "message": shorten(finding.message, 400),
            "step_count": len(finding.trace),
            "step": -1,
            "numbers": "",
        }


def _band(band: int, row_count: int, counts: list[int] | None = None) -> Band:
    name = BANDS[band] if band < BROKEN_BAND else "broken"
    return {
        "name": name,
        "kind": KINDS[band],
        "row_count": row_count,
        "count": sum(counts or []),
        "counts": counts or [],
    }


def _mark(edge: GroupEdge) -> Mark:
    if edge.move.fault in DEATHS:
        return "crash"
    return "storage" if edge.move.fault and edge.move.kind != "lose" else MARKS.get(edge.move.kind, "storage")
