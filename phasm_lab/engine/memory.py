"""A state held in memory: a dataclass whose versions are kept as journal entries.

Theory of operation. A *segment* holds one materialised dataclass and the tree of versions that were made with it. Each
version keeps the entries that lead to it from the one before; moving the materialised state to another version flips
the entries on the way, up by undo and down by redo. When the entries of a segment outweigh a copy of the state, the next
version begins a new segment with a copy of its own. So a jump to any version costs at most one segment, a step costs what
it changed, and copies are paid for by as many changes.
"""

from __future__ import annotations

from collections import deque
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.adopt import adopt, adopt_fresh
from phasm_lab.engine.journal import MISSING, Journal, redo, undo
from phasm_lab.engine.versions import Change
from phasm_lab.errors import DefinitionError
from phasm_lab.machine.data import ATOMIC, field_names, freeze, same, thaw
from phasm_lab.machine.text import line_of, message_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from phasm_lab.engine.accesses import Meter

__all__ = ["MemorySource", "MemoryVersion"]

SHORTEST_SEGMENT = 5_000
"""Entries below which a segment is never ended, so that small states are rarely copied."""

FLAT_VALUES_PER_ENTRY = 10
"""Values of a flat dict, which is copied in one go, that weigh as much as one entry."""


class MemorySource:
    """Makes the first version of a dataclass state by calling the user's `initial`."""

    def __init__(self, initial: Callable[[], Any], asked: str) -> None:
        self._initial = initial
        self._asked = asked

    def start(self) -> MemoryVersion:
        """Call `initial` and return what it made as a version.

        Raises
        ------
        DefinitionError
            If it is not a dataclass instance, or holds something that cannot be rolled back.
        """
        try:
            value = self._initial()
        except Exception as error:
            raise DefinitionError(
                self._asked,
                f"it raised {type(error).__name__}: {message_of(error)}",
                "pass a callable that needs no arguments",
            ) from error
        if not is_dataclass(value) or isinstance(value, type):
            raise DefinitionError(
                self._asked,
                f"it made {line_of(value)}, a {type(value).__qualname__}",
                "return an instance of a dataclass, or use pl.sqlite(schema=...)",
            )
        self._refuse_shared(type(value))
        return Segment(value, type(value).__qualname__, Journal()).position

    def _refuse_shared(self, cls: type) -> None:
        """Refuse a class attribute that could hold state: all instances share it, and no crash would ever touch it."""
        for name, value in vars(cls).items():
            if isinstance(value, dict | list | set) and not name.startswith("__"):
                raise DefinitionError(
                    self._asked,
                    f"its class attribute {name} is a {type(value).__name__} that every run would share, no part of the state",
                    f"annotate it: {name}: {type(value).__name__} = field(default_factory={type(value).__name__})",
                )


class Segment:
    """One materialised dataclass and the versions that it can be moved to.

    Attributes
    ----------
    log
        The entries of its versions, one after the other; those of versions off the path to `position` are undone.
    made_from
        The version of another segment of which its first one is a copy.
    """

    __slots__ = ("journal", "limit", "log", "made_from", "name", "position", "root")

    def __init__(self, value: Any, name: str, journal: Journal, made_from: MemoryVersion | None = None) -> None:
        self.journal = journal
        self.log: list[Any] = []
        self.name = name
        self.made_from = made_from
        self.root = adopt(journal, value, name)
        self.limit = 5 * max(SHORTEST_SEGMENT, _weight(self.root))
        self.position = MemoryVersion(self, None, 0, 0)

    def move_to(self, target: MemoryVersion) -> None:
        """Bring the materialised state from where it is to `target`, by undo up and redo down."""
        position, down, log = self.position, [], self.log
        while position is not target:
            if position.depth >= target.depth:
                undo(log, position.start, position.stop)
                assert position.parent is not None
                position = position.parent
            else:
                down.append(target)
                assert target.parent is not None
                target = target.parent
        for position in reversed(down):
            redo(log, position.start, position.stop)
        self.position = position

    def path_of(self, container: Any) -> str:
        """Return the path of a container or dataclass of this state, for a message."""
        path = _paths(self.root).get(id(container), "?")
        return f"{self.name}.{path}" if path else self.name


