"""f(z) = √z, the principal root: compiled, TensorFlow's own gradient is conjugated."""

import tensorflow as tf

from argand.catalogue._scaled import Scaled, negative, norm, over, scaled, times
from argand.catalogue._scaling import SUBNORMAL_LIMIT, power, scaled_by
from argand.subject import plane, subject


@subject(
    r"f(z) = \sqrt{z}",
    plane("z", (-10.0, 10.0), (-10.0, 10.0)),
    hard_points=(
        "Im z = ±0 with Re z < 0 (branch cut: the sign of the zero is the side)",
        "z = 0 (no derivative)",
        "|z| > 1e308 (complex64: 3e38): |z| overflows, √z does not",
        "any z in mode xla: SqrtGrad is compiled without its conjugate",
    ),
)
def sqrt(z):
    """∂f/∂z = 1/(2√z), ∂f/∂z̄ = 0; the gradient is u·conj(1/(2√z))."""
    return tf.sqrt(z)


@sqrt.variant
@tf.custom_gradient
def custom(z, /):
    """u/(2·conj(√z)). The root there is this one again: Sqrt's own gradient, conjugated by XLA,
    would be the second derivative's."""

    def grad(upstream):
        return upstream / (2 * tf.math.conj(custom(z)))

    return tf.sqrt(z), grad


@sqrt.variant(limits=(f"{SUBNORMAL_LIMIT}: at 5e-324 the value is 0, the exact one 2e-162.",))
@tf.custom_gradient
def stable(z, /):
    """t = √((|x| + |z|)/2) and |y|/(2t) are the parts, in the order of x's sign (Kahan 1987), for
    z scaled by a power of four; the gradient u/(2·conj √z) = u·√z/(2|z|) is scaled last. It is
    NaN at 0. In complex64 all is formed in complex128."""
    wide = tf.cast(z, tf.complex128)
    a = scaled(wide)
    left, below = a.re < 0, negative(tf.math.imag(wide))
    # Not abs, which has no derivative at 0, where the root has one.
    x, y = tf.where(left, -a.re, a.re), tf.where(below, -a.im, a.im)
    size = tf.sqrt(norm(a))
    t = tf.sqrt(0.5 * (x + size))
    other = 0.5 * y / tf.maximum(t, 0.5)  # t is at least 1, but for z = 0
    re, im = tf.where(left, other, t), tf.where(left, t, other)
    root = Scaled(re, tf.where(below, -im, im), a.n)

    def grad(upstream):
        u = scaled(tf.cast(upstream, tf.complex128))
        quotient = over(times(u, root), size)
        n = 2 * u.n - a.n - 1
        by_z = tf.complex(scaled_by(quotient.re, n), scaled_by(quotient.im, n))
        return tf.cast(by_z, z.dtype)

    unit = power(a.n)
    return tf.cast(tf.complex(root.re * unit, root.im * unit), z.dtype), grad
