"""The rules of PHASM along a lab's runs: what is owed and asked at each step, and which rules it breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.checks.along import Asked, RulesAlong
from phasm_lab.checks.impure_restore import wrote_words
from phasm_lab.checks.obligations import Breach
from phasm_lab.engine.enabled import survey
from phasm_lab.engine.events import Recover
from phasm_lab.errors import PhasmLabError

if TYPE_CHECKING:
    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.step import Step
    from phasm_lab.lab.lab import Lab
    from phasm_lab.trace.history import Node

__all__ = ["RuleBook"]


class RuleBook:
    """What restore does and what is owed at each node of the history, in order of creation.

    Attributes
    ----------
    asked
        By node: what restore does there; asked only where the state changed.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.asked: list[Asked] = []
        self._rules = RulesAlong(lab.scenario)

    def ask(self, node: Node) -> Asked:
        """Note what restore does at a node that is new; return it."""
        before = node.parent
        if before is not None and node.configuration.state is before.configuration.state:
            self.asked.append(self.asked[before.number])
        else:
            self.asked.append(self._restored(node.configuration))
        return self.asked[node.number]

    def judge(self, node: Node, probe_breaks: str) -> tuple[Breach, ...]:
        """Return the rules that are broken at a node that was asked; of a probe the one that it breaks, and none after it."""
        before, asked = node.parent, self.asked[node.number]
        if before is None or node.step is None:
            return tuple(self._rules.here(node.configuration, asked))
        asked_before = self.asked[before.number]
        broken = self._rules.after(before.number, before.configuration, node.step, asked_before, asked)
        if node.probed:
            return (
                (Breach(probe_breaks, "a result for an id that is discharged does something"),) if probe_breaks else ()
            )
        return (*broken, *self._rules.here(node.configuration, asked))

    def would_break(self, node: Node, step: Step) -> list[Breach]:
        """Return the rules that would be broken by a step after a node."""
        asked_before, configuration = self.asked[node.number], step.configuration
        is_same = configuration.state is node.configuration.state
        asked = asked_before if is_same else self._restored(configuration)
        broken = self._rules.after(node.number, node.configuration, step, asked_before, asked)
        self._rules.forget()
        return [*broken, *self._rules.here(configuration, asked)]

    def _restored(self, configuration: Configuration) -> Asked:
        scenario, limits = self.lab.scenario, self.lab.limits
        try:
            found = survey(scenario, configuration, Recover(), limits=limits, metered=False)
            wrote = found.wrote and survey(scenario, configuration, Recover(), limits=limits, metered=True)
        except PhasmLabError:
            return Asked()
        refusal = "" if found.refusal is None else found.refusal.text
        return Asked(found.tracked, wrote_words(wrote) if wrote else "", refusal)
