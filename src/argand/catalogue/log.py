"""f(z) = log z, the principal logarithm: near |z| = 1 and for large z the plain one loses it."""

import tensorflow as tf

from argand.catalogue._logarithm import log_size
from argand.catalogue._scaled import norm, over, scaled, times, unscaled
from argand.catalogue._scaling import SUBNORMAL_LIMIT
from argand.subject import plane, subject


@subject(
    r"f(z) = \log z",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "z = 1 (zero of f: |z|² rounds to 1)",
        "Im z = ±0 with Re z < 0 (branch cut: the sign of the zero is the side)",
        "z = 0 (pole)",
        "|z| > 1.8e19 (complex64): from length 4 on, TensorFlow's value is NaN",
        "|z| < 1e-154 (complex64: 1e-19): |z|² vanishes",
    ),
)
def log(z):
    """∂f/∂z = 1/z, ∂f/∂z̄ = 0; the gradient is u·conj(1/z)."""
    return tf.math.log(z)


@log.variant
@tf.custom_gradient
def custom(z, /):
    """u/z̄, with Log's own value."""

    def grad(upstream):
        return upstream / tf.math.conj(z)

    return tf.math.log(z), grad


@log.variant(limits=(f"{SUBNORMAL_LIMIT}: at 5e-324 the value is −inf, the exact one −744.4.",))
@tf.custom_gradient
def stable(z, /):
    """log|z| + i·arg z, log|z| as 2·artanh((m − 1)/(m + 1)) of |z|² = m·2ʲ in two parts, so
    that nothing cancels near |z| = 1; z and the gradient u/z̄ = u·z/|z|² are scaled by powers of
    four. In complex64 all is formed in complex128."""
    wide = tf.cast(z, tf.complex128)
    a = scaled(wide)

    def grad(upstream):
        product = times(scaled(tf.cast(upstream, tf.complex128)), a)
        by_z = over(product, norm(a))
        return tf.cast(unscaled(by_z._replace(n=by_z.n - 2 * a.n)), z.dtype)

    angle = tf.atan2(tf.math.imag(wide), tf.math.real(wide))
    value, rest = log_size(a)
    return tf.cast(tf.complex(value + rest, angle), z.dtype), grad
