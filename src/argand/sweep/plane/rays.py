"""The rays through a plane, along which frontiers are sought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from argand.floats import from_ordinals, ordinals
from argand.sweep.plane.axes import Axis, Plane


@dataclass(frozen=True)
class PlaneRay:
    """The line (x + dx·t, y + dy·t) through the plane, for the ``values`` of t: those at which it
    is within the plane. The larger of |dx| and |dy| is 1."""

    name: str
    dx: float
    dy: float
    x: float
    y: float
    values: np.ndarray

    def place(self, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(x, y) at each t, in its precision."""
        dx, dy, x, y = (t.dtype.type(v) for v in (self.dx, self.dy, self.x, self.y))
        return x + dx * t, y + dy * t


def rays(plane: Plane, given: Iterable[tuple[float, ...]] = ()) -> list[PlaneRay]:
    """The rays of ``plane``: both axes, the diagonals, and the ``given`` (dx, dy) or
    (dx, dy, x, y).

    An axis runs through the origin; where the plane does not hold it, through the place where the
    other component rests, or the middle. Where the upstream's size is an axis there are two rays:
    the input's axis at size 1, and the upstream's with the input at rest.
    """
    x, y = plane.x, plane.y
    if y.component is None:
        assert x.component is not None
        lines = [(x.label, 1.0, 0.0, 0.0, 1.0), (y.label, 0.0, 1.0, x.component.rest, 0.0)]
    else:
        at = (_through(x), _through(y))
        lines = [(x.label, 1.0, 0.0, 0.0, at[1]), (y.label, 0.0, 1.0, at[0], 0.0)]
        lines += [(f"{x.label} = {y.label}", 1.0, 1.0, 0.0, 0.0)]
        lines += [(f"{x.label} = −{y.label}", 1.0, -1.0, 0.0, 0.0)]
        for ray in given:
            dx, dy, *through = ray
            size = max(abs(dx), abs(dy))
            words = f"({', '.join(f'{v:g}' for v in ray)})"
            x0, y0 = through or (0.0, 0.0)
            lines.append((words, dx / size, dy / size, x0, y0))
    found = [_ray(plane, *line) for line in lines]
    return [ray for ray in found if ray is not None]


def _through(axis: Axis) -> float:
    assert axis.component is not None
    low, high = (float(v) for v in axis.values[[0, -1]])
    places = (0.0, axis.component.rest, low + (high - low) / 2)
    return next(place for place in places if low <= place <= high)


def _ray(plane: Plane, name: str, dx: float, dy: float, x: float, y: float) -> PlaneRay | None:
    """The ray over the part of it that is in the plane; None where none is."""
    low, high = -np.inf, np.inf
    for slope, start, axis in ((dx, x, plane.x), (dy, y, plane.y)):
        ends = axis.values[[0, -1]].astype(np.float64)
        if slope:
            with np.errstate(over="ignore"):
                first, last = sorted((ends - start) / slope)
            low, high = max(low, first), min(high, last)
        elif not ends[0] <= start <= ends[1]:
            return None
    axis = plane.x if abs(dx) == 1 else plane.y
    if not low < high:
        return None
    values = axis.values
    if low > values[0] or high < values[-1]:
        real = values.dtype
        if axis.scale == "linear":
            values = np.linspace(low, high, values.size).astype(real)
        else:
            first, last = (int(p) for p in ordinals(np.array([low, high]).astype(real)))
            steps = range(values.size)
            places = [first + (last - first) * k // (values.size - 1) for k in steps]
            values = from_ordinals(np.array(places), real)
    return PlaneRay(name, dx, dy, x, y, values)
