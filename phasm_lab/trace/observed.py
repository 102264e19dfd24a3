"""What a step of a run led to, as JSON and as text: what a replay compares and a person reads."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from phasm_lab.trace.codec import Json, canonical_json, encode, last_names, without_modules
from phasm_lab.trace.labels import shorten, value_text

if TYPE_CHECKING:
    from phasm_lab.engine.configuration import Configuration
    from phasm_lab.engine.events import Event
    from phasm_lab.engine.step import Record, Step
    from phasm_lab.engine.versions import Change, Version

__all__ = ["differences", "observe", "observed_text"]


def observe(before: Configuration, step: Step) -> dict[str, Json]:
    """Return what a step from `before` led to; what is not there is left out.

    Accesses are left out too, since they are recorded only where somebody asked for them.
    """
    record, after = step.record, step.configuration
    found = {
        "result": record.result,
        "refusal": record.refusal.text if record.refusal else "",
        "access": str(record.access) if record.access else "",
        "emitted": [encode(action) for action in record.emitted],
        "handed_over": record.handed_over,
        "lost": [encode(item) for item in record.lost],
        "taken": _taken(step.event, record),
        "state": _changes(before.state, after.state),
        "environment": _changes(before.environment, after.environment),
    }
    observed = {name: value for name, value in found.items() if value not in ("", [], 0)}
    if hasattr(step.event, "choices"):
        observed["value"] = encode(record.value)
    if not record.declared:
        observed["declared"] = False
    return observed


def _taken(event: Event, record: Record) -> list[Json]:
    """Return the options that perform took beyond those that the event names."""
    return [encode(option) for option in record.taken[len(getattr(event, "choices", ())) :]]


def _changes(before: Version, after: Version) -> list[Json]:
    if before is after:
        return []
    # The order in which a set gives its members differs between processes, so that of the writes may too.
    return [_change(change) for change in sorted(after.changes(), key=astuple)]


def _change(change: Change) -> dict[str, Json]:
    parts = {"place": change.place, "path": change.path, "sign": change.sign, "old": change.old, "new": change.new}
    return {name: text for name, text in parts.items() if text}


def observed_text(observed: dict[str, Json]) -> str:
    """Return what a step led to in one line.

    Examples
    --------
    >>> observed_text({"result": "committed", "state": [{"path": "next_id", "sign": "~", "old": "1", "new": "2"}]})
    'committed · next_id: 1 → 2'
    """
    try:
        return _observed_text(observed)
    except (KeyError, TypeError, AttributeError):
        return shorten(repr(observed))


def _observed_text(observed: dict[str, Json]) -> str:
    parts = [observed[name] for name in ("result", "refusal") if name in observed]
    parts += [f"at {observed['access']}"] if "access" in observed and "refusal" not in observed else []
    parts += [f"returns {value_text(observed['value'])}"] if "value" in observed else []
    parts += [_change_text(change) for place in ("state", "environment") for change in observed.get(place, [])]
    parts += [f"emits {_action_text(action)}" for action in observed.get("emitted", [])]
    parts += [f"loses {_action_text(item)}" for item in observed.get("lost", [])]
    parts += ["not in the scenario"] if "declared" in observed else []
    return " · ".join(map(str, parts))


def _change_text(change: dict[str, str]) -> str:
    place = f"{change['place']} " if "place" in change else ""
    path, old, new = f"{place}{change.get('path', '')}", change.get("old", ""), change.get("new", "")
    if change["sign"] == "~":
        return f"{path}: {old} → {new}"
    return f"{change['sign']} {path}: {new or old}"


def _action_text(item: dict[str, Any]) -> str:
    if "action" in item:
        return f"{item['$'].lower()} {value_text(item['action']['id'])}"
    if item["$"] == "Untracked":
        return f"untracked {value_text(item['payload'])}"
    return f"{value_text(item['id'])} {value_text(item['payload'])}"


def differences(recorded: dict[str, Json], now: dict[str, Json]) -> str:
    """Return in what two observations of one event differ, "" if in nothing.

    Examples
    --------
    >>> differences({"result": "committed"}, {"result": "rejected", "refusal": "KeyError: 1"})
    "refusal was nothing, is 'KeyError: 1'; result was 'committed', is 'rejected'"
    """
    other_forms = [last_names(now), without_modules(now)]
    names = sorted(
        name
        for name in {*recorded, *now}
        if _text(recorded, name) not in [_text(form, name) for form in (now, *other_forms)]
    )
    return "; ".join(f"{name} was {_shown(recorded, name)}, is {_shown(now, name)}" for name in names)


def _text(observed: dict[str, Json], name: str) -> str:
    return canonical_json(observed[name]) if name in observed else ""


def _shown(observed: dict[str, Json], name: str) -> str:
    if name not in observed:
        return "nothing"
    if name in ("state", "environment"):
        return f"({shorten(observed_text({name: observed[name]}))})"
    return shorten(value_text(observed[name]))
