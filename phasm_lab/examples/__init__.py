"""Machines to open in the lab: five sound ones, each with a twin that has one mistake in it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from phasm_lab.examples.example import Example

if TYPE_CHECKING:
    import phasm_lab as pl

__all__ = ["Example", "all_examples", "all_scenarios"]

MODULES = ("payments", "transfer", "bookings", "outbox", "lease")


def all_examples() -> tuple[Example, ...]:
    """Every example, module by module, the sound one first; the modules are imported only now."""
    modules = [import_module(f"phasm_lab.examples.{name}") for name in MODULES]
    return tuple(example for module in modules for example in module.EXAMPLES)


def all_scenarios() -> dict[str, pl.Scenario]:
    """Every example's scenario by its name.

    Examples
    --------
    >>> sorted(all_scenarios())[:2]
    ['bookings', 'bookings_overlooking_requests']
    """
    return {example.name: example.scenario for example in all_examples()}
