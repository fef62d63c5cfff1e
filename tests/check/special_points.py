"""Functions with known special points: where TensorFlow, or a custom gradient, is wrong, and where
it is right. Each is (function, domains that hold the point, core); written before the search."""

import tensorflow as tf


def number(value, like):
    return tf.constant(value, like.dtype)


def given(value, gradient):
    """A function with a gradient of its own."""

    @tf.custom_gradient
    def inner(x):
        return value(x), lambda u: gradient(u, x)

    return lambda x: inner(x)


@tf.custom_gradient
def _product_by_quotient(x, y):
    value = x * y
    return value, lambda u: (u * value / x, u * value / y)


@tf.custom_gradient
def _row_with_a_hole(x):
    top = tf.reduce_max(x, -1, keepdims=True)
    alone = tf.reduce_sum(tf.cast(tf.equal(x, top), x.dtype), -1, keepdims=True) < 2
    return x * x, lambda u: tf.where(alone, 2 * u * x, tf.zeros_like(x))


WRONG = {
    # what TensorFlow masks by a condition on the value
    "xlogy": (lambda x: tf.math.xlogy(x, number(2.0, x)), [(-1, 1), (-3, 3)], None),
    "xlog1py": (lambda x: tf.math.xlog1py(x, number(2.0, x)), [(-2, 1)], None),
    "xdivy": (lambda x: tf.math.xdivy(x, number(3.0, x)), [(-1, 2)], None),
    "xlogy beside": (lambda x: tf.math.xlogy(x - 0.7, x + 2), [(-1, 1)], None),
    "xlogy of sine": (lambda x: tf.math.xlogy(tf.sin(x), number(3.0, x)), [(-1, 1)], None),
    "xlogy of two": (tf.math.xlogy, [((-1, 1), (0.5, 3))], None),
    "xdivy of two": (tf.math.xdivy, [((-1, 1), (0.5, 3))], None),
    "divergence": (
        lambda x: tf.math.xlogy(x, number(2.0, x)) + tf.math.xlogy(1 - x, number(3.0, x)),
        [(-0.5, 1.5), (0, 1)],
        None,
    ),
    # kinks that cancel
    "relu − relu": (lambda x: tf.nn.relu(x) - tf.nn.relu(-x), [(-1, 2)], None),
    "max + min": (lambda x: tf.maximum(x, 0.0) + tf.minimum(x, 0.0), [(-1, 2)], None),
    "relu − |x|/2": (lambda x: tf.nn.relu(x) - 0.5 * tf.abs(x), [(-1, 2)], None),
    "relu6 + relu": (lambda x: tf.nn.relu6(x) + tf.nn.relu(x - 6), [(3, 9.5)], None),
    "max + min of two": (lambda x, y: tf.maximum(x, y) + tf.minimum(x, y), [((-1, 1), (-2, 1))],
                         None),
    # rows
    "cumprod": (lambda x: tf.math.cumprod(x, -1), [(-2, 2)], 1),
    "hole at ties": (lambda x: _row_with_a_hole(x), [(-2, 3)], 1),
    # gradients with a hole
    "hole at 1.25": (
        given(lambda x: x * x, lambda u, x: tf.where(x == 1.25, 0 * u, 2 * u * x)),
        [(-1, 4)],
        None,
    ),
    "holes at integers": (
        given(lambda x: tf.sin(x), lambda u, x: tf.where(tf.floor(x) == x, 0 * u, u * tf.cos(x))),
        [(-1.5, 3.5)],
        None,
    ),
    "product by quotient": (lambda x, y: _product_by_quotient(x, y), [((-1, 1), (-2, 1))], None),
    "cube by quotient": (
        given(lambda x: tf.abs(x) ** 3, lambda u, x: 3 * u * tf.abs(x) ** 3 / x),
        [(-1, 3)],
        None,
    ),
    "complex hole": (
        given(lambda z: tf.exp(z), lambda u, z: tf.where(
            tf.equal(z, 1j), tf.zeros_like(u), u * tf.math.conj(tf.exp(z)))),
        [((-2, 2), (-2, 3))],
        None,
    ),
}  # fmt: skip

_guarded = given(
    lambda x: tf.where(tf.abs(x) < 0.1, x * x / 2, tf.abs(x) * 0.1 - 0.005),
    lambda u, x: u * tf.where(tf.abs(x) < 0.1, x, 0.1 * tf.sign(x)),
)

RIGHT = {
    # kinks with agreeing sides
    "x|x|": (lambda x: x * tf.abs(x), [(-1, 2)], None),
    "|x|³": (lambda x: tf.abs(x) * x * x, [(-1, 2)], None),
    "relu²": (lambda x: tf.nn.relu(x) ** 2, [(-1, 2)], None),
    "relu6": (lambda x: tf.square(tf.nn.relu6(x) - 6), [(-1, 7.5)], None),
    "huber": (lambda x: tf.where(tf.abs(x) < 1, x * x / 2, tf.abs(x) - 0.5), [(-2, 3)], None),
    "elu": (tf.nn.elu, [(-1, 2)], None),
    "softsign": (tf.nn.softsign, [(-1, 2)], None),
    "touching": (lambda x: tf.maximum(x * x, 2 * x - 1), [(0.25, 3)], None),
    "two halves": (lambda x: tf.where(x < 0, -tf.square(x), tf.square(x)), [(-1, 2)], None),
    "clip and relu": (
        lambda x: tf.clip_by_value(x, -1.0, 1.0) + tf.nn.relu(x - 1) - tf.nn.relu(-1 - x),
        [(-3, 3)],
        None,
    ),
    "sign·x²": (lambda x: tf.sign(x) * x * x, [(-1, 2)], None),
    # kinks, jumps and poles, at which there is no derivative
    "clip": (lambda x: tf.clip_by_value(x, -0.5, 2.5), [(-1, 4)], None),
    "max of two": (tf.maximum, [((-1, 1), (-1, 2))], None),
    "x − floor": (lambda x: x - tf.floor(x), [(-2.5, 2.5)], None),
    "pole": (lambda x: 1 / (x - 1), [(-1, 3)], None),
    "log": (tf.math.log, [(0.5, 3)], None),
    # rows with ties and zeros
    "largest": (lambda x: tf.reduce_max(x, -1), [(-2, 2)], None),
    "product": (lambda x: tf.reduce_prod(x, -1), [(-2, 2)], None),
    "softmax": (tf.nn.softmax, [(-2, 2)], 1),
    # complex, and gradients of one's own
    "|z|²": (lambda z: z * tf.math.conj(z), [((-1, 2), (-1, 1))], None),
    "complex pole": (lambda z: 1 / (z - 1j), [((-1, 2), (-1, 2))], None),
    "guarded": (_guarded, [(-1, 1)], None),
}  # fmt: skip
