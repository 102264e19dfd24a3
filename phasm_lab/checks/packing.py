"""A place of the search as one integer: four numbers side by side, so that a move is an addition."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "CONSUMED_BITS",
    "INPUTS_SHIFT",
    "LEDGER_SHIFT",
    "MAX_COUNTS",
    "OUTSIDE_SHIFT",
    "Place",
    "pack",
    "unpack",
]

TRANSIT_BITS, INPUTS_BITS, OUTSIDE_BITS, LEDGER_BITS = 24, 20, 22, 24
"""Ninety bits: three digits of a Python integer, the smallest that holds searches of some million places."""

CONSUMED_BITS = 24

INPUTS_SHIFT = TRANSIT_BITS
OUTSIDE_SHIFT = INPUTS_SHIFT + INPUTS_BITS
LEDGER_SHIFT = OUTSIDE_SHIFT + OUTSIDE_BITS

MAX_COUNTS = {
    "transit": 1 << TRANSIT_BITS,
    "inputs": 1 << INPUTS_BITS,
    "outside": 1 << OUTSIDE_BITS,
    "ledger": 1 << LEDGER_BITS,
    "consumed": 1 << CONSUMED_BITS,
}
"""How many different values each part may have."""


class Place(NamedTuple):
    """A configuration with what the machine owes there and what the environment answered on the way.

    Attributes
    ----------
    ledger
        Number of a state and what is owed in it.
    outside
        Number of an environment and what it answered.
    inputs
        Number of what became of each input.
    transit
        Number of queue, wire, mode and budgets.
    """

    ledger: int
    outside: int
    inputs: int
    transit: int


def pack(place: Place) -> int:
    """Return a place as one integer.

    Examples
    --------
    >>> unpack(pack(Place(3, 2, 1, 7)) + (1 << LEDGER_SHIFT) - 2)
    Place(ledger=4, outside=2, inputs=1, transit=5)
    """
    ledger, outside, inputs, transit = place
    return ledger << LEDGER_SHIFT | outside << OUTSIDE_SHIFT | inputs << INPUTS_SHIFT | transit


def unpack(number: int) -> Place:
    """Return the place that an integer stands for."""
    return Place(
        number >> LEDGER_SHIFT,
        number >> OUTSIDE_SHIFT & (1 << OUTSIDE_BITS) - 1,
        number >> INPUTS_SHIFT & (1 << INPUTS_BITS) - 1,
        number & (1 << TRANSIT_BITS) - 1,
    )
