"""f(x) = exp(x²), real: overflows early, and its gradient may be in range where f is not."""

import tensorflow as tf

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
def custom(x):
    """u·2x·exp(x²): one exponential, shared by value and gradient."""
    value = tf.exp(x * x)

    def grad(upstream):
        return upstream * (2 * x * value)

    return value, grad


# x = high + low with high a multiple of 1/step, so that high² is exact for |x| ≤ bound;
# exp(half) is the largest root: no upstream brings its square back into range.
_STEP = {tf.float32: 2.0**7, tf.float64: 2.0**20}
_BOUND = {tf.float32: 16.0, tf.float64: 50.0}
_HALF = {tf.float32: 88.0, tf.float64: 709.0}


@exp_squared.variant
@tf.custom_gradient
def stable(x):
    """exp(x²) = exp(h²/2)²·exp((x + h)·l), x = h + l with h rounded so that h² is exact.

    The rounding of x² would cost x² ulp; here it only touches the small second exponent.
    The square is multiplied half by half, from the upstream up: u·2x·E·E leaves the range
    only when the product does. Splitting as in Dekker 1971.
    """
    step, bound, half = _STEP[x.dtype], _BOUND[x.dtype], _HALF[x.dtype]
    bounded = tf.clip_by_value(x, -bound, bound)
    high = tf.round(bounded * step) / step
    tail = tf.exp((bounded + high) * (bounded - high))
    root = tf.exp(tf.minimum(0.5 * high * high, half))

    def grad(upstream):
        return upstream * (2 * x) * tail * root * root

    return tail * root * root, grad
