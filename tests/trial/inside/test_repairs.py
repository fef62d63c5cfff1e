"""What is said to mend an operation does: each repair, written out, is right where the plain form
goes wrong."""

import pytest
import tensorflow as tf

from argand.why import why


def guarded_log(x):
    ok = x > 0
    return tf.where(ok, tf.math.log(tf.where(ok, x, 1.0)), 0.0)


def guarded_angle(y, x):
    ok = (x != 0) | (y != 0)
    return tf.where(ok, tf.atan2(y, tf.where(ok, x, 1.0)), 0.0)


def guarded_norm(x):
    s = tf.reduce_sum(x * x, axis=-1)
    return tf.where(s > 0, tf.sqrt(tf.where(s > 0, s, 1.0)), 0.0)


def scaled_norm(x, y):
    m = tf.maximum(tf.abs(x), tf.abs(y))
    return m * tf.sqrt((x / m) ** 2 + (y / m) ** 2)


def moved_softmax(x):
    e = tf.exp(x - tf.reduce_max(x, axis=-1, keepdims=True))
    return e / tf.reduce_sum(e, axis=-1, keepdims=True)


def log_of_softmax(x):
    e = tf.exp(x)
    return tf.math.log(e / tf.reduce_sum(e, axis=-1, keepdims=True))


def logcosh(x):
    return tf.abs(x) + tf.math.log1p(tf.exp(-2 * tf.abs(x))) - tf.cast(tf.math.log(2.0), x.dtype)


def guarded_sinc(x):
    return tf.where(x != 0, tf.sin(x) / tf.where(x != 0, x, 1.0), 1.0)


def clipped_acos(x):
    return tf.acos(tf.clip_by_value(x, -1 + 1e-9, 1 - 1e-9))


def guarded_power(x):
    return tf.pow(tf.where(x > 0, x, 1.0), 2.5)


PAIRS = [  # the plain form, where it goes wrong, a part of the sentence, and the form that it names
    (tf.atan2, ["0", "0"], None, "tf.atan2(y, tf.where(ok, x, 1.0))", guarded_angle),
    (lambda x: tf.norm(x, axis=-1), ["0,0"], 1, "tf.where(s > 0, s, 1.0)", guarded_norm),
    (lambda x, y: tf.sqrt(x * x + y * y), ["1e200", "3e200"], None, "scale", scaled_norm),
    (lambda x: tf.math.log(1 + tf.exp(x)), ["1000"], None, "softplus", tf.math.softplus),
    (lambda x: tf.math.log(tf.sigmoid(x)), ["-800"], None, "log_sigmoid", tf.math.log_sigmoid),
    (lambda x: tf.exp(x) / (1 + tf.exp(x)), ["800"], None, "tf.sigmoid(x)", tf.sigmoid),
    (
        lambda x: tf.exp(x) / tf.reduce_sum(tf.exp(x), axis=-1, keepdims=True),
        ["1000,999"], 1, "exp(x - m)", moved_softmax,
    ),
    (log_of_softmax, ["1000,999"], 1, "log_softmax", tf.nn.log_softmax),
    (
        lambda x: tf.math.log(tf.reduce_sum(tf.exp(x), axis=-1)),
        ["1000,999"], 1, "reduce_logsumexp", lambda x: tf.reduce_logsumexp(x, axis=-1),
    ),
    (lambda x: 1 - tf.cos(x), ["1e-9"], None, "2 * tf.sin", lambda x: 2 * tf.sin(x / 2) ** 2),
    (lambda x: tf.exp(x) - 1, ["1e-12"], None, "expm1", tf.math.expm1),
    (lambda x: tf.math.log(1 + x), ["1e-12"], None, "log1p", tf.math.log1p),
    (lambda x: 1 - tf.sigmoid(x), ["40"], None, "tf.sigmoid(-x)", lambda x: tf.sigmoid(-x)),
    (lambda x: 1 - tf.math.erf(x), ["8"], None, "erfc", tf.math.erfc),
    (
        lambda x: tf.sqrt(1 + x) - 1, ["1e-12"], None, "(tf.sqrt(1 + x) + 1)",
        lambda x: x / (tf.sqrt(1 + x) + 1),
    ),
    (
        lambda x, y: x * x - y * y, ["1.000000001", "1"], None, "(a - b) * (a + b)",
        lambda x, y: (x - y) * (x + y),
    ),
    (
        lambda x, y: tf.sqrt(x) - tf.sqrt(y), ["1.000000001", "1"], None, "tf.sqrt(a) + tf.sqrt(b)",
        lambda x, y: (x - y) / (tf.sqrt(x) + tf.sqrt(y)),
    ),
    (
        lambda x, y: tf.math.log(x) - tf.math.log(y), ["1000.000001", "1000"], None, "log1p((a",
        lambda x, y: tf.math.log1p((x - y) / y),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "at", "core", "said", "mended"), PAIRS)
