"""Whether a function has a gradient of its own, told from how it is written."""

import tensorflow as tf

from argand.authored import file_of, has_own_gradient


@tf.custom_gradient
def own(x):
    return x, lambda u: u


@tf.function
@tf.custom_gradient
def compiled(x):
    return x, lambda u: u


def inside(x):
    @tf.custom_gradient
    def inner(x):
        return x, lambda u: u

    return inner(x)


def plain(x):
    return own(x) + 1


def test_a_gradient_of_ones_own_is_seen():
    assert [has_own_gradient(f) for f in (own, compiled, inside)] == [True] * 3
    assert not any(map(has_own_gradient, (plain, tf.exp, tf.nn.relu, len, 3)))


def test_the_file_is_where_it_is_written():
    assert {file_of(f) for f in (own, compiled, inside, plain)} == {__file__}
    assert file_of(len) == ""
