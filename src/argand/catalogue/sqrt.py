"""f(z) = √z, the principal root: compiled, TensorFlow's own gradient is conjugated."""

import tensorflow as tf

from argand.catalogue._numerics.fast_path import beyond, either, within
from argand.catalogue._numerics.scaled import Scaled, negative, scaled_complex
from argand.catalogue._numerics.scaling import SUBNORMAL_LIMIT, power, scaled_by
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


@sqrt.variant(
    limits=(
        f"{SUBNORMAL_LIMIT}: at 5e-324 the value is 0, the exact one 2e-162.",
        "Eager or in a graph on a GPU it is the processor's: TensorFlow has no kernel there.",
    )
)
@tf.custom_gradient
def stable(z, /):
    """Ordinarily ``custom``'s algebra. Else t = √((|x| + |z|)/2) and |y|/(2t) are the parts, in the
    order of x's sign (Kahan 1987), for z scaled by a power of four; the gradient u/(2·conj √z) =
    u·√z/(2|z|) is scaled last. It is NaN at 0. In complex64 all is formed in complex128."""
    return _in_double(z) if z.dtype == tf.complex64 else _in_range(z)


def _in_double(z):
    # Of a float32 nothing here leaves float64's range.
    wide = tf.cast(z, tf.complex128)
    root = either(within(tf.float32.max, z), lambda: tf.sqrt(wide), lambda: _root(wide))

    def grad(upstream):
        return tf.cast(tf.cast(upstream, tf.complex128) / (2 * tf.math.conj(root)), tf.complex64)

    return tf.cast(root, tf.complex64), grad


def _in_range(z):
    ordinary = within(2.0**400, z) & beyond(2.0**-400, z)
    root = either(ordinary, lambda: tf.sqrt(z), lambda: _root(z))

    def grad(upstream):
        return either(
            ordinary & within(2.0**400, upstream),
            lambda: upstream / (2 * tf.math.conj(root)),
            lambda: _careful_gradient(z, upstream),
        )

    return root, grad


def _root(z):
    re, im, _, n = _parts(z)
    unit = power(n)
    return tf.complex(re * unit, im * unit)


def _careful_gradient(z, upstream):
    re, im, size, n = _parts(z)
    u = scaled_complex(upstream)
    quotient = u.times(Scaled(re, im, u.n)).over(size)
    n = 2 * u.n - n - 1
    return tf.complex(scaled_by(quotient.re, n), scaled_by(quotient.im, n))


def _parts(z):
    """(re, im, size, n) with √z = (re + i·im)·2ⁿ and |z| = size·4ⁿ."""
    a = scaled_complex(z)
    left, below = a.re < 0, negative(tf.math.imag(z))
    # Not abs, which has no derivative at 0, where the root has one.
    x, y = tf.where(left, -a.re, a.re), tf.where(below, -a.im, a.im)
    size = tf.sqrt(a.norm())
    t = tf.sqrt(0.5 * (x + size))
    other = 0.5 * y / tf.maximum(t, 0.5)  # t is at least 1, but for z = 0
    re, im = tf.where(left, other, t), tf.where(left, t, other)
    return re, tf.where(below, -im, im), size, a.n
