"""Properties: what somebody claims about a machine, and how one claim is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from traceback import walk_tb
from typing import Any

from phasm_lab.errors import DefinitionError, EndlessError
from phasm_lab.machine.definition import words_of
from phasm_lab.machine.text import line_of, message_of

__all__ = ["Property", "always", "as_property", "sometimes", "when_quiescent"]


@dataclass(frozen=True, slots=True)
class Property:
    """A claim: a function of `here` and when it is judged.

    Attributes
    ----------
    kind
        "always", "when_quiescent" or "sometimes".
    function
        Takes `here` and returns True, False, or a sentence that says why not.
    """

    kind: str
    function: Callable[[Any], Any]

    @property
    def name(self) -> str:
        """The function's own name."""
        return getattr(self.function, "__name__", type(self.function).__name__)

    @property
    def words(self) -> str:
        """The name as a sentence."""
        return words_of(self.name)

    def __call__(self, here: Any) -> Any:
        """Call the function, as if it had not been decorated."""
        return self.function(here)

    def judge(self, here: Any) -> tuple[bool, str]:
        """Tell whether the claim holds here, and why not.

        Raises
        ------
        DefinitionError
            If the function returns anything but True, False or a sentence, or raises.
        """
        try:
            verdict = self.function(here)
        except (KeyboardInterrupt, EndlessError):
            raise
        except BaseException as error:
            text = message_of(error)
            raised = f"it raised {type(error).__name__}{': ' if text else ''}{text}{_place(error, self.function)}"
            raise DefinitionError(f"property {self.name}", raised, "mend it or guard it") from error
        if verdict is True or verdict is False:
            return verdict, ""
        if isinstance(verdict, str) and verdict:
            return False, verdict
        raise DefinitionError(
            f"property {self.name}",
            f"it returned {line_of(verdict)}",
            "return one of",
            ["True", "False", "a sentence saying why not"],
        )


def _place(error: BaseException, function: Any) -> str:
    """Return the line of a claim's own file that raised, "" where that is not known."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == file]
    return f" at {file}:{lines[-1]}" if lines else ""


def always(function: Callable[[Any], Any]) -> Property:
    """Claim that something holds in every configuration."""
    return Property("always", function)


def when_quiescent(function: Callable[[Any], Any]) -> Property:
    """Claim that something holds whenever the process is up and nothing is queued or on the wire."""
    return Property("when_quiescent", function)


def sometimes(function: Callable[[Any], Any]) -> Property:
    """Claim that some run gets where this is true: a goal, the proof that a search was not vacuous."""
    return Property("sometimes", function)


def as_property(claim: Any) -> Property:
    """Return a claim as a `Property`; a bare function or method counts as `always`.

    Raises
    ------
    DefinitionError
        If it cannot be called.
    """
    if isinstance(claim, Property):
        return claim
    if not callable(claim):
        raise DefinitionError(
            f"properties=[{line_of(claim)}]",
            "it is not a property",
            "decorate a function with one of",
            ["pl.always", "pl.when_quiescent", "pl.sometimes"],
        )
    return Property("always", claim)
