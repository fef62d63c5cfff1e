"""The plane that is swept: two axes over the inputs' real components, or input and upstream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from argand.exact.reference import certify
from argand.floats import float_line, from_ordinals, ordinals, real_dtype
from argand.subject import Input
from argand.sweep.plane.movable import Component, components
from argand.sweep.plane.upstream import SIZE, at_places, suits
from argand.sweep.study import Along, Setting, Study
from argand.trial.problem import Problem

BEYOND = 1.15  # how far past the frontier a linear axis goes
FARTHEST = 1e5  # a frontier beyond this is for the float line; a linear axis would not show it


@dataclass(frozen=True)
class Axis:
    """Values of a component (None: the upstream's size) in the precision under study, ascending."""

    label: str
    component: Component | None
    scale: str
    values: np.ndarray


@dataclass(frozen=True)
class Plane:
    """The plane of a study for one subject and dtype; ``x`` runs along a row. ``problem``, that of
    any variant, says of which dtypes and shapes the samples are."""

    x: Axis
    y: Axis
    components: tuple[Component, ...]
    problem: Problem
    upstream: str
    seed: int

    def samples(self, rows: slice) -> tuple[list[np.ndarray], np.ndarray]:
        """Inputs and upstream of these rows, flat, row after row."""
        ys, xs = (a.ravel() for a in np.meshgrid(self.y.values[rows], self.x.values, indexing="ij"))
        return self.at(xs, ys)

    def at(self, xs: np.ndarray, ys: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
        """Inputs and upstream at these places of the plane."""
        moved = {self.x.component: xs, self.y.component: ys}
        of = self.problem
        upstream = at_places(
            self.upstream, xs, ys, moved.pop(None, None), self.seed, of.output_dtype, of.core
        )
        inputs = _zeros(of, xs.size)
        for c in self.components:
            c.of(inputs)[:] = moved.get(c, c.rest)
        return inputs, upstream

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        """(low, high) of each component: its axis's ends, or twice where it rests."""
        ends = {a.component: (float(a.values[0]), float(a.values[-1])) for a in (self.x, self.y)}
        return tuple(ends.get(c, (c.rest, c.rest)) for c in self.components)


def _zeros(problem: Problem, n: int) -> list[np.ndarray]:
    shapes = zip(problem.input_dtypes, problem.cores, strict=True)
    return [np.zeros((n, *core), dtype) for dtype, core in shapes]


def make_plane(
    study: Study, inputs: Sequence[Input], problem: Problem, setting: Setting | None = None
) -> Plane | str:
    """The plane of ``study`` in ``setting`` (the first one without) for a subject with these
    ``inputs``, of which ``problem`` is any variant's; or in words why it does not suit it."""
    setting = setting or Setting(upstream=str(study.upstreams[0]))
    if not suits(setting.upstream, problem.output_dtype):
        values, upstream = problem.output_dtype, setting.upstream
        return f"its values are {values}, and the upstream {upstream} is complex"
    fixed = dict(study.fixed)
    parts = components(inputs, fixed)
    unknown = sorted(fixed.keys() - {c.label for c in parts})
    if unknown:
        return f"it has no component {unknown[0]!r} to fix, but {_labels(parts)}"
    chosen = _moved(study, setting, parts)
    if isinstance(chosen, str):
        return chosen
    x, y = (_Axes(study, parts, problem).axis(*each) for each in chosen)
    if isinstance(x, str) or isinstance(y, str):
        return x if isinstance(x, str) else str(y)
    return Plane(x, y, parts, problem, setting.upstream, study.seed)


def _moved(
    study: Study, setting: Setting, parts: Sequence[Component]
) -> list[tuple[Along, Component | None]] | str:
    """The two axes' declarations with their components, or why there are none such."""
    pair = study.axes[setting.axes] if study.axes else (Along(0), Along(1 if parts[1:] else SIZE))
    found: list[tuple[Along, Component | None]] = []
    for along in pair:
        assert isinstance(along, Along)
        if along.component == SIZE:
            found.append((along, None))
            continue
        named = [c for k, c in enumerate(parts) if along.component in (k, c.label)]
        if not named:
            return f"it has no component {along.component!r}, but {_labels(parts)}"
        found.append((along, named[0]))
    if found[0][1] == found[1][1]:
        return f"both axes are its component {found[0][0].component!r}"
    return found


def _labels(parts: Sequence[Component]) -> str:
    return ", ".join(f"{k}: {c.label}" for k, c in enumerate(parts))


@dataclass(frozen=True)
class _Axes:
    """What the axes of a plane are made from."""

    study: Study
    parts: tuple[Component, ...]
    problem: Problem

    def axis(self, along: Along, component: Component | None) -> Axis | str:
        """The axis, or in words why there is none."""
        real, n = real_dtype(self.problem.input_dtypes[0]), self.study.resolution
        label = SIZE if component is None else component.label
        scale = along.scale or self.study.scale
        if along.window is not None:
            bounds = along.window
            if component is not None and not component.whole_line:
                low, high = component.low, component.high
                if bounds[0] < low or bounds[1] > high:
                    return f"{label} is only defined between {low} and {high}"
        elif component is None:
            return Axis(label, None, "float line", _sizes(n, real))
        elif scale == "window":
            bounds = (component.low, component.high)
        elif not component.whole_line:
            return f"{label} is not defined on the whole line"
        elif scale == "float line":
            return Axis(label, component, "float line", float_line(n, real))
        else:
            reach = self._reach(component)
            if reach is None:
                return f"no frontier of its value within {FARTHEST:g} along {label}"
            bounds = (-reach, reach)
        return Axis(label, component, "linear", np.linspace(*bounds, n).astype(real))

    def _reach(self, component: Component) -> float | None:
        """How far out the exact value last changes between zero, in range and out of range along
        an axis of the component's input, within FARTHEST; where it does not, but along another
        input's, the end of the window."""
        out = {c: self._last(c) for c in self.parts if (c.input, c.entry) == _place(component)}
        reach = max((r for r in out.values() if r is not None), default=None)
        if reach is not None:
            return reach
        others = (self._last(c) for c in self.parts if c not in out)
        return abs(component.high) if any(r is not None for r in others) else None

    def _last(self, moved: Component) -> float | None:
        found: list[float] = []
        for sign in (1.0, -1.0):
            outer = sign * 2.0 ** np.arange(-10.0, np.finfo(self.problem.input_dtypes[0]).maxexp)
            last = self._change(outer, moved)
            if last is not None:
                last = self._change(np.linspace(*last, 65), moved) or last
                out = BEYOND * abs(last[1])
                if out <= FARTHEST:
                    found.append(out)
        return max(found, default=None)

    def _change(self, values: np.ndarray, moved: Component) -> tuple[float, float] | None:
        """The last two neighbours among ``values`` between which the value leaves the range."""
        inputs = _zeros(self.problem, values.size)
        for c in self.parts:
            c.of(inputs)[:] = values if c == moved else c.rest
        exact = certify(self.problem.truth, inputs, None, self.problem.output_dtype)
        size = np.maximum(np.abs(exact.value.real), np.abs(exact.value.imag))
        size = size.reshape(values.size, -1).max(1)
        region = np.where(size == 0, 0, np.where(np.isfinite(size), 1, 2))
        sure = exact.certified
        changes = np.flatnonzero((np.diff(region) != 0) & sure[1:] & sure[:-1])
        if not changes.size:
            return None
        k = int(changes[-1])
        return float(values[k]), float(values[k + 1])


def _place(component: Component) -> tuple[int, int | None]:
    return component.input, component.entry


def _sizes(n: int, real: np.dtype) -> np.ndarray:
    """``n`` numbers from 0 to the largest, evenly spaced by ordinal."""
    top = int(ordinals(np.array(np.finfo(real).max, real)))
    return from_ordinals(np.array([top * k // (n - 1) for k in range(n)]), real)
