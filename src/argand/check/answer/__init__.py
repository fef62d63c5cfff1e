"""The answer of a check: is it right, safe, accurate, and better than automatic?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from argand.check.against import AgainstAuto, sentence
from argand.check.answer.facts import EdgeOfRange, Facts
from argand.trial.finding import AT_SPECIAL_POINTS, Finding
from argand.verdict import FAILING, FORMULAS, KERNELS, KIND_WORDS

RIGHT, WRONG, LIMITED, OPEN = "✓", "✗", "○", "?"
_HOW = {
    "spurious_overflow": "it overflows before the result does",
    "spurious_underflow": "it vanishes before the result does",
    "spurious_nan": "it gives NaN",
    "missed_overflow": "it stays finite though the result overflows",
    "wrong": "no digit is right",
}


@dataclass(frozen=True)
class Line:
    """One line of an answer: a ``mark`` of RIGHT, WRONG, LIMITED or OPEN, and a sentence."""

    mark: str
    told: str

    def __str__(self) -> str:
        return f"{self.mark} {self.told}"


@dataclass(frozen=True)
class Reply:
    """What is to be known of one variant, and the facts by dtype from which it comes."""

    right: Line
    safe: Line
    accurate: Line
    auto: Line | None
    facts: dict[str, Facts]

    @property
    def lines(self) -> dict[str, Line]:
        """Each question with its answer."""
        own = {"right?": self.right, "safe?": self.safe, "accurate?": self.accurate}
        return own if self.auto is None else own | {"than auto?": self.auto}


def answer(
    variant: str,
    facts: dict[str, Facts],
    findings: Sequence[Finding],
    unproved: bool,
    left_open: dict[str, str],
    auto: Sequence[AgainstAuto] = (),
    names: Sequence[str] = (),
) -> Reply:
    """The answer for ``variant`` from its ``facts`` by dtype and its own ``findings``.

    ``unproved`` says that nothing is known of its formula; ``left_open`` where the reference is
    undecided, by dtype; ``auto`` how it stands against TensorFlow's own gradient. ``names`` are
    those of the inputs.
    """
    right = _right(facts, findings, unproved, left_open)
    wrong = {f.dtype for f in findings if f.kind in FORMULAS and f.about != AT_SPECIAL_POINTS}
    wrong |= {f.dtype for f in findings if f.kind == "batch_coupling"}
    sound = {dtype: f for dtype, f in facts.items() if dtype not in wrong}
    if not sound:
        nothing = Line(OPEN, "not asked, as it is not right" if facts else "it does not run")
        return Reply(right, nothing, nothing, None, facts)
    return Reply(right, _safe(sound), _accurate(sound, findings), _than_auto(auto, names), facts)


def _than_auto(auto: Sequence[AgainstAuto], names: Sequence[str]) -> Line | None:
    """What is lost and gained; None where there is nothing of its own to compare."""
    if not auto:
        return None
    if all(record.absent for record in auto):
        return Line(OPEN, sentence(auto, names))
    gravest = {record.severity for record in auto}
    mark = WRONG if "defect" in gravest else LIMITED if "limit" in gravest else RIGHT
    return Line(mark, sentence(auto, names))


def _right(
    facts: dict[str, Facts], findings: Sequence[Finding], unproved: bool, left_open: dict[str, str]
) -> Line:
    broken = [
        f for f in findings
        if f.severity == "defect" and f.kind not in FAILING and f.kind not in KERNELS
    ]  # fmt: skip
    formulas = [f for f in broken if f.kind in FORMULAS]
    if formulas:
        where = " at special points" if formulas[0].about == AT_SPECIAL_POINTS else ""
        what = formulas[0].brief or "it is not the derivative"
        return Line(WRONG, f"the formula is wrong{where}{_dtypes(formulas, facts)}: {what}")
    if broken:
        kinds = ", ".join(dict.fromkeys(KIND_WORDS.get(f.kind, f.kind) for f in broken))
        return Line(WRONG, f"{kinds}{_dtypes(broken, facts)}")
    off = {mode: (dtype, at) for dtype, f in facts.items() for mode, at in f.off.items()}
    if off:
        dtype, at = next(iter(off.values()))
        usual = [m for f in facts.values() for m in f.modes if m not in off]
        in_mode = f" in {', '.join(off)}" if usual else ""
        return Line(
            WRONG, f"not right{in_mode}: more than half of the digits are lost at {at} ({dtype})"
        )
    if any(f.kind == "conjugated" for f in findings):
        return Line(WRONG, "the conjugate of the result, at some points")
    if not facts:
        return Line(OPEN, "nothing could be judged")
    held = "dtype, shape, batch, second order hold"
    doubts = "".join(f"; but in {dtype} {told}" for dtype, told in left_open.items())
    if unproved:
        return Line(OPEN, f"no result is wrong, but the formula is not proved; {held}{doubts}")
    points = min(f.proved for f in facts.values())
    return Line(RIGHT, f"the formula is proved right ({points} points); {held}{doubts}")


def _safe(facts: dict[str, Facts]) -> Line:
    inside = {dtype: f for dtype, f in facts.items() if f.box.inside is not None}
    if inside:
        first = next(iter(inside.values()))
        at = ", ".join(f"{c:.4g}" for c in first.box.inside or ())
        return Line(WRONG, f"fails inside, at ({at}) in {', '.join(inside)}")
    nearest = {dtype: f.box.edges[0] for dtype, f in facts.items() if f.box.edges}
    if not nearest:
        samples = sum(f.samples for f in facts.values())
        return Line(RIGHT, f"nothing fails at {samples} samples")
    groups = _grouped(nearest.items(), lambda pair: (pair[1].name, pair[1].outward))
    told = [_edge(group) for group in groups]
    return Line(LIMITED, "fails " + "; ".join(told))


def _edge(group: list[tuple[str, EdgeOfRange]]) -> str:
    first = group[0][1]
    way = "beyond" if first.outward else "below"
    sizes = ", ".join(f"{edge.size:.3g} ({dtype})" for dtype, edge in group)
    by = next((f", by {edge.reason}" for _, edge in group if edge.reason), "")
    return f"{way} {first.name} = {sizes}: there {_HOW[first.verdict]}{by}"


def _accurate(facts: dict[str, Facts], findings: Sequence[Finding]) -> Line:
    usual = max(facts.values(), key=lambda f: (not f.usual.passes, f.usual.ulp))
    far = max(facts.values(), key=lambda f: (not f.far.passes, f.far.ulp))
    told = f"{usual.usual.ulp:.2g} ulp at ordinary points"
    if not usual.usual.passes:
        told = f"up to {usual.usual.ulp:.3g} ulp, at {usual.usual.at} ({usual.dtype})"
    if not far.far.passes:
        told += f"; elsewhere up to {far.far.ulp:.3g}, at {far.far.at} ({far.dtype})"
    excused = [f for f in facts.values() if f.explained]
    if excused:
        first = excused[0]
        told += (
            f"; at {first.explained} of {first.samples} samples ({first.dtype}) the input's own "
            f"rounding costs digits, as at {first.explained_at}"
        )
    defect = any(f.kind == "inaccurate" and f.severity == "defect" for f in findings)
    sound = usual.usual.passes and far.far.passes
    return Line(RIGHT if sound else WRONG if defect else LIMITED, told)


def _dtypes(findings: Sequence[Finding], facts: dict[str, Facts]) -> str:
    """In which dtypes, where that is not in all."""
    found = dict.fromkeys(f.dtype for f in findings)
    return "" if {*found} >= {*facts} else f" in {', '.join(found)}"


T = TypeVar("T")


def _grouped(items: Iterable[T], key: Callable[[T], object]) -> list[list[T]]:
    groups: dict[object, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())
