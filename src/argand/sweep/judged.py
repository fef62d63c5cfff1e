"""One variant in one mode at given samples, held against the reference there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from argand.probe import ProbeError
from argand.sweep.prepared import find, probe_of
from argand.sweep.reference import Reference
from argand.verdict import judge


@dataclass(frozen=True)
class Map:
    """One result that is judged; ``by`` is the input of a gradient, else empty."""

    variant: str
    mode: str
    quantity: str
    by: str


@dataclass(frozen=True)
class Judged:
    """Verdict codes and normwise errors in ulp, one for each sample."""

    codes: np.ndarray
    ulp: np.ndarray


def judged(
    target: str,
    variant: str,
    mode: str,
    device: str,
    inputs: list[np.ndarray],
    upstream: np.ndarray,
    exact: Reference,
) -> Iterator[tuple[Map, Judged | str]]:
    """The value and each gradient, judged, or in words how it raised or does not fit."""
    names = [i.name for i in find(target).inputs]
    for quantity, by, computed in _results(target, variant, mode, device, inputs, upstream):
        right = exact.value if by < 0 else exact.vjp[by]
        place = Map(variant, mode, quantity, names[by] if by >= 0 else "")
        if not isinstance(computed, str):
            computed = _misfit(computed, right) or computed
        if isinstance(computed, str):
            yield place, computed
        else:
            verdicts = judge(computed, right, exact.certified, undefined=exact.undefined)
            yield place, Judged(*verdicts)


def _results(
    target: str,
    variant: str,
    mode: str,
    device: str,
    inputs: list[np.ndarray],
    upstream: np.ndarray,
) -> Iterator[tuple[str, int, np.ndarray | str]]:
    """(quantity, input by which, what was computed or how it raised)."""
    probe = probe_of(target, variant, mode, device)
    try:
        result = probe(inputs, upstream)
    except ProbeError as error:
        try:
            yield "value", -1, probe.value(inputs)
        except ProbeError as value_error:
            yield "value", -1, str(value_error)
        for i in range(len(inputs)):
            yield "gradient", i, str(error)
        return
    yield "value", -1, result.value
    for i, gradient in enumerate(result.gradients):
        yield "gradient", i, "no gradient (None)" if gradient is None else gradient


def _misfit(computed: np.ndarray, exact: np.ndarray) -> str | None:
    if computed.dtype != exact.dtype:
        return f"it is {computed.dtype}, not {exact.dtype}"
    if computed.shape != exact.shape:
        return f"it has shape {list(computed.shape)}, not {list(exact.shape)}"
    return None
