"""In which dtypes a bare function is studied."""

import pytest
import tensorflow as tf

from argand.frontend.signature import signatures
from argand.subject import TargetError


def found(*arguments):
    """The dtype of each signature, and the dtypes and shapes of its inputs."""
    return [(s.dtype, s.traced.dtypes, s.traced.cores) for s in signatures(*arguments)]


NUMBER = ((),)
REAL = [("float32", ("float32",), NUMBER), ("float64", ("float64",), NUMBER)]
COMPLEX = [("complex64", ("complex64",), NUMBER), ("complex128", ("complex128",), NUMBER)]


@pytest.mark.parametrize(
    ("fn", "expected"),
    [
        (lambda z: z * tf.exp(z), REAL + COMPLEX),
        (lambda x: tf.nn.softplus(x), REAL),  # no complex kernel
        (lambda x: x * tf.constant(2.0, tf.float64), REAL),  # a constant of double precision
        (lambda x: x * tf.constant(2.0, tf.float32), REAL),  # or of single
        (
            lambda x, y: tf.complex(x, y),
            [("float32", ("float32",) * 2, NUMBER * 2), ("float64", ("float64",) * 2, NUMBER * 2)],
        ),
        (
            lambda r, z: tf.complex(r, r) * z,
            [
                ("complex64", ("float32", "complex64"), NUMBER * 2),
                ("complex128", ("float64", "complex128"), NUMBER * 2),
            ],
        ),
    ],
    ids=["complex", "real", "double", "single", "two", "mixed"],
)
def test_the_dtypes_are_those_that_the_function_takes(fn, expected):
    assert found(fn, None) == expected


def test_dtypes_that_are_asked_for_are_kept():
    assert found(lambda x, y: x * y, ["float64"]) == [
        ("float64", ("float64", "float64"), NUMBER * 2)
    ]


@pytest.mark.parametrize(
    ("fn", "words"),
    [
        (lambda x: tf.strings.length(x), "cannot be traced"),
        (lambda: 1, "takes no tensor"),
        (lambda x: [x, x], "not one tensor"),
    ],
)
def test_a_function_that_takes_no_dtype_is_refused_in_one_line(fn, words):
    with pytest.raises(TargetError, match=words) as refusal:
        signatures(fn, None)
    assert "\n" not in str(refusal.value)


def test_an_unknown_dtype_is_refused():
    with pytest.raises(TargetError, match="dtype 'float16' is not one of"):
        signatures(lambda x: x, ["float16"])


# --- along the last axis ---------------------------------------------------------------------


def weighted(x):
    return tf.reduce_sum(x * tf.constant([1.0, 2.0, 3.0, 4.0], x.dtype), -1)


@pytest.mark.parametrize(
    ("fn", "cores"),
    [
        (lambda x: tf.reduce_sum(x * x, -1), ((3,),)),
        (lambda x: tf.reduce_sum(x * x, 1), ((3,),)),  # [n] has no axis 1
        (lambda x: tf.reduce_sum(x, -1, keepdims=True), ((3,),)),
        (lambda x: x / tf.linalg.norm(x, axis=-1, keepdims=True), ((),)),  # nothing tells
        (weighted, ((4,),)),
        (lambda z, w: tf.reduce_sum(z * w, -1), ((3,), (3,))),
        (lambda z, t: tf.reduce_sum(z, -1) * t, ((), ())),  # nor here: core=(1, 0) does
        (lambda z: z * z, ((),)),
    ],
    ids=["sum", "axis 1", "keepdims", "kept", "of four", "two", "beside a number", "number"],
)
def test_rows_are_found_where_the_shape_says_so(fn, cores):
    assert signatures(fn, ["float64"])[0].traced.cores == cores
    assert signatures(fn, None)[0].traced.cores == cores


def test_what_reduces_every_axis_is_left_as_it_is():
    assert signatures(lambda x: tf.reduce_sum(x * x), ["float64"])[0].traced.cores == ((),)


@pytest.mark.parametrize("core", [1, (1,)])
def test_rows_that_are_asked_for_are_rows(core):
    assert signatures(tf.nn.softmax, None, core)[0].traced.cores == ((3,),)
    assert signatures(tf.exp, None, 0)[0].traced.cores == ((),)


@pytest.mark.parametrize("core", [2, -1, (1, 1), "1", True, 1.0])
def test_a_core_that_is_none_is_refused(core):
    with pytest.raises(TargetError, match="neither 0 nor 1"):
        signatures(tf.nn.softmax, None, core)
