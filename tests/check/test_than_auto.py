"""What a custom gradient loses and gains against TensorFlow's own, and what that is worth."""

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
    assert record.gained > 20
    at = record.gained_at
    assert at.verdict in ("spurious_nan", "spurious_overflow", "spurious_underflow")
    assert float(at.input[0]) > 709.0
    assert float(at.custom) == float(at.exact)
    assert sentence([record], ["x"]).startswith("nothing lost; gained where few people work: at ")
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
    assert f"work: at {record.lost} of {record.of} samples the custom" in sentence([record])
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
    (found,) = [f for f in defects if f.kind == "inaccurate"]
    assert "where TensorFlow's own gradient keeps them" in found.message
    assert 2.0 < float.fromhex(found.input[0]) < 64.0
    (record,) = records(report)
    assert record.severity == "defect"


@tf.custom_gradient
def swish(x, /):
    """x·s·(1 − s) is off by some 10 ulp of its sum with s at x = 20, where 1 − s has few digits."""
    s = 1.0 / (1.0 + tf.exp(-x))
    return x * s, lambda u: u * (s + x * s * (1.0 - s))


def test_few_digits_lost_are_told_but_no_defect():
    report = checked(swish, samples=4096)
    (record,) = records(report)
    assert 0 < record.lost < 20
    assert record.lost_at.place == "ordinary"
    assert record.severity == "limit"
    assert report.ok


@tf.custom_gradient
def both_lose(x, /):
    """(eˣ − 1)/x: either gradient cancels beside 0, and which of them is right there is luck."""
    e = tf.exp(x)
    return (e - 1.0) / x, lambda u: u * ((e * x - (e - 1.0)) / (x * x))


def test_digits_lost_by_both_stay_a_limit():
    report = checked(both_lose, samples=4096)
    assert any(f.kind == "inaccurate" and f.quantity == "gradient" for f in report.limits)
    assert [f for f in report.findings if f.kind == "inaccurate" and f.severity == "defect"] == []


@tf.custom_gradient
def gaussian(x, /):
    e = tf.exp(-x * x)
    return e, lambda u: u * (-2.0 * (x * e))


def test_another_order_of_the_products_costs_nothing():
    report = checked(gaussian, modes=["eager", "graph", "xla"], samples=4096)
    assert sentence(records(report)) == "nothing lost, nothing gained"


def test_what_is_lost_at_the_ends_of_the_range_is_no_defect():
    report = checked(from_catalogue("gaussian").custom, dtypes=["complex128"], samples=4096)
    (record,) = records(report)
    assert record.lost_at.place == "elsewhere"
    assert record.severity == "limit"
    assert sentence([record]).startswith("lost where few people work: at ")


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


def test_where_tensorflows_own_raises_it_says_so():
    @tf.custom_gradient
    def unpaired(x, /):
        # TensorFlow has no gradient of this kernel.
        return tf.reshape(tf.image.adjust_contrast(tf.reshape(x, [1, 1, -1, 1]), 1.0), [-1]), (
            lambda u: u
        )

    report = checked(unpaired, reference=tf.identity, dtypes=["float32"])
    (record,) = records(report)
    assert "no entry for: AdjustContrastv2" in record.absent


def test_a_subjects_variants_are_compared_with_its_plain_formula():
    subject = from_catalogue("softplus")
    report = checked(subject.stable, dtypes=["complex128"])
    (record,) = records(report)
    assert record.lost == 0
    assert record.gained > 20
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
