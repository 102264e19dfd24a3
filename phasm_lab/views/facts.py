"""What is known of each step beyond its configuration: its row, where things came from, what broke, what is remembered.

Theory of operation. Facts are made once for each node of the history, in order of creation, so those of the parent are
there already; nothing is ever computed again when somebody looks at an old step. They come from the step's record; the
state itself is read only to judge the properties and to ask restore what it would emit, both while the materialised
state stands there anyway.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from phasm_lab.checks.obligations import Breach
from phasm_lab.engine.events import Crash, Deliver, Dispatch, Perform, Recover
from phasm_lab.lab.judgements import Judgement, judge
from phasm_lab.machine.data import freeze, same
from phasm_lab.machine.values import Tracked, kind_of
from phasm_lab.views.marks import NEWLY_BROKEN, letter_of, own_mark, rules_mark
from phasm_lab.views.origins import NOTHING, Moves, Opened, Origins, carry, free_slot
from phasm_lab.views.probes import breach
from phasm_lab.views.rows import Past, died_before_commit, empty_row, make_row, tracked_of
from phasm_lab.views.rule_book import RuleBook
from phasm_lab.views.run_shapes import Row
from phasm_lab.views.spoken import sentence
from phasm_lab.views.tree import Segments
from phasm_lab.views.words import id_text

if TYPE_CHECKING:
    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.step import Step
    from phasm_lab.lab.lab import Lab
    from phasm_lab.trace.history import Node

__all__ = ["FactBook", "Facts", "standing"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one step.

    Attributes
    ----------
    row
        Its row on the timeline.
    letter
        Its letter in the outline.
    origins
        Where what is in flight began.
    keeps
        Ids that the state remembers, by frozen id.
    begun, ended
        Threads that begin and end here.
    broken
        Indexes of the properties that are broken here.
    since
        For each property the step that broke it first on the way here, or -1.
    reached
        Indexes of the goals reached on the way here.
    repeats
        Of a perform: how often it went so, 0 where it changed nothing.
    emitted_before
        For each tracked action emitted: the step that emitted its id first, or -1, and whether another kind of action.
    wrote
        Of a recovery: whether restore wrote something, which was taken back.
    breach
        Of a probe: the rule that it breaks, or "".
    rules
        The rules that are broken here, each with a sentence; of a probe the one that it breaks.
    new_rules
        Those of them that were not broken at the step before.
    declared
        Whether every input on the way here is one of the scenario's.
    """

    row: Row
    letter: str
    origins: Origins
    keeps: dict[Hashable, Opened]
    begun: tuple[Opened, ...]
    ended: tuple[tuple[Opened, str], ...]
    broken: frozenset[int]
    since: tuple[int, ...]
    reached: frozenset[int]
    repeats: int
    emitted_before: tuple[tuple[int, bool], ...]
    wrote: bool
    breach: str
    rules: tuple[Breach, ...]
    new_rules: tuple[Breach, ...]
    declared: bool

    @property
    def broken_first(self) -> list[int]:
        """Indexes of the properties that are broken here first."""
        return [index for index in sorted(self.broken) if self.since[index] == self.row["step"]]

    @property
    def breaks(self) -> bool:
        """Whether a property or a rule is broken here that was not at the step before."""
        return NEWLY_BROKEN in (self.row["own"], self.row["rules"])


def standing(configuration: Configuration) -> str:
    """Say what got furthest of what is on the wire: "result", "request" or ""."""
    return "result" if configuration.results else "request" if configuration.requests else ""


