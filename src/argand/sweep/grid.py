"""The plane that is swept: two axes over the inputs' real components, or input and upstream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from argand.exact.reference import certify
from argand.floats import float_line, real_dtype
from argand.subject import Input, Subject, TargetError
from argand.sweep.study import Study
from argand.trace import Program

BEYOND = 1.15  # how far past the frontier a linear axis goes
FARTHEST = 1e5  # a frontier beyond this is for the float line; a linear axis would not show it
RESTING = 0.7  # where in its window a component rests that no axis moves: a generic place


@dataclass(frozen=True)
class Component:
    """One real component of an input: ``label`` as an axis shows it."""

    input: int
    imaginary: bool
    label: str
    low: float
    high: float

    @property
    def rest(self) -> float:
        """Its value where it is not moved."""
        return self.low + RESTING * (self.high - self.low)


@dataclass(frozen=True)
class Axis:
    """Values of a component (None: the upstream) in the precision under study, ascending."""

    label: str
    component: Component | None
    scale: str
    values: np.ndarray


@dataclass(frozen=True)
class Grid:
    """The plane of a study for one subject and dtype; ``x`` runs along a row."""

    x: Axis
    y: Axis
    components: tuple[Component, ...]
    input_dtypes: tuple[str, ...]
    output_dtype: str
    upstream: complex

    def samples(self, rows: slice) -> tuple[list[np.ndarray], np.ndarray]:
        """Inputs and upstream of these rows, flat, row after row."""
        ys, xs = (a.ravel() for a in np.meshgrid(self.y.values[rows], self.x.values, indexing="ij"))
        return self.at(xs, ys)

    def at(self, xs: np.ndarray, ys: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
        """Inputs and upstream at these places of the plane."""
        moved = {self.x.component: xs, self.y.component: ys}
        upstream = moved.pop(None, np.full(xs.size, self.upstream)).astype(self.output_dtype)
        inputs = [np.zeros(xs.size, dtype) for dtype in self.input_dtypes]
        for c in self.components:
            part = inputs[c.input].imag if c.imaginary else inputs[c.input].real
            part[:] = moved.get(c, c.rest)
        return inputs, upstream


def components(inputs: Sequence[Input]) -> tuple[Component, ...]:
    """The real components of ``inputs``, in order."""
    found = []
    for i, given in enumerate(inputs):
        if given.kind == "real":
            found.append(Component(i, False, given.name, *given.window[0]))
            continue
        for imaginary, (word, pair) in enumerate(zip(("Re", "Im"), given.window, strict=True)):
            found.append(Component(i, bool(imaginary), f"{word} {given.name}", *pair))
    return tuple(found)


def make_grid(study: Study, subject: Subject, dtype: str, truth: Program) -> Grid | None:
    """The grid of ``study``; None where its scale does not suit the subject: no frontier within
    reach, or an input that is not defined on the whole line."""
    if study.scale != "window" and not all(i.whole_line for i in subject.inputs):
        return None
    parts = components(subject.inputs)
    input_dtypes = subject.input_dtypes(dtype)
    output = truth.outputs[0]
    assert output is not None
    output_dtype = truth.dtypes[output]
    if np.dtype(output_dtype).kind != "c" and complex(study.upstream).imag:
        raise TargetError(
            f"upstream {study.upstream} of study {study.name!r} is complex, but {subject.name} "
            f"gives {output_dtype}; leave the subject out, or take a real upstream"
        )
    real = real_dtype(dtype)
    reach = None
    if study.scale == "frontier":
        reach = _reach(parts, truth, input_dtypes, output_dtype)
        if reach is None:
            return None

    def axis(component: Component | None) -> Axis:
        if component is None or study.scale == "float line":
            label = "u" if component is None else component.label
            return Axis(label, component, "float line", float_line(study.resolution, real))
        bounds = (component.low, component.high)
        if reach is not None:
            bounds = (-reach[component.input], reach[component.input])
        values = np.linspace(*bounds, study.resolution).astype(real)
        return Axis(component.label, component, "linear", values)

    return Grid(
        axis(parts[0]),
        axis(parts[1] if len(parts) > 1 else None),
        parts,
        input_dtypes,
        output_dtype,
        study.upstream,
    )


def _reach(
    parts: Sequence[Component], truth: Program, input_dtypes: Sequence[str], output_dtype: str
) -> dict[int, float] | None:
    """For each input how far out the exact value last changes between zero, in range and out of
    range along a component's axis, within FARTHEST; None where that is nowhere."""
    found: dict[int, float] = {}
    for moved in parts:
        for sign in (1.0, -1.0):
            outer = sign * 2.0 ** np.arange(-10.0, np.finfo(input_dtypes[0]).maxexp)
            last = _last_change(outer, moved, parts, truth, input_dtypes, output_dtype)
            if last is not None:
                fine = np.linspace(*last, 65)
                last = _last_change(fine, moved, parts, truth, input_dtypes, output_dtype) or last
                out = BEYOND * abs(last[1])
                if out <= FARTHEST:
                    found[moved.input] = max(found.get(moved.input, 0.0), out)
    if not found:
        return None
    return {c.input: found.get(c.input, abs(c.high)) for c in parts}


def _last_change(
    values: np.ndarray,
    moved: Component,
    parts: Sequence[Component],
    truth: Program,
    input_dtypes: Sequence[str],
    output_dtype: str,
) -> tuple[float, float] | None:
    inputs = [np.zeros(values.size, dtype) for dtype in input_dtypes]
    for c in parts:
        part = inputs[c.input].imag if c.imaginary else inputs[c.input].real
        part[:] = values if c == moved else c.rest
    exact = certify(truth, inputs, None, output_dtype)
    size = np.maximum(np.abs(exact.value.real), np.abs(exact.value.imag))
    region = np.where(size == 0, 0, np.where(np.isfinite(size), 1, 2))
    changes = np.flatnonzero((np.diff(region) != 0) & exact.certified[1:] & exact.certified[:-1])
    if not changes.size:
        return None
    k = int(changes[-1])
    return float(values[k]), float(values[k + 1])
