"""A run's seconds, shared out so that it ends when it should, however slow the machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Group = TypeVar("Group")
# A cell is visited again after all others of its group: a machine that is slow for some seconds
# then decides no result.
VISITS = 3


class Budget:
    """The seconds of groups of cells, which come one after another.

    Each group has an equal share of the seconds that are left when it begins. What it does not
    use is left for the groups after it. A group that is late leaves out its last cells, which are
    the least important.
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
        """Each cell of a group, for its first visit, and whether there is time left for it.

        The later visits of the cells before it are counted at their least. For the first cell
        there is always time.
        """
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
        """Tell that all of the present cell is done but its timing."""
        self._known += 1
        self._overhead += (self._clock() - self._began - self._overhead) / self._known

    def visited(self, least: float) -> None:
        """Tell that the present cell's first visit is over; a later one takes ``least`` seconds."""
        self._later += (VISITS - 1) * least

    def seconds(self) -> float:
        """Seconds for the present visit."""
        left = self._group_end - self._clock() - (self._cells - 1) * self._overhead
        return max(0.0, left / self._visits)