class MemoryVersion:
    """One value that a dataclass state had; its entries are ``segment.log[start:stop]``."""

    __slots__ = ("_frozen", "depth", "parent", "segment", "start", "stop")

    def __init__(self, segment: Segment, parent: MemoryVersion | None, start: int, stop: int) -> None:
        self.segment = segment
        self.parent = parent
        self.start = start
        self.stop = stop
        self._frozen: Hashable = None
        self.depth: int = parent.depth + 1 if parent else 0

    def _open(self) -> Any:
        segment = self.segment
        journal = segment.journal
        if len(journal.log) != journal.mark:
            # Something wrote outside a transition: a property, or an interrupt came before the rollback.
            journal.undo()
        if journal.log is not segment.log:
            journal.open(segment.log)
        if segment.position is not self:
            segment.move_to(self)
        return segment.root

    def begin(self, meter: Meter | None) -> Any:
        """Return the dataclass itself, journaled; metered too if there is a meter."""
        root = self._open()
        return root if meter is None else meter.watch(root, self.segment.journal)

    def finish(self, *, returned: bool = True) -> None:
        """Do nothing: what cannot be kept is found when it is adopted."""

    def commit(self) -> MemoryVersion:
        """Keep what was written as a new version.

        Raises
        ------
        DefinitionError
            If a value was put in that cannot be rolled back; nothing is kept then.
        """
        segment = self.segment
        journal = segment.journal
        stop = len(segment.log)
        if stop == journal.mark:
            return self
        if journal.fresh:
            self._adopt_fresh()
        version = MemoryVersion(segment, self, journal.mark, stop)
        segment.position = version
        journal.mark = stop
        return version if stop < segment.limit else version.begin_segment()

    def _adopt_fresh(self) -> None:
        journal = self.segment.journal
        try:
            adopt_fresh(journal, self.segment.path_of)
        except BaseException:
            journal.undo()
            raise
        journal.fresh.clear()

    def begin_segment(self) -> MemoryVersion:
        """Return this value as the first version of a new segment."""
        return Segment(self._open(), self.segment.name, self.segment.journal, self).position

    def rollback(self) -> bool:
        """Undo what was written since `begin`."""
        journal = self.segment.journal
        written = len(journal.log) != journal.mark
        journal.undo()
        return written

    def view(self) -> Any:
        """Return the materialised dataclass at this version."""
        return self._open()

    def plain(self) -> Any:
        """Return a copy made of the user's own classes, dict, list and set."""
        return thaw(self._open())

    def frozen(self) -> Hashable:
        """Return the canonical value, made once."""
        if self._frozen is None:
            self._frozen = freeze(self._open())
        return self._frozen

    def changes(self) -> Sequence[Change]:
        """Return the values that differ from the version before, in the order in which they were first written.

        What was written to a value that is gone is left out: that it is gone is the change.
        """
        if self.parent is None:
            made_from = self.segment.made_from
            return made_from.changes() if made_from is not None else []
        places = _places(self.segment.log[self.start : self.stop])
        self.segment.move_to(self.parent)
        before = [_read(container, key) for container, key in places]
        self._open()
        paths = _paths(self.segment.root, {id(container) for container, _ in places})
        found: list[Change] = []
        for (container, key), old in zip(places, before, strict=True):
            path = paths.get(id(container))
            if path is not None:
                found.extend(_compare(container, key, path, old, _read(container, key)))
        return found

    def listing(self) -> Sequence[tuple[str, str, int, str, str]]:
        """Return one line a field, containers indented below theirs."""
        root = self._open()
        return [("", type(root).__name__, *line) for line in _lines(root, 0)]


