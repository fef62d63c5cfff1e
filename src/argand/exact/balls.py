"""Tensors of balls, with the derivatives that they carry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import acb, arb

from argand.exact.edges.zeros import signed

ONE = arb(1)
UNDECIDED = acb(arb("nan"), arb("nan"))  # a ball of which nothing is known
_WIDE = 4  # bits: below that accuracy a ball is no number, and the careful pass looks again
_TINY = arb(2) ** -1100


@dataclass(frozen=True)
class Balls:
    """A tensor of balls: ``value`` has shape (samples, *sample_shape).

    ``dz[i]`` and ``dzbar[i]`` are the derivatives by direction i, None where identically zero.
    Every scalar that goes in is a direction; by a real one, ``dz`` is the derivative and ``dzbar``
    is None.
    """

    value: np.ndarray
    dz: tuple[np.ndarray | None, ...] = ()
    dzbar: tuple[np.ndarray | None, ...] = ()

    def each(self, act: Callable[[np.ndarray], np.ndarray]) -> Balls:
        """The same with ``act`` applied to value and derivatives; it moves or drops elements."""
        return Balls(
            act(self.value),
            tuple(None if d is None else act(d) for d in self.dz),
            tuple(None if d is None else act(d) for d in self.dzbar),
        )

    @property
    def moves(self) -> bool:
        """Whether it depends on an input by which derivatives are taken."""
        return any(d is not None for d in (*self.dz, *self.dzbar))


def to_balls(values: np.ndarray) -> np.ndarray:
    """Exact balls of floats, ``arb`` for real and ``acb`` for complex, in the same shape."""
    values = np.asarray(values)
    kind = acb if values.dtype.kind == "c" else arb
    return as_array([kind(v) for v in values.reshape(-1).tolist()], values.shape)


def to_signed(values: np.ndarray) -> np.ndarray:
    """As ``to_balls``, but Signed: with the signs of zeros."""
    values = np.asarray(values)
    real = values.dtype.kind != "c"
    return as_array([signed(v, real) for v in values.reshape(-1).tolist()], values.shape)


def as_array(flat: list[Any], shape: tuple[int, ...]) -> np.ndarray:
    """An object array of this shape."""
    out = np.empty(len(flat), object)
    out[:] = flat
    return out.reshape(shape)


def union(a: Any, b: Any) -> Any:
    """A ball that holds both, complex if one of them is."""
    return acb(a).union(acb(b)) if acb in (type(a), type(b)) else a.union(b)


def conj(v: Any) -> Any:
    """The conjugate; a real ball is its own."""
    return v if type(v) is arb else v.conjugate()


def no_number(ball: Any) -> bool:
    """Whether a component is not finite, or so wide that it tells no number. One far below the
    smallest float may be as wide as it likes."""
    return any(
        not p.is_finite() or (p.rel_accuracy_bits() < _WIDE and not abs(p) < _TINY)
        for p in (ball.real, ball.imag)
    )
