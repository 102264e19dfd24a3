"""A place of the search as one integer: six numbers side by side, so that a move is an addition."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "ACCOUNT_SHIFT",
    "MAX_COUNT",
    "OUTSIDE_SHIFT",
    "PART_BITS",
    "PART_MASK",
    "PHASE_SHIFT",
    "REQUESTS_SHIFT",
    "RESULTS_SHIFT",
    "Place",
    "pack",
    "pair",
    "triple",
    "unpack",
    "unpair",
    "untriple",
]

PART_BITS = 24
"""Bits of each part: 16 million different values, more than a search in Python can hold places."""

PART_MASK = (1 << PART_BITS) - 1
MAX_COUNT = 1 << PART_BITS

REQUESTS_SHIFT = PART_BITS
RESULTS_SHIFT = 2 * PART_BITS
PHASE_SHIFT = 3 * PART_BITS
OUTSIDE_SHIFT = 4 * PART_BITS
ACCOUNT_SHIFT = 5 * PART_BITS


class Place(NamedTuple):
    """A configuration with what the machine owes there and what the environment answered on the way; each part a number.

    Attributes
    ----------
    account
        A state and what is owed in it.
    outside
        An environment and what it answered.
    phase
        What became of each input, life, up or down, and what is left of each fault.
    results, requests
        What is on the wire.
    queue
        What is queued; 0 is nothing.
    """

    account: int
    outside: int
    phase: int
    results: int
    requests: int
    queue: int


def pack(place: Place) -> int:
    """Return a place as one integer.

    Examples
    --------
    >>> unpack(pack(Place(3, 2, 1, 7, 0, 9)) + (1 << ACCOUNT_SHIFT) - 2)
    Place(account=4, outside=2, phase=1, results=7, requests=0, queue=7)
    """
    account, outside, phase, results, requests, queue = place
    return (
        account << ACCOUNT_SHIFT
        | outside << OUTSIDE_SHIFT
        | phase << PHASE_SHIFT
        | results << RESULTS_SHIFT
        | requests << REQUESTS_SHIFT
        | queue
    )


def pair(first: int, second: int) -> int:
    """Return two numbers as one.

    Examples
    --------
    >>> unpair(pair(3, 5))
    (3, 5)
    """
    return first << PART_BITS | second


def unpair(key: int) -> tuple[int, int]:
    """Return the numbers of a pair."""
    return key >> PART_BITS, key & PART_MASK


def triple(first: int, second: int, third: int) -> int:
    """Return three numbers as one.

    Examples
    --------
    >>> untriple(triple(3, 5, 7))
    (3, 5, 7)
    """
    return (first << PART_BITS | second) << PART_BITS | third


def untriple(key: int) -> tuple[int, int, int]:
    """Return the numbers of a triple."""
    return key >> 2 * PART_BITS, key >> PART_BITS & PART_MASK, key & PART_MASK


def unpack(number: int) -> Place:
    """Return the place that an integer stands for."""
    return Place(
        number >> ACCOUNT_SHIFT,
        number >> OUTSIDE_SHIFT & PART_MASK,
        number >> PHASE_SHIFT & PART_MASK,
        number >> RESULTS_SHIFT & PART_MASK,
        number >> REQUESTS_SHIFT & PART_MASK,
        number & PART_MASK,
    )
