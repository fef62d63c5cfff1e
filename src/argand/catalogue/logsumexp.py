"""f(z) = log Σ e^(zⱼ) along the last axis, complex: phases of sums over paths, log-amplitudes."""

import tensorflow as tf

from argand.catalogue._numerics.log_size import log_size, log_size_beside_one
from argand.catalogue._numerics.rows import shifted
from argand.catalogue._numerics.scaled import scaled_complex
from argand.catalogue._numerics.scaling import SUBNORMAL_LIMIT, two_sum
from argand.subject import plane, subject


@subject(
    r"f(z) = \log \sum_j e^{z_j}",
    plane("z", (-10.0, 10.0), (-10.0, 10.0), entries=3),
    hard_points=(
        "max Re z > 709.78 (complex128) or 88.72 (complex64): eᶻ overflows",
        "max Re z < -745 (complex128) or -104 (complex64): every eᶻ vanishes",
        "Σ e^(zⱼ) = 0, as of two entries πi apart (pole)",
        "Σ e^(zⱼ) < 0 (branch cut)",
        "Σ e^(zⱼ) = 1 (zero of f)",
    ),
)
def logsumexp(z):
    """∂f/∂zⱼ = e^(zⱼ)/Σ e^(zₖ) = pⱼ, ∂f/∂z̄ⱼ = 0; the gradient is u·conj(pⱼ)."""
    return tf.math.log(tf.reduce_sum(tf.exp(z), -1))


@logsumexp.variant
@tf.custom_gradient
def custom(z, /):
    """u·conj(eᶻ/Σ eᶻ): the exponentials and their sum are shared by value and gradient."""
    e = tf.exp(z)
    total = tf.reduce_sum(e, -1, keepdims=True)

    def grad(upstream):
        return tf.expand_dims(upstream, -1) * tf.math.conj(e / total)

    return tf.math.log(tf.squeeze(total, -1)), grad


@logsumexp.variant(
    limits=(
        "complex128: where the terms of the sum cancel, or m and the logarithm of the shifted sum, "
        "the value loses those digits, and the gradient those of the sum: off by up to 205 ulp in "
        "40,000 rows. On the cut, the side of a sum that is real but for rounding is noise.",
        SUBNORMAL_LIMIT,
    )
)
@tf.custom_gradient
def stable(z, /):
    """m + log Σ e^(z − m), m the largest real part (Blanchard, Higham and Higham 2021), with z − m
    in two parts and each exponential apart from its power of four; near |Σ| = 1 the logarithm
    is that of 1 + the others' sum. Of the gradient u·conj(pⱼ) only
    the last step, a scaling, overflows or vanishes. Re z = −inf leaves an entry out.
    In complex64 all is formed in complex128, where nothing leaves the range."""
    rows = shifted(z)

    def grad(upstream):
        u = tf.cast(tf.expand_dims(upstream, -1), tf.complex128)
        by_total = scaled_complex(u, rows.ordinary).divided_by_conj(rows.total)
        return tf.cast(by_total.times_conj(rows.terms).number(), z.dtype)

    value = tf.complex(_log_size(rows), tf.atan2(rows.total.im, rows.total.re))
    return tf.cast(tf.squeeze(value, -1), z.dtype), grad


def _log_size(rows):
    """m + log|Σ|."""
    # |1 + s|² − 1 for the others' sum s over the first's exponential, which is on the circle
    (re, im), cos, sin = rows.others, *(rows.of_first(p) for p in (rows.terms.re, rows.terms.im))
    beyond = 2 * (re * cos + im * sin) + (re * re + im * im)
    near = tf.abs(beyond) < 0.28
    beyond = tf.where(near, beyond, tf.zeros_like(beyond))
    if rows.ordinary:
        far = tf.math.log(rows.total.norm())
        return rows.largest + 0.5 * tf.where(near, tf.math.log1p(beyond), far)
    log_total, rest = log_size(rows.total)
    log_total = tf.where(near, log_size_beside_one(beyond), log_total)
    re, minus_error = two_sum(rows.largest, log_total)
    rest = tf.where(near, tf.zeros_like(rest), rest)
    return tf.where(tf.math.is_inf(log_total), log_total, re + (rest - minus_error))
