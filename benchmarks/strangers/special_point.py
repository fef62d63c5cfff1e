"""A function with a special point in its domain, its true derivative there, and what TensorFlow's
tape gives there. Nothing here asks argand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np

STEP = mp.mpf(10) ** -40  # of the one-sided difference quotients, in 100 digits
CLOSE = 1e-9  # relative; of |x|^1.5 a quotient with this step is 1e-20


@dataclass(frozen=True)
class Special:
    """``fn`` in TensorFlow and ``plain``, the same function in mpmath, with its value at the point.

    ``at``: a number for each input, or a row of numbers. ``right``: TensorFlow's convention for
    upstream 1, that is ∂Re f/∂Re z + i ∂Re f/∂Im z, for each input. ``domain``: (low, high) of each
    real component of each input, open around the point; a row's entries share it.
    """

    fn: Callable[..., Any]
    plain: Callable[..., Any]
    at: tuple[Any, ...]
    right: tuple[Any, ...]
    domain: tuple[tuple[float, float], ...]
    dtype: str

    @property
    def name(self) -> str:
        """The function's name, unique in its list."""
        return self.fn.__name__

    def inputs(self) -> list[np.ndarray]:
        """The point as a batch of one sample."""
        return [np.array([a], self.dtype) for a in self.at]

    def components(self) -> tuple[float, ...]:
        """The real components of the point, in order."""
        flat = np.concatenate([np.ravel(a) for a in self.inputs()])
        return tuple(flat.view(np.float64).tolist())

    def tape(self) -> list[np.ndarray]:
        """TensorFlow's gradients there, eager, upstream 1; NaN where there is none."""
        import tensorflow as tf

        xs = [tf.constant(x) for x in self.inputs()]
        with tf.GradientTape() as tape:
            tape.watch(xs)
            y = self.fn(*xs)
        grads = tape.gradient(y, xs, output_gradients=tf.ones_like(y))
        none = np.full(np.shape(self.at[0]), np.nan)
        return [none if g is None else g.numpy()[0] for g in grads]

    def one_sided(self) -> list[list[Any]]:
        """For each real component the quotients on its two sides, of Re f, in mpmath."""
        with mp.workdps(100):
            start = self.components()
            here = mp.re(self._plain(start))
            found = []
            for k in range(len(start)):
                sides = []
                for side in (STEP, -STEP):
                    moved = [mp.mpf(c) + (side if j == k else 0) for j, c in enumerate(start)]
                    sides.append((mp.re(self._plain(moved)) - here) / side)
                found.append(sides)
            return found

    def right_components(self) -> list[float]:
        """``right`` as the partial derivatives of Re f by each real component."""
        numbers = [complex(v) for r in self.right for v in _row(r)]
        parts = (lambda v: (v.real, v.imag)) if self.dtype == "complex128" else lambda v: (v.real,)
        return [p for v in numbers for p in parts(v)]

    def tape_components(self) -> list[float]:
        """``tape`` in the same order."""
        numbers = [complex(v) for g in self.tape() for v in np.ravel(g)]
        parts = (lambda v: (v.real, v.imag)) if self.dtype == "complex128" else lambda v: (v.real,)
        return [p for v in numbers for p in parts(v)]

    def _plain(self, components: Sequence[Any]) -> Any:
        """``plain`` of real components."""
        numbers = list(components)
        if self.dtype == "complex128":
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            numbers = [mp.mpc(a, b) for a, b in pairs]
        rest, args = iter(numbers), []
        for a in self.at:
            row = [mp.mpmathify(next(rest)) for _ in _row(a)]
            args.append(row if isinstance(a, tuple) else row[0])
        return self.plain(*args)

    def value_differs(self) -> float:
        """The largest relative difference of ``fn`` and ``plain``, at the point and at 5 others of
        its domain."""
        import tensorflow as tf

        rng, worst = np.random.default_rng(0), 0.0
        each = 2 if self.dtype == "complex128" else 1
        pairs = [self.domain[k * each : (k + 1) * each] for k in range(len(self.at))]
        bounds = [p for own, a in zip(pairs, self.at, strict=True) for p in own * len(_row(a))]
        low, high = zip(*bounds, strict=True)
        points = [self.components(), *(tuple(rng.uniform(low, high)) for _ in range(5))]
        for point in points:
            flat = np.array(point).view(self.dtype)
            cuts = np.cumsum([len(_row(a)) for a in self.at])[:-1]
            split = np.split(flat, cuts)
            xs = [
                tf.constant(s[None] if isinstance(a, tuple) else s)
                for s, a in zip(split, self.at, strict=True)
            ]
            got, want = complex(self.fn(*xs).numpy()[0]), complex(self._plain(point))
            worst = max(worst, abs(got - want) / max(abs(want), 1.0))
        return worst


def _row(a: Any) -> tuple[Any, ...]:
    return a if isinstance(a, tuple) else (a,)


def special(
    plain: Callable[..., Any],
    at: Any,
    right: Any,
    domain: Any = (-1.0, 1.0),
    dtype: str = "float64",
) -> Callable[[Callable[..., Any]], Special]:
    """The decorator that makes a Special of a function.

    ``at``, ``right``: a list holds one for each of several inputs, a tuple is a row. ``domain``:
    one pair for all components, or a list of pairs.
    """

    def made(fn: Callable[..., Any]) -> Special:
        several = isinstance(at, list)
        points = tuple(at) if several else (at,)
        wanted = len(points) * (2 if dtype == "complex128" else 1)
        pairs = tuple(domain) if isinstance(domain, list) else (domain,) * wanted
        rights = tuple(right) if several else (right,)
        return Special(fn, plain, points, rights, pairs, dtype)

    return made


def agrees(got: Sequence[float], want: Sequence[float]) -> bool:
    """Whether all components agree."""
    return all(abs(g - w) <= CLOSE * max(abs(w), 1.0) for g, w in zip(got, want, strict=True))
