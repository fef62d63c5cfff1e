"""Is a gradient at one point TensorFlow's mistake? By ways that have nothing of argand in them.

With u the upstream, TensorFlow's gradient is that of L = Re Σ conj(u)·f: ∂L/∂Re z + i ∂L/∂Im z. The
partial derivatives of L come from mpmath (100 digits, quotients on both sides) where the source has
a form there, else from difference quotients in float64, extrapolated, with an error estimate.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import mpmath as mp
import numpy as np

from benchmarks.strangers.listing import evaluated
from benchmarks.strangers.plain_names import Unknown, plain

STEP = mp.mpf(10) ** -40
WRONG, RIGHT = 1e-6, 1e-9  # relative errors of a wrong formula, and of a right one's rounding
RIGHT_IN_SINGLE = 1e-6  # what constants that are rounded to 24 bits explain
SAME = 1e-10  # relative difference of values up to which mpmath's function is TensorFlow's
SMALL = 2.0**-20  # below it cancellation in a right formula is no smaller than what is left
Scalar = Callable[[Sequence[float]], Any]


@dataclass(frozen=True)
class Witness:
    """Where a gradient is in question: the real components of the inputs, in order, of a function
    of ``inputs`` inputs, complex ones or not, the upstream's numbers, and whether the dtype is one
    of single precision or less."""

    components: tuple[float, ...]
    inputs: int
    complex: bool
    upstream: tuple[complex, ...]
    single: bool = False

    @property
    def right(self) -> float:
        """A relative error of the gradient that the rounding of constants explains."""
        return RIGHT_IN_SINGLE if self.single else RIGHT

    @property
    def entries(self) -> int:
        """How many numbers each input has."""
        return len(self.components) // (self.inputs * (2 if self.complex else 1))

    def arrays(self, components: Sequence[float]) -> list[np.ndarray]:
        """The inputs as a batch of one number, or of one row."""
        flat = np.array(components, np.float64)
        flat = flat.view(np.complex128) if self.complex else flat
        shape = (self.inputs, 1) if self.entries == 1 else (self.inputs, 1, self.entries)
        return list(flat.reshape(shape))


def witness(input: Sequence[str], upstream: str, dtype: str, inputs: int) -> Witness:
    """Of a finding's fields. Raises ValueError where they are no point of ``inputs`` inputs."""
    components = tuple(float.fromhex(c) for c in input)
    is_complex = dtype.startswith("complex")
    if not components or len(components) % (inputs * (2 if is_complex else 1)):
        raise ValueError(f"{len(components)} components are no point of {inputs} input(s)")
    us = np.ravel(ast.literal_eval(upstream)) if upstream else np.array([1.0])
    single = dtype not in ("float64", "complex128")
    return Witness(components, inputs, is_complex, tuple(complex(u) for u in us), single)


def tensor_scalar(fn: Callable[..., Any], at: Witness) -> Scalar:
    """L by TensorFlow in float64."""
    u = np.array(at.upstream)

    def scalar(components: Sequence[float]) -> float:
        value = np.ravel(fn(*at.arrays(components)))
        return float(np.sum(np.conj(u) * value).real)

    return scalar


def tape(fn: Callable[..., Any], at: Witness) -> np.ndarray:
    """TensorFlow's own gradient in float64 as partial derivatives of L; NaN where there is none."""
    import tensorflow as tf

    xs = [tf.constant(x) for x in at.arrays(at.components)]
    with tf.GradientTape() as record:
        record.watch(xs)
        y = fn(*xs)
    u = np.broadcast_to(np.array(at.upstream), np.ravel(y).shape).reshape(y.shape)
    u = tf.constant(u if y.dtype.is_complex else u.real, y.dtype)
    grads = record.gradient(y, xs, output_gradients=u)
    blank = np.full(xs[0].shape, np.nan, xs[0].dtype.as_numpy_dtype)
    parts = [np.ravel(blank if g is None else g.numpy()).view(np.float64) for g in grads]
    return np.concatenate(parts)


def plain_scalar(source: str, at: Witness) -> Callable[[Sequence[Any]], Any]:
    """L in mpmath. Raises Unknown where the source has no form there."""
    if at.entries != 1 or len(at.upstream) != 1:
        raise Unknown("rows")
    if not all(c == 0 or 1e-30 <= abs(c) <= 1e4 for c in at.components):
        raise Unknown("out of range: mpmath's exp takes for ever")
    fn, u = plain(source), mp.mpc(at.upstream[0])

    def scalar(components: Sequence[Any]) -> Any:
        numbers = [mp.mpf(c) for c in components]
        if at.complex:
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            numbers = [mp.mpc(a, b) for a, b in pairs]
        return mp.re(mp.conj(u) * fn(*numbers))

    return scalar


def by_mpmath(scalar: Callable[[Sequence[Any]], Any], at: Witness, k: int) -> tuple[Any, Any]:
    """The quotients on both sides by the ``k``-th component."""
    with mp.workdps(100):
        here, sides = scalar(at.components), []
        for step in (STEP, -STEP):
            moved = [mp.mpf(c) + (step if j == k else 0) for j, c in enumerate(at.components)]
            sides.append((scalar(moved) - here) / step)
        return sides[0], sides[1]


