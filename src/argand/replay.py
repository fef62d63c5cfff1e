"""Points written as text, and what is certified there, as text again: what a finding quotes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from argand.exact import STATES, Exact, exact
from argand.frontend.signature import signatures
from argand.frontend.trace import trace_value
from argand.subject import Subject, TargetError, Variant


def replay(
    target: Subject | Variant | Callable[..., Any],
    at: Sequence[str],
    upstream: str | None,
    dtype: str | None,
    order: int = 1,
    core: int | Sequence[int] | None = None,
) -> list[dict[str, Any]]:
    """One row for each point: value and derivatives as texts that Python reads back exactly.

    ``at`` gives the inputs in order, and again for each further point; an input along the last
    axis as ``numbers`` reads it. ``core`` as for ``argand.check``. Raises TargetError for a number
    that cannot be read or does not fit the target's dtypes.
    """
    if isinstance(target, Variant) and target.subject is not None:
        target = target.subject
    fn = target.plain if isinstance(target, Subject) else target
    dtypes, rows_of = _input_dtypes(target, dtype, core)
    if len(at) % len(dtypes):
        raise TargetError(
            f"{len(at)} number(s) given, but the function takes {len(dtypes)} input(s): "
            "repeat --at for each input, in order"
        )
    rows = []
    for start in range(0, len(at), len(dtypes)):
        texts = at[start : start + len(dtypes)]
        inputs = [_of_dtype(t, d, r) for t, d, r in zip(texts, dtypes, rows_of, strict=True)]
        u = None if upstream is None else _upstream(upstream, fn, inputs)
        rows.append(_row(texts, exact(fn, *inputs, upstream=u, order=order, core=rows_of)))
    return rows


def _input_dtypes(
    target: Subject | Variant | Callable[..., Any],
    dtype: str | None,
    core: int | Sequence[int] | None,
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The dtype of each input, and how many of its last axes make up one sample."""
    if isinstance(target, Subject):
        if core is not None:
            raise TargetError("core is for bare functions: a subject's inputs say their entries")
        found, cores = target.input_dtypes(dtype or target.dtypes[-1]), target.cores
    else:
        fn = target.fn if isinstance(target, Variant) else target
        traced = signatures(fn, [dtype] if dtype else None, core)[-1].traced
        found, cores = traced.dtypes, traced.cores
    return found, tuple(map(len, cores))


def number(text: str) -> complex | float:
    """The number that ``text`` writes: 1+2j, 3.5, 0x1p-3, or two components with a comma."""
    try:
        if "," in text:
            re, im = (_component(part) for part in text.split(","))
            return complex(re, im)
        if "j" in text:
            return complex(text.replace(" ", ""))
        return _component(text)
    except (ValueError, OverflowError) as error:
        raise TargetError(
            f"{text!r} is not a number; write 1+2j, 3.5, 0x1p-3, or re,im such as 0x1p0,-0x1p1"
        ) from error


def numbers(text: str, *, complex_input: bool) -> list[complex | float]:
    """The entries of a row that ``text`` writes: 1+2j,3,4j or 1,2.5,0x1p-3, or as a finding prints
    them. Complex ones, none with a j, are their components re,im,re,im."""
    texts = [t.strip() for t in text.strip().strip("[]()").split(",")]
    if not complex_input or "j" in text:
        return [number(t.strip("()")) for t in texts]
    if len(texts) % 2:
        raise TargetError(
            f"{text!r} has {len(texts)} components, and a complex entry has two; write each entry "
            "with a j (1+2j,3+0j), or re,im for each"
        )
    return [number(",".join(texts[k : k + 2])) for k in range(0, len(texts), 2)]


def _upstream(text: str, fn: Callable[..., Any], inputs: Sequence[np.ndarray]) -> np.ndarray:
    """One number; or a row, where the value at one sample is one."""
    if "," in text and any(x.ndim for x in inputs):
        program = trace_value(fn, [x.dtype.name for x in inputs], [x.shape for x in inputs])
        value = program.outputs[0]
        assert value is not None
        if len(program.shapes[value]) > 1:
            is_complex = program.dtypes[value].startswith("complex")
            return np.asarray(numbers(text, complex_input=is_complex))
    return np.asarray(number(text))


def _component(text: str) -> float:
    return float.fromhex(text) if "0x" in text.lower() else float(text)


def _of_dtype(text: str, dtype: str, axes: int) -> np.ndarray:
    is_complex = dtype.startswith("complex")
    value = numbers(text, complex_input=is_complex) if axes else [number(text)]
    if not is_complex and any(isinstance(v, complex) for v in value):
        raise TargetError(f"the input {text!r} is complex, but the function takes {dtype} there")
    return np.asarray(value if axes else value[0], dtype)


def _row(texts: Sequence[str], e: Exact) -> dict[str, Any]:
    def text(x: Any) -> str:
        return repr(np.asarray(x).tolist())

    second = {
        name: None if getattr(e, name) is None else text(getattr(e, name))
        for name in ("dzdz", "dzdzbar", "dzbardzbar", "condition", "condition_gradient")
    }
    return {
        "at": list(texts),
        "value": text(e.value),
        "dz": [text(d) for d in e.dz],
        "dzbar": [text(d) for d in e.dzbar],
        "vjp": None if e.vjp is None else [text(g) for g in e.vjp],
        **second,
        "certified": bool(e.certified),
        "undefined": bool(e.undefined),
        "state": STATES[int(e.state)],
        "bits": int(e.bits),
    }
