"""The checkers that are compared, each used as its own documentation shows, on the same points."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import tensorflow as tf

import argand
from argand.frontend.signature import signatures
from argand.frontend.trace import describe
from argand.subject import TargetError, Variant, count_inputs
from argand.trial.domain import read_domain
from argand.trial.points.drawn import generic_points
from argand.verdict import FAILING

from . import DEFECTIVE, SOUND
from .entry import Entry
from .stand_in import STAND_INS, NotPorted, ported

POINTS = 5
SEED = 4
TOLERANCE = 1e-3  # of tf.test.compute_gradient
OTHER = "the gradient is meant to be another function's: this checker asks for the function's own"


@dataclass(frozen=True)
class Outcome:
    """What a checker says of one entry: ``alarm`` is None where the check cannot be made."""

    alarm: bool | None
    why: str = ""


def points(entry: Entry) -> list[np.ndarray]:
    """The inputs that every finite-difference checker is given: ``POINTS`` ordinary points of
    the entry's domain, in the widest dtype that it is meant for."""
    if isinstance(entry.fn, Variant) and entry.fn.subject:
        subject = entry.fn.subject
        dtypes, cores = subject.input_dtypes(subject.dtypes[-1]), subject.cores
    else:
        dtypes, cores = _taken(entry)
    domain = read_domain(entry.domain, dtypes)
    return generic_points(dtypes, domain, POINTS, np.random.default_rng(SEED), cores)


def _taken(entry: Entry) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    """The dtypes and shapes of samples of an entry; numbers where it cannot be traced for the
    variables that it reads, which is its defect."""
    try:
        traced = signatures(entry.fn, entry.dtypes, entry.core)[-1].traced
    except TargetError:
        inputs = count_inputs(entry.fn)
        return ((entry.dtypes or ["float64"])[-1],) * inputs, ((),) * inputs
    return traced.dtypes, traced.cores


def by_argand(entry: Entry) -> Outcome:
    """``argand.check`` as it is by default, in the entry's dtypes and modes. A failing verdict
    of a right gradient is certified, and is no alarm."""
    try:
        report = argand.check(
            entry.fn,
            dtypes=entry.dtypes,
            modes=entry.modes,
            domain=entry.domain,
            reference=entry.reference,
            core=entry.core,
            surrogate=entry.surrogate,
        )
    except TargetError as error:
        return Outcome(not entry.kinds, f"refused: {error}")
    kinds = list(dict.fromkeys(f.kind for f in report.findings))
    expected = entry.kinds <= set(kinds) if entry.kinds else set(kinds) - FAILING - entry.tolerated
    return Outcome(bool(expected), ", ".join(kinds))


def by_tensorflow(entry: Entry) -> Outcome:
    """``tf.test.compute_gradient`` in each mode, and TestCase.assertAllClose's comparison, in
    which NaN equals NaN."""
    if entry.surrogate:
        return Outcome(None, OTHER)
    inputs = points(entry)
    for mode in entry.modes:
        fn = entry.fn
        if mode != "eager":
            fn = tf.function(lambda *x: entry.fn(*x), jit_compile=mode == "xla", autograph=False)
        try:
            theirs, numeric = tf.test.compute_gradient(fn, inputs)
        except Exception as error:
            return Outcome(True, f"raises {type(error).__name__}")
        for a, b in zip(theirs, numeric, strict=True):
            if not np.allclose(a, b, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True):
                return Outcome(True, f"differs ({mode})")
    return Outcome(False)


def by_torch(entry: Entry) -> Outcome:
    """``torch.autograd.gradcheck``, then ``gradgradcheck``, with their defaults."""
    import torch

    def tensors(inputs: list[np.ndarray]) -> list[Any]:
        return [torch.tensor(x, requires_grad=True) for x in inputs]

    def judge(fn: Callable[..., Any], inputs: list[np.ndarray]) -> None:
        assert torch.autograd.gradcheck(fn, tensors(inputs))
        assert torch.autograd.gradgradcheck(fn, tensors(inputs))

    def value(fn: Callable[..., Any], inputs: list[np.ndarray]) -> np.ndarray:
        return fn(*tensors(inputs)).detach().resolve_conj().numpy()

    return _by_peer(entry, "PyTorch", value, judge)


def by_jax(entry: Entry) -> Outcome:
    """``jax.test_util.check_grads`` of order 2 in reverse mode, with its defaults."""
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)

    def judge(fn: Callable[..., Any], inputs: list[np.ndarray]) -> None:
        check_grads(fn, tuple(inputs), order=2, modes=("rev",))

    def value(fn: Callable[..., Any], inputs: list[np.ndarray]) -> np.ndarray:
        return np.asarray(fn(*map(jax.numpy.asarray, inputs)))

    return _by_peer(entry, "JAX", value, judge)


@cache
def _ports(framework: str, module: ModuleType) -> dict[str, Entry]:
    return ported(module, STAND_INS[framework]())


def _by_peer(
    entry: Entry,
    framework: str,
    value: Callable[..., np.ndarray],
    judge: Callable[..., None],
) -> Outcome:
    if framework in entry.unported:
        return Outcome(None, entry.unported[framework])
    if entry.surrogate:
        return Outcome(None, OTHER)
    inputs = points(entry)
    if any(x.dtype.itemsize < 8 or x.dtype == np.complex64 for x in inputs):
        return Outcome(None, "single precision only: this checker asks for double")
    (module,) = (m for m in (*DEFECTIVE, *SOUND) if vars(m).get(entry.name) is entry)
    fn = _ports(framework, module)[entry.name].fn
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            got = value(fn, inputs)
        except NotPorted as error:
            return Outcome(None, str(error))
        true = np.asarray(entry.fn(*map(tf.constant, inputs)))
        if not np.allclose(got, true, rtol=1e-9, atol=0, equal_nan=True):
            raise AssertionError(f"the port of {entry.name} computes {got}, not {true}")
        try:
            judge(fn, inputs)
        except NotPorted as error:
            return Outcome(None, str(error))
        except Exception as error:
            return Outcome(True, describe(error))
    return Outcome(False)
