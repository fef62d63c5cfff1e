"""(eᶻ − 1)/z, φ₁ of exponential integrators: the plain form loses every digit of a small z."""

import math

import tensorflow as tf

from argand.catalogue._complex import Scaled, clipped, holomorphic, scaled
from argand.catalogue._plane_exp import exp_of, minus_one_in_double, near_zero
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


@phi1.variant
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
        "error of its two terms stays while they cancel, 95 ulp at -2.0877+7.4520j.",
    )
)
@tf.custom_gradient
def stable(z, /):
    """eᶻ − 1 without cancellation (expm1.py) by z; the derivative by its series Σ (k+1)/(k+2)!·zᵏ
    for |z| < 3/2, else (eᶻ·(z − 1) + 1)/z². z and eᶻ are apart from their powers of four, so that
    only the last step, the scaling, overflows or vanishes. φ₁(0) = 1."""
    return holomorphic(z, _wide, _careful)


def _wide(z):
    e = tf.exp(clipped(z))
    one = tf.ones_like(z)
    zero = tf.equal(z, 0)
    value = tf.where(zero, one, minus_one_in_double(z, e) / tf.where(zero, one, z))

    def slope():
        near = near_zero(z)
        far = tf.where(near, one, z)
        quotient = (e * (far - 1) + 1) / (far * far)
        return tf.where(near, 0.5 + z * (1 / 3 + 0.125 * z), quotient)

    return value, slope


def _careful(x, y):
    exp = exp_of(x, y)
    return _value(x, y, exp), lambda: _slope(x, y, exp)


def _value(x, y, exp):
    zero = tf.equal(x, 0.0) & tf.equal(y, 0.0)
    x = tf.where(zero, tf.ones_like(x), x)
    one_less = exp.minus_one()
    near = scaled(one_less.re, one_less.im)  # of a small z it is as small
    quotient = near._replace(n=near.n + one_less.n).times(scaled(x, y).inverse())
    re, n = tf.where(zero, x, quotient.re), tf.where(zero, y, quotient.n)
    return quotient._replace(re=re, n=n)


def _slope(x, y, exp):
    near = tf.less(x * x + y * y, 2.25)
    series = _series(tf.where(near, tf.complex(x, y), tf.zeros_like(tf.complex(x, y))))
    x, y = tf.where(near, 2.0 * tf.ones_like(x), x), tf.where(near, tf.zeros_like(y), y)
    z = scaled(x, y)
    inverse = z.inverse()
    # Far left and for large z alike the 1 is the larger term, or counts for nothing.
    product = exp.whole.times(scaled(x - 1.0, y))
    quotient = product.plus(Scaled(1.0, 0.0, tf.zeros_like(x))).times(inverse.times(inverse))
    return Scaled(
        tf.where(near, tf.math.real(series), quotient.re),
        tf.where(near, tf.math.imag(series), quotient.im),
        tf.where(near, tf.zeros_like(x), quotient.n),
    )


def _series(z):
    total = tf.zeros_like(z)
    for k in range(_TERMS, -1, -1):
        total = total * z + (k + 1) / math.factorial(k + 2)
    return total
