"""How a run's seconds are shared out, so that it ends when it should whatever the machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Group = TypeVar("Group")


class Schedule:
    """Groups of cells one after another, each with an equal share of what is left.

    What a group does not use is for those after it; a group that is late leaves out its last
    cells, which are the least important, and the others do not suffer.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds
        self._group_end, self._cells = self._end, 1
        self._overhead, self._known = 0.0, 0  # mean seconds of a cell that are not timing

    def groups(self, groups: Sequence[Group]) -> Iterator[Group]:
        """Each group in turn; its share begins now."""
        for done, group in enumerate(groups):
            now = self._clock()
            self._group_end = now + max(0.0, self._end - now) / (len(groups) - done)
            yield group

    def cells(self, cells: Sequence[Group]) -> Iterator[tuple[Group, bool]]:
        """Each cell of a group, and whether there is time left for it: the first always has."""
        for done, cell in enumerate(cells):
            self._cells = len(cells) - done
            self._began = self._clock()
            yield cell, done == 0 or self._began < self._group_end

    def budget(self) -> float:
        """Seconds for the timing of the present cell, asked when all else in it is done."""
        now = self._clock()
        self._known += 1
        self._overhead += (now - self._began - self._overhead) / self._known
        left = self._group_end - now - (self._cells - 1) * self._overhead
        return max(0.0, left / self._cells)