class FactBook:
    """The facts of every node of a lab's history.

    Attributes
    ----------
    segments
        The history as stretches without branches.
    systems
        Names of the outside systems, in order of first appearance.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.segments = Segments()
        self.systems: list[str] = []
        self._facts: list[Facts] = []
        self._held: list[dict[Hashable, str]] = []
        self._rules = RuleBook(lab)
        self._touching: dict[Hashable, list[Node]] = {}

    def of(self, node: Node) -> Facts:
        """Return the facts of a node."""
        self.update()
        return self._facts[node.number]

    def update(self) -> None:
        """Make the facts of the nodes that are new."""
        nodes = self.lab.history.nodes
        for number in range(len(self._facts), len(nodes)):
            self._add(nodes[number])

    def step_of(self, node: Node, index: int) -> int:
        """Return the step that put the result at `index` on the wire."""
        return self.of(node).origins.results[index].step

    def broken_after(self, node: Node, step: Step) -> list[str]:
        """Return the names of properties and rules that hold at `node` and that a step after it would break."""
        if node.probed:
            return []
        facts, names = self.of(node), []
        for index, claim in enumerate(self.lab.scenario.properties):
            if claim.kind == "sometimes" or index in facts.broken:
                continue
            if judge(claim, step.configuration, self.lab.limits).holds is False:
                names.append(claim.name)
        return names + [each.slug for each in self._rules.would_break(node, step) if each not in facts.rules]

    def before(self, node: Node, kind: str, key: Hashable) -> list[Node]:
        """Return the steps on the way to `node` that touched an id, in order; `kind` says how."""
        touching = self._touching.get((kind, key), ())
        return [earlier for earlier in touching if self.segments.is_on_way(earlier, node)]

    def restores(self, node: Node, key: Hashable) -> bool:
        """Tell whether restore would emit an id after a step."""
        return key in self._held[node.number]

    def _add(self, node: Node) -> None:
        self.segments.add(node)
        before = node.parent
        known = self._facts[before.number] if before is not None else None
        self._held.append(self._restored(node))
        past = self._past(node)
        rules = self._rules.judge(node, past.breach)
        new_rules = tuple(breach for breach in rules if known is None or breach not in known.rules)
        judgements = self.lab.judgements(node)
        since, broken, reached = self._judged(node, judgements, known)
        row = self._row(node, past)
        row["own"] = own_mark(node.number, judgements, since, broken)
        row["rules"] = rules_mark(node, rules, new_rules)
        newly = [f"Property {self.lab.scenario.properties[i].name}" for i in sorted(broken) if since[i] == node.number]
        newly += [f"Rule {breach.slug}" for breach in new_rules if not node.probed]
        row["say"] = sentence(node.number, node.step, past, self._system_name(past), newly)
        moves = self._moves(node, known)
        keeps, begun, ended = self._keep(node, known)
        self._facts.append(
            Facts(
                row=row,
                letter=letter_of(row),
                origins=moves.origins,
                keeps=keeps,
                begun=(*moves.begun, *begun),
                ended=(*moves.ended, *ended),
                broken=broken,
                since=since,
                reached=reached,
                repeats=past.repeats,
                emitted_before=tuple(zip(past.first_emitted, past.kind_differs, strict=True)),
                wrote=past.wrote,
                breach=past.breach,
                rules=rules,
                new_rules=new_rules,
                declared=row["declared"] and (known is None or known.declared),
            )
        )
        self._touch(node)

    def _row(self, node: Node, past: Past) -> Row:
        if node.parent is None or node.step is None:
            return empty_row(node.number)
        return make_row(node.number, node.parent.configuration, node.step, past)

    def _system_name(self, past: Past) -> str:
        return self.systems[past.system] if past.system < len(self.systems) else ""

    def _moves(self, node: Node, known: Facts | None) -> Moves:
        if node.parent is None or node.step is None or known is None:
            return Moves(NOTHING, (), ())
        return carry(
            known.origins,
            node.parent.configuration,
            node.configuration,
            node.step.event,
            step=node.number,
            row=node.depth,
        )

    def _restored(self, node: Node) -> dict[Hashable, str]:
        """Return the ids that restore would emit, by frozen id."""
        asked = self._rules.ask(node)
        if node.parent is not None and asked is self._rules.asked[node.parent.number]:
            return self._held[node.parent.number]
        return {freeze(action.id): id_text(action.id) for action in asked.tracked}

    def _keep(
        self, node: Node, known: Facts | None
    ) -> tuple[dict[Hashable, Opened], tuple[Opened, ...], tuple[tuple[Opened, str], ...]]:
        held = self._held[node.number]
        keeps = known.keeps if known is not None else {}
        if held.keys() == keeps.keys():
            return keeps, (), ()
        begun: list[Opened] = []
        after = {key: keeps[key] for key in keeps if key in held}
        for key, text in held.items():
            if key not in after:
                slot = free_slot([*keeps.values(), *begun])
                after[key] = Opened("keep", text, node.number, node.depth, slot)
                begun.append(after[key])
        ended = tuple((thread, "used") for key, thread in keeps.items() if key not in held)
        return after, tuple(begun), ended

    def _past(self, node: Node) -> Past:
        step = node.step
        if step is None or node.parent is None:
            return Past()
        before = node.parent.configuration
        match step.event:
            case Perform():
                return self._past_of_perform(node, step)
            case Dispatch(action=Tracked() as action):
                return Past(repeats=1 + len(self.before(node, "dispatch", freeze(action.id))))
            case Deliver(probe=True):
                return Past(*self._emitted_before(node, step), holds=self._holds(node), breach=breach(self, node))
            case Deliver(result=result):
                late = -1
                if result.life < before.life:
                    index = next(i for i, other in enumerate(before.results) if same(other, result))
                    late = self._facts[node.parent.number].origins.results[index].step
                repeats = 1 + len(self.before(node, "deliver", freeze(result.action.id)))
                return Past(*self._emitted_before(node, step), late=late, repeats=repeats, holds=self._holds(node))
            case Crash():
                return Past(standing=standing(before), holds=self._holds(node))
            case Recover(fault=fault) if fault is None or fault.kind == "after commit":
                wrote = bool(self._rules.asked[node.parent.number].wrote)
                return Past(*self._emitted_before(node, step), holds=self._holds(node), wrote=wrote)
        return Past(*self._emitted_before(node, step), holds=self._holds(node))

    def _holds(self, node: Node) -> tuple[str, ...]:
        return tuple(self._held[node.number].values())

    def _emitted_before(self, node: Node, step: Step) -> tuple[tuple[int, ...], tuple[bool, ...]]:
        """Return for each tracked action the step that emitted its id first, and whether another kind of action."""
        steps, differs = [], []
        for action in tracked_of(step.record):
            self.system_index(action.payload)
            earlier = self.before(node, "emit", freeze(action.id))
            steps.append(earlier[0].number if earlier else -1)
            differs.append(bool(earlier) and not _emits_alike(earlier[0], action))
        return tuple(steps), tuple(differs)

    def _past_of_perform(self, node: Node, step: Step) -> Past:
        assert isinstance(step.event, Perform)
        action = step.event.request.action
        earlier = self.before(node, "perform", _performed(action))
        alike = [
            other for other in earlier if other.step is not None and same(other.step.record.value, step.record.value)
        ]
        twin = earlier[-1].depth if earlier else -1
        repeats = 1 + sum(map(_changed_environment, alike)) if _changed_environment(node) else 0
        return Past(twin=twin, repeats=repeats, system=self.system_index(action.payload))

    def system_index(self, payload: object) -> int:
        """Return the index of the outside system that performs a payload."""
        environment = self.lab.scenario.environment
        try:
            name = environment.system_of(payload)
        except Exception:  # noqa: BLE001 - whatever the user's function raises, the lane has a name
            name = environment.name
        if name not in self.systems:
            self.systems.append(name)
        return self.systems.index(name)

    def _touch(self, node: Node) -> None:
        """Note which ids a step touched, for the steps after it."""
        step = node.step
        if step is None:
            return
        keys: list[tuple[str, Hashable]] = []
        match step.event:
            case Perform(request=request):
                keys = [("perform", _performed(request.action))]
            case Dispatch(action=Tracked() as action):
                keys = [("dispatch", freeze(action.id))]
            case Deliver(result=result, probe=False) if step.record.result in ("committed", "rejected"):
                keys = [("deliver", freeze(result.action.id))]
        if not died_before_commit(step):
            keys += [("emit", freeze(action.id)) for action in tracked_of(step.record)]
        for key in keys:
            self._touching.setdefault(key, []).append(node)

    def _judged(
        self, node: Node, judgements: tuple[Judgement, ...], known: Facts | None
    ) -> tuple[tuple[int, ...], frozenset[int], frozenset[int]]:
        properties = self.lab.scenario.properties
        since = known.since if known is not None else (-1,) * len(properties)
        reached = known.reached if known is not None else frozenset()
        goals = [index for index, claim in enumerate(properties) if claim.kind == "sometimes"]
        reached |= {index for index in goals if judgements[index].holds}
        broken = frozenset(i for i, found in enumerate(judgements) if found.holds is False and i not in goals)
        if any(since[index] < 0 for index in broken):
            since = tuple(node.number if i in broken and first < 0 else first for i, first in enumerate(since))
        return since, broken, reached


def _changed_environment(node: Node) -> bool:
    before = node.parent
    return before is not None and node.configuration.environment is not before.configuration.environment


def _emits_alike(node: Node, action: Tracked) -> bool:
    """Tell whether a step emitted the same kind of action under the same id."""
    emitted = tracked_of(node.step.record) if node.step is not None else []
    return any(same(each.id, action.id) and kind_of(each.payload) == kind_of(action.payload) for each in emitted)


def _performed(action: Tracked) -> tuple[Hashable, str]:
    return freeze(action.id), kind_of(action.payload)
