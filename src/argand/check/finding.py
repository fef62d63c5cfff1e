"""A finding: one thing that is wrong with one variant, with the witness that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from argand.verdict import VERDICTS

# Gravest first; the words say what to do about it.
KINDS: dict[str, str] = {
    "formula": "Correct the backward formula: it is wrong before any rounding.",
    "error": "Make the function and its gradient run for this dtype and mode.",
    "missing_gradient": "Return a gradient for this input instead of None.",
    "dtype": "Return each gradient in its input's dtype; build constants with the input's dtype.",
    "shape": "Sum the gradient over the broadcast axes, so that it has its input's shape.",
    "batch_coupling": "Make each entry depend on its own input alone.",
    "upstream": "Multiply by the upstream exactly once: the gradient is real-linear in it.",
    "second_order": "Write the backward pass in differentiable operations.",
    "keyword": "Accept the inputs by keyword too, or make them positional-only.",
    "variables": "Accept and return gradients for variables, as tf.custom_gradient asks.",
    "length_dependent": "Avoid the operation named, or report it: its vector path differs.",
    "mode_disagreement": "Avoid the operation named in the mode that is wrong, or report it.",
    "wrong": "Rewrite the operation named: no digit is left.",
    "conjugated": "Conjugate the result, or avoid the operation named in this mode.",
    "spurious_nan": "Rearrange, so that no intermediate leaves the range.",
    "spurious_overflow": "Rearrange, so that no intermediate overflows before the result does.",
    "missed_overflow": "Do not clip: let the result overflow where the exact one does.",
    "spurious_underflow": "Rearrange, so that no intermediate vanishes before the result does.",
    "inaccurate": "Rearrange the operation named, where the digits are lost.",
}
assert {v.name for v in VERDICTS if v.failing} <= set(KINDS)
_GRAVITY = {kind: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Finding:
    """One defect; ``input`` holds hexadecimal components, numbers are texts Python reads back."""

    variant: str
    mode: str
    dtype: str
    quantity: str
    kind: str
    message: str
    input: tuple[str, ...] = ()
    upstream: str = ""
    computed: str = ""
    exact: str = ""
    op: str = ""
    source: str = ""

    @property
    def gravity(self) -> int:
        """Its place in the order of findings: 0 is the gravest."""
        return _GRAVITY[self.kind]

    @property
    def advice(self) -> str:
        """What to do about it."""
        return KINDS[self.kind]

    def describe(self, also: Sequence[str] = ()) -> str:
        """One paragraph: what, where, why, what to do; ``also`` names where else it is seen."""
        where = f"{self.variant}, {self.dtype}, {self.mode}, {self.quantity}"
        lines = [f"{self.kind} ({where}): {self.message}"]
        if self.input:
            at = f"at ({', '.join(self.input)})"
            with_u = f" with upstream {self.upstream}" if self.upstream else ""
            lines.append(f"{at}{with_u}: computed {self.computed}, exact {self.exact or 'other'}")
        if self.op:
            lines.append(f"blame: {self.op}, {self.source}")
        if also:
            lines.append(f"also in {', '.join(also)}")
        return "\n  ".join([*lines, f"→ {self.advice}"])


@dataclass
class Report:
    """What ``check`` found: ``samples`` results were judged, ``undecided`` of them could not be.

    ``notes`` say what could not be tried, and why.
    """

    target: str
    findings: list[Finding] = field(default_factory=list)
    samples: int = 0
    undecided: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def grouped(self) -> list[str]:
        """A paragraph for each variant, quantity and kind, gravest first; dtypes and modes that
        show the same are named together."""
        groups: dict[tuple[str, str, str], list[Finding]] = {}
        for f in self.findings:
            groups.setdefault((f.variant, f.quantity, f.kind), []).append(f)
        return [
            group[0].describe(also=[f"{f.dtype} {f.mode}" for f in group[1:]])
            for group in groups.values()
        ]

    def to_json(self) -> dict[str, Any]:
        """The object that ``argand check --format json`` prints."""
        return {
            "target": self.target,
            "ok": self.ok,
            "samples": self.samples,
            "undecided": self.undecided,
            "findings": [asdict(f) for f in self.findings],
        }
