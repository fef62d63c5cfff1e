"""What a check found: findings, and how many results were judged."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from argand.check.against import AgainstAuto
from argand.trial.finding import AT_SPECIAL_POINTS, Finding
from argand.verdict import FAILING, FORMULAS


@dataclass(frozen=True)
class LeftOpen:
    """Of the samples ``of`` one dtype the reference is undecided at ``count``; the first of them
    has the ``input``, a text for each input that Python reads back."""

    count: int
    of: int
    input: tuple[str, ...]

    def __str__(self) -> str:
        at = f"x = {self.input[0]}" if len(self.input) == 1 else f"({', '.join(self.input)})"
        return f"at {self.count} of {self.of} samples the reference is undecided, e.g. at {at}"


@dataclass
class Report:
    """What ``check`` found in ``samples`` results: ``undecided`` of them could not be judged, and
    ``undefined`` of them have no truth. ``special`` of the points that were tried are special, in
    all dtypes together.

    ``variants`` are those that were checked, ``judged`` those that ran, ``unproved`` those whose
    formula could not be held to the true one in exact arithmetic; ``notes`` say why.
    ``left_open`` tells of each dtype with undecided samples where the first of them is; ``dtypes``
    are those in which anything was asked. ``auto`` has for each variant with a custom gradient how
    it stands against TensorFlow's own, in each dtype and mode.
    """

    target: str
    findings: list[Finding] = field(default_factory=list)
    samples: int = 0
    undecided: int = 0
    undefined: int = 0
    special: int = 0
    notes: list[str] = field(default_factory=list)
    variants: list[str] = field(default_factory=list)
    judged: set[str] = field(default_factory=set)
    unproved: set[str] = field(default_factory=set)
    left_open: dict[str, LeftOpen] = field(default_factory=dict)
    dtypes: list[str] = field(default_factory=list)
    auto: dict[str, list[AgainstAuto]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether no defect was found though something was decided."""
        return not self.of("defect") and self.decided > 0

    def of(self, severity: str) -> list[Finding]:
        """The findings of one severity."""
        return [f for f in self.findings if f.severity == severity]

    @property
    def limits(self) -> list[Finding]:
        """Range or digits lost where few people work, or explained by conditioning."""
        return self.of("limit")

    @property
    def advice(self) -> list[Finding]:
        """Hazards of TensorFlow's that the function can avoid."""
        return self.of("advice")

    @property
    def decided(self) -> int:
        """How many results were held against a certified one."""
        return self.samples - self.undecided - self.undefined

    @property
    def by_kind(self) -> str:
        """What is right, in one line, where the function keeps its contracts for real tensors and
        breaks one for complex ones, or the other way round; empty else."""
        kinds = {d: "complex" if d.startswith("complex") else "real" for d in self.dtypes}
        broken = {kinds[f.dtype]: f for f in reversed(self.findings) if _breaks(f, kinds)}
        if len({*kinds.values()}) < 2 or len(broken) != 1:
            return ""
        ((wrong, first),) = broken.items()
        (right,) = {*kinds.values()} - {wrong}
        widest = [d for d, kind in kinds.items() if kind == right][-1]
        return (
            f"right for {right} tensors; for {wrong} ones {first.brief or first.kind}; "
            f"if {wrong} is not meant: --dtype {widest}"
        )

    def grouped(self, severity: str) -> list[str]:
        """A paragraph for each variant and kind of this severity, gravest first, with its first
        witness.

        What follows from another is left out: rounding where the formula is wrong anyway, the
        dtype where it is the reason of an error, the upstream where the formula's diagnosis is
        about it.
        """
        formulas = [f for f in self.findings if f.kind in FORMULAS]
        wrong = {f.variant for f in formulas if f.about != AT_SPECIAL_POINTS}
        told = {(f.variant, f.about) for f in formulas}
        groups: dict[tuple[str, str], list[Finding]] = {}
        for f in self.findings:
            rounding = f.kind in FAILING and f.variant in wrong
            reason = f.kind == "dtype" and f.follows == "error"
            follows = rounding or reason or (f.variant, f.kind) in told
            if f.severity == severity and not follows:
                groups.setdefault((f.variant, f.kind), []).append(f)
        return [_paragraph(group) for group in groups.values()]

    def table(self) -> list[tuple[str, str, str, str]]:
        """For each variant: its name, "right" (and where that is not known) or the contracts that
        it breaks, and the failing verdicts of its value and of its gradient, limits among them."""
        rows = []
        right = "; ".join(["right", *(f"but in {d} {o}" for d, o in self.left_open.items())])
        for variant in self.variants:
            own = [f for f in self.findings if f.variant == variant]
            broken = _distinct(
                f.kind for f in own if f.kind not in FAILING and f.severity == "defect"
            )
            sound = "not proved" if variant in self.unproved else right
            value, gradient = (
                _distinct(f.kind for f in own if f.kind in FAILING and f.quantity == quantity)
                for quantity in ("value", "gradient")
            )
            nothing = "none" if variant in self.judged else "not run"
            rows.append((variant, broken or sound, value or nothing, gradient or nothing))
        return rows

    def to_json(self) -> dict[str, Any]:
        """The object that ``argand check --format json`` prints."""
        return {
            "target": self.target,
            "ok": self.ok,
            "samples": self.samples,
            "undecided": self.undecided,
            "undefined": self.undefined,
            "special": self.special,
            "left_open": {dtype: asdict(o) for dtype, o in self.left_open.items()},
            "notes": self.notes,
            "unproved": sorted(self.unproved),
            "auto": {v: [asdict(r) for r in records] for v, records in self.auto.items()},
            "findings": [asdict(f) for f in self.findings],
        }


def _breaks(finding: Finding, dtypes: Container[str]) -> bool:
    """Whether a contract is broken in one of ``dtypes``, which no rounding does."""
    contract = finding.kind not in FAILING or finding.kind == "conjugated"
    return contract and finding.severity == "defect" and finding.dtype in dtypes


def _paragraph(group: list[Finding]) -> str:
    first = group[0]
    where = "; ".join(
        [
            first.variant,
            _distinct(f.quantity for f in group),
            _distinct(f.dtype for f in group),
            _distinct(f.mode for f in group),
        ]
    )
    others = len({f.message for f in group}) - 1
    return first.describe(where, f"and {others} more of this kind" if others else "")


def _distinct(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))
