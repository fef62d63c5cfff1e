"""Gradients whose formula may be right, and which break what every gradient must keep."""

import functools

import tensorflow as tf

from .entry import PLANE, defect

PROMOTED = dict.fromkeys(
    ("PyTorch", "JAX"), "PyTorch and JAX promote dtypes: the same source is right"
)
SUMMED = {"PyTorch": "PyTorch sums a gradient over broadcast axes itself: the same source is right"}
BY_POSITION = dict.fromkeys(
    ("PyTorch", "JAX"), "the stand-in's custom gradients are called by position"
)

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


@defect("dtype", unported=PROMOTED)
@tf.custom_gradient
def fixed_constant(x):
    """x/2 with a float32 constant in the backward pass."""
    return x / 2, lambda u: u * tf.constant(0.5, tf.float32)


@defect("dtype", dtypes=PLANE, unported=PROMOTED)
@tf.custom_gradient
def fixed_unit(z):
    """iz with a complex64 i in the backward pass."""
    i = tf.constant(1j, z.dtype)
    return i * z, lambda u: u * tf.constant(-1j, tf.complex64)


# --- shape -----------------------------------------------------------------------------------


@defect("shape", unported=SUMMED)
@tf.custom_gradient
def product(x, y):
    """x·y without the sum over broadcast axes."""
    return x * y, lambda u: (u * y, u * x)


@defect("shape", dtypes=PLANE, unported=SUMMED)
@tf.custom_gradient
def tilted(z, w):
    """z·exp(w) without the sum over broadcast axes."""
    e = tf.exp(w)
    value = z * e
    return value, lambda u: (u * tf.math.conj(e), u * tf.math.conj(value))


@defect("shape", unported=SUMMED)
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


@defect("error", dtypes=PLANE, unported=PROMOTED)
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


@defect("upstream")
@tf.custom_gradient
def guided(x):
    """tanh x with guided backpropagation (Springenberg et al. 2015): negative upstreams are cut."""
    y = tf.tanh(x)
    return y, lambda u: tf.maximum(u, 0.0) * (1 - y * y)


@defect("upstream", dtypes=PLANE)
@tf.custom_gradient
def dead_zone(z):
    """z²: an upstream below 1e-12 is taken for noise."""

    def grad(u):
        return tf.where(tf.abs(u) < 1e-12, tf.zeros_like(u), u) * tf.math.conj(2 * z)

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


@defect("keyword", unported=BY_POSITION)
@tf.custom_gradient
def attenuate(x, rate):
    """x·exp(−rate), decorated directly: TensorFlow takes keywords in no graph."""
    e = tf.exp(-rate)
    value = x * e
    return value, lambda u: (u * e, -u * value)


def logged(fn):
    """A decorator as libraries have them: it hands on whatever it is given."""

    @functools.wraps(fn)
    def call(*args, **kwargs):
        return fn(*args, **kwargs)

    return call


@defect("keyword", dtypes=PLANE, unported=BY_POSITION)
@logged
@tf.custom_gradient
def decorated(z):
    """z·exp z, right by position; its decorator hands keywords on to tf.custom_gradient."""
    e = tf.exp(z)
    return z * e, lambda u: u * tf.math.conj((1 + z) * e)


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
