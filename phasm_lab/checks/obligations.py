"""What a machine owes: which ids are outstanding, which are discharged, and what was asked under each.

Obligations belong to the search, not to the configuration: the engine is free of them. The source of the rules is
`semantics.md` §7 and §8; upstream's rules 4, 5, 7 and 8 stand behind them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.checks.interning import Table
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import TrackedActionCompleted, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from phasm_lab.checks.along import RunParts
    from phasm_lab.checks.space import Outcome, Space

__all__ = ["Breach", "Obligation", "Obligations", "Owed"]


class Obligation(NamedTuple):
    """What is owed for one id.

    Attributes
    ----------
    identity
        The id's number.
    first
        Number of the action that stf emitted first under it.
    last
        Number of the action that stf emitted last under it.
    outstanding
        Whether it is emitted and not discharged.
    delivered
        Whether a result of what is asked now was delivered since stf emitted it last.
    discharged_by
        Number of the result that discharged it, -1 if none did.
    """

    identity: int
    first: int
    last: int
    outstanding: bool
    delivered: bool
    discharged_by: int


class Owed(dict[int, Obligation]):
    """What is owed along a run, by the number of the id.

    Attributes
    ----------
    outstanding
        Numbers of the ids that are outstanding.
    """

    __slots__ = ("outstanding",)

    def __init__(self, entries: Iterable[Obligation] = ()) -> None:
        super().__init__((entry.identity, entry) for entry in entries)
        self.outstanding = {entry.identity for entry in self.values() if entry.outstanding}

    def put(self, entry: Obligation) -> None:
        """Enter what is owed for an id."""
        self[entry.identity] = entry
        if entry.outstanding:
            self.outstanding.add(entry.identity)
        else:
            self.outstanding.discard(entry.identity)

    def put_back(self, old: Obligation | None, new: Obligation) -> None:
        """Enter what was owed for an id before `new` was entered."""
        if old is not None:
            self.put(old)
        else:
            del self[new.identity]
            self.outstanding.discard(new.identity)


class Breach(NamedTuple):
    """A rule that one step breaks, and a sentence that says how."""

    slug: str
    message: str


class Obligations:
    """Follows what is owed along a run."""

    def __init__(self, space: Space | RunParts) -> None:
        self.space = space
        self.table: Table[tuple[Obligation, ...]] = Table()
        self.none = self.table.number(())
        self._actions: dict[tuple[int, int], set[int]] = {}

    def after(self, owed: int, state: int, taking: int, outcome: Outcome) -> tuple[int, tuple[Breach, ...]]:
        """Return what is owed after a transition of stf, and the rules that it breaks."""
        if owed == self.none and not outcome.tracked:
            return owed, ()
        entries = Owed(self.table[owed])
        breaches = tuple(self.follow(entries, state, taking, outcome))
        return self._number(entries), breaches

    def recovered(self, owed: int, outcome: Outcome) -> None:
        """Note under which ids restore asked again, and for what."""
        firsts = {entry.identity: entry.first for entry in self.table[owed]}
        for action in outcome.tracked:
            identity = self.space.identity(action)
            if identity in firsts:
                self._asked(identity, firsts[identity], action)

    def actions(self, entry: Obligation) -> set[int]:
        """Return the actions asked under an id in any run, restore's included, where the first was the same."""
        return self._actions[entry.identity, entry.first]

    def _asked(self, identity: int, first: int, action: int) -> None:
        self._actions.setdefault((identity, first), set()).add(action)

    def _number(self, entries: Owed) -> int:
        return self.table.number(tuple(sorted(entries.values(), key=lambda entry: entry.identity)))

    def _kind(self, action: int) -> str:
        return kind_of(self.space.actions[action].payload)

    def _restored(self, state: int) -> dict[int, list[int]]:
        """Return the actions that restore emits for a state, by id."""
        found: dict[int, list[int]] = {}
        for action in self.space.restore(state).tracked:
            found.setdefault(self.space.identity(action), []).append(action)
        return found

    def follow(self, entries: Owed, state: int, taking: int, outcome: Outcome) -> Iterator[Breach]:
        """Enter what a transition of stf does to what is owed, and yield the rules that it breaks."""
        consumed, asked = self.space.takings[taking]
        completed = self.space.consumed[consumed]
        outstanding = set(entries.outstanding)
        answered = -1
        if isinstance(completed, TrackedActionCompleted):
            answered = self.space.identities.number(completed.id)
            if self._is_asked_now(entries.get(answered), asked, state):
                yield from self._answer(entries, answered, completed, state, outcome)
        if outcome.refusal:
            return
        restored_after = self._restored(outcome.state)
        entry = entries.get(answered)
        if entry is not None and entry.outstanding and answered not in restored_after:
            assert isinstance(completed, TrackedActionCompleted)
            value = self.space.values.number(completed.result)
            entries.put(entry._replace(outstanding=False, discharged_by=value))
        yield from self._emit(entries, outstanding, state, answered, outcome)
        yield from self._forgotten(entries, restored_after)

    def _is_asked_now(self, entry: Obligation | None, asked: int, state: int) -> bool:
        """Tell whether a result is of the action emitted last, or of what restore would ask for: not of an earlier attempt."""
        return entry is not None and (asked == entry.last or asked in self._restored(state).get(entry.identity, ()))

    def _answer(
        self,
        entries: Owed,
        answered: int,
        completed: TrackedActionCompleted,
        state: int,
        outcome: Outcome,
    ) -> Iterator[Breach]:
        """Judge a first result: it is neither rejected nor ignored (upstream's rule 8)."""
        entry = entries[answered]
        if entry.outstanding and not entry.delivered:
            told = f"the first result for {line_of(completed.id)}, {self._told(completed.result, entry)},"
            if outcome.refusal:
                yield Breach("rejected-result", f"{told} is rejected: {outcome.refusal}")
            elif outcome.state == state and not outcome.emits:
                yield Breach("ignored-result", f"{told} changes nothing and emits nothing")
        entries.put(entry._replace(delivered=True))

    def _told(self, result: Any, entry: Obligation) -> str:
        """Return the text of a result; of None, which is one like any other, with where it comes from."""
        if result is not None:
            return line_of(result)
        if self.space.scenario.environment.perform is not None:
            return "None (perform returned nothing)"
        kind = self._kind(entry.last)
        if kind in self.space.scenario.results:
            return "None"
        return f"None (nothing declares what {kind} returns: give environment= or results={{{kind}: [...]}})"

    def _emit(
        self,
        entries: Owed,
        outstanding: set[int],
        state: int,
        answered: int,
        outcome: Outcome,
    ) -> Iterator[Breach]:
        """Enter what stf emits: one id, one logical action (upstream's rule 4)."""
        identities = map(self.space.identity, outcome.tracked)
        before = {identity: entries[identity] for identity in identities if identity in entries}
        seen: set[int] = set()
        for action in outcome.tracked:
            identity = self.space.identity(action)
            told = line_of(self.space.actions[action].id)
            if identity in seen:
                yield Breach("reused-id", f"{told} is emitted twice in one transition")
            elif identity in before and not (
                identity in outstanding and self._same_work(before[identity], action, state, answered, outcome.state)
            ):
                first = self.space.actions[before[identity].first].payload
                payload = self.space.actions[action].payload
                yield Breach(
                    "reused-id", f"{told} was emitted for {line_of(first)} and is emitted again for {line_of(payload)}"
                )
            seen.add(identity)
            old = entries.get(identity)
            first_action = action if old is None else old.first
            self._asked(identity, first_action, action)
            entries.put(Obligation(identity, first_action, action, True, False, -1))

    def _same_work(self, entry: Obligation, action: int, state: int, answered: int, state_after: int) -> bool:
        """Tell whether emitting an outstanding id again asks for the same work: ask again, ask about it, poll."""
        restored_before = self._restored(state).get(entry.identity, [])
        if action == entry.first or action in restored_before:
            return True
        if entry.identity != answered:
            return False
        kinds = {self._kind(entry.first), *map(self._kind, restored_before)}
        return self._kind(action) in kinds or entry.first in self._restored(state_after).get(entry.identity, [])

    def _forgotten(self, entries: Owed, restored: dict[int, list[int]]) -> Iterator[Breach]:
        """Judge that restore would emit whatever is outstanding (upstream's rules 5 and 7)."""
        for identity in sorted(entries.outstanding - restored.keys()):
            action = self.space.actions[entries[identity].first]
            yield Breach(
                "forgotten-action",
                f"restore emits nothing for {line_of(action.id)}, whose {kind_of(action.payload)} is outstanding",
            )
