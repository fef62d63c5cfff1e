"""Gradients along the last axis that are wrong: the mistakes that only rows make possible."""

import tensorflow as tf

from .broken_contracts import SUMMED
from .entry import PLANE, defect
from .sound import like

REAL = ("float32", "float64")


# Here as in sound_rows.py: each module is executed with another framework in TensorFlow's place.
def total(x):
    """The sum of each row, which keeps its axis."""
    return tf.reduce_sum(x, -1, keepdims=True)


def largest(x):
    """The largest of each row, which keeps its axis: what an exponential is shifted by."""
    return tf.stop_gradient(tf.reduce_max(x, -1, keepdims=True))


# --- the formula -----------------------------------------------------------------------------


@defect("formula", says="conjugate of ∂f/∂z is missing", dtypes=PLANE)
@tf.custom_gradient
def row_log_sum_exp(z):
    """log Σ exp z of complex rows with u times the softmax, its conjugate forgotten."""
    e = tf.exp(z)
    s = total(e)
    return tf.math.log(s)[..., 0], lambda u: u[..., None] * (e / s)


@defect("formula", says="none of the usual mistakes", dtypes=PLANE, core=1)
@tf.custom_gradient
def row_softmax(z):
    """The softmax of complex rows as conj(s)(u − Σ u·s), the inner conjugate forgotten."""
    e = tf.exp(z)
    s = e / total(e)
    return s, lambda u: tf.math.conj(s) * (u - total(u * s))


@defect("formula", says="only the entry's own upstream counts", dtypes=REAL, core=1)
@tf.custom_gradient
def row_logistic(x):
    """The softmax with the logistic function's slope, s(1 − s)."""
    e = tf.exp(x - largest(x))
    s = e / total(e)
    return s, lambda u: u * s * (1 - s)


@defect("formula", says="Jacobian is not transposed", core=1)
@tf.custom_gradient
def row_shares(x):
    """x/Σx with Σ uⱼ·∂fᵢ/∂xⱼ, the Jacobian's rows in place of its columns."""
    s = total(x)
    return x / s, lambda u: u / s - x * total(u) / (s * s)


@defect("formula", dtypes=PLANE, core=1)
@tf.custom_gradient
def row_unit(z):
    """z/‖z‖, the norm taken for a constant."""
    r = tf.cast(tf.sqrt(total(tf.math.real(z * tf.math.conj(z)))), z.dtype)
    return z / r, lambda u: u / r


@defect("formula", says="summed over the row", core=1)
@tf.custom_gradient
def row_squares(x):
    """x² entry by entry, as part of a loss that is summed: the upstream is summed too."""
    return x * x, lambda u: total(u) * 2 * x


@defect("formula", core=1)
@tf.custom_gradient
def row_clipped(x):
    """x³, the upstream divided by the largest of its row, against exploding gradients."""
    return x * x * x, lambda u: u / tf.reduce_max(tf.abs(u), -1, keepdims=True) * 3 * x * x


@defect("formula", domain=((-3, 3), (0.1, 4)))
@tf.custom_gradient
def row_weighted_mean(x, w):
    """Σ w·x/Σ w; the gradient by the weights forgets that they are normalised."""
    weight = total(w)

    def grad(u):
        v = u[..., None] / weight
        return v * w, v * x

    return (total(w * x) / weight)[..., 0], grad


# --- shapes and neighbours -------------------------------------------------------------------


@defect("error")
@tf.custom_gradient
def row_without_keepdims(x):
    """log Σ exp x whose upstream [n] is not given the axis of the row: [n]·[n, k]."""
    e = tf.exp(x)
    return tf.math.log(tf.reduce_sum(e, -1)), lambda u: u * e / total(e)


@defect("error", dtypes=PLANE, core=1)
@tf.custom_gradient
def row_softmax_without_keepdims(z):
    """The softmax whose inner sum has lost its axis: [n, k] − [n]."""
    e = tf.exp(z)
    s = e / total(e)
    c = tf.math.conj(s)
    return s, lambda u: c * (u - tf.reduce_sum(u * c, -1))


