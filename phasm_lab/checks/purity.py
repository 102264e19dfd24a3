"""Purity of stf and restore: nothing outside is read or changed, nothing is kept beside the state, every interpreter agrees.

Theory of operation. The code is read once (`phasm_lab.interpreter.reach`, `inspection`). The search then shows every
different transition; a sample of them is run again under instruments (`listener`), nearly all of them where the code names
something suspicious. Values that the code could change are compared at intervals; where one has changed, the transitions
since the last look are run again from what it was, line by line, so that a change counts only if stf or restore makes it
(`locate`). Where a value could depend on hashes, other interpreters run the sample too (`phasm_lab.checks.elsewhere`).

`outside-effect` and `hidden-state` are upstream's rules 6, 9 and 10, and chapter 05; `nondeterministic` rules 2 and 4.
What cannot be seen stands in the docstrings of `phasm_lab.interpreter` and in the README.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from phasm_lab.checks.divergence import address_place, has_address, text_of_values
from phasm_lab.checks.elsewhere import Elsewhere
from phasm_lab.checks.obligations import Breach
from phasm_lab.checks.ownership import Ownership
from phasm_lab.checks.past_journal import refuse_writes_past_journal
from phasm_lab.checks.sampling import Kind, Sampler
from phasm_lab.engine.transition import Attempt, attempt
from phasm_lab.errors import PhasmLabError
from phasm_lab.interpreter.fields import classes_held
from phasm_lab.interpreter.inspection import is_suspicious, suspects
from phasm_lab.interpreter.lines import LineRecorder
from phasm_lab.interpreter.listener import Heard, Listener
from phasm_lab.interpreter.locate import ChangeLocator
from phasm_lab.interpreter.outside import cure
from phasm_lab.interpreter.places import Place, place_in
from phasm_lab.interpreter.reach import MAX_VALUE_COUNT, Reach
from phasm_lab.machine.values import TrackedActionCompleted, kind_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from contextlib import AbstractContextManager
    from types import TracebackType

    from phasm_lab.checks.space import Space
    from phasm_lab.engine.drive import Limits

__all__ = ["Purity"]

PARTS_BETWEEN_LOOKS = 16
"""Parts of watched values for each transition that passes between two looks at them."""

TRANSITIONS_BETWEEN_RUNS = 128
"""Transitions after which one is run whatever its kind."""

LOOKS_AT_A_SIZE = 64
"""Looks after which twice as many transitions pass between two: a long search is not looked at more often than a short one."""

TEXT_SEARCHED = 1_000_000
"""Characters of outcomes that are searched for addresses."""

Pair = tuple[int, int]
"""A state's number, and that of the input consumed there; -1 for restore."""


