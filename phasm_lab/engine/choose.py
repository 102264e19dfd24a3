"""`choose`: the one mechanism by which an environment goes one way or the other, whoever decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phasm_lab.errors import DefinitionError
from phasm_lab.machine.data import detach, same
from phasm_lab.machine.text import line_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Chooser", "NoSuchOptionError", "alternatives"]

MAX_CHOICE_COUNT = 100
"""Choices in one perform after which it is taken to be endless."""


class NoSuchOptionError(BaseException):
    """A scripted choice is not among the options that `choose` was offered; not to be caught by perform by accident."""

    def __init__(self, wanted: Any, options: Sequence[Any]) -> None:
        self.wanted = wanted
        self.options = tuple(options)
        super().__init__(f"{line_of(wanted)} is not among {line_of(self.options)}")


class Chooser:
    """The `choose` that perform is given: follows a script, and takes first options after its end.

    Attributes
    ----------
    taken
        The options taken, in order.
    offered
        The options there were each time.
    """

    __slots__ = ("_script", "offered", "taken")

    def __init__(self, script: Sequence[Any]) -> None:
        self._script = script
        self.taken: list[Any] = []
        self.offered: list[tuple[Any, ...]] = []

    def __call__(self, *options: Any) -> Any:
        """Return one of `options`.

        Raises
        ------
        DefinitionError
            If there are no options, or perform never stops choosing.
        """
        if not options:
            raise DefinitionError("choose()", "it was called without options", "write choose(first, second, ...)")
        if len(self.taken) >= MAX_CHOICE_COUNT:
            raise DefinitionError("choose(...)", f"perform made more than {MAX_CHOICE_COUNT} choices", "let it return")
        option = self._wanted(options)
        self.taken.append(detach(option, "an option of choose"))
        self.offered.append(options)
        return option

    def _wanted(self, options: tuple[Any, ...]) -> Any:
        if len(self.taken) >= len(self._script):
            return options[0]
        wanted = self._script[len(self.taken)]
        for option in options:
            if same(option, wanted):
                return option
        raise NoSuchOptionError(wanted, options)


def alternatives(taken: Sequence[Any], offered: Sequence[Sequence[Any]], fixed: int) -> list[tuple[Any, ...]]:
    """Return the scripts that differ from `taken` at one choice from index `fixed` on, deepest last.

    Examples
    --------
    >>> alternatives(["a", "x"], [["a", "b"], ["x", "y"]], 0)
    [('b',), ('a', 'y')]
    """
    found = []
    for index in range(fixed, len(taken)):
        seen = [taken[index]]
        for option in offered[index]:
            if not any(same(option, other) for other in seen):
                seen.append(option)
                found.append((*taken[:index], option))
    return found
