"""A few runs that differ in kind: one for each goal, each fault, each outcome; what to look at when nothing is broken."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from phasm_lab.checks.interning import SearchEndedError
from phasm_lab.checks.packing import unpack
from phasm_lab.checks.runs import run_through
from phasm_lab.engine.here import Here
from phasm_lab.errors import EndlessError, PhasmLabError
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.trace.labels import shorten
from phasm_lab.trace.listing import EMPTY, paths

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from phasm_lab.checks.explore import Search
    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.machine.properties import Property
    from phasm_lab.trace.trace import Trace

__all__ = ["different_runs"]

LONGEST_VALUE = 48

LONGEST_TITLE = 76
"""With a number after it, it still fits where names of branches stand."""

BROKEN_MARK = "\N{HEAVY MULTIPLICATION X}"
"""Stands before the word, so that what is broken is seen without reading and without colour."""

FAULTS = {
    "crashes": "a crash",
    "recovery_crashes": "a crash during recovery",
    "lost_requests": "a lost request",
    "duplicated_requests": "a duplicated request",
    "delayed_requests": "a delayed request",
    "lost_results": "a lost result",
    "duplicated_results": "a duplicated result",
    "reordered_results": "a reordered result",
    "access_errors": "an access that fails",
    "add_errors": "an add that fails",
    "commit_failures": "a commit that fails",
    "unknown_commits": "a commit of unknown outcome",
    "duplicated_inputs": "a duplicated input",
    "lost_inputs": "a lost input",
}
"""What a run went through in which one such fault happened."""


def different_runs(search: Search, count: int) -> list[tuple[str, Trace]]:
    """Return at most `count` runs that a search went through: (what is particular about it, run), none twice.

    A title says with a mark and a word where a run breaks a property.
    """
    chosen: dict[int, str] = {}
    for number, title in _candidates(search):
        if len(chosen) == count:
            break
        if number != search.start:
            chosen.setdefault(number, title)
    titles = _told_apart(chosen | _endings(search, [number for number, title in chosen.items() if not title]))
    runs = {number: run_through(search, number) for number in chosen}
    return [(_marked(titles[number], _broken(search, run)), run) for number, run in runs.items()]


def _broken(search: Search, run: Trace) -> list[str]:
    """Return the properties that are broken somewhere in a run, in words."""
    found = {}
    for here in (run.start, *(step.configuration for step in run)):
        for claim in search.scenario.properties:
            is_judged = claim.kind == "always" or (claim.kind == "when_quiescent" and here.quiescent)
            if is_judged and claim.words not in found and not _holds(search, claim, here):
                found[claim.words] = True
    return list(found)


def _holds(search: Search, claim: Property, here: Configuration) -> bool:
    try:
        holds, _ = search.space.limits.call(claim.judge, Here(here))
    except (PhasmLabError, EndlessError):
        # The report says that the property does not work.
        return True
    finally:
        here.state.rollback()
        here.environment.rollback()
    return bool(holds)


def _marked(title: str, broken: list[str]) -> str:
    """Return a title with what its run breaks, by name where there is room."""
    if not broken:
        return title
    more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
    named, short = f"; {BROKEN_MARK} breaks {broken[0]}{more}", f"; {BROKEN_MARK} broken"
    suffix = named if len(title) + len(named) <= LONGEST_TITLE else short
    return shorten(title, LONGEST_TITLE - len(suffix)) + suffix


def _candidates(search: Search) -> Iterator[tuple[int, str]]:
    """Yield goals, then faults, each at the first place where it is met and all is quiet; then outcomes, without title."""
    for index, claim in enumerate(search.scenario.properties):
        if index in search.judging.reached:
            yield search.judging.reached[index][0], f"goal: {claim.words}"
    yield from _with_faults(search)
    for number in _outcomes(search):
        yield number, ""


def _with_faults(search: Search) -> Iterator[tuple[int, str]]:
    space = search.space
    whole = space.budgets[space.phases[space.start.phase].budgets]
    found: dict[str, int] = {}
    for number in search.quiescent:
        left = space.budgets[space.phases[unpack(number).phase].budgets]
        spent = [
            (name, most - least) for name, most, least in zip(FAULT_NAMES, whole, left, strict=True) if most > least
        ]
        if len(spent) == 1 and spent[0][1] == 1:
            found.setdefault(spent[0][0], number)
    for name, number in found.items():
        yield number, f"a run with {FAULTS[name]}"


def _outcomes(search: Search) -> list[int]:
    """Return the first place of each outcome, the furthest of them first, since it shows most."""
    first: dict[Hashable, int] = {}
    for number in search.quiescent:
        first.setdefault(_outcome(search, number), number)
    return list(first.values())[::-1]


def _outcome(search: Search, number: int) -> Hashable:
    try:
        return search.conclusions.outcome(number)
    except SearchEndedError:
        # The report says that `outcome=` does not work.
        node = search.successors.node(number)
        return node.state, node.environment


def _endings(search: Search, numbers: list[int]) -> dict[int, str]:
    """Return what each run ends with that the others do not."""
    environment = search.scenario.environment.name
    ends = {number: _values(search.successors.configuration(number), environment) for number in numbers}
    particular = {number: _particular(number, ends, f"{environment} ") for number in numbers}
    return {
        number: shorten(f"ends with {said}", LONGEST_TITLE) if said else "comes to rest"
        for number, said in particular.items()
    }


def _values(configuration: Configuration, environment: str) -> dict[str, str]:
    """Return what stands where at the end, "" for what has parts."""
    found: dict[str, str] = {}
    for lead, version in (("", configuration.state), (f"{environment} ", configuration.environment)):
        listing = version.listing()
        for (section, *_), (path, value, has_parts) in zip(listing, paths(listing), strict=True):
            shown = "" if has_parts or value in EMPTY else value
            # A section is a table, and its lines are rows.
            found[lead + (f"{section}[{path}]" if section else path)] = f"({shown})" if section else shown
    return found


def _particular(number: int, ends: dict[int, dict[str, str]], outside: str) -> str:
    """Return the fewest values, taken one after the other, that together no other run ends with; "" for none.

    Those of the environment come last, and the first of them alone says so.
    """
    own, said = ends[number], []
    alike = [end for other, end in ends.items() if other != number]
    everywhere = dict.fromkeys(path for end in ends.values() for path in end)
    while alike:
        counts = {path: sum(end.get(path) != own.get(path) for end in alike) for path in everywhere}
        best = max(counts, key=counts.__getitem__)
        if not counts[best]:
            break
        said.append(best)
        alike = [end for end in alike if end.get(best) == own.get(best)]
    said.sort(key=lambda path: path.startswith(outside))
    texts = [_said(path, own.get(path)) for path in said]
    first = next((order for order, path in enumerate(said) if path.startswith(outside)), len(said))
    return ", ".join(text if order <= first else text.replace(outside, "", 1) for order, text in enumerate(texts))


def _said(path: str, value: str | None) -> str:
    if value is None:
        return f"no {path}"
    return f"{path}={shorten(value, LONGEST_VALUE)}" if value else path


def _told_apart(titles: dict[int, str]) -> dict[int, str]:
    """Return the titles; those that are alike all the same, since their values were shortened, with numbers."""
    counts, again = Counter(titles.values()), Counter[str]()
    found = {}
    for number, title in titles.items():
        again[title] += 1
        found[number] = f"{title} ({again[title]})" if counts[title] > 1 else title
    return found
