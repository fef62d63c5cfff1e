"""What a check found: findings, and how many results were judged."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from argand.trial.finding import Finding
from argand.verdict import FAILING


@dataclass
class Report:
    """What ``check`` found in ``samples`` results: ``undecided`` of them could not be judged, and
    ``undefined`` of them have no truth.

    ``variants`` are those that were checked, ``judged`` those that ran, ``unproved`` those whose
    formula could not be held to the true one in exact arithmetic; ``notes`` say why. ``dtypes`` are
    those in which anything was asked.
    """

    target: str
    findings: list[Finding] = field(default_factory=list)
    samples: int = 0
    undecided: int = 0
    undefined: int = 0
    notes: list[str] = field(default_factory=list)
    variants: list[str] = field(default_factory=list)
    judged: set[str] = field(default_factory=set)
    unproved: set[str] = field(default_factory=set)
    dtypes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was found though something was decided."""
        return not self.findings and self.decided > 0

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

    def grouped(self) -> list[str]:
        """A paragraph for each variant and kind, gravest first, with its first witness.

        What follows from another is left out: rounding where the formula is wrong anyway, the
        dtype where it is the reason of an error, the upstream where the formula's diagnosis is
        about it.
        """
        formulas = [f for f in self.findings if f.kind == "formula"]
        wrong = {f.variant for f in formulas}
        told = {(f.variant, f.about) for f in formulas}
        groups: dict[tuple[str, str], list[Finding]] = {}
        for f in self.findings:
            rounding = f.kind in FAILING and f.variant in wrong
            reason = f.kind == "dtype" and f.follows == "error"
            if not (rounding or reason or (f.variant, f.kind) in told):
                groups.setdefault((f.variant, f.kind), []).append(f)
        return [_paragraph(group) for group in groups.values()]

    def table(self) -> list[tuple[str, str, str, str]]:
        """For each variant: its name, "right" or the contracts that it breaks, and the failing
        verdicts of its value and of its gradient."""
        rows = []
        for variant in self.variants:
            own = [f for f in self.findings if f.variant == variant]
            broken = _distinct(f.kind for f in own if f.kind not in FAILING)
            sound = "not proved" if variant in self.unproved else "right"
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
            "notes": self.notes,
            "unproved": sorted(self.unproved),
            "findings": [asdict(f) for f in self.findings],
        }


def _breaks(finding: Finding, dtypes: Container[str]) -> bool:
    """Whether a contract is broken in one of ``dtypes``, which no rounding does."""
    contract = finding.kind not in {*FAILING, "keyword"} or finding.kind == "conjugated"
    return contract and finding.dtype in dtypes


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
