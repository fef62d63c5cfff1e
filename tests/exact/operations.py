"""Every operation of TensorFlow that argand follows, as functions to trace: name → (fn, kinds).

A kind gives the inputs: "c" complex, "r" real, one letter an input; a digit is the length of its
last axis. Real inputs marked "p" are drawn positive, "u" between −1 and 1, "g" above 1.
"""

import tensorflow as tf

ELEMENTWISE = {
    "add": (tf.add, ("cc", "rr")),
    "sub": (tf.subtract, ("cc", "rr")),
    "mul": (tf.multiply, ("cc", "rr")),
    "div": (tf.divide, ("cc", "rr")),
    "div_no_nan": (tf.math.divide_no_nan, ("cc", "rr")),
    "mul_no_nan": (tf.math.multiply_no_nan, ("cc", "rr")),
    "xdivy": (tf.math.xdivy, ("cc", "rr")),
    "xlogy": (tf.math.xlogy, ("cc", "rp")),
    "xlog1py": (tf.math.xlog1py, ("cc", "rp")),
    "neg": (tf.negative, ("c", "r")),
    "reciprocal": (tf.math.reciprocal, ("c", "r")),
    "square": (tf.square, ("c", "r")),
    "squared_difference": (tf.math.squared_difference, ("cc", "rr")),
    "sqrt": (tf.sqrt, ("c", "p")),
    "rsqrt": (tf.math.rsqrt, ("c", "p")),
    "pow": (tf.pow, ("cc", "pr")),
    "pow_constant": (lambda z: z**3, ("c", "r")),
    "exp": (tf.exp, ("c", "r")),
    "expm1": (tf.math.expm1, ("c", "r")),
    "log": (tf.math.log, ("c", "p")),
    "log1p": (tf.math.log1p, ("c", "p")),
    "sin": (tf.sin, ("c", "r")),
    "cos": (tf.cos, ("c", "r")),
    "tan": (tf.tan, ("c", "r")),
    "asin": (tf.asin, ("c", "u")),
    "acos": (tf.acos, ("c", "u")),
    "atan": (tf.atan, ("c", "r")),
    "atan2": (tf.atan2, ("rr",)),
    "sinh": (tf.sinh, ("c", "r")),
    "cosh": (tf.cosh, ("c", "r")),
    "tanh": (tf.tanh, ("c", "r")),
    "asinh": (tf.asinh, ("c", "r")),
    "acosh": (tf.acosh, ("c", "g")),
    "atanh": (tf.atanh, ("c", "u")),
    "sigmoid": (tf.sigmoid, ("c", "r")),
    "log_sigmoid": (tf.math.log_sigmoid, ("r",)),
    "softplus": (tf.math.softplus, ("r",)),
    "softsign": (tf.math.softsign, ("r",)),
    "silu": (tf.nn.silu, ("c", "r")),
    "gelu": (tf.nn.gelu, ("r",)),
    "gelu_approximate": (lambda x: tf.nn.gelu(x, approximate=True), ("r",)),
    "elu": (tf.nn.elu, ("r",)),
    "selu": (tf.nn.selu, ("r",)),
    "relu": (tf.nn.relu, ("r",)),
    "relu6": (tf.nn.relu6, ("r",)),
    "leaky_relu": (tf.nn.leaky_relu, ("r",)),
    "erf": (tf.math.erf, ("r",)),
    "erfc": (tf.math.erfc, ("r",)),
    "erfinv": (tf.math.erfinv, ("u",)),
    "lgamma": (tf.math.lgamma, ("r",)),
    "digamma": (tf.math.digamma, ("r",)),
    "abs": (tf.abs, ("c", "r")),
    "angle": (tf.math.angle, ("c",)),
    "sign": (tf.sign, ("c", "r")),
    "conj": (tf.math.conj, ("c",)),
    "real": (tf.math.real, ("c",)),
    "imag": (tf.math.imag, ("c",)),
    "complex": (tf.complex, ("rr",)),
    "cast": (lambda x: tf.cast(x, tf.complex128), ("r",)),
    "cast_to_real": (lambda z: tf.cast(z, tf.float64), ("c",)),
    "cast_narrow": (lambda z: tf.cast(tf.cast(z, tf.complex64), tf.complex128), ("c",)),
    "maximum": (tf.maximum, ("rr",)),
    "minimum": (tf.minimum, ("rr",)),
    "clip": (lambda x: tf.clip_by_value(x, -0.5, 0.5), ("r",)),
    "where": (lambda x, y: tf.where((x < y) & ~(x == 0.5) | (y >= 9), x * x, y / x), ("rr",)),
    "where_complex": (lambda z: tf.where(z == 1.0, z, z * z), ("c",)),
    "is_finite": (
        lambda x: tf.where(
            tf.math.is_finite(x) & ~tf.math.is_nan(x) & ~tf.math.is_inf(x), x, -x), ("r",)),
    "floor": (lambda x: x * tf.floor(x) + tf.math.ceil(x) + tf.round(x) + tf.math.rint(x), ("r",)),
    "zeros_and_ones": (
        lambda z: z * (tf.raw_ops.ZerosLike(x=z) + tf.raw_ops.OnesLike(x=z)), ("c", "r")),
    "softplus_grad": (
        lambda u, x: tf.raw_ops.SoftplusGrad(gradients=u, features=x), ("rr",)),
    "add_n": (lambda z, w: tf.add_n([z, w, z]), ("cc", "rr")),
}  # fmt: skip

