"""In what a run that was hit ends otherwise than the crash-free one, named for a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phasm_lab.engine.configuration import Configuration
from phasm_lab.engine.here import Here
from phasm_lab.engine.scenario import Scenario
from phasm_lab.machine.data import freeze, thaw
from phasm_lab.machine.text import text_of
from phasm_lab.machine.values import Tracked
from phasm_lab.recoveries.differences import Difference, Edit, difference, path_text, plain_state
from phasm_lab.recoveries.futures import action_words
from phasm_lab.recoveries.readable import apart, readable
from phasm_lab.trace.labels import one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phasm_lab.engine.step import Step
    from phasm_lab.machine.values import Untracked

__all__ = ["Unlike", "commits_alike", "how_commits_differ", "most_telling"]

MAX_VALUE_LENGTH = 60
"""Characters of a path, and of a value, that are shown."""


@dataclass(frozen=True)
class Unlike:
    """Two ends that are not the same, looked into only where somebody asks.

    Attributes
    ----------
    scenario
        What ran.
    usual
        The last configuration of the crash-free run.
    here
        That of the run that was hit.
    """

    scenario: Scenario
    usual: Configuration
    here: Configuration

    @property
    def state(self) -> str:
        """In what the state differs: ``paid[1] is missing (500 without the crash)``; "" where it does not."""
        return _first(difference(plain_state(self.usual.state), plain_state(self.here.state)))

    @property
    def outside(self) -> str:
        """In what the outside world differs, by its name; "" where it does not."""
        words = _first(difference(self.usual.environment.plain(), self.here.environment.plain()))
        return words and f"{self.scenario.environment.name} {words}"

    @property
    def outcome(self) -> str:
        """In what the outcome differs: what the scenario's own function returns, by its name, or state and outside world."""
        own = self.scenario.outcome
        if own is None:
            return "; ".join(filter(None, [self.state, self.outside]))
        usual, here = (thaw(own(Here(each))) for each in (self.usual, self.here))
        name = getattr(own, "__name__", "outcome")
        return _first(difference(usual, here), "outcome" if name == "<lambda>" else one_line(name))


def most_telling(found: Difference) -> Edit:
    """Return the edit that is named first: no mere counter, and the same one whichever run is on the left."""
    return min(found.edits, key=_rank)


def _rank(edit: Edit) -> tuple[bool, str, list[str]]:
    is_counter = len(edit.path) == 1 and type(edit.old) is type(edit.new) is int
    return is_counter, edit.change.path, sorted([edit.change.old, edit.change.new])


def _first(found: Difference, name: str = "", without: str = "without the crash") -> str:
    if not found:
        return ""
    more = len(found.edits) - 1
    text = _words(most_telling(found), name, without)
    return text if not more else f"{text}, and {more:,} more difference{'' if more == 1 else 's'}"


def _words(edit: Edit, name: str, without: str) -> str:
    change = edit.change
    path = shorten(_path(name, path_text(edit.path)), MAX_VALUE_LENGTH)
    if change.sign == "~":
        old, new = apart(change.old, change.new, MAX_VALUE_LENGTH)
        return f"{path} is {new} ({old} {without})"
    value = readable(change.new or change.old, MAX_VALUE_LENGTH)
    is_added, is_member = change.sign == "+", bool(edit.path) and edit.path[-1][0] == "member"
    if is_member:
        return f"{path} has {value} (missing {without})" if is_added else f"{path} has no {value} (present {without})"
    return f"{path} is {value} (missing {without})" if is_added else f"{path} is missing ({value} {without})"


def _path(name: str, path: str) -> str:
    between = "." if name and path and not path.startswith("[") else ""
    return f"{name}{between}{path}" or "it"


def commits_alike(one: Step, other: Step) -> bool:
    """Tell whether two transitions end alike, in the same state and with the same actions."""
    if one.record.result != other.record.result or freeze(one.record.emitted) != freeze(other.record.emitted):
        return False
    return one.configuration.state.frozen() == other.configuration.state.frozen()


def how_commits_differ(usual: Step, here: Step, without: str) -> str:
    """Say in what a transition ends otherwise than usual; `without` says when it is as usual: ``without the error``."""
    one, other = usual.record.result, here.record.result
    if one != other:
        return f"it is {other} ({one} {without})"
    states = (plain_state(step.configuration.state) for step in (usual, here))
    old, new = (_emitted(step.record.emitted) for step in (usual, here))
    if old == new:
        old, new = apart(text_of(usual.record.emitted), text_of(here.record.emitted), MAX_VALUE_LENGTH)
    return _first(difference(*states), "", without) or f"it emits {new} ({old} {without})"


def _emitted(actions: Sequence[Tracked | Untracked]) -> str:
    words = [
        action_words(each) if isinstance(each, Tracked) else readable(text_of(each.payload), MAX_VALUE_LENGTH)
        for each in actions
    ]
    return " and ".join(words) or "nothing"
