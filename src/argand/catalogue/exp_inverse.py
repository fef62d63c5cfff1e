"""f(z) = e^(−1/z): in every disk around 0 it takes almost every value (essential singularity)."""

import tensorflow as tf

from argand.catalogue._numerics.exponential import FAR, FARTHEST, cis, cis_of_sum, reduced_exp
from argand.catalogue._numerics.fast_path import either, in_xla, within
from argand.catalogue._numerics.quotient import reciprocal
from argand.catalogue._numerics.scaled import Scaled, scaled_complex
from argand.catalogue._numerics.scaling import SUBNORMAL_LIMIT, power
from argand.subject import plane, subject


@subject(
    r"f(z) = e^{-1/z}",
    plane("z", (-1.0, 1.0), (-1.0, 1.0)),
    hard_points=(
        "z = 0 (essential singularity): f is flat from the right, explodes from the left",
        "Re(1/z) = -709.78 (complex128) or -88.72 (complex64): overflow",
        "|z| < 1e-154 (complex64: 1e-19): z² vanishes",
        "Im(1/z) large: the rounding of 1/z is that of the phase",
    ),
)
def exp_inverse(z):
    """∂f/∂z = f/z², ∂f/∂z̄ = 0; the gradient is u·conj(f/z²)."""
    return tf.exp(-1 / z)


@exp_inverse.variant
@tf.custom_gradient
def custom(z, /):
    """u·conj(f/z²), with 1/z shared by value and gradient."""
    inverse = 1 / z
    value = tf.exp(-inverse)

    def grad(upstream):
        return upstream * tf.math.conj(value * inverse * inverse)

    return value, grad


@exp_inverse.variant(
    limits=(
        "Where |Im(1/z)| is beyond 2^50 (complex64: 2^78) digits of the phase are lost, and beyond "
        "2^106 it is noise: 1/z would be needed to more digits than two floats hold. There value "
        "and gradient are wrong.",
        "The gradient in complex128 is off by up to 5.4 ulp, beyond 4 in one of 6,000 samples: "
        "two complex products follow the value's own error.",
        SUBNORMAL_LIMIT,
    )
)
@tf.custom_gradient
def stable(z, /):
    """1/z in two parts, the second from the exact remainder 1 − z·q (Dekker 1971): the rounding
    of 1/z would cost |1/z| ulp. e^(−1/z) = cis·e·4ʰ, and u·conj(f/z²) is scaled once, at the end.
    In complex64 the same is formed in complex128, or without a second part where |Im 1/z| < 2¹⁵."""
    wide = tf.cast(z, tf.complex128)
    if z.dtype == tf.complex128 or in_xla():
        value, by_z = _careful(wide)
        return tf.cast(value, z.dtype), lambda u: tf.cast(by_z(tf.cast(u, wide.dtype)), z.dtype)

    inverse = 1 / wide
    ordinary = within(2.0**15, tf.math.imag(inverse))
    value, slope = either(ordinary, lambda: _plain(inverse), lambda: (_careful(wide)[0], wide))

    def grad(upstream):
        u = tf.cast(upstream, wide.dtype)
        plain, careful = lambda: u * tf.math.conj(slope), lambda: _careful(wide)[1](u)
        return tf.cast(either(ordinary, plain, careful), z.dtype)

    return tf.cast(value, z.dtype), grad


def _plain(inverse):
    """f and f/z², to the digits of complex64."""
    x, y = -tf.math.real(inverse), -tf.math.imag(inverse)
    e = tf.exp(tf.clip_by_value(x, -FAR, FAR))
    # cis of the nearest float32, times that of the rest to second order
    near = tf.cast(y, tf.float32)
    rest = y - tf.cast(near, tf.float64)
    cos, sin = (tf.cast(part, tf.float64) for part in cis(near))
    turn = tf.complex(1.0 - 0.5 * rest * rest, rest)
    value = tf.complex(e * cos, e * sin) * turn
    return value, value * inverse * inverse


def _careful(z):
    """f of complex128, and the gradient as a function of the upstream."""
    q, rest = reciprocal(scaled_complex(z))
    unit = power(2 * q.n)
    x, small = -q.re * unit, -rest.re * unit
    far = tf.abs(x) > FARTHEST
    x = tf.clip_by_value(x, -FARTHEST, FARTHEST)
    e, h = reduced_exp(x, tf.where(far, tf.zeros_like(small), small))
    cos, sin = cis_of_sum(-q.im * unit, -rest.im * unit)
    value = Scaled(e * cos, e * sin, h)

    def grad(upstream):
        twice = q.times(rest)
        re = q.re * q.re - q.im * q.im + 2 * twice.re
        derivative = value.times(Scaled(re, 2 * (q.re * q.im + twice.im), 2 * q.n))
        return scaled_complex(upstream).times_conj(derivative).number()

    return value.number(), grad
