"""In which dtypes a bare function is studied."""

import pytest
import tensorflow as tf

from argand.signature import signatures
from argand.subject import TargetError

REAL = [("float32", ("float32",)), ("float64", ("float64",))]
COMPLEX = [("complex64", ("complex64",)), ("complex128", ("complex128",))]


@pytest.mark.parametrize(
    ("fn", "expected"),
    [
        (lambda z: z * tf.exp(z), COMPLEX),
        (lambda x: tf.nn.softplus(x), REAL),  # no complex kernel
        (lambda x: x * tf.constant(2.0, tf.float64), REAL),  # a constant of double precision
        (lambda x: x * tf.constant(2.0, tf.float32), REAL),  # or of single
        (
            lambda x, y: tf.complex(x, y),
            [("float32", ("float32",) * 2), ("float64", ("float64",) * 2)],
        ),
        (
            lambda r, z: tf.complex(r, r) * z,
            [("complex64", ("float32", "complex64")), ("complex128", ("float64", "complex128"))],
        ),
    ],
    ids=["complex", "real", "double", "single", "two", "mixed"],
)
def test_the_dtypes_are_those_that_the_function_takes(fn, expected):
    assert signatures(fn, None) == expected


def test_dtypes_that_are_asked_for_are_kept():
    assert signatures(lambda x, y: x * y, ["float64"]) == [("float64", ("float64", "float64"))]


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