def extrapolated(quotients: Sequence[float], factor: float) -> tuple[float, float]:
    """(limit, error estimate) of quotients whose steps halve; ``factor`` is 2 where the error's
    orders are 1, 2, …, and 4 where they are 2, 4, …. Neville's scheme, the steadiest entry."""
    best, row = (float(quotients[0]), np.inf), [float(q) for q in quotients]
    weight = factor
    while len(row) > 1:
        new = [b + (b - a) / (weight - 1) for a, b in pairwise(row)]
        for k, value in enumerate(new):
            error = max(abs(value - row[k]), abs(value - row[k + 1]))
            if error < best[1]:
                best = (value, error)
        row, weight = new, weight * factor
    return best


def by_quotients(scalar: Scalar, at: Witness, k: int) -> tuple[float, float, bool]:
    """(derivative, error estimate, whether the sides agree) by the ``k``-th component."""
    start, here = at.components, scalar(at.components)
    scale = max(abs(start[k]), 2.0**-6)

    def moved(step: float) -> float:
        return scalar([c + (step if j == k else 0.0) for j, c in enumerate(start)])

    steps = [scale * 2.0**-n for n in range(4, 22)]
    steps = [(start[k] + h) - start[k] for h in steps]
    above, below = [moved(h) for h in steps], [moved(-h) for h in steps]
    pairs = list(zip(above, below, steps, strict=True))
    right, e = extrapolated([(a - here) / h for a, _, h in pairs], 2.0)
    left, f = extrapolated([(here - b) / h for _, b, h in pairs], 2.0)
    central, error = extrapolated([(a - b) / (2 * h) for a, b, h in pairs], 4.0)
    same = abs(right - left) <= 1e-4 * max(abs(right), abs(left)) + 100 * (e + f)
    return central, error, bool(same)


def confirmed(source: str, at: Witness) -> tuple[str, str]:
    """("confirmed", "refuted" or "cannot tell", and why): is TensorFlow's gradient another than the
    function's at ``at``?"""
    fn = evaluated(source)
    try:
        gave, here = tape(fn, at), tensor_scalar(fn, at)(at.components)
    except Exception as error:  # whatever TensorFlow refuses
        return "cannot tell", f"TensorFlow: {type(error).__name__}"
    try:
        scalar = plain_scalar(source, at)
        value = float(scalar(at.components))
        if abs(value - here) > SAME * max(abs(value), 1.0):
            raise Unknown("another function")
        sides = [by_mpmath(scalar, at, k) for k in range(len(at.components))]
    except (
        Unknown,
        TypeError,
        ValueError,
        ArithmeticError,
        NotImplementedError,
        mp.mp.NoConvergence,
    ):
        return _by_quotients(fn, at, gave)
    want = np.array([float(a) for a, _ in sides])
    other = np.array([float(b) for _, b in sides])
    if not np.allclose(want, other, rtol=1e-9, atol=1e-12):
        return "refuted", "mpmath: no derivative, the sides differ"
    return judged(gave, want, at.right * float(np.max(np.abs(want))), at, "mpmath")


def _by_quotients(fn: Callable[..., Any], at: Witness, gave: np.ndarray) -> tuple[str, str]:
    scalar = tensor_scalar(fn, at)
    found = [by_quotients(scalar, at, k) for k in range(len(at.components))]
    want, noise = np.array([d for d, _, _ in found]), max(e for _, e, _ in found)
    if not (np.isfinite(want).all() and np.isfinite(noise)):
        return "cannot tell", "quotients: not finite"
    if not all(same for _, _, same in found):
        return "refuted", "quotients: no derivative, the sides differ"
    if noise > 1e-5 * max(float(np.max(np.abs(want))), SMALL):
        return "cannot tell", f"quotients: uncertain by {noise:.1e}"
    slack = 10 * noise + at.right * float(np.max(np.abs(want)))
    return judged(gave, want, slack, at, "quotients")


def judged(
    gave: np.ndarray, want: np.ndarray, slack: float, at: Witness, way: str
) -> tuple[str, str]:
    """The word, and the two gradients. ``slack``: an error that rounding or the way explains."""
    words = f"{way}: {_text(want)}, TensorFlow {_text(gave)}"
    scale = float(np.max(np.abs(want)))
    if not np.isfinite(gave).all():
        return ("confirmed" if usual(at.components) else "cannot tell"), words
    error = float(np.max(np.abs(gave - want)))
    if error <= slack:
        return "refuted", words
    if error > WRONG * max(scale, SMALL) + 10 * slack:
        return "confirmed", words
    return "cannot tell", words


def usual(components: Iterable[float]) -> bool:
    """Whether no component is so large or small that range alone explains a NaN."""
    return all(c == 0 or 2.0**-6 <= abs(c) <= 2.0**6 for c in components)


def _text(values: np.ndarray) -> str:
    return " ".join(f"{v:.10g}" for v in values)
