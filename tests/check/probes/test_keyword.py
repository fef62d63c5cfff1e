"""Custom gradients that get lost when inputs are named, and those that do not."""

import pytest
import tensorflow as tf
from probing import checked, found_by, of_kind


@tf.custom_gradient
def plain_decorator(x):
    return x * x * x, lambda u: u * 3 * x * x


@tf.custom_gradient
def of_two(x, y):
    return x * y, lambda u: (u * y, u * x)


def forwarded(*given, **named):
    """A decorator of a user's own that forwards everything."""
    return plain_decorator(*given, **named)


forwarded.__wrapped__ = plain_decorator


@pytest.mark.parametrize("mode", ["graph", "xla"])
@pytest.mark.parametrize("fn", [plain_decorator, of_two, forwarded])
def test_tensorflow_refuses_names_in_a_graph(fn, mode):
    (finding,) = found_by("keyword", fn, modes=[mode])
    assert finding.mode == mode
    assert "raises" in finding.message
    assert "f(x=x" in finding.message


@pytest.mark.parametrize("fn", [plain_decorator, of_two])
def test_eagerly_the_custom_gradient_is_ignored(fn):
    report = checked(fn)
    if fn is of_two:  # the same bits either way: x·u is u·x
        assert not of_kind(report, "keyword")
        return
    (finding,) = of_kind(report, "keyword")
    assert "ignores the custom gradient" in finding.message
    assert finding.computed != ""


@tf.custom_gradient
def by_place(x, /):
    return x * x * x, lambda u: u * 3 * x * x


def wrapped(x):
    return by_place(x)


@pytest.mark.parametrize("fn", [by_place, wrapped, lambda x, y: of_two(x, y), tf.exp, tf.sin])
def test_what_keeps_its_gradient_or_takes_no_names_is_silent(fn):
    assert not found_by("keyword", fn, modes=["eager", "graph"])
