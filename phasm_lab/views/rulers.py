"""The crash group: where the process may die now, and the life of each transition that could run next, as a ruler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.engine.enabled import crash_points, transitions
from phasm_lab.engine.events import Crash, Fault, Fire, Message, Recover, Transition
from phasm_lab.engine.rules import obstacle
from phasm_lab.interpreter import places
from phasm_lab.trace.labels import shorten
from phasm_lab.views.facts import standing
from phasm_lab.views.offers import Offers, faulted, group, transition_title
from phasm_lab.views.preview import breaks, crash_preview, queue_preview
from phasm_lab.views.words import crash_point, message_text

if TYPE_CHECKING:
    from phasm_lab.engine.accesses import Access
    from phasm_lab.engine.transition import Attempt
    from phasm_lab.views.shapes import Chip, Group, Loss, Mark, Off, Place, Preview, Ruler, Word

__all__ = ["MAX_RULER_COUNT", "access_words", "crash_group", "crash_points_of", "next_transitions"]

MAX_RULER_COUNT = 6
"""Transitions whose inside is shown; more than that could run next only where much is on the wire."""


def next_transitions(offers: Offers) -> list[Transition]:
    """Return the transitions that could run next and whose inside is shown."""
    return transitions(offers.scenario, offers.configuration)[:MAX_RULER_COUNT]


def access_words(access: Access) -> str:
    """Return what an access does and where in the user's source, in a notebook by the number of the cell.

    Examples
    --------
    >>> from phasm_lab.engine.accesses import Access
    >>> access_words(Access(2, "write", "pending[1]", "here/payments.py", 26))
    'write pending[1], payments.py:26'
    """
    place = f", {places.Place(access.file, access.line, '').where}" if access.line else ""
    return shorten(f"{access}{place}", 160)


def crash_group(offers: Offers) -> Group:
    """Return the crash group."""
    return _crash_up(offers) if offers.configuration.up else _crash_down(offers)


def _crash_up(offers: Offers) -> Group:
    made = group("crash", "Crash")
    crash = Crash()
    possible = not obstacle(offers.scenario, offers.configuration, crash)
    rulers = [(each, _ruler(offers, each)) for each in next_transitions(offers)]
    made["ruler"] = [ruler for _, ruler in rulers if any(chip["enabled"] for chip in _chips(ruler))]
    if possible:
        made["items"] = [{"note": "", "chips": [_now(offers, crash)]}]
        made["note"] = _left(offers)
        titles = [ruler["title"] for ruler in made["ruler"]]
        if len(titles) == 1:
            made["note"] += f" · in {titles[0]}"
    else:
        made["note"] = offers.used("crashes")
        made["off"] = _off(offers, rulers)
    if possible or made["ruler"]:
        made["loses"] = _losses(offers)
    return made


def _left(offers: Offers) -> str:
    crashes, recovery = offers.configuration.budget("crashes"), offers.configuration.budget("recovery_crashes")
    restored = any(item.restored for item in offers.configuration.queue)
    parts = [f"{crashes} left"] if crashes or not restored else []
    return ", ".join(parts + ([f"{recovery} left in recovery"] if recovery else []))


def _crash_down(offers: Offers) -> Group:
    made = group("crash", "Crash", "the process is down")
    recover = Recover()
    chip = offers.chip(recover, "recover", title="recover, runs restore", mark="recover")
    made["items"] = [{"note": "", "chips": [chip]}]
    ruler = _ruler(offers, recover)
    if any(each["enabled"] for each in _chips(ruler)):
        made["ruler"] = [ruler]
        made["note"] += f" · {_left(offers)} · in restore"
        made["loses"] = _losses(offers)
    else:
        total = offers.total("recovery_crashes")
        made["off_lead"] = "used:" if offers.total("crashes") + total else "off:"
        made["off"] = [
            {"text": "crash", "reason": f"recovery_crashes is {total}: set Faults(recovery_crashes={total + 1})"}
        ]
    return made


def _chips(ruler: Ruler) -> list[Chip]:
    return [place["chip"] for place in ruler["places"] if place["chip"] is not None]


def _now(offers: Offers, crash: Crash) -> Chip:
    where = standing(offers.configuration)
    words = f"{where} on the wire" if where else "between two steps"
    title = f"crash, {words}" if where else f"crash {words}"
    return offers.chip(crash, "now", title=title, mark="crash", shown=queue_preview(offers.node))


def _losses(offers: Offers) -> list[Loss]:
    configuration = offers.configuration
    named: list[tuple[str, Message]] = [(f"request {i}", each) for i, each in enumerate(configuration.requests)]
    named += [(f"result {i}", each) for i, each in enumerate(configuration.results)]
    return [
        {"id": name, "text": f"{message_text(each)}{', late' if each.life < configuration.life else ''}"}
        for name, each in named
    ]


def _off(offers: Offers, rulers: list[tuple[Transition, Ruler]]) -> list[Off]:
    """Return the crash points of the next transition as plain words."""
    reason = offers.why_not("crashes")
    words = ["now"]
    for transition, _ in rulers[:1]:
        points = crash_points_of(offers, transition)
        access_count = sum(point.kind == "at access" for point in points)
        words += ["before accept"] * any(point.kind == "before accept" for point in points)
        words += [f"at access, {_numbers(1, access_count)}"] * bool(access_count)
        words += [kind for kind in ("before commit", "commit unknown") if any(point.kind == kind for point in points)]
        out = [str(point.number) for point in points if point.kind == "after commit"]
        words += [f"after commit, {' '.join(out)} out"] * bool(out)
    return [{"text": word, "reason": reason} for word in words]


def crash_points_of(offers: Offers, transition: Transition) -> list[Fault]:
    """Return the crash points of a transition; none where it cannot be run."""
    attempted = offers.survey(transition)
    return crash_points(attempted, transition) if attempted is not None else []


def _numbers(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


class _RulerMaker:
    """Lays the crash points of one transition out between the marks of its life."""

    def __init__(self, offers: Offers, transition: Transition, attempted: Attempt) -> None:
        self.offers = offers
        self.transition = transition
        self.attempted = attempted
        self.title = transition_title(transition)
        self.role = "restore" if isinstance(transition, Recover) else "stf"
        self.places: list[Place] = []
        self.words: list[Word] = []

    def make(self) -> Ruler:
        """Return the ruler."""
        first: Mark = (
            "recover" if self.role == "restore" else "input" if isinstance(self.transition, Fire) else "tracked"
        )
        self._mark(first)
        points = crash_points(self.attempted, self.transition)
        accesses = [point for point in points if point.kind == "at access"]
        handed = [point for point in points if point.kind == "after commit"]
        self._points("accept", [point for point in points if point.kind == "before accept"], 1)
        self._points(f"access {_numbers(1, len(accesses))}", accesses)
        self._points("before", [point for point in points if point.kind == "before commit"])
        if any(point.kind == "commit unknown" for point in points):
            self._mark("commit")
        self._points("unknown", [point for point in points if point.kind == "commit unknown"], 1)
        begin = len(self.places)
        for point in handed:
            if point.number:
                self._mark("tracked")
            self._point(point)
        if handed:
            lead = "after" if self.role == "stf" else "returned"
            text = f"{lead}, {' '.join(str(point.number) for point in handed)} out"
            self.words.append({"text": text, "first": begin, "last": len(self.places) - 1})
        return {"title": self.title, "places": self.places, "words": self.words}

    def _points(self, word: str, points: list[Fault], before: int = 0) -> None:
        """Place points, with a caption that takes `before` more places on their left."""
        if not points:
            return
        first = len(self.places) - before
        for point in points:
            self._point(point)
        self.words.append({"text": word, "first": first, "last": len(self.places) - 1})

    def _mark(self, mark: Mark) -> None:
        self.places.append({"mark": mark, "chip": None})

    def _point(self, fault: Fault) -> None:
        offers, event = self.offers, faulted(self.transition, fault)
        reason = obstacle(offers.scenario, offers.configuration, event) or self._last_hand_over(fault)
        if reason:
            reason = offers.why_not(_budget_of(fault))
        point = crash_point(fault, self.role, len(self.attempted.tracked)).replace("handed over", "out")
        words = (
            f"{point}: {access_words(self.attempted.accesses[fault.number - 1])}"
            if fault.kind == "at access"
            else point
        )
        chip = offers.chip(
            event,
            self._text(fault, point),
            title=self._title(fault, words),
            label=f"crash in {self.title}, {words}" if self.role == "stf" else f"crash {words}",
            mark="crash",
            reason=reason,
            shown=self._preview(fault),
        )
        self.places.append({"mark": None, "chip": chip})

    def _last_hand_over(self, fault: Fault) -> str:
        """Tell whether everything that restore emitted was handed over: such a crash is an ordinary one."""
        is_last = (
            self.role == "restore" and fault.kind == "after commit" and fault.number == len(self.attempted.tracked)
        )
        return "crashes" if is_last and not self.offers.configuration.budget("crashes") else ""

    @staticmethod
    def _text(fault: Fault, point: str) -> str:
        return str(fault.number) if fault.kind in ("at access", "after commit") else point

    def _title(self, fault: Fault, words: str) -> str:
        if fault.kind == "at access":
            return words
        if fault.kind == "commit unknown":
            return f"{self.title}: {words}"
        if fault.kind == "after commit":
            return f"crash {words}" if self.role == "stf" else f"crash, {words}"
        return f"{self.title}: crash {words}"

    def _preview(self, fault: Fault) -> Preview:
        offers, transition = self.offers, self.transition
        after = fault.kind in ("commit unknown", "after commit")
        clean = offers.look(transition) if after else None
        died = (
            offers.look(faulted(transition, fault if after else Fault("before accept"))).step
            if self.role == "stf"
            else None
        )
        broken = breaks(offers.book, offers.node, died) if died is not None else ""
        return crash_preview(fault, transition, clean, broken)


def _budget_of(fault: Fault) -> str:
    return "unknown_commits" if fault.kind == "commit unknown" else "crashes"


def _ruler(offers: Offers, transition: Transition) -> Ruler:
    attempted = offers.survey(transition)
    if attempted is None:
        return {"title": transition_title(transition), "places": [], "words": []}
    return _RulerMaker(offers, transition, attempted).make()
