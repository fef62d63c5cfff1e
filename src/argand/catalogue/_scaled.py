"""Complex numbers apart from a power of four, for stable variants: no product leaves the range."""

from __future__ import annotations

from typing import NamedTuple

import tensorflow as tf

from argand.catalogue._scaling import halves, quartered


class Scaled(NamedTuple):
    """The number (re + i·im)·4ⁿ, in float64."""

    re: tf.Tensor
    im: tf.Tensor
    n: tf.Tensor


def scaled(z: tf.Tensor) -> Scaled:
    """``z``, its larger component in [2, 8), or 0."""
    x, y = tf.math.real(z), tf.math.imag(z)
    unit, n = quartered(tf.maximum(tf.abs(x), tf.abs(y)))
    return Scaled(x * unit, y * unit, n)


def times(a: Scaled, b: Scaled) -> Scaled:
    """a·b."""
    return Scaled(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, a.n + b.n)


def times_conj(a: Scaled, b: Scaled) -> Scaled:
    """a·conj(b): an upstream times a derivative."""
    return Scaled(a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im, a.n + b.n)


def norm(a: Scaled) -> tf.Tensor:
    """|a|²·16⁻ⁿ."""
    return a.re * a.re + a.im * a.im


def unscaled(a: Scaled) -> tf.Tensor:
    """``a`` as a complex tensor: here it overflows or vanishes, and not before."""
    half = halves(a.n)
    return tf.complex(a.re * half * half, a.im * half * half)


def in_double(upstream: tf.Tensor, derivative: tf.Tensor) -> tf.Tensor:
    """u·conj(∂f/∂z) in complex64, formed in complex128."""
    product = tf.cast(upstream, tf.complex128) * tf.math.conj(derivative)
    return tf.cast(product, tf.complex64)


def over(a: Scaled, size: tf.Tensor) -> Scaled:
    """a/size for a real ``size`` that needs no scaling."""
    return Scaled(a.re / size, a.im / size, a.n)


def negative(x: tf.Tensor) -> tf.Tensor:
    """Whether the sign of ``x`` is −, that of a zero included."""
    # Shifted, for balls follow bits into floats and no further.
    return tf.cast(tf.bitwise.right_shift(tf.bitcast(x, tf.int64), 63), tf.float64) < 0.0
