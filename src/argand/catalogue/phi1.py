"""(eᶻ − 1)/z, φ₁ of exponential integrators: the plain form loses every digit of a small z."""

import math

import tensorflow as tf

from argand.catalogue._numerics.complex_exp import (
    NO_EXPM1_ON_A_GPU,
    exp_of,
    minus_one_in_double,
    near_zero,
)
from argand.catalogue._numerics.holomorphic import clipped, holomorphic
from argand.catalogue._numerics.scaled import Scaled, scaled
from argand.subject import plane, subject

_TERMS = 22


@subject(
    r"\varphi_1(z) = \frac{e^{z} - 1}{z}",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "z = 0, where the plain form is 0/0: φ₁ is 1 and its derivative 1/2",
        "|z| < 1e-8 (complex128) or 3e-4 (complex64): the plain gradient has no digit left",
        "z = ±6.283185307179586j and other multiples of 2πi (zeros)",
        "z = -2.0888 ± 7.4615j (zeros of the gradient)",
        "Re z = 709.78 … 716.36 (complex128) or 88.72 … 93.3 (complex64): eᶻ overflows first",
    ),
)
def phi1(z):
    """∂f/∂z = (eᶻ·(z − 1) + 1)/z², ∂f/∂z̄ = 0; the gradient is u·conj(∂f/∂z)."""
    return (tf.exp(z) - 1) / z


@phi1.variant
@tf.custom_gradient
def published(z, /):
    """expm1(z)/z with the gradient (eᶻ − φ₁)/z, as in the recurrence of the φ functions
    (Hochbruck and Ostermann 2010): the value is right, the gradient cancels; no conjugate."""
    value = tf.math.expm1(z) / z

    def grad(upstream):
        return upstream * ((tf.exp(z) - value) / z)

    return value, grad


@phi1.variant(limits=(NO_EXPM1_ON_A_GPU,))
@tf.custom_gradient
def custom(z, /):
    """u·conj((eᶻ − φ₁)/z): the exponential is shared by value and gradient."""
    e = tf.exp(z)
    value = (e - 1) / z

    def grad(upstream):
        return upstream * tf.math.conj((e - value) / z)

    return value, grad


@phi1.variant(
    limits=(
        "In complex128 the value is off by up to 5.9 ulp, the gradient by up to 9.3 ulp: three "
        "quotients and products follow the exponential.",
        "In complex128 the gradient loses more beside its zeros, -2.0888 ± 7.4615j and others: the "
        "error of its two terms stays while they cancel, 123 ulp at -2.0957+7.4593j.",
    )
)
@tf.custom_gradient
def stable(z, /):
    """eᶻ − 1 without cancellation (expm1.py) by z; the derivative by its series Σ (k+1)/(k+2)!·zᵏ
    for |z| < 3/2, else (eᶻ·(z − 1) + 1)/z². z and eᶻ are apart from their powers of four, so that
    only the last step, the scaling, overflows or vanishes. φ₁(0) = 1."""
    return holomorphic(z, _wide, _careful)


def _wide(z):
    e, z = tf.exp(clipped(z)), tf.cast(z, tf.complex128)
    one = tf.ones_like(z)
    zero = tf.equal(z, 0)
    value = tf.where(zero, one, minus_one_in_double(z, e) / tf.where(zero, one, z))

    def slope():
        near = near_zero(z)
        far = tf.where(near, one, z)
        quotient = (e * (far - 1) + 1) / (far * far)
        return tf.where(near, 0.5 + z * (1 / 3 + 0.125 * z), quotient)

    return value, slope


def _careful(x, y, ordinary):
    exp = exp_of(x, y, ordinary)
    return _value(x, y, exp, ordinary), lambda: _slope(x, y, exp, ordinary)


def _value(x, y, exp, ordinary):
    # Of such a small z the quotient is 1, and in the ordinary form |z|² would vanish.
    zero = tf.less_equal(tf.maximum(tf.abs(x), tf.abs(y)), 2.0**-60 if ordinary else 0.0)
    x = tf.where(zero, tf.ones_like(x), x)
    one_less = exp.minus_one()
    near = scaled(one_less.re, one_less.im, ordinary)  # of a small z it is as small
    if not ordinary:
        near = near._replace(n=near.n + one_less.n)
    quotient = near.times(scaled(x, y, ordinary).inverse())
    n = None if ordinary else tf.where(zero, y, quotient.n)
    im = tf.where(zero, 0.5 * y, quotient.im)
    return Scaled(tf.where(zero, x, quotient.re), im, n)


def _slope(x, y, exp, ordinary):
    near = tf.less(x * x + y * y, 2.25)
    series = _series(tf.where(near, tf.complex(x, y), tf.zeros_like(tf.complex(x, y))))
    x, y = tf.where(near, 2.0 * tf.ones_like(x), x), tf.where(near, tf.zeros_like(y), y)
    inverse = scaled(x, y, ordinary).inverse()
    # Far left and for large z alike the 1 is the larger term, or counts for nothing.
    product = exp.whole.times(scaled(x - 1.0, y, ordinary))
    one = Scaled(1.0, 0.0, None if ordinary else tf.zeros_like(x))
    quotient = product.plus(one).times(inverse.times(inverse))
    return Scaled(
        tf.where(near, tf.math.real(series), quotient.re),
        tf.where(near, tf.math.imag(series), quotient.im),
        None if ordinary else tf.where(near, tf.zeros_like(x), quotient.n),
    )


def _series(z):
    total = tf.zeros_like(z)
    for k in range(_TERMS, -1, -1):
        total = total * z + (k + 1) / math.factorial(k + 2)
    return total