def _weight(value: Any) -> int:
    """Return what it costs to copy a value, in entries."""
    if isinstance(value, dict):
        if getattr(value, "flat", False):
            return len(value) // FLAT_VALUES_PER_ENTRY
        return len(value) + sum(map(_weight, dict.values(value)))
    if isinstance(value, list | set | tuple):
        return len(value) + sum(_weight(item) for item in value if type(item) not in ATOMIC)
    if is_dataclass(value):
        cls: Any = type(value)
        return sum(1 + _weight(getattr(value, name, None)) for name in field_names(cls))
    return 0


def _places(entries: list[Any]) -> list[tuple[Any, Any]]:
    """Return each written place once: (container, key), or (container, None) for lists, compared as a whole."""
    found: dict[tuple[int, Hashable], tuple[Any, Any]] = {}
    for container, key in zip(entries[1::5], entries[2::5], strict=True):
        key = None if isinstance(container, list) else key  # noqa: PLW2901 - a list is compared as a whole
        found.setdefault((id(container), freeze(key)), (container, key))
    return list(found.values())


def _read(container: Any, key: Any) -> Any:
    if isinstance(container, dict):
        return thaw(dict.get(container, key, MISSING))
    if isinstance(container, list):
        return thaw(container)
    if isinstance(container, set):
        return key if set.__contains__(container, key) else MISSING
    return thaw(getattr(container, key, MISSING))


def _paths(root: Any, wanted: AbstractSet[int] | None = None) -> dict[int, str]:
    """Map the identity of each container and dataclass below `root` to its path; flat dicts are not entered.

    The nearest are found first; once all that are `wanted` are found, the others are left out.
    """
    found = {id(root): ""}
    waiting = deque([(root, "")])
    while waiting and (wanted is None or not wanted <= found.keys()):
        value, path = waiting.popleft()
        for key, item in _parts(value):
            if type(item) not in ATOMIC and id(item) not in found:
                found[id(item)] = _join(value, path, key)
                waiting.append((item, found[id(item)]))
    return found


def _parts(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        if not getattr(value, "flat", False):
            yield from dict.items(value)
    elif isinstance(value, list | tuple):
        yield from enumerate(value)
    elif is_dataclass(value):
        for field in fields(value):
            yield field.name, getattr(value, field.name, None)


def _join(container: Any, path: str, key: Any) -> str:
    if isinstance(container, dict | list | tuple):
        return f"{path}[{text_of(key)}]"
    return f"{path}.{key}" if path else str(key)


def _compare(container: Any, key: Any, path: str, old: Any, new: Any) -> Iterator[Change]:
    if isinstance(container, list):
        yield from _compare_lists(path, old, new)
    elif isinstance(container, set):
        if (old is MISSING) != (new is MISSING):
            yield Change("", path, "+" if old is MISSING else "-", "", text_of(key))
    elif not same(old, new):
        yield _change(_join(container, path, key), old, new)


def _compare_lists(path: str, old: list[Any], new: list[Any]) -> Iterator[Change]:
    for index in range(max(len(old), len(new))):
        before = old[index] if index < len(old) else MISSING
        after = new[index] if index < len(new) else MISSING
        if not same(before, after):
            yield _change(f"{path}[{index}]", before, after)


def _change(path: str, old: Any, new: Any) -> Change:
    sign = "+" if old is MISSING else "-" if new is MISSING else "~"
    return Change("", path, sign, "" if old is MISSING else text_of(old), "" if new is MISSING else text_of(new))


def _lines(value: Any, depth: int) -> Iterator[tuple[int, str, str]]:
    for key, item in _parts_to_show(value):
        if isinstance(item, dict | list | set) and len(item):
            yield depth, str(key), ""
            yield from _lines(item, depth + 1)
        elif is_dataclass(item) and not isinstance(item, type) and getattr(type(item), "__phasm_journaled__", False):
            yield depth, str(key), type(item).__name__
            yield from _lines(item, depth + 1)
        else:
            yield depth, str(key), text_of(item)


def _parts_to_show(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        yield from ((text_of(key), item) for key, item in value.items())
    elif isinstance(value, set):
        yield from (("", item) for item in sorted(value, key=text_of))
    elif isinstance(value, list):
        yield from enumerate(value)
    else:
        yield from ((field.name, getattr(value, field.name, MISSING)) for field in fields(value))
