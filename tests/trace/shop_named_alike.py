"""A second module with an input of the same name as one elsewhere."""

import enum
from dataclasses import dataclass


@dataclass(frozen=True)
class Sale:
    cents: int


class Colour(enum.Enum):
    RED = 1
