"""A custom gradient against TensorFlow's own: what it loses, what it gains, and what that is worth."""

import tensorflow as tf

import argand
from argand.check.against import AgainstAuto, Difference, sentence
from argand.targets import from_catalogue
from argand.trial.problems import problems


def records(report):
    (found,) = report.auto.values()
    return found


def checked(fn, **options):
    options = {"dtypes": ["float64"], "modes": ["eager"], "samples": 1024} | options
    return argand.check(fn, **options)


@tf.custom_gradient
def square(x, /):
    return x * x, lambda u: 2.0 * (u * x)


def test_a_right_gradient_loses_and_gains_nothing():
    report = checked(square, modes=["eager", "graph", "xla"])
    assert [(r.mode, r.lost, r.gained) for r in records(report)] == [
        ("eager", 0, 0), ("graph", 0, 0), ("xla", 0, 0),
    ]  # fmt: skip
    assert sentence(records(report)) == "nothing lost, nothing gained"
    assert report.ok
    assert report.to_json()["auto"]["square"][0]["lost"] == 0


@tf.custom_gradient
def log1p_exp(x, /):
    """log(1 + eˣ), whose own gradient is NaN where eˣ overflows; this one is not."""
    return tf.math.log(1.0 + tf.exp(x)), lambda u: u * tf.sigmoid(x)


def test_what_is_gained_is_told_with_a_witness():
    (record,) = records(checked(log1p_exp))
    assert record.lost == 0
    assert record.gained > 100
    at = record.gained_at
    assert at.verdict in ("spurious_nan", "spurious_overflow", "spurious_underflow")
    assert abs(float(at.input[0])) > 30
    assert float(at.custom) == float(at.exact)
    assert sentence([record], ["x"]).startswith("nothing lost; gained: at ")
    assert f"e.g. at x = {at.input[0]} (float64, eager)" in sentence([record], ["x"])


@tf.custom_gradient
def softplus(x, /):
    """TensorFlow's own softplus, with the gradient as one writes it first."""
    return tf.math.softplus(x), lambda u: u * tf.exp(x) / (1.0 + tf.exp(x))


def test_what_is_lost_is_told_with_a_witness():
    report = checked(lambda x: softplus(x))
    (record,) = records(report)
    assert record.lost > 50
    assert record.severity == "limit"  # x > 709: nobody works there
    at = record.lost_at
    assert at.verdict == "spurious_nan"
    assert at.custom == "nan"
    assert float(at.auto) == float(at.exact)
    assert f"lost: at {record.lost} of {record.of} samples" in sentence([record])
    inside = checked(lambda x: softplus(x), domain=(700.0, 720.0))
    assert records(inside)[0].severity == "defect"
    assert not inside.ok


@tf.custom_gradient
def logistic(x, /):
    """s·(1 − s) cancels at x = 9 already, where TensorFlow's own, e⁻ˣ·s², does not."""
    s = 1.0 / (1.0 + tf.exp(-x))
    return s, lambda u: u * (s * (1.0 - s))


def test_digits_lost_at_ordinary_points_are_a_defect_where_auto_keeps_them():
    report = checked(logistic)
    defects = [f for f in report.findings if f.severity == "defect"]
    assert {f.kind for f in defects} == {"inaccurate"}
    (found,) = defects
    assert "where TensorFlow's own gradient keeps them" in found.message
    assert 2.0 < float.fromhex(found.input[0]) < 64.0
    (record,) = records(report)
    assert record.severity == "defect"


@tf.custom_gradient
def both_lose(x, /):
    """Its forward pass cancels, and so does TensorFlow's own gradient: no worse, a limit."""
    s = 1.0 / (1.0 + tf.exp(-x))
    return s * (1.0 - s), lambda u: u * (1.0 - s) * s * (1.0 - 2.0 * s)


def test_digits_lost_by_both_stay_a_limit():
    report = checked(both_lose)
    assert report.ok
    assert report.limits


@tf.custom_gradient
def reordered(x, y, /):
    """The products of u in another order: some ulp here, some there."""
    e = tf.exp(x) * tf.sin(y)
    return e, lambda u: (tf.exp(x) * (u * tf.sin(y)), u * tf.exp(x) * tf.cos(y))


def test_another_order_of_the_products_costs_nothing_at_ordinary_points():
    report = checked(reordered, max_ulp=1.0)
    assert [f for f in report.findings if f.severity == "defect"] == []
    assert records(report)[0].severity in ("", "limit")


def test_without_a_custom_gradient_there_is_nothing_to_compare():
    assert checked(lambda x: tf.exp(x) * x).auto == {}
    assert checked(tf.nn.silu).auto == {}


def test_a_wrong_formula_is_not_compared():
    @tf.custom_gradient
    def wrong(x):
        return x * x, lambda u: 3.0 * u * x

    assert checked(wrong).auto == {}


def test_quick_does_not_compare():
    assert checked(log1p_exp, quick=True).auto == {}


def test_where_tensorflow_has_no_gradient_it_says_so():
    @tf.custom_gradient
    def stopped(x, /):
        return tf.stop_gradient(x * x), lambda u: 2.0 * u * x

    report = checked(stopped, reference=lambda x: x * x)
    (record,) = records(report)
    assert "TensorFlow gives none" in record.absent
    assert sentence([record]).startswith("nothing to compare with: ")


def test_a_subjects_variants_are_compared_with_its_plain_formula():
    subject = from_catalogue("softplus")
    report = checked(subject.stable, dtypes=["complex128"])
    (record,) = records(report)
    assert record.lost == 0
    assert record.gained > 50
    assert checked(subject.auto, dtypes=["complex128"]).auto == {}
    (made,) = problems(subject.stable, ["complex128"], reference=tf.exp)[0]
    assert made.auto.fn is subject.plain


def test_a_sentence_is_of_the_dtype_and_mode_that_lose_most():
    at = Difference(("1.5",), "1.0", 0, "inaccurate", "1.0", "2.0", "2.0", "ordinary")
    some = AgainstAuto("float32", "eager", 10, lost=1, lost_at=at, severity="defect")
    more = AgainstAuto("float64", "xla", 10, lost=2, lost_at=at, severity="defect")
    assert sentence([some, more], ["x"]) == (
        "lost: at 2 of 10 samples the custom gradient fails where TensorFlow's own is right, "
        "e.g. at x = 1.5 (float64, xla); nothing gained"
    )
    absent = AgainstAuto("float64", "graph", 10, absent="it raises")
    assert sentence([some, absent], ["x"]).endswith("; not compared in graph, float64: it raises")
    assert sentence([]) == ""
