"""Points written as text, and what is certified there, as text again: what a finding quotes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from argand.exact import STATES, Exact, exact
from argand.signature import signatures
from argand.subject import Subject, TargetError, Variant


def replay(
    target: Subject | Variant | Callable[..., Any],
    at: Sequence[str],
    upstream: str | None,
    dtype: str | None,
    order: int = 1,
) -> list[dict[str, Any]]:
    """One row for each point: value and derivatives as texts that Python reads back exactly.

    ``at`` gives the inputs in order, and again for each further point. Raises TargetError for
    a number that cannot be read or does not fit the target's dtypes.
    """
    if isinstance(target, Variant) and target.subject is not None:
        target = target.subject
    fn = target.plain if isinstance(target, Subject) else target
    dtypes = _input_dtypes(target, dtype)
    if len(at) % len(dtypes):
        raise TargetError(
            f"{len(at)} number(s) given, but the function takes {len(dtypes)} input(s): "
            "repeat --at for each input, in order"
        )
    rows = []
    for start in range(0, len(at), len(dtypes)):
        texts = at[start : start + len(dtypes)]
        inputs = [_of_dtype(t, d) for t, d in zip(texts, dtypes, strict=True)]
        u = None if upstream is None else np.asarray(number(upstream))
        rows.append(_row(texts, exact(fn, *inputs, upstream=u, order=order)))
    return rows


def _input_dtypes(target: Subject | Variant | Callable[..., Any], dtype: str | None) -> Any:
    if isinstance(target, Subject):
        return target.input_dtypes(dtype or target.dtypes[-1])
    fn = target.fn if isinstance(target, Variant) else target
    return signatures(fn, [dtype] if dtype else None)[-1][1]


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


def _component(text: str) -> float:
    return float.fromhex(text) if "0x" in text.lower() else float(text)


def _of_dtype(text: str, dtype: str) -> np.ndarray:
    value = number(text)
    if isinstance(value, complex) and not dtype.startswith("complex"):
        raise TargetError(f"the input {text!r} is complex, but the function takes {dtype} there")
    return np.asarray(value, dtype)


def _row(texts: Sequence[str], e: Exact) -> dict[str, Any]:
    def text(x: Any) -> str:
        return repr(np.asarray(x).item())

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
