"""What becomes of a crashed configuration: its run to quiescence in each order, computed once for equal configurations."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.engine.configuration import Configuration
from phasm_lab.engine.enabled import survey
from phasm_lab.engine.events import Event, Perform, Recover
from phasm_lab.engine.here import Here
from phasm_lab.errors import EndlessError, PhasmLabError
from phasm_lab.machine.data import freeze
from phasm_lab.machine.values import Tracked, kind_of
from phasm_lab.recoveries.running import ORDERS, SENT_FIRST
from phasm_lab.trace.codec import encode
from phasm_lab.trace.labels import shorten, value_text

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator

    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.engine.step import Step
    from phasm_lab.recoveries.running import Runner

__all__ = [
    "End",
    "Future",
    "Futures",
    "Performed",
    "action_words",
    "broken_in",
    "end_of",
    "outcome_of",
    "performed_in",
    "waiting_in",
]


class Performed(NamedTuple):
    """One perform, told by id and kind of its action; an effect where it changed the environment.

    Attributes
    ----------
    key
        Stand-in for id and kind.
    identity
        Stand-in for the id alone.
    words
        Kind and id in words.
    is_effect
        Whether the environment is another after it.
    answer
        What it returned, in words.
    """

    key: Hashable
    identity: Hashable
    words: str
    is_effect: bool
    answer: str


def action_words(action: Tracked) -> str:
    """Name an action by kind and id.

    Examples
    --------
    >>> action_words(Tracked(1, ("charge", 500)))
    'charge 1'
    """
    return f"{shorten(kind_of(action.payload), 40)} {shorten(value_text(encode(action.id)), 40)}"


def performed_in(before: Configuration, steps: Iterable[Step]) -> Iterator[Performed]:
    """Yield every perform of steps, the first taken from `before`."""
    for taken in steps:
        environment, after = before.environment, taken.configuration.environment
        before = taken.configuration
        if isinstance(taken.event, Perform):
            action = taken.event.request.action
            identity, kind = freeze(action.id), kind_of(action.payload)
            is_effect = environment is not after and bool(after.changes())
            answer = shorten(value_text(encode(taken.record.value)), 40)
            yield Performed((identity, kind), identity, action_words(action), is_effect, answer)


@dataclass(frozen=True)
class End:
    """How a run ends.

    Attributes
    ----------
    outcome
        What of the last configuration counts as its outcome.
    state
        Stand-in for the last state.
    waiting
        What restore still asks for although nothing is left to do.
    broken
        Properties broken where the run went, by name, with a sentence for each.
    refusal
        Why restore failed, else "".
    is_quiescent
        Whether nothing is left to do.
    """

    outcome: Hashable
    state: Hashable
    waiting: tuple[str, ...]
    broken: dict[str, str]
    refusal: str
    is_quiescent: bool


def end_of(runner: Runner, before: Configuration, steps: Iterable[Step]) -> End:
    """Return how steps from `before` end, the properties judged after each of them."""
    last, refusal = before, ""
    broken: dict[str, str] = {}
    for taken in steps:
        last = taken.configuration
        broken |= {name: text for name, text in broken_in(runner, last) if name not in broken}
        if isinstance(taken.event, Recover) and not last.up and taken.record.refusal is not None:
            refusal = shorten(taken.record.refusal.text, 200)
    outcome, waiting = outcome_of(runner.scenario, last), waiting_in(runner, last)
    return End(outcome, last.state.frozen(), waiting, broken, refusal, last.quiescent)


def outcome_of(scenario: Scenario, last: Configuration) -> Hashable:
    """Return a stand-in for what of a configuration counts as its outcome."""
    if scenario.outcome is None:
        return last.state.frozen(), last.environment.frozen()
    return freeze(scenario.outcome(Here(last)))


def waiting_in(runner: Runner, last: Configuration) -> tuple[str, ...]:
    """Name what restore still asks for although nothing is left to do."""
    if not last.quiescent:
        return ()
    attempted = survey(runner.scenario, last, Recover(), limits=runner.limits, metered=False)
    return tuple(action_words(action) for action in attempted.tracked)


def broken_in(runner: Runner, here: Configuration) -> Iterator[tuple[str, str]]:
    """Yield each property that is broken in a configuration, with a sentence."""
    for claim in runner.scenario.properties:
        if claim.kind == "sometimes" or (claim.kind == "when_quiescent" and not here.quiescent):
            continue
        try:
            holds, sentence = runner.limits.call(claim.judge, Here(here))
        except (PhasmLabError, EndlessError) as error:
            holds, sentence = False, f"it could not be judged: {error}"
        finally:
            here.state.rollback()
            here.environment.rollback()
        if not holds:
            yield claim.name, shorten(sentence, 200)


@dataclass(frozen=True)
class Future:
    """One run to quiescence.

    Attributes
    ----------
    events
        Its events, Recover first.
    performed
        What was performed.
    end
        How it ends.
    last
        The configuration that it ends in.
    """

    events: tuple[Event, ...]
    performed: tuple[Performed, ...]
    end: End
    last: Configuration


class Futures:
    """Remembers what becomes of each distinct crashed configuration."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self._known: dict[Hashable, tuple[Future, ...]] = {}

    def of(self, crashed: Step, asked: Counter[Hashable]) -> tuple[Future, ...]:
        """Return each different run to quiescence after a step that hits; `asked` counts what was performed before.

        Configurations count as equal whatever their budgets, since nothing more goes wrong.
        """
        here = crashed.configuration
        key: Any = (here._replace(budgets=(), untracked=()).key(), self.runner.answers.progress(asked))
        if key not in self._known:
            self._known[key] = tuple(self._each(crashed, asked))
        return self._known[key]

    def _each(self, crashed: Step, asked: Counter[Hashable]) -> Iterator[Future]:
        here = crashed.configuration
        survived = not here.up and (here.requests or here.results)
        seen = set()
        for order in ORDERS if survived else (SENT_FIRST,):
            steps = self.runner.run_on(here, asked.copy(), order)
            events = tuple(taken.event for taken in steps)
            if freeze(events) not in seen:
                seen.add(freeze(events))
                end = end_of(self.runner, here, [crashed, *steps])
                last = steps[-1].configuration if steps else here
                yield Future(events, tuple(performed_in(here, steps)), end, last)
