"""The dtypes that a bare function is made for."""

import tensorflow as tf

from argand.trial.problems import problems


def made(fn, dtypes=None):
    """The dtypes of its Problems, and what is told of the others."""
    told = []
    found, refused = problems(fn, dtypes, told=told.append)
    assert not refused
    return [p.dtype for p in found], told


BOTH = ["float32", "float64", "complex64", "complex128"]


def test_real_and_complex_are_both_checked():
    assert made(tf.exp) == (BOTH, [])


def test_a_dtype_that_is_only_cast_from_is_left_out_unless_it_is_asked_for():
    layer = tf.keras.layers.Activation("softplus")
    dtypes, (told,) = made(layer)
    assert dtypes == ["float32"]
    assert told.startswith("float64 not checked: the function casts its input to float32")
    assert made(layer, ["float64"]) == (["float64"], [])


def test_a_cast_on_the_way_is_no_reason():
    def narrow(x):
        return tf.cast(tf.exp(tf.cast(x, tf.float32)), x.dtype)

    assert made(narrow)[0][:2] == ["float32", "float64"]  # it returns float64: a loss to be found
    assert "float64" in made(lambda x: x + tf.cast(tf.cast(x, tf.float32), x.dtype))[0]


def test_a_kind_that_raises_or_that_balls_cannot_follow_is_told_and_left_out():
    dtypes, (told,) = made(tf.round)  # it has no complex kernel, but is traced
    assert dtypes == BOTH[:2]
    assert told.startswith("complex64, complex128 not checked: the operation Round")

    def raising(x):
        if x.dtype.is_complex and tf.executing_eagerly():
            raise ValueError("not for these")
        return x * x

    dtypes, (told,) = made(raising)
    assert dtypes == BOTH[:2]
    assert told == "complex64, complex128 not checked: it raises ValueError: not for these"


def test_the_kind_is_chosen_by_value_and_gradient():
    @tf.custom_gradient
    def clipped(x):
        return tf.exp(x), lambda u: u * tf.exp(tf.minimum(x, 20.0))

    dtypes, (told,) = made(clipped)
    assert dtypes == BOTH[:2]
    assert told.startswith("complex tensors not checked: the gradient cannot be traced")


def test_a_domain_for_real_numbers_chooses_the_kind():
    found, _ = problems(tf.exp, domain=(1, 2))
    assert [p.dtype for p in found] == BOTH[:2]


def test_defaults_are_no_inputs():
    @tf.custom_gradient
    def shifted(x, y=0.5):
        return x * x + y, lambda u: (2 * u * x, u)

    found, _ = problems(shifted, ["float64"])
    assert found[0].input_dtypes == ("float64",)
    assert found[0].backward.outputs[0] is not None
