"""Which outcomes runs without any fault can have, the outside world answering as in the crash-free run.

A search of its own, beside that of `checks.free_runs`: that one meets every answer, this one only those of one run, which
depend on how often a thing was asked, and it stops at the outcome that somebody asks for.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from phasm_lab.checks.free_runs import without_faults
from phasm_lab.engine.enabled import enabled
from phasm_lab.engine.events import Deliver, Dispatch, Fire, Lose, Perform
from phasm_lab.engine.scenario import start
from phasm_lab.machine.data import freeze
from phasm_lab.machine.values import Untracked
from phasm_lab.recoveries.futures import outcome_of
from phasm_lab.recoveries.running import Runner, answer_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from phasm_lab.engine.configuration import Configuration

__all__ = ["MAX_FREE_COUNT", "FreeRuns"]

MAX_FREE_COUNT = 2_000
"""Configurations of fault-free runs after which the search for an outcome ends."""


class FreeRuns:
    """Searches the runs in which nothing goes wrong, breadth first and only as far as somebody asks.

    Only `lost_inputs` may be spent, as in the rule `changed-outcome` (`semantics.md` §8).

    Attributes
    ----------
    complete
        Whether all of them were seen.
    """

    def __init__(self, runner: Runner) -> None:
        self.runner = Runner(without_faults(runner.scenario), runner.limits, runner.answers)
        self.complete = False
        self._outcomes: set[Hashable] = set()
        self._walk = self._search()

    def has(self, outcome: Hashable) -> bool | None:
        """Tell whether a fault-free run ends so; None where none was found and not all were seen."""
        if outcome in self._outcomes:
            return True
        for found in self._walk:
            if found == outcome:
                return True
        return False if self.complete else None

    def _search(self) -> Iterator[Hashable]:
        """Yield the outcome of each quiescent configuration."""
        waiting: list[tuple[Configuration, Counter[Hashable]]] = [(start(self.runner.scenario), Counter())]
        seen = {self._key(*waiting[0])}
        for here, asked in waiting:
            if here.quiescent:
                outcome = outcome_of(self.runner.scenario, here)
                self._outcomes.add(outcome)
                yield outcome
            for after in self._after(here, asked):
                key = self._key(*after)
                if key not in seen:
                    if len(seen) >= MAX_FREE_COUNT:
                        return
                    seen.add(key)
                    waiting.append(after)
        self.complete = True

    def _after(
        self, here: Configuration, asked: Counter[Hashable]
    ) -> Iterator[tuple[Configuration, Counter[Hashable]]]:
        performed = set()
        for event in enabled(self.runner.scenario, here, limits=self.runner.limits):
            match event:
                case Dispatch(Untracked()):
                    continue
                case Fire() | Dispatch() | Deliver() | Lose(Fire()):
                    yield self.runner.take(here, event).configuration, asked
                case Perform(request) if freeze(request) not in performed:
                    performed.add(freeze(request))
                    taken = self.runner.perform(here, request, asked)
                    yield taken.configuration, asked + Counter([answer_key(request.action)])

    def _key(self, here: Configuration, asked: Counter[Hashable]) -> Any:
        unordered = (Counter(map(freeze, part)) for part in (here.queue, here.requests))
        parts = [frozenset(part.items()) for part in unordered]
        rest = here._replace(queue=(), requests=(), untracked=()).key()
        return (rest, *parts, self.runner.answers.progress(asked))