@defect("shape", domain=((-3, 3), (0.1, 4)), unported=SUMMED)
@tf.custom_gradient
def row_dot(x, w):
    """Σ w·x, one row of weights for a batch: their gradient is not summed over it."""
    return tf.reduce_sum(w * x, -1), lambda u: (like(u[..., None] * w, x), u[..., None] * x)


@defect("shape", core=(1, 0), domain=((-3, 3), (0.2, 4)))
@tf.custom_gradient
def row_scaled(x, t):
    """t·x, a row and a number beside it, whose gradient is left as wide as the row."""
    return t[..., None] * x, lambda u: (u * t[..., None], u * x)


@defect("batch_coupling", dtypes=PLANE, modes=("eager", "graph", "xla"), core=1)
@tf.custom_gradient
def row_scaled_by_largest(z):
    """z·exp z, its gradient divided by the largest |z| of the whole tensor, not of the row."""
    e = tf.exp(z)

    def grad(u):
        return u * tf.math.conj(e + z * e) / tf.cast(tf.reduce_max(tf.abs(z)), z.dtype)

    return z * e, grad


@defect("batch_coupling", core=1)
@tf.custom_gradient
def row_standardised(x):
    """(x − mean)/‖x − mean‖, the mean of the batch (axis 0) taken for that of the row."""
    centred = x - tf.reduce_mean(x, 0, keepdims=True)
    r = tf.sqrt(total(centred * centred) + 1)
    y = centred / r
    return y, lambda u: (u - y * total(u * y)) / r


@defect("batch_coupling", core=1)
@tf.custom_gradient
def row_real_softmax(x):
    """The softmax whose inner sum runs over the whole tensor."""
    e = tf.exp(x - largest(x))
    s = e / total(e)
    return s, lambda u: s * (u - tf.reduce_sum(u * s))


@defect("missing_gradient", dtypes=PLANE)
@tf.custom_gradient
def row_projection(z, w):
    """Σ z·conj(w) with no gradient for the direction w, which is thought to be fixed."""
    return tf.reduce_sum(z * tf.math.conj(w), -1), lambda u: (u[..., None] * w, None)


@defect("length_dependent")
@tf.custom_gradient
def row_grey(x):
    """The mean of three colours: the gradient knows that they are three."""
    return tf.reduce_mean(x, -1), lambda u: u[..., None] * tf.ones_like(x) / 3


# --- lost to rounding ------------------------------------------------------------------------


@defect("spurious_overflow", dtypes=REAL)
@tf.custom_gradient
def row_unshifted(x):
    """log Σ exp x as written: infinite from x = 89 (float32)."""
    e = tf.exp(x)
    s = total(e)
    return tf.math.log(s)[..., 0], lambda u: u[..., None] * e / s


@defect("spurious_nan", core=1)
@tf.custom_gradient
def row_half_shifted(x):
    """The softmax, shifted by the row's largest; the backward pass is ∞/∞ on the right."""
    shifted = tf.exp(x - largest(x))

    def grad(u):
        e = tf.exp(x)
        s = e / total(e)
        return s * (u - total(u * s))

    return shifted / total(shifted), grad


@defect("spurious_nan", core=1)
@tf.custom_gradient
def row_shifted_by_all(x):
    """The softmax shifted by the largest of the whole tensor: 0/0 in rows far below it."""
    e = tf.exp(x - tf.stop_gradient(tf.reduce_max(x)))
    s = e / total(e)
    return s, lambda u: s * (u - total(u * s))


@defect("second_order", core=1)
@tf.custom_gradient
def row_frozen(x):
    """The softmax, its result frozen in the backward pass: right once, not twice."""
    e = tf.exp(x - largest(x))
    s = e / total(e)
    held = tf.stop_gradient(s)
    return s, lambda u: held * (u - total(u * held))
