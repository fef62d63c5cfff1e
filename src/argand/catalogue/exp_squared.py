"""f(x) = exp(x²), real: overflows early, and its gradient may be in range where f is not."""

import tensorflow as tf

from argand.catalogue._numerics.exponential import reduced_exp
from argand.catalogue._numerics.fast_path import either, within
from argand.catalogue._numerics.scaling import SUBNORMAL_LIMIT, power
from argand.subject import real, subject


@subject(
    r"f(x) = e^{x^2}",
    real("x", -6.0, 6.0),
    hard_points=(
        "|x| = 26.64 (float64) or 9.419 (float32): overflow",
        "|x| near the frontier: the rounding of x² costs x² ulp of exp(x²)",
        "x = 28 with upstream 1e-300: the gradient is in range, f is not",
    ),
)
def exp_squared(x):
    """f′(x) = 2x·exp(x²); the gradient is u·f′(x)."""
    return tf.exp(x * x)


@exp_squared.variant
@tf.custom_gradient
def published(x):
    """The printed "log-space" gradient: the maximum is taken over the whole tensor, so every
    entry is scaled by its neighbours, and the float64 constant refuses float32."""
    log_value = x * x

    def grad(upstream):
        finite = tf.where(
            tf.math.is_finite(log_value), log_value, tf.constant(tf.float64.max, tf.float64)
        )
        return upstream * 2 * x * tf.exp(finite - tf.reduce_max(finite))

    return tf.exp(log_value), grad


@exp_squared.variant
@tf.custom_gradient
def custom(x, /):
    """u·2x·exp(x²): one exponential, shared by value and gradient."""
    value = tf.exp(x * x)

    def grad(upstream):
        return upstream * (2 * x * value)

    return value, grad


@exp_squared.variant(
    limits=(f"{SUBNORMAL_LIMIT}: at 5e-324 with upstream 1e300 the gradient is 0, exact 1e-23.",)
)
@tf.custom_gradient
def stable(x, /):
    """x = h + l with h rounded so that h² is exact, and exp(h²)·exp((x + h)·l) = e·4ᵏ: the
    rounding of x² would cost x² ulp of the result. u·4ᵏ/²·(2x·e)·4ᵏ/² leaves the range only
    when the product does, for k ≥ 0. Splitting as in Dekker 1971. Ordinarily no 4ᵏ is needed.

    In float32 the same product is formed in float64, where x² is exact and nothing overflows.
    """
    careful, plain = (_in_double, _by_double) if x.dtype == tf.float32 else (_scaled, _split)
    ordinary = within(8.0, x)
    value = either(ordinary, lambda: plain(x), lambda: careful(x)[0])

    def grad(upstream):
        return either(
            ordinary, lambda: upstream * ((x + x) * value), lambda: careful(x)[1](upstream)
        )

    return value, grad


def _by_double(x):
    wide = tf.cast(x, tf.float64)
    return tf.cast(tf.exp(wide * wide), tf.float32)


def _split(x):
    high = tf.cast(tf.cast(x, tf.float32), tf.float64)
    e, low = tf.exp(high * high), (x - high) * (x + high)
    return e + e * (low + 0.5 * (low * low))


def _in_double(x):
    wide = tf.clip_by_value(tf.cast(x, tf.float64), -16.0, 16.0)
    value = tf.exp(wide * wide)

    def grad(upstream):
        return tf.cast(tf.cast(upstream, tf.float64) * (2 * wide * value), tf.float32)

    return tf.cast(value, tf.float32), grad


def _scaled(x):
    # Beyond 37.65 no upstream that is a normal number brings the gradient into range.
    x = tf.clip_by_value(x, -37.65, 37.65)
    high = tf.round(x * 2.0**20) * 2.0**-20
    e, k = reduced_exp(high * high, (x + high) * (x - high))
    half = power(k)

    def grad(upstream):
        # Grappler may take (2x·e)·half first, which is infinite for the largest x.
        scale = tf.where(tf.equal(upstream, 0.0), tf.ones_like(half), half)
        return (upstream * scale) * (2 * x * e) * scale

    return e * half * half, grad