ALONG_AXIS = {
    "sum": (lambda z: tf.reduce_sum(z, -1), ("c3", "r3")),
    "sum_kept": (lambda z: z / tf.reduce_sum(z, -1, keepdims=True), ("c3", "r3")),
    "mean": (lambda z: tf.reduce_mean(z, -1), ("c3", "r3")),
    "matmul": (
        lambda z: tf.matmul(z, tf.constant([[1.0, 0.5], [2.0, -1.0], [0.0, 3.0]], z.dtype)),
        ("c3", "r3")),
    "matmul_transposed": (
        lambda z: tf.transpose(
            tf.matmul(tf.constant([[1.0, 0.5], [2.0, -1.0], [0.0, 3.0]], z.dtype), z,
                      transpose_a=True, transpose_b=True)), ("c3", "r3")),
    "prod": (lambda z: tf.reduce_prod(z, -1), ("c3", "r3")),
    "max": (lambda x: tf.reduce_max(x, -1), ("r3",)),
    "min": (lambda x: tf.reduce_min(x, -1), ("r3",)),
    "cumsum": (lambda z: tf.cumsum(z, -1), ("c3", "r3")),
    "cumsum_reverse": (lambda z: tf.cumsum(z, 1, exclusive=True, reverse=True), ("c3", "r3")),
    "cumprod": (lambda z: tf.math.cumprod(z, -1), ("c3", "r3")),
    "concat": (lambda z: tf.concat([z, z * z], -1), ("c3", "r3")),
    "stack": (lambda z: tf.stack([z[:, 0], z[:, 2] * z[:, 1]], -1), ("c3", "r3")),
    "unstack": (lambda z: tf.unstack(z, axis=-1)[1] * tf.unstack(z, axis=-1)[0], ("c3", "r3")),
    "split": (lambda z: tf.split(z, [1, 2], axis=-1)[1] * z[:, :1], ("c3", "r3")),
    "strided_slice": (lambda z: z[:, ::2] * z[:, :2], ("c3", "r3")),
    "slice": (lambda z: tf.slice(z, [0, 1], [-1, 2]), ("c3", "r3")),
    "gather": (lambda z: tf.gather(z, [2, 0, 2], axis=-1), ("c3", "r3")),
    "reshape": (lambda z: tf.reshape(z, [-1, 3]) * tf.reshape(z, tf.shape(z)), ("c3", "r3")),
    "expand_dims": (lambda z: tf.squeeze(tf.expand_dims(z, 1), 1), ("c3", "r3")),
    "transpose": (lambda z: tf.transpose(tf.transpose(z)), ("c3", "r3")),
    "reverse": (lambda z: z * tf.reverse(z, [-1]), ("c3", "r3")),
    "roll": (lambda z: z * tf.roll(z, 1, -1), ("c3", "r3")),
    "tile": (lambda z: tf.tile(z, [1, 2]), ("c3", "r3")),
    "pad": (lambda z: tf.pad(z, [[0, 0], [1, 1]]), ("c3", "r3")),
    "broadcast": (lambda z, w: z * w[:, tf.newaxis], ("c3c", "r3r")),
    "broadcast_to": (lambda z: tf.broadcast_to(z[:, :1], tf.shape(z)) * z, ("c3", "r3")),
    "logsumexp": (lambda x: tf.reduce_logsumexp(x, -1), ("r3",)),
    "softmax": (lambda x: tf.nn.softmax(x), ("r3",)),
    "log_softmax": (lambda x: tf.nn.log_softmax(x), ("r3",)),
    "norm": (lambda x: tf.norm(x, axis=-1), ("c3", "r3")),
    "l2_normalize": (lambda x: tf.nn.l2_normalize(x, -1), ("r3",)),
    "variance": (lambda x: tf.math.reduce_variance(x, -1), ("c3", "r3")),
}  # fmt: skip


def cores(kinds):
    """The core shape of each input of a kind such as "c3r"."""
    shapes = []
    for letter in kinds:
        if letter.isdigit():
            shapes[-1] = (int(letter),)
        else:
            shapes.append(())
    return shapes


def dtypes(kinds):
    """The dtype of each input."""
    return ["complex128" if k == "c" else "float64" for k in kinds if not k.isdigit()]


def draw(rng, kinds, n):
    """Ordinary inputs, off every axis, in the domain that the kind names."""
    arrays = []
    for letter, core in zip((k for k in kinds if not k.isdigit()), cores(kinds), strict=True):
        x = rng.uniform(0.1, 0.9, (n, *core))
        sign = rng.choice([-1.0, 1.0], x.shape)
        if letter == "c":
            x = sign * x + 1j * rng.uniform(0.1, 0.9, x.shape) * rng.choice([-1.0, 1.0], x.shape)
            x = 2 * x
        elif letter == "r":
            x = 2 * sign * x
        elif letter == "u":
            x = sign * x
        elif letter == "g":
            x = 1 + x
        arrays.append(x)
    return arrays
