"""What a computed result is worth against the exact one: a closed set of verdicts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from argand.floats import real_dtype


@dataclass(frozen=True)
class Verdict:
    """One verdict; ``code`` is its number in maps, ``failing`` is whether it is a defect."""

    code: int
    name: str
    failing: bool
    colour: str
    glyph: str
    sentence: str


# Colours: Okabe and Ito's palette and greys, told apart without colour vision; passes are pale.
VERDICTS: tuple[Verdict, ...] = (
    Verdict(0, "accurate", False, "#d9ecf7", "✓", "Within the limit in ulp of the exact result."),
    Verdict(1, "inaccurate", True, "#f0e442", "≈", "Digits are lost beyond the limit in ulp."),
    Verdict(2, "wrong", True, "#d55e00", "✗", "No digit of the result is right."),
    Verdict(3, "conjugated", True, "#cc79a7", "‾", "The conjugate of the exact result."),
    Verdict(4, "spurious_overflow", True, "#e69f00", "↑", "Infinite, but the exact one is not."),
    Verdict(5, "spurious_underflow", True, "#0072b2", "↓", "Zero, but the exact one is normal."),
    Verdict(6, "spurious_nan", True, "#000000", "N", "NaN, but the exact result is a number."),
    Verdict(7, "overflow", False, "#bdbdbd", "∞", "Out of range, and the result says so."),
    Verdict(8, "missed_overflow", True, "#009e73", "!", "Finite, but the exact one is not."),
    Verdict(9, "flushed", False, "#eeeeee", "0", "The exact result is subnormal, computed 0."),
    Verdict(10, "undefined", False, "#ffffff", "∅", "The function has no derivative here."),
    Verdict(11, "undecided", False, "#8c6bb1", "?", "The reference could not be certified."),
)
CODE = {v.name: v.code for v in VERDICTS}
FAILING = frozenset(v.name for v in VERDICTS if v.failing)
MAX_ULP = 4.0
NO_CHANCE = 2.0**-8  # relative error from which on the conjugate is not met by lost digits
# Gravest first: what is surely wrong, then what is not known, then what is right.
GRAVITY = (
    "wrong", "conjugated", "spurious_nan", "spurious_overflow", "missed_overflow",
    "spurious_underflow", "inaccurate", "undecided", "undefined", "overflow", "flushed", "accurate",
)  # fmt: skip
RANK = np.argsort([CODE[name] for name in GRAVITY])  # by code; 0 is the gravest
# The kinds of finding, gravest first: contracts that a gradient breaks, then failing verdicts.
KINDS = (
    "formula", "approximate_forward", "error", "missing_gradient", "dtype", "shape",
    "batch_coupling", "upstream", "second_order", "keyword", "variables", "length_dependent",
    "mode_disagreement",
    *(name for name in GRAVITY if name in FAILING),
)  # fmt: skip
# What is wrong, in a clause, where nothing more is known.
KIND_WORDS = {
    "formula": "the formula is wrong",
    "approximate_forward": "the forward pass is an approximation",
    "error": "it raises",
    "missing_gradient": "a gradient is None",
    "dtype": "the gradient has another dtype",
    "shape": "the gradient has another shape",
    "batch_coupling": "entries of a batch depend on each other",
    "upstream": "the upstream is not used as it should be",
    "second_order": "second derivatives are wrong",
    "keyword": "the gradient is lost by keyword",
    "variables": "the gradient by a variable is wrong",
    "length_dependent": "the result depends on the length of the batch",
    "mode_disagreement": "a mode is wrong",
    "conjugated": "the conjugate of the result",
}
# The gradient is not the derivative of what the forward pass computes, before any rounding.
FORMULAS = frozenset({"formula", "approximate_forward"})
# The formula may be right, and a kernel of TensorFlow's differ by the batch's length or the mode.
KERNELS = frozenset({"length_dependent", "mode_disagreement"})
# Where a finding is seen. Everywhere in a domain that somebody declared is "domain".
PLACES = ("domain", "special", "ordinary", "elsewhere")
SEVERITIES = ("defect", "limit", "advice")  # gravest first
_ADVICE = frozenset({"keyword"})
_ALWAYS = frozenset(KINDS) - FAILING - KERNELS - _ADVICE | {"conjugated"}
_FAILS = np.array([v.failing for v in VERDICTS])
_UNKNOWN = np.array([v.name in ("undefined", "undecided") for v in VERDICTS])


def severity(
    kind: str, place: str = "elsewhere", explained: bool = False, auto_right: bool = False
) -> str:
    """What a finding of ``kind`` is worth, one of SEVERITIES: the one table of them.

    ``place`` is one of PLACES; ``explained`` says that conditioning explains the error, and
    ``auto_right`` that TensorFlow's own gradient has none there.

    finding                                               ordinary, special  domain   elsewhere
    a contract; conjugated                                defect             defect   defect
    another verdict, mode_disagreement, length_dependent  defect             defect   limit
    inaccurate                                            limit              defect   limit
    any of the last two rows, explained                   limit              limit    limit
    inaccurate where TensorFlow's own gradient is not     defect             defect   limit
    keyword                                               advice             advice   advice
    """
    if kind in _ADVICE:
        return "advice"
    if kind in _ALWAYS:
        return "defect"
    if explained or place == "elsewhere":
        return "limit"
    return "defect" if kind != "inaccurate" or place == "domain" or auto_right else "limit"


def fails(codes: np.ndarray) -> np.ndarray:
    """Where the verdict is a failing one."""
    return np.asarray(_FAILS[codes])


def unknown(codes: np.ndarray) -> np.ndarray:
    """Where there is no truth to compare with: ``undefined`` or ``undecided``."""
    return np.asarray(_UNKNOWN[codes])


def passes(codes: np.ndarray) -> np.ndarray:
    """Where the verdict is a pass: neither failing nor without truth."""
    return np.asarray(~(_FAILS | _UNKNOWN)[codes])


def judge(
    computed: np.ndarray,
    exact: np.ndarray,
    certified: np.ndarray,
    max_ulp: float = MAX_ULP,
    undefined: np.ndarray | bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """The verdict's code (uint8) and the normwise error in ulp (float64) of each result.

    ``exact`` is the rounded reference, in the dtype under study, where ``certified``;
    ``undefined`` is where there is none to be had; both are given for each result or, of rows,
    for each sample. The error is infinite where the computed result is not finite and the exact
    one is, NaN where there is nothing to compare.
    """
    certified, undefined = (of_entries(np.asarray(x), exact) for x in (certified, undefined))
    info = np.finfo(real_dtype(exact.dtype))
    e_parts, c_parts = _parts(exact), _parts(computed.astype(exact.dtype))
    exact_inf = np.isinf(e_parts)
    exact_overflows = exact_inf.any(0)
    nan = np.isnan(c_parts).any(0)
    infinite = np.isinf(c_parts).any(0)
    agrees = np.where(exact_inf, c_parts == e_parts, True).all(0)
    still_finite = (exact_inf & np.isfinite(c_parts)).any(0)

    error, relative = _error(c_parts, e_parts, info)
    # A component that is subnormal, give or take the limit, may be flushed.
    edge = float(info.tiny) * (1 + 2 * max_ulp * float(info.eps))
    flushed = (e_parts != 0) & (np.abs(e_parts) < edge) & (c_parts == 0)
    kept_error, _ = _error(np.where(flushed, e_parts, c_parts), e_parts, info)
    mirrored, _ = _error(np.concatenate([c_parts[:1], -c_parts[1:]]), e_parts, info)
    vanished = (c_parts == 0).all(0) & (np.abs(e_parts).max(0) > 0)

    conditions = [
        (undefined, "undefined"),
        (~certified, "undecided"),
        (exact_overflows & nan, "spurious_nan"),
        (exact_overflows & agrees, "overflow"),
        (exact_overflows & still_finite, "missed_overflow"),
        (exact_overflows, "wrong"),
        (nan, "spurious_nan"),
        (infinite, "spurious_overflow"),
        (error <= max_ulp, "accurate"),
        (flushed.any(0) & (kept_error <= max_ulp), "flushed"),
        (vanished, "spurious_underflow"),
        ((mirrored <= max_ulp) & (relative >= NO_CHANCE), "conjugated"),
        (relative >= 0.5, "wrong"),
    ]
    codes = np.select(
        [c for c, _ in conditions], [CODE[n] for _, n in conditions], CODE["inaccurate"]
    ).astype(np.uint8)
    error = np.where(exact_overflows | ~certified, np.nan, np.where(nan | infinite, np.inf, error))
    return codes, error


def of_samples(
    codes: np.ndarray, error: np.ndarray, core: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """The verdict's code and the error in ulp of each sample, of results (n, *core): the gravest
    verdict of its entries, and the largest error (NaN where none can be compared).

    Raises ValueError where the results end in another shape than ``core``, or have no entries.
    """
    if codes.shape[codes.ndim - len(core) :] != core or 0 in core:
        raise ValueError(f"verdicts of shape {codes.shape} are not rows of {core}")
    samples = codes.shape[: codes.ndim - len(core)]
    flat = codes.reshape(*samples, math.prod(core))
    worst = np.take_along_axis(flat, gravest(codes, error, core)[..., None], -1)[..., 0]
    return worst, np.fmax.reduce(error.reshape(flat.shape), axis=-1)


def gravest(codes: np.ndarray, error: np.ndarray, core: tuple[int, ...]) -> np.ndarray:
    """Which entry of each sample of results (n, *core), counted in C order, has the gravest
    verdict, and of several the largest error."""
    shape = (*codes.shape[: codes.ndim - len(core)], math.prod(core))
    rank, size = RANK[codes].reshape(shape), np.nan_to_num(error.reshape(shape), nan=-1.0)
    among = rank == rank.min(-1, keepdims=True)
    return np.asarray(np.argmax(np.where(among, size, -np.inf), axis=-1))


def of_entries(flags: np.ndarray, results: np.ndarray) -> np.ndarray:
    """What is known of each sample, for each of its entries, in the shape of ``results``."""
    own = flags.reshape(flags.shape + (1,) * (results.ndim - flags.ndim) if flags.ndim else ())
    return np.broadcast_to(own, results.shape)


def _parts(x: np.ndarray) -> np.ndarray:
    """Components along a new first axis, in float64 (exact for either precision)."""
    parts = [x.real, x.imag] if x.dtype.kind == "c" else [x]
    return np.stack([p.astype(np.float64) for p in parts])


def _error(c: np.ndarray, e: np.ndarray, info: np.finfo) -> tuple[np.ndarray, np.ndarray]:
    """|c − e| in ulp of |e|, and relative to |e|; scaled by powers of two, so that nothing
    leaves the range on the way. NaN compares false with every limit."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        scale = np.frexp(np.abs(e).max(0))[1]
        e_scaled, c_scaled = np.ldexp(e, -scale), np.ldexp(c, -scale)
        norm = _norm(e_scaled)
        difference = _norm(c_scaled - e_scaled)
        error = np.ldexp(difference, scale - _ulp_exponent(norm, scale, info))
        relative = np.where(difference == 0, 0.0, difference / norm)
    return error, relative


def ulp_exponents(x: np.ndarray) -> np.ndarray:
    """The k of the unit in the last place 2ᵏ of each number of ``x``, in its own dtype; of a
    complex one that of its norm, of zero that of the smallest subnormal, of what is not finite
    that of the largest float."""
    info, parts = np.finfo(real_dtype(x.dtype)), _parts(x)
    parts = np.where(np.isfinite(parts), parts, float(info.max))
    scale = np.frexp(np.abs(parts).max(0))[1]
    return _ulp_exponent(_norm(np.ldexp(parts, -scale)), scale, info)


def _ulp_exponent(norm: np.ndarray, scale: np.ndarray, info: np.finfo) -> np.ndarray:
    """That of norm·2ˢ, s the ``scale``."""
    lowest = info.minexp - info.nmant
    exponent = np.frexp(norm)[1] + scale - (info.nmant + 1)
    return np.where(norm == 0, lowest, np.maximum(exponent, lowest))


def _norm(parts: np.ndarray) -> np.ndarray:
    return np.asarray(np.hypot(parts[0], parts[-1]) if len(parts) == 2 else np.abs(parts[0]))
