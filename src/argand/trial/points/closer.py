"""How near to a guess of a root a bisection looks."""

from __future__ import annotations

START = 4  # bits by which a first guess is to narrow a bracket
MISSES = 8  # guesses that may fail: of what jumps, all do


class Closer:
    """How near to a guess a bracket is to end: each time that it did, twice as many bits nearer,
    for what is smooth is the straighter the closer one looks."""

    def __init__(self) -> None:
        self._bits, self._width, self._misses = START, 0, 0

    def around(self, guess: int, width: int) -> list[int]:
        """Ordinals on both sides of a ``guess`` in a bracket that is now so wide."""
        if self._width:
            met = self._width.bit_length() - width.bit_length() >= self._bits - 2
            self._misses += not met
            self._bits = 2 * self._bits if met else max(START, self._bits // 2)
        self._width = width
        if self._misses > MISSES:
            return []
        beside = max(1, width >> self._bits)
        return [guess - beside, guess + beside]
