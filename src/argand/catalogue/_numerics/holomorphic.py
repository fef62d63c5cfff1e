"""Value and gradient of holomorphic functions, for stable variants.

What it costs beside automatic differentiation, and what that buys: complex64 is computed in
complex128, for which every digit is right, also beside a pole; but TensorFlow's cosine and sine
are vectorised in float32 alone, and take ten times as long in float64: five times the time in a
graph for silu, and three for the logistic function, where float32's serve (_half_angle.py).
complex128 has one exponential as there, and real planes, so that no part cancels: one to two
times where all z are ordinary, and more where not, so that nothing between leaves the range.
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from argand.catalogue._numerics.exponential import FAR, cis
from argand.catalogue._numerics.ordinary import beyond, either, in_xla, last, within
from argand.catalogue._numerics.scaled import Scaled, scaled_complex

# Of the plain forms: e^±64 to the third power, times 2^400 of the upstream, is in range.
_ORDINARY = 64.0
_UP = 2.0**64


def holomorphic(
    z: tf.Tensor,
    wide: Callable[[tf.Tensor], tuple[tf.Tensor, Callable[[], tf.Tensor]]],
    careful: Callable[[tf.Tensor, tf.Tensor, bool], tuple[Scaled, Callable[[], Scaled]]],
    plain: Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]] | None = None,
    at_most: float = _ORDINARY,
    at_least: float = 0.0,
) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
    """Value and gradient of a holomorphic f, as ``tf.custom_gradient`` wants them.

    For complex64, ``wide`` returns f and a function that returns f′ in complex128, where nothing
    that it multiplies leaves the range. For complex128, ``careful`` does, of Re z, Im z and
    whether all z are ordinary: both parts ``at_most``, and one ``at_least``, so large. Of such z
    ``plain``, if there is one, returns f and f′ instead.
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
            lambda: last(_UP * upstream * tf.math.conj(slope), 1 / _UP),
            lambda: carefully()[1](upstream),
        )

    return value, grad


def exp_in_double(z: tf.Tensor) -> tf.Tensor:
    """eᶻ of complex64 in complex128, where none of size e^±FAR vanishes or overflows."""
    # The cosine and sine of any Im z are Exp's, so only e^(Re z) must be in float32's range.
    ordinary = within(80.0, tf.math.real(z))
    return either(ordinary, lambda: tf.cast(tf.exp(z), tf.complex128), lambda: _wide_exp(z))


def _wide_exp(z):
    x, y = tf.cast(tf.math.real(z), tf.float64), tf.math.imag(z)
    e = tf.exp(tf.clip_by_value(x, -FAR, FAR))
    cos, sin = (tf.cast(part, tf.float64) for part in cis(y))
    return tf.complex(e * cos, e * sin)


def exp_of_double(re: tf.Tensor, im: tf.Tensor) -> tf.Tensor:
    """e^(re + i·im), of float64, to a little more than the digits of complex64; in complex128,
    where none of size e^±FAR vanishes or overflows."""

    def plain():
        # The exponential of the nearest complex64, times that of the rest to first order:
        # the next is below 2⁻³⁸.
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
    """(whether Re z ≥ 0, and then −z, else z, clipped)."""
    right = tf.greater_equal(tf.math.real(z), 0.0)
    return right, clipped(tf.where(right, -z, z))