def test_the_form_that_is_named_is_right_where_the_plain_one_is_not(plain, at, core, said, mended):
    first = why(plain, at, core=core).wrong[0]
    assert first.results
    assert said in first.repair
    after = why(mended, at, core=core)
    finite = [o for o in after.outcomes if o.computed and "nan" not in o.computed]
    assert len(finite) == len(after.outcomes)
    assert not any(o.failing for o in after.outcomes)


@pytest.mark.parametrize(
    ("plain", "at", "said", "mended"),
    [
        (lambda x: tf.where(x > 0, tf.math.log(x), 0.0), "-1", "inside and outside", guarded_log),
        (lambda x: tf.sin(x) / x, "0", "guard the divisor", guarded_sinc),
        (tf.acos, "1.5", "clip_by_value", clipped_acos),
        (tf.acos, "1", "abs(x) < 1", clipped_acos),
        (lambda x: tf.pow(x, 2.5), "-1", "guard the base", guarded_power),
        (tf.math.log1p, "-2", "x > -1", lambda x: tf.math.log1p(tf.where(x > -1, x, 0.0))),
        (tf.math.rsqrt, "0", "x > 0", lambda x: tf.math.rsqrt(tf.where(x > 0, x, 1.0))),
        (lambda x: tf.math.log(x) * x, "0", "xlogy", lambda x: tf.math.xlogy(x, x)),
        (lambda x: tf.math.log(tf.cosh(x)), "1000", "log(cosh(x)) is", logcosh),
        (lambda x: x * tf.exp(x), "-712", "exponent", lambda x: -tf.exp(x + tf.math.log(-x))),
    ],
)  # fmt: skip
def test_a_guard_leaves_no_value_that_is_not_finite(plain, at, said, mended):
    assert any(said in one.repair for one in why(plain, [at]).wrong)
    assert "nan" not in [o.computed for o in why(mended, [at]).outcomes]


def test_what_no_row_knows_has_no_repair():
    wrong = why(tf.math.special.bessel_y0, ["0"]).wrong
    assert [one.repair for one in wrong if one.op == "BesselY0"] == [""]


def test_a_quotient_inside_tensorflows_own_gradient_is_not_the_authors_to_guard():
    wrong = why(tf.math.special.expint, ["0"]).wrong
    assert [(one.op, one.repair) for one in wrong] == [("Expint", ""), ("RealDiv", "")]


def test_a_quotient_of_the_authors_own_gradient_is_guarded():
    @tf.custom_gradient
    def f(x, /):
        return x * tf.abs(x), lambda u: 2 * u * x * x / tf.abs(x)

    (one,) = why(f, ["0"]).wrong
    assert (one.op, one.where) == ("RealDiv", "backward")
    assert "guard the divisor" in one.repair


def test_a_complex_logarithm_has_another_domain():
    repair = why(tf.math.log, ["0j"]).wrong[0].repair
    assert "x != 0" in repair
    assert "x > 0" not in repair
