"""A cursor over the history tree: which step is selected, and how to move about."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from phasm_lab.engine.accesses import is_users
from phasm_lab.engine.scenario import Scenario
from phasm_lab.engine.step import Step, step
from phasm_lab.errors import DefinitionError, NotEnabledError, PhasmLabError
from phasm_lab.interpreter.interruption import UnbrokenLock
from phasm_lab.interpreter.watchdog import Watchdog
from phasm_lab.lab.arguments import misfit, require_count, require_event
from phasm_lab.lab.keeping import Keeper
from phasm_lab.machine.text import line_of
from phasm_lab.trace.asked import asked_on_the_way, not_asked
from phasm_lab.trace.history import History, Node
from phasm_lab.trace.labels import label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.drive import Limits
    from phasm_lab.engine.events import Event

__all__ = ["Cursor", "locked"]

P = ParamSpec("P")
R = TypeVar("R")


def locked(method: Callable[P, R]) -> Callable[P, R]:
    """Let one thread at a time into the lab, and let its errors out without the lab's inside.

    Widget messages arrive on a thread of their own. A call that does not fit the method's arguments is refused in words.
    """

    @wraps(method)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with args[0]._lock:  # type: ignore[attr-defined]  # noqa: SLF001 - this is the lab's own
            try:
                return method(*args, **kwargs)
            except PhasmLabError as error:
                raise error.with_traceback(None) from error.__cause__
            except TypeError as error:
                # A call that does not fit gets no further than this line.
                if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                    raise
                raise misfit(method, args[1:], kwargs) from None

    return inside


class Cursor:
    """The selected step of a history, kept in a journal if there is one.

    Attributes
    ----------
    scenario
        What may happen.
    limits
        Stops user code that does not return.
    history
        Every run tried.
    """

    def __init__(self, scenario: Scenario, *, journal: str | Path | None = None, limit_ms: float = 2_000) -> None:
        if not isinstance(scenario, Scenario):
            raise DefinitionError(
                f"Lab({line_of(scenario)})", "it is not a Scenario", "write pl.Lab(pl.Scenario(machine, ...))"
            )
        # A move between versions that Ctrl-C cuts in two would leave neither.
        self._lock = UnbrokenLock(is_users)
        self.scenario = scenario
        self.limits: Limits = Watchdog(limit_ms)
        self.history = History(scenario, limits=self.limits)
        self._observers: list[Callable[[], None]] = []
        self._selected = self.history.root
        self._tip = self.history.root
        self._keeper = Keeper(journal, self.history) if journal is not None else None
        if self._keeper is not None:
            self._select(self._keeper.reopened)

    @property
    def selected(self) -> Node:
        """The selected step, as a node of the history tree."""
        return self._selected

    @property
    def tip(self) -> Node:
        """The newest step of the branch that the selected step is on."""
        return self._tip

    @property
    def configuration(self) -> Configuration:
        """The configuration after the selected step."""
        return self._selected.configuration

    @property
    def problems(self) -> tuple[str, ...]:
        """What of a reopened journal did not fit any more, one sentence each."""
        return tuple(self._keeper.problems) if self._keeper is not None else ()

    @locked
    def take(self, event: Event) -> Node:
        """Take any event, given as it is; every verb ends here."""
        require_event("take", event)
        why = not_asked(event, asked_on_the_way(self._selected))
        if why:
            raise NotEnabledError(label(event), why, "probe what was asked for")
        try:
            taken = step(self.scenario, self.configuration, event, limits=self.limits)
        except NotEnabledError as error:
            if error.asked != line_of(event):
                raise
            raise type(error)(label(event), error.case, error.todo, error.choices) from None
        return self._keep([taken])

    @locked
    def back(self, count: int = 1) -> Node:
        """Select the step `count` before, or the start if there are fewer; the branch stays.

        Raises
        ------
        NotEnabledError
            If `count` is not a whole number from 0 on.
        """
        require_count(f"back({line_of(count)})", count, "steps", "write back(1)")
        path = self._selected.path()
        return self._select(path[max(len(path) - 1 - count, 0)])

    @locked
    def forward(self, count: int = 1) -> Node:
        """Select the step `count` after, or the last one, on the branch that was looked at last.

        Raises
        ------
        NotEnabledError
            If `count` is not a whole number from 0 on.
        """
        require_count(f"forward({line_of(count)})", count, "steps", "write forward(1)")
        path = self._tip.path()
        return self._select(path[min(self._selected.depth + count, len(path) - 1)])

    @locked
    def goto(self, number: int) -> Node:
        """Select a step by its number in the whole history; 0 is the start.

        Raises
        ------
        NotEnabledError
            If there is no such step.
        """
        return self._select(self._node(number, "goto"))

    @locked
    def name(self, name: str, number: int | None = None) -> Node:
        """Name the branch at a step, by default the selected one; an empty name takes it away.

        Raises
        ------
        NotEnabledError
            If there is no such step, or the name is no text.
        """
        if not isinstance(name, str):
            raise NotEnabledError(f"name({line_of(name)})", "a name is text", 'write name("first try"), say')
        node = self._selected if number is None else self._node(number, "name")
        if self._keeper is not None:
            self._keeper.name(node, name)
        if name:
            self.history.names[node.number] = name
        else:
            self.history.names.pop(node.number, None)
        self._announce()
        return node

    @locked
    def without(self, number: int | None = None) -> Node:
        """Try the selected branch as if one step had not happened: what comes after it is taken again where it fits.

        Raises
        ------
        NotEnabledError
            If the step is not on the selected branch, or is the start.
        """
        path = self._tip.path()
        wanted = self._selected.number if number is None else number
        index = next((i for i, node in enumerate(path) if type(wanted) is int and node.number == wanted), 0)
        if index == 0:
            raise NotEnabledError(
                f"without({line_of(wanted)})", "it is not a step of this branch", "goto a later step first"
            )
        self._select(path[index - 1])
        for node in path[index + 1 :]:
            assert node.step is not None
            try:
                self.take(node.step.event)
            except NotEnabledError:
                continue
        return self._selected

    def observe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Have `observer` called whenever the selected step or the history changes; return what ends that."""
        self._observers.append(observer)

        def stop() -> None:
            if observer in self._observers:
                self._observers.remove(observer)

        return stop

    def close(self) -> None:
        """Let go of the journal, so that another lab may open it; the lab itself stays usable, unjournaled."""
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None

    def _keep(self, steps: Sequence[Step], *, announce: bool = True) -> Node:
        node, left = self._selected, list(steps)
        while left and (child := node.child(left[0].event)) is not None:
            node = child
            del left[0]
        if left and self._keeper is not None:
            # Before anything is kept here: a step that cannot be written must not be in the history either.
            self._keeper.steps(node, left, first_number=len(self.history))
        for taken in left:
            node = self.history.add(node, taken)
            self._judge(node)
        return self._select(node, announce=announce)

    def _judge(self, node: Node) -> None:
        """See to a step while the state stands at it."""

    def _select(self, node: Node, *, announce: bool = True) -> Node:
        if node is not self._selected and self._keeper is not None:
            self._keeper.select(node)
        self._tip = _tip_after(self._tip, node)
        self._selected = node
        if announce:
            self._announce()
        return node

    def _node(self, number: int, verb: str) -> Node:
        if type(number) is not int or not 0 <= number < len(self.history):
            raise NotEnabledError(
                f"{verb}({line_of(number)})",
                "there is no such step",
                f"steps are numbered 0 to {len(self.history) - 1}",
            )
        return self.history.nodes[number]

    def _require_own(self, node: Any, verb: str) -> None:
        """Refuse what is no step of this lab: what is known of a step is kept by its number."""
        nodes = self.history.nodes
        if not isinstance(node, Node) or node.number >= len(nodes) or nodes[node.number] is not node:
            raise NotEnabledError(
                f"{verb}({line_of(node)})", "it is no step of this lab", "give it lab.selected, or what a verb returned"
            )

    def _announce(self) -> None:
        for observer in list(self._observers):
            observer()


def _tip_after(tip: Node, node: Node) -> Node:
    """Return the end of the branch that `node` is on: the same as before if `node` is on that one."""
    if node.parent is tip and not node.children:
        return node
    ancestor: Node = tip
    while ancestor.depth > node.depth:
        assert ancestor.parent is not None
        ancestor = ancestor.parent
    if ancestor is node:
        return tip
    while node.children:
        node = node.children[-1]
    return node
