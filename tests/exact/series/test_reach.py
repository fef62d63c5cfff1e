"""On what each element depends."""

import tensorflow as tf

from argand.exact.series.reach import reached
from argand.frontend.trace import trace_value


def test_each_element_depends_on_what_flows_into_it():
    def fn(x, y):
        return tf.math.divide_no_nan(x, 1.0 + y[:, :1]) + tf.zeros_like(x) * x

    program = trace_value(fn, ["float64", "float64"], [(2,), (2,)])
    found = reached(program)[program.output]
    assert found.ravel().tolist() == [frozenset({0, 2}), frozenset({1, 2})]


def test_bits_depend_on_all():
    program = trace_value(
        lambda x: x + tf.bitcast(tf.bitcast(x, tf.int64), tf.float64), ["float64"]
    )
    assert reached(program)[program.output].ravel().tolist() == [frozenset({0})]
