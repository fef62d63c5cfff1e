"""The one bisection: between two places that differ, the neighbours where the change is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Bracket = tuple[int, int]  # two places of the float line, as ordinals, in either order
# For the open brackets, by number, and the places within each: does each behave as the first end?
AsFirst = Callable[[list[int], list[list[int]]], Sequence[Iterable[bool]]]


def bisect(
    brackets: Sequence[Bracket],
    as_first: AsFirst,
    points: Callable[[int], int] = lambda still: 1,
    rounds: int | None = None,
    likely: Callable[[int, Bracket], Iterable[int]] = lambda k, bracket: (),
) -> list[Bracket]:
    """Each bracket narrowed to neighbours (first, last): ``first`` behaves as the first end did,
    ``last`` no longer.

    All brackets step together, since what a call costs is hardly its samples: in each round
    ``points(still)`` places of each of the ``still`` open ones are asked for, evenly spaced, and
    those where the change is ``likely`` in bracket k as it is now. After ``rounds`` (None: as many
    as it takes) they are returned as they are.
    """
    ends = list(brackets)
    done = 0
    while rounds is None or done < rounds:
        still = [k for k, (first, last) in enumerate(ends) if abs(last - first) > 1]
        if not still:
            break
        grids = [_between(ends[k], points(len(still)), likely(k, ends[k])) for k in still]
        for k, grid, alike in zip(still, grids, as_first(still, grids), strict=True):
            other = next((j for j, same in enumerate(alike) if not same), len(grid))
            places = [ends[k][0], *grid, ends[k][1]]
            ends[k] = places[other], places[other + 1]
        done += 1
    return ends


def _between(bracket: Bracket, n: int, likely: Iterable[int]) -> list[int]:
    """At most ``n`` places between the ends, evenly spaced, and those of ``likely`` that lie there,
    from the first to the last."""
    first, last = bracket
    n = max(1, min(n, abs(last - first) - 1))
    places = {first + (last - first) * (j + 1) // (n + 1) for j in range(n)}
    places |= {p for p in likely if min(bracket) < p < max(bracket)}
    return sorted(places, reverse=first > last)
