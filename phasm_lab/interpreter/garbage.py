"""Keeping the cyclic garbage collector from walking over what a long piece of work holds, again and again."""

from __future__ import annotations

import gc

__all__ = ["LongLived"]

NOTES_BETWEEN_LOOKS = 32


class LongLived:
    """Takes what survives its first collections out of the collector's sight, until the work ends.

    A heap that only grows is walked over each time that it has grown by a quarter; none of it is garbage. Garbage of the
    work itself is collected as before, since it is looked for before anything is put aside.

    Examples
    --------
    >>> long_lived = LongLived()
    >>> long_lived.note()
    >>> long_lived.end()
    """

    def __init__(self) -> None:
        self._count = 0
        self._put_aside = False
        # What somebody else put aside could not be told apart from what is put aside here.
        self._is_free = gc.get_freeze_count() == 0

    def note(self) -> None:
        """Note that the work went on; cheap enough to be called often."""
        self._count += 1
        if self._count % NOTES_BETWEEN_LOOKS == 0 and gc.isenabled() and self._is_free:
            gc.collect(1)
            gc.freeze()
            self._put_aside = True

    def end(self) -> None:
        """Give everything back to the collector."""
        if self._put_aside:
            gc.unfreeze()
            self._put_aside = False