class Purity:
    """Judges the purity of a machine's transitions while a search goes through them.

    Attributes
    ----------
    not_run
        What could not be looked at, in words.
    """

    def __init__(self, space: Space) -> None:
        self.space = space
        self.not_run: list[str] = []
        machine = space.scenario.machine
        self._is_own = Ownership([machine.stf, machine.restore])
        inputs = [("the input", value) for value in space.scenario.inputs]
        states = [(cls.__name__, cls) for cls in classes_held(space.states[0].view().__class__)]
        roots = [*inputs, *states, ("restore", machine.restore), ("stf", machine.stf)]
        self._reach = Reach(roots, self._is_own)
        self._watch = self._reach.watch
        self._watch.begin()
        self._suspects = suspects(self._reach.functions)
        suspicious = bool(self._suspects) or is_suspicious(self._reach.functions)
        self._sampler = Sampler(suspicious=suspicious)
        self._found: set[str] = set()
        self._window: list[Pair] = []
        self._late: list[tuple[Breach, int, int]] = []
        self._kinds: dict[int, Kind] = {}
        self._interval = self._window_size = 1 + self._watch.weight // PARTS_BETWEEN_LOOKS
        self._count = self._last_run = 0
        self._text_left = TEXT_SEARCHED
        self._elsewhere = Elsewhere(space, self._reach, self._is_own)
        if not self._reach.whole:
            self._note(f"hidden-state: more than {MAX_VALUE_COUNT:,} values can be reached from stf and restore")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the other interpreters; everything else was put back at the end of each run."""
        self._elsewhere.close()

    def transition(self, state: int, consumed: int) -> tuple[Breach, ...]:
        """Return what a transition of stf shows of impurity; called once for each different state and input."""
        window = self._window
        window.append((state, consumed))
        kind = self._kinds.get(consumed)
        if kind is not None and kind.left <= 0 and len(window) < self._window_size:
            return ()
        return tuple(self._look(state, consumed))

    def restore(self, state: int) -> tuple[Breach, ...]:
        """Return what restore shows of impurity on a state; called once for each different state."""
        return self.transition(state, -1)

    def _look(self, state: int, consumed: int) -> list[Breach]:
        kind = self._kinds.get(consumed)
        if kind is None:
            kind = self._kinds[consumed] = self._sampler.kind(None if consumed < 0 else self.space.consumed[consumed])
        self._count += len(self._window)
        if kind.left > 0 or self._count - self._last_run >= TRANSITIONS_BETWEEN_RUNS:
            self._last_run = self._count
            return self._under_instruments(state, consumed, kind)
        return self._hidden_state()

    def ask(self) -> Iterator[None]:
        """Ask other interpreters before `conclude`, which else waits for them; yields often until they have answered."""
        yield from self._elsewhere.ask()

    def conclude(self) -> Iterator[tuple[Breach, int, int]]:
        """Yield what is known only once the search has ended: (breach, state, input consumed there, -1 for restore)."""
        last = self._window[-1] if self._window else (0, -1)
        yield from ((breach, *last) for breach in self._hidden_state())
        yield from self._late
        self._late.clear()
        yield from self._elsewhere.conclude()
        self.not_run += self._elsewhere.not_run

    def seed_place(self, state: int, consumed: int) -> Place | None:
        """Return the line of a transition that may depend on hashes or addresses, if one ran."""
        return self._elsewhere.place_that_ran((state, consumed))

    def caches_emptied(self) -> AbstractContextManager[None]:
        """Empty what the code keeps of results that it had before, for a run."""
        return self._reach.caches.emptied()

    def _note(self, sentence: str) -> None:
        if sentence not in self.not_run:
            self.not_run.append(sentence)

    def _run(self, pair: Pair, limits: Limits) -> Attempt | None:
        """Run stf or restore again and take it back; None where it turns out to be ill-formed."""
        state, consumed = pair
        machine, version = self.space.scenario.machine, self.space.states[state]
        role, function = ("restore", machine.restore) if consumed < 0 else ("stf", machine.stf)
        arguments = () if consumed < 0 else (self.space.consumed[consumed],)
        try:
            return attempt(role, function, version, arguments, limits, keep=False)
        except PhasmLabError:
            return None

    # What reaches outside.

    def _under_instruments(self, state: int, consumed: int, kind: Kind) -> list[Breach]:
        self._elsewhere.add(state, consumed)
        listener = Listener(self.space.limits, self._reach.files, self._is_own)
        recorder = LineRecorder(listener, {suspect.place.file for suspect in self._suspects})
        inputs = self._watch_result(consumed)
        with self._reach.caches.emptied():
            tried = self._run((state, consumed), recorder if self._suspects else listener)
        refuse_writes_past_journal(self.space.states[state], listener.in_c)
        kind.ended(None if tried is None else _ending(tried))
        if tried is None:
            return []
        if listener.deaf:
            self._note("outside-effect in calls of C functions: a profiler written in C is on")
        self._look_for_address((state, consumed), tried)
        breaches = [*self._outside_effect(tried, listener.heard or self._suspect_that_ran(recorder))]
        if inputs is not None and inputs.changed():
            breaches += self._changed_result(state, consumed, inputs)
        return [*breaches, *self._hidden_state()]

    def _look_for_address(self, pair: Pair, tried: Attempt) -> None:
        """Have other interpreters run a transition whose outcome holds an address as text; the first one is enough."""
        if self._text_left <= 0:
            return
        state, consumed = pair
        after = state if consumed < 0 else self.space.outcome(state, consumed).state
        outcome = [tried.actions, "" if after == state else self.space.states[after].frozen()]
        text = text_of_values(outcome)
        self._text_left -= len(text)
        if has_address(text):
            self._text_left = 0
            version = self.space.states[state]
            place = address_place(lambda limits: self._run(pair, limits), version, self.space.limits, self._is_own)
            if place is not None:
                self._elsewhere.suspect_address(pair, place)

    def _suspect_that_ran(self, recorder: LineRecorder) -> Heard | None:
        for suspect in self._suspects:
            ran = recorder.ran.get(suspect.code)
            if ran is not None and suspect.place.line in ran.lines:
                return Heard(suspect.what, suspect.place)
        return None

    def _outside_effect(self, tried: Attempt, heard: Heard | None) -> Iterator[Breach]:
        if "outside-effect" in self._found:
            return
        told = self._refused(tried)
        if heard is not None and (told is None or tried.refusal is None or not tried.refusal.frames):
            told = f"{heard.place}: {heard.what} reaches outside; {cure(heard.what)}"
        if told is not None:
            self._found.add("outside-effect")
            yield Breach("outside-effect", told)

    def _refused(self, tried: Attempt) -> str | None:
        """Return what the engine or a store said of code that reached for more than its arguments."""
        refusal = tried.refusal
        if refusal is None or not refusal.text.startswith("OutsideEffectError: "):
            return None
        text = refusal.text.removeprefix("OutsideEffectError: ")
        named = re.fullmatch(r"(?P<asked>.+?) at (?P<file>[^\n]+?):(?P<line>\d+): (?P<rest>.*)", text, re.DOTALL)
        if refusal.frames:
            frame = refusal.frames[-1]
            return f"{Place(frame.file, frame.line, frame.function)}: {text}"
        if named is None:
            return text
        return f"{self._reach.place(named['file'], int(named['line']))}: {named['asked']}: {named['rest']}"

    # What is kept beside the state.

    def _hidden_state(self) -> list[Breach]:
        """Judge the transitions since the last look; what is found for an earlier one is kept for the end."""
        window, self._window = self._window, []
        self._window_size = self._interval + self._count // LOOKS_AT_A_SIZE
        if "hidden-state" in self._found or not window or not self._watch.changed():
            return []
        before, after = self._watch.before, self._watch.look()
        for pair in window:
            self._watch.put_back(before)
            self._watch.renew()
            locator = ChangeLocator(self.space.limits, self._watch, self._reach.files)
            self._run(pair, locator)
            if locator.name:
                self._watch.renew()
                return self._keep(_changes(locator, self._reach), pair, window[-1])
        self._watch.put_back(after)
        self._watch.renew()
        return []

    def _keep(self, breach: Breach, pair: Pair, current: Pair) -> list[Breach]:
        self._found.add("hidden-state")
        if pair == current:
            return [breach]
        self._late.append((breach, *pair))
        return []

    def _watch_result(self, consumed: int) -> Any:
        """Return a watch on what a result holds that can be changed, else None; inputs are watched from the start."""
        completed = None if consumed < 0 else self.space.consumed[consumed]
        if not isinstance(completed, TrackedActionCompleted):
            return None
        value = completed.result
        if not isinstance(value, dict | list | set) and not hasattr(value, "__dict__"):
            return None
        watch = Reach([("the input", value)], self._is_own).watch
        watch.begin()
        return watch

    def _changed_result(self, state: int, consumed: int, inputs: Any) -> list[Breach]:
        if "hidden-state" in self._found:
            return []
        inputs.renew()
        locator = ChangeLocator(self.space.limits, inputs, self._reach.files)
        self._run((state, consumed), locator)
        return self._keep(_changes(locator, self._reach), (state, consumed), (state, consumed)) if locator.name else []


def _ending(tried: Attempt) -> Hashable:
    refused = None if tried.refusal is None else tried.refusal.text.partition(":")[0]
    return (refused, tried.wrote, tuple(kind_of(action.payload) for action in tried.actions))


def _changes(locator: ChangeLocator, reach: Reach) -> Breach:
    place = locator.place
    if place is None and reach.functions:
        code = reach.functions[0].__code__
        place = place_in(code, code.co_firstlineno)
    todo = "make a new value instead" if locator.name.startswith("the input") else "keep it in the state"
    return Breach("hidden-state", f"{place}: it changes {locator.name}, which is no part of the state; {todo}")
