"""Points read from text, and what is certified there, as text that Python reads back exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from argand.exact import STATES, Exact, exact
from argand.frontend.signature import signatures
from argand.frontend.trace import Traced
from argand.subject import Subject, Target, TargetError, Variant
from argand.trial import written


def replay(
    target: Target,
    at: Sequence[str],
    upstream: str | None,
    dtype: str | None,
    order: int = 1,
    core: int | Sequence[int] | None = None,
) -> list[dict[str, Any]]:
    """What ``argand.exact`` certifies of ``target`` at points: one dictionary for each point.

    ``at`` has a text for each input of the first point, in order, then those of the next. A text
    is a number, or the entries of a row as ``numbers`` reads them; so is ``upstream``. ``core`` is
    that of ``argand.check``. Raises TargetError for a number that cannot be read, or that does not
    fit the target's dtypes.
    """
    traced = _traced(target, dtype, core)
    dtypes, axes = traced.dtypes, tuple(map(len, traced.cores))
    if len(at) % len(dtypes):
        raise TargetError(
            f"{len(at)} number(s) given, but the function takes {len(dtypes)} input(s): "
            "repeat --at for each input, in order"
        )
    u = None if upstream is None else upstream_of(upstream, traced)
    rows = []
    for start in range(0, len(at), len(dtypes)):
        texts = at[start : start + len(dtypes)]
        inputs = [input_of(t, d, a) for t, d, a in zip(texts, dtypes, axes, strict=True)]
        rows.append(_row(texts, exact(traced.fn, *inputs, upstream=u, order=order, core=axes)))
    return rows


def _traced(target: Target, dtype: str | None, core: int | Sequence[int] | None) -> Traced:
    """The plain formula of ``target`` for its inputs' dtypes, and the shape of a sample of each."""
    if isinstance(target, Variant):
        target = target.subject or target.fn
    if isinstance(target, Subject):
        if core is not None:
            raise TargetError("core is for bare functions: a subject's inputs say their entries")
        dtypes = target.input_dtypes(dtype or target.dtypes[-1])
        return Traced(target.plain, dtypes, target.cores)
    return signatures(target, [dtype] if dtype else None, core)[-1].traced


def number(text: str) -> complex | float:
    """The number that ``text`` writes: 1+2j, 3.5, 0x1p-3, or its two components re,im.

    Raises TargetError where it writes none.
    """
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
    """The entries of a row that ``text`` writes: 1+2j,3,4j or 1,2.5,0x1p-3, in brackets or not.

    Without any j, the entries of a complex input are given as components: re,im,re,im. Raises
    TargetError where an entry is no number, or the components make no whole entries.
    """
    texts = [t.strip() for t in text.strip().strip("[]()").split(",")]
    if not complex_input or "j" in text:
        return [number(t.strip("()")) for t in texts]
    if len(texts) % 2:
        raise TargetError(
            f"{text!r} has {len(texts)} components, and a complex entry has two; write each entry "
            "with a j (1+2j,3+0j), or re,im for each"
        )
    return [number(",".join(texts[k : k + 2])) for k in range(0, len(texts), 2)]


def upstream_of(text: str, traced: Traced) -> NDArray[Any]:
    """The upstream of one sample that ``text`` writes: a row where the value is one, or a number,
    which then is every entry's."""
    if "," in text and any(traced.cores) and traced.forward.core:
        is_complex = traced.forward.output_dtype.startswith("complex")
        return np.asarray(numbers(text, complex_input=is_complex))
    return np.asarray(number(text))


def _component(text: str) -> float:
    return float.fromhex(text) if "0x" in text.lower() else float(text)


def input_of(text: str, dtype: str, axes: int) -> NDArray[Any]:
    """The input that ``text`` writes: a row where a sample has ``axes``, else a number."""
    is_complex = dtype.startswith("complex")
    value = numbers(text, complex_input=is_complex) if axes else [number(text)]
    if not is_complex and any(isinstance(v, complex) for v in value):
        raise TargetError(f"the input {text!r} is complex, but the function takes {dtype} there")
    return np.asarray(value if axes else value[0], dtype)


def _row(texts: Sequence[str], e: Exact) -> dict[str, Any]:
    """What is certified at the point ``texts``, for JSON and for people."""
    second = {
        name: None if getattr(e, name) is None else written.text(getattr(e, name))
        for name in ("dzdz", "dzdzbar", "dzbardzbar", "condition", "condition_gradient")
    }
    return {
        "at": list(texts),
        "value": written.text(e.value),
        "dz": [written.text(d) for d in e.dz],
        "dzbar": [written.text(d) for d in e.dzbar],
        "vjp": None if e.vjp is None else [written.text(g) for g in e.vjp],
        **second,
        "certified": bool(e.certified),
        "undefined": bool(e.undefined),
        "state": STATES[int(e.state)],
        "bits": int(e.bits),
    }
