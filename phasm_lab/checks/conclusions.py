"""Rules of all runs, judged when the search has ended: probes, recovery, outcomes.

`repeated-result` and `late-result` are judged on what was seen, also of a search that ended early, since a probe that
breaks them is a run like any other. `no-recovery` and `changed-outcome` speak of every run there is, and so only after a
complete search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.checks.answers import CONTRADICTED, explained
from phasm_lab.checks.free_runs import FreeRuns
from phasm_lab.checks.interning import SearchEndedError
from phasm_lab.checks.obligations import Breach
from phasm_lab.checks.packing import ACCOUNT_SHIFT, unpack
from phasm_lab.checks.watched import WatchedHere
from phasm_lab.engine.transition import describe
from phasm_lab.errors import EndlessError, PhasmLabError
from phasm_lab.machine.data import detach, freeze
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.machine.text import line_of
from phasm_lab.machine.values import TrackedActionCompleted, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from phasm_lab.checks.explore import Search
    from phasm_lab.checks.obligations import Obligation

__all__ = ["Conclusions"]

SLICE_COUNT = 200
"""Questions answered before whoever drives the search is asked whether to go on."""

Probe = tuple[Breach, int]


class Conclusions:
    """Judges a search that has ended."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.space = search.space
        self._known_outcomes: dict[tuple[int, int], Hashable] = {}

    def judge(self) -> Iterator[None]:
        """Judge all that can be; yields often."""
        yield from self._purity()
        yield from self._probes()
        if self.search.complete:
            yield from self._recovery()
            if any(self.search.scenario.faults.counts()):
                yield from self._outcomes() if self.search.follows_answers else self._outcomes_without_answers()

    # What other interpreters and a last look say of transitions.

    def _purity(self) -> Iterator[None]:
        """Note what is impure where it can first happen."""
        from phasm_lab.checks.explore import Found

        purity = self.search.purity
        if purity is None:
            return
        yield from purity.ask()
        for breach, state, consumed in purity.conclude():
            for index, (depth, number) in enumerate(self.search.places()):
                taking = self._taking(number, state, consumed)
                if taking is not None:
                    self.search.note(Found(*breach, number, depth + (taking >= 0), taking))
                    break
                if index % SLICE_COUNT == 0:
                    yield
            yield

    def _taking(self, number: int, state: int, consumed: int) -> int | None:
        """Return how an input is taken at a place, -1 where restore is asked for and the process is up; None where neither."""
        successors = self.search.successors
        if successors.node(number).state != state or not successors.is_up(number):
            return None
        if consumed < 0:
            return -1
        takings = (taking for taking in successors.takings(number) if self.space.takings[taking][0] == consumed)
        return next(takings, None)

    # Results again, and other results, for what is discharged (upstream asks less).

    def _probes(self) -> Iterator[None]:
        values = self._results_by_action()
        accounts = self.search.successors.accounts
        broken: dict[int, list[Probe]] = {}
        for number, account in enumerate(list(accounts.table)):
            probes = [
                probe
                for entry in accounts.obligations.table[account.owed]
                if entry.discharged_by >= 0 and not entry.outstanding
                for probe in self._broken_by(account.state, entry, values)
            ]
            if probes:
                broken[number] = probes
            if number % SLICE_COUNT == 0:
                yield
        if broken:
            yield from self._note_probes(broken)

    def _broken_by(self, state: int, entry: Obligation, values: dict[int, set[int]]) -> Iterator[Probe]:
        tried = {entry.discharged_by}
        for action in self.search.successors.accounts.obligations.actions(entry):
            tried |= values.get(action, set()) | self._declared(action)
        for value in sorted(tried):
            found = self._probe(state, entry.identity, value, value == entry.discharged_by)
            if found is not None:
                yield found

    def _declared(self, action: int) -> set[int]:
        values = self.search.scenario.results.get(kind_of(self.space.actions[action].payload), ())
        return {self.space.values.number(value) for value in values}

    def _probe(self, state: int, identity: int, value: int, repeated: bool) -> Probe | None:
        space = self.space
        completed = TrackedActionCompleted(space.identities[identity], space.values[value])
        consumed = space.consumed.number(completed)
        outcome = space.outcome(state, consumed)
        if outcome.refusal or (outcome.state == state and not outcome.tracked):
            return None
        slug, told = ("repeated-result", "the same result again") if repeated else ("late-result", "another result")
        what = "changes the state" if outcome.state != state else "emits a tracked action"
        probed = f"{told}, {line_of(completed.result)}, still {what}; ignore results of what is no longer outstanding"
        return Breach(slug, f"{line_of(completed.id)} was already answered; {probed}"), consumed

    def _note_probes(self, broken: dict[int, list[Probe]]) -> Iterator[None]:
        """Note each slug where it can first happen: a probe needs the process up."""
        from phasm_lab.checks.explore import Found

        search, slugs = self.search, {breach.slug for probes in broken.values() for breach, _ in probes}
        for depth, number in search.places():
            if not slugs:
                return
            probes = broken.get(number >> ACCOUNT_SHIFT, ())
            if probes and search.successors.is_up(number):
                for breach, consumed in probes:
                    if breach.slug in slugs:
                        slugs.remove(breach.slug)
                        taking = self.space.takings.number((consumed, -1))
                        search.note(Found(*breach, number, depth + 1, taking, is_probe=True))
            if number % SLICE_COUNT == 0:
                yield

    def _results_by_action(self) -> dict[int, set[int]]:
        """Return the results that the environment was seen to return for each action, anywhere in the search."""
        found: dict[int, set[int]] = {}
        for (_, action), ways in self.space.performed():
            found.setdefault(action, set()).update(way.value for way in ways)
        return found

    # Break, then heal and demand convergence.

    def _recovery(self) -> Iterator[None]:
        """Judge that from everywhere quiescence is reachable without faults or inputs.

        Handing over, performing, and delivering what emits nothing each bring quiescence nearer, and one of them is possible
        wherever the process is up, unless there are only results and each makes stf ask for more. So there is nothing to
        show but for those places, and for those where restore fails.
        """
        search = self.search
        suspects = [*search.cornered, *self._not_restored()]
        healing = _Healing(search)
        if all(healing.is_good(number) for number in suspects):
            return
        for index, (depth, number) in enumerate(search.places()):
            if not healing.is_good(number):
                message = "without further faults, no run from here becomes quiescent"
                self._note_place("no-recovery", message, number, depth)
                return
            if index % SLICE_COUNT == 0:
                yield

    def _not_restored(self) -> list[int]:
        """Return the places where the process is down and restore raises."""
        accounts, is_up = self.search.successors.accounts, self.search.successors.is_up
        failing = {number for number in accounts.recoveries if self.space.restore(accounts.table[number].state).refusal}
        if not failing:
            return []
        return [number for number in self.search.seen if number >> ACCOUNT_SHIFT in failing and not is_up(number)]

    def _note_place(self, slug: str, message: str, number: int, depth: int) -> None:
        from phasm_lab.checks.explore import Found

        self.search.note(Found(slug, message, number, depth))

    # Failure transparency.

    def _outcomes(self) -> Iterator[None]:
        """Judge that a faulted run ends as a free run can, the environment's answers being the same."""
        search, answers = self.search, self.search.successors.answers.table
        free: dict[Hashable, set[int]] = {}
        faulted: dict[tuple[Hashable, int], int] = {}
        for index, number in enumerate(search.quiescent):
            place = unpack(number)
            _, given = search.successors.outsides[place.outside]
            if given != CONTRADICTED:
                outcome = self.outcome(number)
                if self._is_free(self.space.phases[place.phase].budgets):
                    free.setdefault(outcome, set()).add(given)
                else:
                    faulted.setdefault((outcome, given), number)
            if index % SLICE_COUNT == 0:
                yield
        seen: dict[Hashable, set[int]] = {}
        for given_answers in answers:
            for key, choices in given_answers:
                seen.setdefault(key, set()).add(choices)
        for (outcome, given), number in faulted.items():
            runs = [answers[run] for run in free.get(outcome, ())]
            if not explained(answers[given], runs, seen):
                self._note_place(
                    "changed-outcome", self._outcome_message(number, runs), number, len(search.path(number)) - 1
                )
                return
            yield

    def _outcomes_without_answers(self) -> Iterator[None]:
        """Find out whether every faulted outcome is one that free runs have whatever the environment answers.

        The answers on the way to it need not be known then, and places that differ in them alone are one.
        """
        free = FreeRuns(self.search)
        yield from free.run()
        fine: dict[Hashable, bool] = {}
        for index, number in enumerate(self.search.quiescent):
            outcome = self.outcome(number)
            if outcome not in fine:
                fine[outcome] = free.has_always(outcome)
            if not fine[outcome]:
                self.search.needs_answers = True
                return
            if index % SLICE_COUNT == 0:
                yield

    def _outcome_message(self, number: int, runs: list[Any]) -> str:
        configuration = self.search.successors.configuration(number)
        ends = f"ends with {line_of(configuration.state.view())} and {line_of(configuration.environment.view())}"
        if runs:
            return f"a faulted run {ends}; without faults that end needs other answers from the environment"
        return f"a faulted run {ends}; no run without faults ends so"

    def outcome(self, number: int) -> Hashable:
        """Return what of a quiescent place counts as its outcome."""
        node = self.search.successors.node(number)
        if self.search.scenario.outcome is None:
            return node.state, node.environment
        pair = (node.state, node.environment)
        if pair in self._known_outcomes:
            return self._known_outcomes[pair]
        here = WatchedHere(self.space, node)
        found = self._asked_outcome(self.search.scenario.outcome, here)
        if not here.looked_further:
            self._known_outcomes[pair] = found
        return found

    def _asked_outcome(self, outcome: Callable[[Any], Any], here: WatchedHere) -> Hashable:
        """Call the user's function; what cannot be used ends the search with a message."""
        asked = f"outcome={getattr(outcome, '__name__', 'outcome')}"
        try:
            return freeze(detach(self.space.limits.call(outcome, here), f"what {asked} returned"))
        except KeyboardInterrupt:
            raise
        except EndlessError as error:
            raise SearchEndedError(f"{asked} does not return: {error}") from None
        except PhasmLabError as error:
            raise SearchEndedError(str(error)) from None
        except BaseException as error:  # noqa: BLE001 - whatever user code raises, what was found stays
            raise SearchEndedError(f"{asked} raised {describe(error).text}") from None

    def _is_free(self, budgets: int) -> bool:
        start = self.space.budgets[self.space.phases[self.space.start.phase].budgets]
        return all(
            left == whole or name == "lost_inputs"
            for name, left, whole in zip(FAULT_NAMES, self.space.budgets[budgets], start, strict=True)
        )


class _Healing:
    """Tells from which places quiescence is reachable without faults or inputs, and remembers it."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.good: set[int] = set()
        self.bad: set[int] = set()

    def is_good(self, number: int) -> bool:
        """Search forward until a place is met that is known to be good; where there is none, all that was met is bad."""
        if number in self.good or number in self.bad:
            return number in self.good
        came_from, waiting = {number: -1}, [number]
        while waiting:
            here = waiting.pop()
            if here in self.good or self.search.successors.is_quiescent(here):
                self._go_back(came_from, here)
                return True
            for after in self.search.successors.without_faults(here):
                if after not in came_from and after not in self.bad:
                    came_from[after] = here
                    waiting.append(after)
        self.bad.update(came_from)
        return False

    def _go_back(self, came_from: dict[int, int], number: int) -> None:
        while number >= 0:
            self.good.add(number)
            number = came_from[number]
