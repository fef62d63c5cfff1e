"""A finding: one thing that is wrong with one variant, with the witness that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from argand.verdict import GRAVITY, VERDICTS

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
    "wrong": "Rewrite the computation there: no digit is left.",
    "conjugated": "Conjugate the result, or avoid the operation named in this mode.",
    "spurious_nan": "Rearrange, so that no intermediate leaves the range.",
    "spurious_overflow": "Rearrange, so that no intermediate overflows before the result does.",
    "missed_overflow": "Do not clip: let the result overflow where the exact one does.",
    "spurious_underflow": "Rearrange, so that no intermediate vanishes before the result does.",
    "inaccurate": "Rearrange, so that no difference of near equals loses the digits.",
}
ROUNDING = frozenset(v.name for v in VERDICTS if v.failing)  # the rest breaks a contract
assert [k for k in KINDS if k in ROUNDING] == [v for v in GRAVITY if v in ROUNDING]
# The formula may be right, and a kernel of TensorFlow's differ by the batch's length or the mode.
KERNELS = frozenset({"length_dependent", "mode_disagreement"})
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

    def describe(self, where: str = "", more: str = "") -> str:
        """One paragraph: what, where, why, what to do; ``where`` and ``more`` speak for others
        of the kind."""
        where = where or f"{self.variant}; {self.quantity}; {self.dtype}; {self.mode}"
        lines = [f"{self.kind} ({where}): {self.message}"]
        if self.input:
            at = f"at ({', '.join(self.input)})"
            with_u = f" with upstream {self.upstream}" if self.upstream else ""
            lines.append(f"{at}{with_u}: computed {self.computed}, exact {self.exact or 'other'}")
        if self.op:
            lines.append(f"blame: {self.op}, {self.source}")
        if more:
            lines.append(more)
        return "\n  ".join([*lines, f"→ {self.advice}"])


@dataclass
class Report:
    """What ``check`` found in ``samples`` results: ``undecided`` of them could not be judged, and
    ``undefined`` of them have no truth.

    ``variants`` are those that were checked, ``judged`` those that ran, ``unproved`` those whose
    formula could not be held to the true one in exact arithmetic; ``notes`` say why.
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

    @property
    def ok(self) -> bool:
        """Whether nothing was found though something was decided."""
        return not self.findings and self.decided > 0

    @property
    def decided(self) -> int:
        """How many results were held against a certified one."""
        return self.samples - self.undecided - self.undefined

    def grouped(self) -> list[str]:
        """A paragraph for each variant and kind, gravest first, with its first witness.

        What follows from another is left out: rounding where the formula is wrong anyway, the
        dtype where it is the reason of an error, the upstream where the formula's diagnosis is
        about it.
        """
        formulas = [f for f in self.findings if f.kind == "formula"]
        wrong = {f.variant for f in formulas}
        told = {f.variant for f in formulas if "upstream" in f.message}
        raised = {(f.variant, f.message) for f in self.findings if f.kind == "error"}
        groups: dict[tuple[str, str], list[Finding]] = {}
        for f in self.findings:
            follows = f.kind in ROUNDING and f.variant in wrong
            follows |= f.kind == "upstream" and f.variant in told
            if not follows and not (f.kind == "dtype" and (f.variant, f.message) in raised):
                groups.setdefault((f.variant, f.kind), []).append(f)
        return [_paragraph(group) for group in groups.values()]

    def table(self) -> list[tuple[str, str, str, str]]:
        """For each variant: its name, "right" or the contracts that it breaks, and the failing
        verdicts of its value and of its gradient."""
        rows = []
        for variant in self.variants:
            own = [f for f in self.findings if f.variant == variant]
            broken = _distinct(f.kind for f in own if f.kind not in ROUNDING)
            sound = "not proved" if variant in self.unproved else "right"
            value, gradient = (
                _distinct(f.kind for f in own if f.kind in ROUNDING and f.quantity == quantity)
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
            "findings": [asdict(f) for f in self.findings],
        }


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
