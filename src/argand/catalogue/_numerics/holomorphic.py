"""Value and gradient of holomorphic functions, for stable variants.

What it costs beside automatic differentiation, and what that buys. complex64 is computed in
complex128, so that every digit is right, also beside a pole. TensorFlow vectorises cosine and sine
in float32 alone, and takes ten times as long for them in float64: in a graph silu takes five times
as long, and the logistic function, for which float32's serve (hyperbolic.py), three times.
complex128 takes one exponential, and real and imaginary parts apart, so that none cancels: one to
two times as long where all z are ordinary, and more elsewhere, so that nothing leaves the range.
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from argand.catalogue._numerics.exponential import FAR, cis
from argand.catalogue._numerics.fast_path import UP, beyond, either, in_xla, last, within
from argand.catalogue._numerics.scaled import Scaled, scaled_complex

_ORDINARY = 64.0  # the third power of e^±64, times an upstream of 2^400, is in range


def holomorphic(
    z: tf.Tensor,
    wide: Callable[[tf.Tensor], tuple[tf.Tensor, Callable[[], tf.Tensor]]],
    careful: Callable[[tf.Tensor, tf.Tensor, bool], tuple[Scaled, Callable[[], Scaled]]],
    plain: Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]] | None = None,
    at_most: float = _ORDINARY,
    at_least: float = 0.0,
) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
    """Value and gradient of a holomorphic f at ``z``, as ``tf.custom_gradient`` wants them.

    For complex64, ``wide(z)`` returns f, and a function that returns f′, in complex128, where
    nothing that it multiplies leaves the range. For complex128, ``careful(x, y, ordinary)`` returns
    the same in scaled form, of the parts of z. All z are ordinary where both parts have at most the
    size ``at_most``, and one at least the size ``at_least``; there ``plain(z)``, if it is given,
    returns f and f′ instead.
    """
    if z.dtype == tf.complex64:
        value, slope = wide(z)

        def grad_in_double(upstream):
            product = tf.cast(upstream, tf.complex128) * tf.math.conj(slope())
            return tf.cast(product, tf.complex64)

        return tf.cast(value, tf.complex64), grad_in_double

    def carefully():
        value, slope = careful(tf.math.real(z), tf.math.imag(z), False)
        return value.number(), lambda u: scaled_complex(u).times_conj(slope()).number()

    if in_xla():
        return carefully()
    ordinary = within(at_most, z)
    if at_least:
        ordinary &= beyond(at_least, z)

    def plainly():
        if plain is not None:
            return plain(z)
        value, slope = careful(tf.math.real(z), tf.math.imag(z), True)
        return value.number(), slope().number()

    value, slope = either(ordinary, plainly, lambda: (carefully()[0], z))

    def grad(upstream):
        return either(
            ordinary & within(2.0**400, upstream),
            # Larger by a power of two, so that no part of the product vanishes.
            lambda: last(UP * upstream * tf.math.conj(slope), 1 / UP),
            lambda: carefully()[1](upstream),
        )

    return value, grad


def exp_in_double(z: tf.Tensor) -> tf.Tensor:
    """eᶻ of complex64 in complex128, where none of size e^±FAR vanishes or overflows."""
    # Exp has the cosine and the sine of any Im z: only e^(Re z) must be in float32's range.
    ordinary = within(80.0, tf.math.real(z))
    return either(ordinary, lambda: tf.cast(tf.exp(z), tf.complex128), lambda: _wide_exp(z))


def _wide_exp(z):
    x, y = tf.cast(tf.math.real(z), tf.float64), tf.math.imag(z)
    e = tf.exp(tf.clip_by_value(x, -FAR, FAR))
    cos, sin = (tf.cast(part, tf.float64) for part in cis(y))
    return tf.complex(e * cos, e * sin)


def exp_of_double(re: tf.Tensor, im: tf.Tensor) -> tf.Tensor:
    """e^(re + i·im) of float64, to a little more than the digits of complex64, in complex128,
    where none of size e^±FAR vanishes or overflows."""

    def plain():
        # The exponential of the nearest complex64, times that of the rest to first order: the
        # second is below 2⁻³⁸.
        near = [tf.cast(p, tf.float32) for p in (re, im)]
        rest = tf.complex(
            *(p - tf.cast(n, tf.float64) for p, n in zip((re, im), near, strict=True))
        )
        exp = tf.cast(tf.exp(tf.complex(*near)), tf.complex128)
        return exp + exp * rest

    def careful():
        return tf.exp(tf.complex(tf.clip_by_value(re, -FAR, FAR), im))

    return either(within(80.0, re, im), plain, careful)


def clipped(z: tf.Tensor) -> tf.Tensor:
    """``z`` in complex128 with its real part within ±FAR."""
    z = tf.cast(z, tf.complex128)
    return tf.complex(tf.clip_by_value(tf.math.real(z), -FAR, FAR), tf.math.imag(z))


def on_the_left(z: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(right, left): whether Re z ≥ 0, and ``clipped`` of −z there and of z elsewhere."""
    right = tf.greater_equal(tf.math.real(z), 0.0)
    return right, clipped(tf.where(right, -z, z))
