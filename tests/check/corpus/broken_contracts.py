"""Gradients whose formula may be right, and which break what every gradient must keep."""

import tensorflow as tf

from .entry import PLANE, defect

# --- dtype -----------------------------------------------------------------------------------


@defect("dtype", dtypes=("float32",))
@tf.custom_gradient
def in_double(x):
    """x² whose gradient is left in the precision that it was computed in."""
    return x * x, lambda u: tf.cast(u, tf.float64) * 2 * tf.cast(x, tf.float64)


@defect("dtype", dtypes=("complex64",))
@tf.custom_gradient
def in_complex128(z):
    """exp z, computed and left in complex128 in the backward pass."""
    wide = tf.exp(tf.cast(z, tf.complex128))
    return tf.cast(wide, tf.complex64), lambda u: tf.cast(u, tf.complex128) * tf.math.conj(wide)


@defect("dtype")
@tf.custom_gradient
def fixed_constant(x):
    """x/2 with a float32 constant in the backward pass."""
    return x / 2, lambda u: u * tf.constant(0.5, tf.float32)


@defect("dtype", dtypes=PLANE)
@tf.custom_gradient
def fixed_unit(z):
    """iz with a complex64 i in the backward pass."""
    i = tf.constant(1j, z.dtype)
    return i * z, lambda u: u * tf.constant(-1j, tf.complex64)


# --- shape -----------------------------------------------------------------------------------


@defect("shape")
@tf.custom_gradient
def product(x, y):
    """x·y without the sum over broadcast axes."""
    return x * y, lambda u: (u * y, u * x)


@defect("shape", dtypes=PLANE)
@tf.custom_gradient
def tilted(z, w):
    """z·exp(w) without the sum over broadcast axes."""
    e = tf.exp(w)
    value = z * e
    return value, lambda u: (u * tf.math.conj(e), u * tf.math.conj(value))


@defect("shape")
@tf.custom_gradient
def affine(x, slope, offset):
    """slope·x + offset: the offset's gradient is the upstream as it is."""
    return slope * x + offset, lambda u: (u * slope, u * x, u)


# --- an entry and its neighbours -------------------------------------------------------------


@defect("batch_coupling", dtypes=PLANE, modes=("eager", "graph", "xla"))
@tf.custom_gradient
def scaled_by_largest(z):
    """exp z, its gradient divided by the batch's largest |z|, against exploding gradients."""
    value = tf.exp(z)

    def grad(u):
        return u * tf.math.conj(value) / tf.cast(tf.reduce_max(tf.abs(z)), z.dtype)

    return value, grad


@defect("batch_coupling")
@tf.custom_gradient
def clipped_by_norm(x):
    """x³ whose gradient is clipped by its norm over the batch."""

    def grad(u):
        g = u * 3 * x * x
        norm = tf.sqrt(tf.reduce_sum(g * g))
        return g / tf.maximum(norm, tf.ones_like(norm))

    return x * x * x, grad


@defect("batch_coupling")
@tf.custom_gradient
def log_space(x):
    """exp(x²) in log space, shifted by the batch's maximum."""
    log_value = x * x

    def grad(u):
        return u * 2 * x * tf.exp(log_value - tf.reduce_max(log_value))

    return tf.exp(log_value), grad


@defect("batch_coupling")
def softened(x):
    """x/(1 + Σx²): the value of an entry hangs on the others."""
    return x / (1 + tf.reduce_sum(x * x))


# --- presence --------------------------------------------------------------------------------


@defect("missing_gradient")
@tf.custom_gradient
def constant_exponent(x, a):
    """exp(ax) with None for a, which nobody trains yet."""
    value = tf.exp(a * x)
    return value, lambda u: (u * a * value, None)


@defect("missing_gradient", dtypes=PLANE)
def detached(z):
    """2z behind tf.stop_gradient."""
    return 2 * tf.stop_gradient(z)


@defect("missing_gradient", dtypes=PLANE)
@tf.custom_gradient
def detached_gate(z, w):
    """z·sin w: the gate's gradient is None."""
    gate = tf.sin(w)
    return z * gate, lambda u: (u * tf.math.conj(gate), None)


# --- errors ----------------------------------------------------------------------------------


@defect("error")
@tf.custom_gradient
def unfinished(x):
    """x² whose backward pass raises."""

    def grad(u):
        raise NotImplementedError("the gradient of this layer is not written yet")

    return x * x, grad


