"""Judging a place: that what restore asks for is being worked on, that restore is pure, and what the user claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.checks.obligations import Breach
from phasm_lab.checks.packing import OUTSIDE_SHIFT, unpack
from phasm_lab.checks.waiting import unwatched
from phasm_lab.checks.watched import WatchedHere
from phasm_lab.engine.transition import describe
from phasm_lab.errors import DefinitionError, EndlessError, PhasmLabError
from phasm_lab.interpreter.places import Place

if TYPE_CHECKING:
    from phasm_lab.checks.explore import Search
    from phasm_lab.engine.transition import Refusal
    from phasm_lab.machine.properties import Property

__all__ = ["RAISING_PROPERTY", "Judging"]

RAISING_PROPERTY = "raising-property"
"""The finding against a property that raises or does not return: about the claim, not about the machine."""


class Judging:
    """Judges the places of a search, each question once for each different part that it looks at.

    Attributes
    ----------
    decided
        Pairs of account and outside for which no claim is left to be judged, wherever else they occur.
    reached
        Indexes of the `sometimes` that some place fulfils: the first such place and how far it is from the start.
    looked_further
        Whether some claim looked at more than state and environment.
    """

    def __init__(self, search: Search) -> None:
        self.search = search
        self.space = search.space
        self.decided: set[int] = set()
        self.reached: dict[int, tuple[int, int]] = {}
        self._decided_quiescent: set[int] = set()
        claims = list(enumerate(search.scenario.properties))
        self._open = [claim for claim in claims if claim[1].kind != "when_quiescent"]
        self._open_quiescent = [claim for claim in claims if claim[1].kind == "when_quiescent"]
        self._judged: set[tuple[int, int, int]] = set()
        self.looked_further = False

    @property
    def has_claims(self) -> bool:
        """Whether anything is claimed of every place that is not decided yet."""
        return bool(self._open)

    def all_of(self, number: int) -> None:
        """Judge everything about a place."""
        successors = self.search.successors
        successors.here = number
        if successors.is_up(number):
            self.waiting(number)
        self.claims(number)
        if successors.is_quiescent(number):
            self.search.quiescent.append(number)
            self.quiescent_claims(number)

    # What restore asks for.

    def waiting(self, number: int) -> None:
        """Judge that somebody works on each id that restore would emit, and that at quiescence it emits none."""
        accounts, flights, place = self.search.successors.accounts, self.search.successors.flights, unpack(number)
        working = (
            flights.queue_ids[place.queue] | flights.request_ids[place.requests] | flights.result_ids[place.results]
        )
        if accounts.restored[place.account] & ~working:
            asked = self.space.restore(accounts.table[place.account].state).tracked
            for breach in unwatched(self.space, asked, working):
                self.search.note_here(breach, number)

    # What the user claims.

    def claims(self, number: int) -> None:
        """Judge what is claimed of every place."""
        if self._all_decided(number, self._open):
            self.decided.add(number >> OUTSIDE_SHIFT)

    def quiescent_claims(self, number: int) -> None:
        """Judge what is claimed of quiescent places."""
        pair = number >> OUTSIDE_SHIFT
        if not self._open_quiescent or pair in self._decided_quiescent:
            return
        if self._all_decided(number, self._open_quiescent):
            self._decided_quiescent.add(pair)

    def _all_decided(self, number: int, claims: list[tuple[int, Property]]) -> bool:
        """Judge claims; tell whether none of them looked at more than state and environment."""
        node = self.search.successors.node(number)
        all_decided = True
        for index, claim in list(claims):
            key = (index, node.state, node.environment)
            if key in self._judged:
                continue
            here = WatchedHere(self.space, node)
            holds, breach = self._judge(claim, here)
            if not here.looked_further:
                self._judged.add(key)
            else:
                self.looked_further = True
            if here.looked_further and holds == (claim.kind != "sometimes"):
                all_decided = False
            if claim.kind == "sometimes":
                if holds:
                    self.reached[index] = (number, self.search.depth - 1)
                    claims.remove((index, claim))
            elif breach is not None:
                self.search.note_here(breach, number, key=(claim.name, index))
                claims.remove((index, claim))
        return all_decided

    def _judge(self, claim: Property, here: WatchedHere) -> tuple[bool, Breach | None]:
        """Judge one claim; one that raises is the finding itself."""
        try:
            holds, sentence = self.space.limits.call(claim.judge, here)
        except EndlessError as error:
            return False, Breach(RAISING_PROPERTY, f"{claim.name} does not return: {error}")
        except DefinitionError as error:
            if error.__cause__ is None:
                raise
            if isinstance(error.__cause__, PhasmLabError):
                raise error.__cause__ from None
            return False, Breach(RAISING_PROPERTY, f"{claim.name} raises: {_with_place(describe(error.__cause__))}")
        message = f"{claim.name} is broken" + (f": {sentence}" if sentence else "")
        return holds, None if holds else Breach("broken-property", message)


def _with_place(raised: Refusal) -> str:
    """Return what was raised and the line that did."""
    return raised.text + "".join(f", {Place(frame.file, frame.line, '').where}" for frame in raised.frames[-1:])
