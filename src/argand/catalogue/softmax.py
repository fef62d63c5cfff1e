"""fⱼ(z) = e^(zⱼ)/Σ e^(zₖ) along the last axis, complex: TensorFlow's own takes only real logits."""

import tensorflow as tf

from argand.catalogue._numerics.rows import shifted
from argand.catalogue._numerics.scaled import Scaled
from argand.catalogue._numerics.scaling import SUBNORMAL_LIMIT, quartered, scaled_by
from argand.subject import plane, subject


@subject(
    r"f_j(z) = \frac{e^{z_j}}{\sum_k e^{z_k}}",
    plane("z", (-10.0, 10.0), (-10.0, 10.0), entries=3),
    hard_points=(
        "max Re z > 709.78 (complex128) or 88.72 (complex64): eᶻ overflows",
        "max Re z < -745 (complex128) or -104 (complex64): every eᶻ vanishes",
        "Σ e^(zⱼ) = 0, as of two entries πi apart (pole)",
        "one Re z far above the others: 1 - fⱼ cancels in its gradient",
    ),
)
def softmax(z):
    """∂fᵢ/∂zⱼ = fᵢ·(δᵢⱼ − fⱼ); the gradient is conj(fⱼ)·(uⱼ − Σ uᵢ·conj(fᵢ))."""
    e = tf.exp(z)
    return e / tf.reduce_sum(e, -1, keepdims=True)


@softmax.variant
@tf.custom_gradient
def custom(z, /):
    """conj(f)·(u − Σ u·conj(f)), from the value alone."""
    e = tf.exp(z)
    value = e / tf.reduce_sum(e, -1, keepdims=True)

    def grad(upstream):
        conj = tf.math.conj(value)
        return conj * (upstream - tf.reduce_sum(upstream * conj, -1, keepdims=True))

    return value, grad


@softmax.variant(
    limits=(
        "complex128: where the terms of the sum cancel, value and gradient lose those digits: off "
        "by up to 540 ulp in 4,000 rows.",
        SUBNORMAL_LIMIT,
    )
)
@tf.custom_gradient
def stable(z, /):
    """e^(z − m)/Σ e^(z − m), m the largest real part, with z − m in two parts and each exponential
    apart from its power of four. With r the entry of m and vⱼ = uⱼ − uᵣ the gradient is
    conj(fⱼ)·(vⱼ − Σ vᵢ·conj(fᵢ)), for Σ fᵢ = 1: at r the large terms are gone instead of
    cancelling. In complex64 all is formed in complex128, where nothing leaves the range."""
    rows = shifted(z)
    value = rows.terms.divided_by(rows.total)

    def grad(upstream):
        by_z = _gradient if rows.ordinary else _scaled_gradient
        return tf.cast(by_z(rows, value, tf.cast(upstream, tf.complex128)), z.dtype)

    return tf.cast(value.number(), z.dtype), grad


def _gradient(rows, value, u):
    a, b = tf.math.real(u), tf.math.imag(u)
    v = Scaled(a - rows.of_first(a), b - rows.of_first(b))
    re, im = (tf.reduce_sum(p, -1, keepdims=True) for p in v.times_conj(value)[:2])
    return Scaled(v.re - re, v.im - im).times_conj(value).number()


def _scaled_gradient(rows, value, u):
    a, b = tf.math.real(u), tf.math.imag(u)
    size = tf.reduce_max(tf.maximum(tf.abs(a), tf.abs(b)), -1, keepdims=True)
    unit, k = quartered(size)
    a, b = a * unit, b * unit
    zero = tf.zeros_like(value.n)
    v = Scaled(a - rows.of_first(a), b - rows.of_first(b), zero)
    # Σ vᵢ·conj(fᵢ), apart from the largest power of four of its terms
    same = tf.equal(v.re, 0.0) & tf.equal(v.im, 0.0)
    others = tf.where(same, tf.constant(-5000.0, tf.float64), value.n)
    n = tf.reduce_max(others, -1, keepdims=True)
    product = v.times_conj(value)
    re, im = (
        tf.reduce_sum(scaled_by(part, 2 * (others - n)), -1, keepdims=True)
        for part in (product.re, product.im)
    )
    # vⱼ is 0 at r: there the sum alone is left, whatever its power of four.
    n += zero
    to_v = tf.where(same, zero, 2 * n)
    re, im = (scaled_by(part + zero, to_v) for part in (re, im))
    difference = Scaled(v.re - re, v.im - im, tf.where(same, n, zero) + k)
    return difference.times_conj(value).number()