@defect("error")
@tf.custom_gradient
def one_for_two(x, y):
    """x + y²: one gradient for two inputs."""
    return x + y * y, lambda u: u


@defect("error", dtypes=PLANE)
@tf.custom_gradient
def mixed_kinds(z):
    """|z|² as a real number: its real upstream is multiplied by a complex z."""
    return tf.math.real(z * tf.math.conj(z)), lambda u: u * 2 * z


# --- the upstream ----------------------------------------------------------------------------


@defect("upstream")
@tf.custom_gradient
def clipped_upstream(x):
    """x²/2, the upstream clipped for safety."""
    return x * x / 2, lambda u: tf.clip_by_value(u, -10.0, 10.0) * x


@defect("upstream", dtypes=PLANE)
@tf.custom_gradient
def polar_upstream(z):
    """exp z: the upstream is taken apart into size and phase, which zero does not have."""
    value = tf.exp(z)

    def grad(u):
        size = tf.cast(tf.abs(u), u.dtype)
        return size * (u / size) * tf.math.conj(value)

    return value, grad


@defect("upstream", dtypes=PLANE)
@tf.custom_gradient
def upstream_from_power(z):
    """z²: the upstream's size as √(Re² + Im²), which leaves the range before u does."""

    def grad(u):
        re, im = tf.math.real(u), tf.math.imag(u)
        size = tf.sqrt(re * re + im * im)
        phase = tf.math.angle(u)
        back = tf.complex(size * tf.cos(phase), size * tf.sin(phase))
        return back * tf.math.conj(2 * z)

    return z * z, grad


# --- second order ----------------------------------------------------------------------------


@defect("second_order")
@tf.custom_gradient
def detached_residual(x):
    """exp x: the saved value is detached, so the gradient of the gradient vanishes."""
    value = tf.exp(x)
    saved = tf.stop_gradient(value)
    return value, lambda u: u * saved


@tf.custom_gradient
def _slope_of_cube(x):
    return 3 * x * x, lambda u: u * 3 * x


@defect("second_order")
@tf.custom_gradient
def wrong_inside(x):
    """x³, whose slope has a custom gradient of its own, off by a factor of 2."""
    return x * x * x, lambda u: u * _slope_of_cube(x)


@tf.custom_gradient
def _conjugated_exp(z):
    value = tf.exp(z)
    return tf.math.conj(value), lambda u: u * tf.math.conj(value)


@defect("second_order", dtypes=PLANE)
@tf.custom_gradient
def wrong_inside_plane(z):
    """exp z, right to first order; the slope conj(exp z) has ∂/∂z̄ taken for ∂/∂z."""
    return tf.exp(z), lambda u: u * _conjugated_exp(z)


# --- keyword arguments -----------------------------------------------------------------------


@defect("keyword")
@tf.custom_gradient
def attenuate(x, rate):
    """x·exp(−rate), decorated directly: TensorFlow takes keywords in no graph."""
    e = tf.exp(-rate)
    value = x * e
    return value, lambda u: (u * e, -u * value)


@tf.custom_gradient
def _clip_through(x, limit):
    return tf.exp(x) * limit, lambda u: (u * tf.exp(x) * limit, u * tf.exp(x))


@defect("keyword")
def forwarded(*args, **kwargs):
    """exp(x)·limit: a wrapper that hands its keywords on to a custom gradient."""
    return _clip_through(*args, **kwargs)


# --- variables -------------------------------------------------------------------------------


def _gain(x):
    # One variable a dtype, made on first use: a layer's weight.
    if x.dtype not in _GAINS:
        with tf.init_scope():
            _GAINS[x.dtype] = tf.Variable(tf.constant(1.5, x.dtype))
    return _GAINS[x.dtype]


_GAINS = {}


@defect("variables")
@tf.custom_gradient
def layer_without(x):
    """gain·x, gain a Variable of which the backward pass does not know."""
    gain = _gain(x)
    return gain * x, lambda u: u * gain


@defect("variables")
@tf.custom_gradient
def layer_wrong(x):
    """gain·x²: the Variable's gradient lacks a factor x."""
    gain = _gain(x)

    def grad(u, variables=None):
        return u * 2 * gain * x, [tf.reduce_sum(u * x)]

    return gain * x * x, grad


@defect("variables", dtypes=PLANE)
@tf.custom_gradient
def layer_none(z):
    """gain·exp z: None for the Variable."""
    gain = _gain(z)
    value = gain * tf.exp(z)

    def grad(u, variables=None):
        return u * tf.math.conj(value), [None]

    return value, grad
