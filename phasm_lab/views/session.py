"""What a host's adapter drives: posts go in, shapes come out, and nothing that a browser sends raises."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from phasm_lab.engine.events import Crash, Deliver, Event, Fire, Message, Recover
from phasm_lab.errors import NotEnabledError, PhasmLabError
from phasm_lab.recoveries.comparison import Comparison, side_of
from phasm_lab.trace.labels import shorten
from phasm_lab.views.choices import choices
from phasm_lab.views.comparison_session import ComparisonSession
from phasm_lab.views.comparison_view import ComparisonBook, Shown
from phasm_lab.views.facts import FactBook
from phasm_lab.views.forms import FormError, form_type, read_form
from phasm_lab.views.graph import GROUPINGS, GraphBook
from phasm_lab.views.header import header
from phasm_lab.views.panel import panel
from phasm_lab.views.posts import PostError, do_post, field, problem_of, serial_of, text_list, text_map
from phasm_lab.views.quiet import muted
from phasm_lab.views.run_as_test import LineBook
from phasm_lab.views.run_findings import found_lines, marked, run_findings
from phasm_lab.views.search import search_of
from phasm_lab.views.search_view import search_view
from phasm_lab.views.threads import Branch
from phasm_lab.views.tree import tree
from phasm_lab.views.words import bare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from phasm_lab.lab.lab import Lab
    from phasm_lab.trace.history import Node
    from phasm_lab.views.recoveries_shapes import Comparison as ComparisonShape
    from phasm_lab.views.run_shapes import Graph, Timeline, Tree
    from phasm_lab.views.search_shapes import Search
    from phasm_lab.views.shapes import Answer, Choices, Panel, Problem, View

__all__ = ["Session"]

Key = TypeVar("Key")
Value = TypeVar("Value")

KEPT_CHOICE_COUNT = 64
"""Steps whose choices are remembered; those of others are made again when a post names them."""


class Session:
    """One front end's view of a lab: what it posts is done, what it shows is made here.

    Several sessions may share a lab; each takes the lab's own lock, so posts that arrive on other threads wait.

    Parameters
    ----------
    lab
        The lab.

    Attributes
    ----------
    by
        How the graph is grouped.
    searching
        The search of the lab's scenario.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.by = "none"
        self.book = FactBook(lab)
        self.searching = search_of(lab)
        self._lock = lab._lock  # noqa: SLF001 - one lock for the lab and for everything shown of it
        self._branch = Branch(self.book)
        self._graphs = GraphBook(self.book)
        self._lines = LineBook(self.book)
        self._window: tuple[int | None, int | None] = (None, None)
        self._compared: ComparisonSession | None = None
        self._choices: OrderedDict[tuple[int, int, int], tuple[Choices, dict[str, Event]]] = OrderedDict()
        self._panels: OrderedDict[int, Panel] = OrderedDict()
        self._handlers: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "ready": lambda _: None,
            "take": self._take,
            "fire": self._fire,
            "goto": lambda post: self._done(self.lab.goto(field(post, "step", int))),
            "back": lambda _: self._done(self.lab.back()),
            "run": lambda _: self._done(self.lab.run()),
            "rows": self._rows,
            "find": self._find,
            "name": self._name,
            "without": lambda post: self._done(self.lab.without(field(post, "step", int))),
            "group": self._group,
            "check": lambda _: self.searching.start(),
            "stop": lambda _: self.searching.stop(),
            "list_runs": lambda _: self.searching.list_runs(),
            "open": lambda post: self.searching.open(field(post, "run", str)),
            "compare": self._compare,
            "compared_rows": lambda post: self._beside().show_rows(post),
            "swap": lambda post: self._beside().swap(post),
        }

    def handle(self, post: Any) -> Answer:
        """Do what a post asks for and say what became of it; never raises."""
        return {"serial": serial_of(post), "problem": self._handled(post)}

    def _handled(self, post: Any) -> Problem | None:
        with self._lock:
            self._window = (None, None)
            return do_post(post, self._handlers)

    # What is shown.

    def view(self) -> View:
        """Return everything about the selected step."""
        with self._lock, muted():
            node = self.lab.selected
            self._branch.follow(self.lab.tip)
            return {
                "step": node.number,
                "newest": self.lab.tip.number,
                "row": node.depth,
                "header": header(self.lab.scenario, self._branch),
                "choices": self._offered(node)[0],
                "panel": self._panel(node),
                "python": self._lines.line(node),
                "test": self._lines.test(node),
                "say": self.book.of(node).row["say"],
            }

    def timeline(self, first: int | None = None, count: int | None = None) -> Timeline:
        """Return a window of rows of the selected branch; by default what was asked for last, or the rows around the selected one."""
        with self._lock, muted():
            self._branch.follow(self.lab.tip)
            if first is None and count is None:
                first, count = self._window
            timeline, found = self._branch.timeline(first, count), run_findings(self.book)
            return {**timeline, "rows": [marked(row, found) for row in timeline["rows"]]}

    def tree(self) -> Tree:
        """Return the whole history."""
        with self._lock, muted():
            return tree(self.book)

    def graph(self, by: str | None = None) -> Graph:
        """Return the configurations of the history as a graph."""
        with self._lock, muted():
            return self._graphs.graph(self.by if by is None else by)

    def search(self) -> Search | None:
        """Return how far the search of the scenario is, or what it found."""
        with self._lock:
            return search_view(self.lab, self.searching.work)

    def comparison(self) -> ComparisonShape | None:
        """Return the two runs that were laid side by side last; None before there are any."""
        with self._lock:
            return None if self._compared is None else self._compared.comparison()

    def _panel(self, node: Node) -> Panel:
        made = _remembered(self._panels, node.number, lambda: panel(self.book, node))
        return {**made, "properties": made["properties"] + found_lines(node, run_findings(self.book))}

    def _offered(self, node: Node) -> tuple[Choices, dict[str, Event]]:
        """Return the choices at a step; they name the newest step and where each choice led before."""
        key = (node.number, self.lab.tip.number, len(node.children))
        with muted():
            return _remembered(self._choices, key, lambda: choices(self.book, node))

    # What is posted.

    def _done(self, node: Node) -> None:
        """End a handler that is a call of the lab."""

    def _node(self, post: Mapping[str, Any], name: str) -> Node:
        number: int = field(post, name, int)
        if not 0 <= number < len(self.lab.history):
            raise PostError(
                f"step {number}: there is no such step", [f"steps are numbered 0 to {len(self.lab.history) - 1}"]
            )
        return self.lab.history.nodes[number]

    def _do(self, node: Node, event: Event) -> None:
        """Take an event at the step where the person saw it, which may not be the selected one any more."""
        self._look(node, event)
        if node is not self.lab.selected:
            self.lab.goto(node.number)
        self.lab.take(event)

    def _look(self, node: Node, event: Event) -> None:
        """Raise what speaks against an event; what it prints is for the step itself to say."""
        with muted():
            self.lab.history.look(node.configuration, event)

    def _take(self, post: Mapping[str, Any]) -> None:
        node, name, loses = self._node(post, "at"), field(post, "choice", str), text_list(post, "loses")
        event = self._offered(node)[1].get(name)
        if event is None:
            raise PostError(
                f"step {node.number}: this choice is not among those offered there", ["choose one that is shown"]
            )
        self._do(node, _losing(event, self._messages(node, loses)))

    @staticmethod
    def _messages(node: Node, loses: list[str]) -> tuple[Message, ...]:
        wire: dict[str, Message] = {f"request {i}": item for i, item in enumerate(node.configuration.requests)}
        wire |= {f"result {i}": item for i, item in enumerate(node.configuration.results)}
        unknown = [name for name in loses if name not in wire]
        if unknown:
            raise PostError(
                f"lose {unknown[0]!r:.80}: it is not on the wire", [f"on the wire: {', '.join(wire) or 'nothing'}"]
            )
        return tuple(wire[name] for name in dict.fromkeys(loses))

    def _fire(self, post: Mapping[str, Any]) -> None:
        node, texts = self._node(post, "at"), text_map(post, "fields")
        like = self._like(node, field(post, "type", str), post.get("choice"))
        try:
            value = read_form(like, texts)
        except FormError as error:
            raise PostError(
                f"fire {form_type(like)}: {error.problem}", ["change the fields and fire again"], error.fields
            ) from None
        try:
            self._do(node, self._firing(node, value))
        except NotEnabledError as error:
            raise PostError(f"fire {bare(value)}: {error.case}", problem_of(error)["lines"]) from None

    def _firing(self, node: Node, value: Any) -> Fire:
        """Return the event that fires a value: again where the client may send it again."""
        again = Fire(value, again=True)
        if node.configuration.budget("duplicated_inputs"):
            try:
                self._look(node, Fire(value))
            except PhasmLabError:
                return again
        return Fire(value)

    def _like(self, node: Node, name: str, choice: Any) -> Any:
        """Return an input of the type that a form is for."""
        event = self._offered(node)[1].get(choice) if isinstance(choice, str) else None
        if isinstance(event, Fire) and form_type(event.input) == name:
            return event.input
        for value in self.lab.scenario.inputs:
            if form_type(value) == name:
                return value
        known = dict.fromkeys(form_type(value) for value in self.lab.scenario.inputs)
        raise PostError(
            f"fire {bare(name)}: there is no form for it", [f"inputs are of type {', '.join(known) or 'nothing'}"]
        )

    def _rows(self, post: Mapping[str, Any]) -> None:
        self._window = (field(post, "first", int), field(post, "count", int))

    def _find(self, post: Mapping[str, Any]) -> None:
        text = field(post, "text", str)
        with muted():
            self._branch.follow(self.lab.tip)
            self._branch.find(text)

    def _name(self, post: Mapping[str, Any]) -> None:
        step, name = field(post, "step", int), field(post, "name", str)
        self.lab.name(shorten(name.strip(), 80), step)

    def _compare(self, post: Mapping[str, Any]) -> None:
        """Lay the runs to two steps side by side."""
        left, right = self._node(post, "left"), self._node(post, "right")
        names = [Shown(f"{mark}, the run to step {node.number}") for mark, node in (("A", left), ("B", right))]
        with muted():
            sides = (side_of(node, "run") for node in (left, right))
            self._compared = ComparisonSession(ComparisonBook(Comparison(*sides), *names))

    def _beside(self) -> ComparisonSession:
        if self._compared is None:
            raise PostError("no runs are compared", ["mark two steps and compare them first"])
        return self._compared

    def _group(self, post: Mapping[str, Any]) -> None:
        by = field(post, "by", str)
        if by not in GROUPINGS:
            raise PostError(
                f"group by {by!r:.80}: there is no such grouping", [f"group by one of {', '.join(GROUPINGS)}"]
            )
        self.by = by


def _losing(event: Event, lost: tuple[Message, ...]) -> Event:
    """Return a crash that takes more from the wire; what is no crash loses nothing."""
    if not lost:
        return event
    if isinstance(event, Crash):
        return Crash(lost)
    if isinstance(event, Fire | Deliver | Recover) and event.fault is not None and event.fault.is_crash:
        return replace(event, fault=replace(event.fault, lose=lost))
    raise PostError("only a crash loses what is on the wire", ["take the choice without that"])


def _remembered(kept: OrderedDict[Key, Value], key: Key, make: Callable[[], Value]) -> Value:
    """Return what is kept under a key, made if need be; what was not asked for in a long time is dropped."""
    if key not in kept:
        kept[key] = make()
        if len(kept) > KEPT_CHOICE_COUNT:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return kept[key]
