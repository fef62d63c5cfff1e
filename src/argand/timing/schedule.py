"""How a run's seconds are shared out, so that it ends when it should whatever the machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Group = TypeVar("Group")
VISITS = 3  # of each cell of a group, one after all the others: seconds of a machine decide none


class Schedule:
    """Groups of cells one after another, each with an equal share of what is left.

    What a group does not use is for those after it; a group that is late leaves out its last
    cells, which are the least important, and the others do not suffer.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds
        self._group_end, self._visits, self._later = self._end, 1, 0.0
        self._overhead, self._known = 0.0, 0  # mean seconds of a cell that are not timing

    def groups(self, groups: Sequence[Group]) -> Iterator[Group]:
        """Each group in turn; its share begins now."""
        for done, group in enumerate(groups):
            now = self._clock()
            self._group_end = now + max(0.0, self._end - now) / (len(groups) - done)
            yield group

    def cells(self, cells: Sequence[Group]) -> Iterator[tuple[Group, bool]]:
        """Each cell of a group, for its first visit, and whether there is time left for it, beside
        what the later visits of those before it take at least: the first always has."""
        self._later = 0.0
        for done, cell in enumerate(cells):
            self._cells = len(cells) - done
            self._visits = VISITS * len(cells) - done
            self._began = self._clock()
            yield cell, done == 0 or self._began + self._later < self._group_end

    def visits(self, cells: Sequence[Group]) -> Iterator[Group]:
        """Each of ``cells`` for its second visit, then each for its third, and so on."""
        for done, cell in enumerate([*cells] * (VISITS - 1)):
            self._cells, self._visits = 1, (VISITS - 1) * len(cells) - done
            yield cell

    def prepared(self) -> None:
        """All of the present cell but its timing is done."""
        self._known += 1
        self._overhead += (self._clock() - self._began - self._overhead) / self._known

    def visited(self, least: float) -> None:
        """The first visit of the present cell is over; a later one takes ``least`` seconds."""
        self._later += (VISITS - 1) * least

    def budget(self) -> float:
        """Seconds for the present visit."""
        left = self._group_end - self._clock() - (self._cells - 1) * self._overhead
        return max(0.0, left / self._visits)
