"""Transitions run again in other interpreters, with other hash seeds: the same state and input give the same there.

Theory of operation. Only code that can depend on the hash seed is worth the processes: the order of a set, `hash`, `id`, a
time zone, functions that nothing is known about (`inspection.seed_places`). The processes start with the search. At its end
they are given the machine and a sample of transitions (`interpreter.shipping`), each runs them with the engine, and their
answers are compared with each other: seeds are fixed, so every search of a machine finds the same, whatever its own seed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from phasm_lab.checks.obligations import Breach
from phasm_lab.engine.memory import MemoryVersion
from phasm_lab.engine.transition import Attempt, attempt
from phasm_lab.interpreter.inspection import seed_places
from phasm_lab.interpreter.lines import LineRecorder
from phasm_lab.interpreter.others import OtherInterpreters, reason_for_none
from phasm_lab.interpreter.shipping import ship
from phasm_lab.machine.text import line_of
from phasm_lab.trace.codec import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phasm_lab.checks.ownership import Ownership
    from phasm_lab.checks.space import Space
    from phasm_lab.engine.drive import Limits
    from phasm_lab.engine.versions import Version
    from phasm_lab.interpreter.places import Place
    from phasm_lab.interpreter.reach import Reach

__all__ = ["Elsewhere"]

MAX_PAIR_COUNT = 64
LONGEST_PROBLEM = 200
CURE_OF_ADDRESSES = "tell objects by their values: this text has an address in it"
CURE_OF_SEEDS = "sort what comes out of a set, and use neither hash() nor id() nor the local time"


class Elsewhere:
    """Asks other interpreters about a sample of transitions.

    Attributes
    ----------
    not_run
        Why they could not be asked, in words.
    """

    def __init__(self, space: Space, reach: Reach, is_own: Ownership) -> None:
        self.space = space
        self._is_own = is_own
        self.not_run: list[str] = []
        self._places = seed_places(reach)
        self._addresses: dict[tuple[int, int], Place] = {}
        self._pairs: list[tuple[int, int]] = []
        self._others: OtherInterpreters | None = None
        self._asked = False
        self._answers: list[list[str]] = []
        if self._places:
            self._start()

    def _start(self) -> None:
        reason = reason_for_none()
        if reason:
            self._note(reason)
            return
        try:
            self._others = OtherInterpreters("phasm_lab.checks.answering")
        except OSError as error:
            self._note(f"no process can be started: {error}")

    def _note(self, reason: str) -> None:
        self.not_run.append(f"nondeterministic in another interpreter: {reason[:LONGEST_PROBLEM]}")

    def add(self, state: int, consumed: int) -> None:
        """Have a transition among those that the others run; restore where `consumed` is -1."""
        if self._others is not None and len(self._pairs) < MAX_PAIR_COUNT:
            self._pairs.append((state, consumed))

    def suspect_address(self, pair: tuple[int, int], place: Place) -> None:
        """Have the others run a transition that has an address in its outcome since this line."""
        self._addresses[pair] = place
        if not self._places:
            self._places.append(place)
            self._start()
        if pair not in self._pairs:
            self._pairs.append(pair)

    def ask(self) -> Iterator[None]:
        """Ask the others, once; yields often until they have answered."""
        if self._asked or self._others is None or not self._pairs:
            return
        self._asked = True
        try:
            question = ship(self._question(), self._is_own)
        except Exception as error:  # noqa: BLE001 - whatever a value of the user's raises when it is shipped
            self._note(f"the machine cannot be shipped: {error}")
            return
        try:
            yield from self._others.ask(question)
            self._take([json.loads(told or "{}") for told in self._others.answers])
        except Exception as error:  # noqa: BLE001 - a process may end in any way
            self._note(f"they did not answer: {type(error).__name__}")

    def _take(self, told: list[dict[str, Any]]) -> None:
        problem = next((answer.get("problem", "it ended") for answer in told if "answers" not in answer), "")
        if problem:
            self._note(f"the machine cannot be run there: {problem}")
        else:
            self._answers = [answer["answers"] for answer in told]

    def conclude(self) -> Iterator[tuple[Breach, int, int]]:
        """Yield the first transition whose answers differ: (breach, state, input consumed there)."""
        for _ in self.ask():
            pass
        for pair, told in zip(self._pairs, zip(*self._answers, strict=True), strict=False):
            different = next((other for other in told if other != told[0]), None)
            if different is not None:
                yield self._breach(pair, told[0], different), *pair
                return
            if self._fails_there_alone(pair, json.loads(told[0])[2]):
                return

    def close(self) -> None:
        """End the other interpreters."""
        if self._others is not None:
            self._others.close()
            self._others = None

    def _question(self) -> dict[str, Any]:
        space = self.space
        machine = space.scenario.machine
        cases = [
            (_shipped(space.states[state], machine.initial), None if consumed < 0 else space.consumed[consumed])
            for state, consumed in self._pairs
        ]
        return {"stf": machine.stf, "restore": machine.restore, "cases": cases}

    def _breach(self, pair: tuple[int, int], first: str, second: str) -> Breach:
        place, todo = self._addresses.get(pair), CURE_OF_ADDRESSES
        if place is None:
            place, todo = self.place_that_ran(pair), CURE_OF_SEEDS
        told = f"{self._told(pair[1])} on the same state gives {_difference(first, second)} in another interpreter"
        return Breach("nondeterministic", f"{place}: {told}; {todo}")

    def _fails_there_alone(self, pair: tuple[int, int], refused: str) -> bool:
        """Tell, and say, whether a transition fails there and not here: what was shipped is not all that it needs."""
        if not refused:
            return False
        here = self._attempt(pair, self.space.limits).refusal
        alone = here is None or here.text.partition(":")[0] != refused
        if alone:
            self._note(f"{self._told(pair[1])} fails there alone, by {refused}")
        return alone

    def _attempt(self, pair: tuple[int, int], limits: Limits) -> Attempt:
        state, consumed = pair
        machine = self.space.scenario.machine
        arguments = () if consumed < 0 else (self.space.consumed[consumed],)
        role, function = ("restore", machine.restore) if consumed < 0 else ("stf", machine.stf)
        return attempt(role, function, self.space.states[state], arguments, limits, keep=False)

    def _told(self, consumed: int) -> str:
        return "restore" if consumed < 0 else line_of(self.space.consumed[consumed])

    def place_that_ran(self, pair: tuple[int, int]) -> Place | None:
        """Return the first line that may depend on hashes and ran in a transition, else the first there is."""
        if not self._places:
            return None
        recorder = LineRecorder(self.space.limits, {place.file for place in self._places})
        self._attempt(pair, recorder)
        ran = {(code.co_filename, line) for code, lines in recorder.ran.items() for line in lines.lines}
        return next((place for place in self._places if (place.file, place.line) in ran), self._places[0])


def _shipped(version: Version, initial: Any) -> tuple[Any, ...]:
    """Return a state so that it can be made again: a dataclass by value, a database by the statements that led to it."""
    if isinstance(version, MemoryVersion):
        return (version.plain(),)
    statements: list[Any] = []
    current: Any = version
    while current is not None:
        statements[:0] = current.statements
        current = current.parent
    return (initial.schema, statements)


def _difference(first: str, second: str) -> str:
    (state, actions, refused), (other_state, others, other_refused) = json.loads(first), json.loads(second)
    if refused != other_refused:
        return "another error"
    if state != other_state:
        return "another state"
    in_order = sorted(actions, key=canonical_json) == sorted(others, key=canonical_json)
    return "the same actions in another order" if in_order else "other actions"
