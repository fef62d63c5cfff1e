"""What a check found: findings, and how many results were judged."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from argand.check.against import AgainstAuto
from argand.check.answer import Reply, answer
from argand.check.answer.facts import Facts
from argand.check.answer.rendered import Screen
from argand.trial.finding import AT_SPECIAL_POINTS, Finding
from argand.verdict import FAILING, FORMULAS, KIND_WORDS

if TYPE_CHECKING:
    import pandas

_COLUMNS = [f.name for f in fields(Finding)]
_MARKS = {"defect": "✗", "limit": "○", "advice": "→"}
_PLURAL = {"defect": "defects", "limit": "limits", "advice": "pieces of advice"}


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


@dataclass(frozen=True)
class Changes:
    """What is ``worse`` (or new) and what is ``better`` than a baseline records; ``told`` says what
    was done with its file."""

    worse: tuple[str, ...]
    better: tuple[str, ...]
    told: str


@dataclass
class Report:
    """What ``check`` found in ``samples`` results: ``undecided`` of them could not be judged, and
    ``undefined`` of them have no truth. ``special`` of the points that were tried are special, in
    all dtypes together.

    ``variants`` are those that were checked, ``unproved`` those whose
    formula could not be held to the true one in exact arithmetic; ``notes`` say why.
    ``left_open`` tells of each dtype with undecided samples where the first of them is; ``dtypes``
    are those in which anything was asked. ``facts`` are what each variant's results show in each
    dtype, ``auto`` how each with a custom gradient stands against TensorFlow's own, in each dtype
    and mode. ``names`` are the inputs', ``where`` and ``seconds`` say on which part of the float
    line it was judged, and how long that took; ``changes`` how it compares with a baseline.
    """

    target: str
    findings: list[Finding] = field(default_factory=list)
    samples: int = 0
    undecided: int = 0
    undefined: int = 0
    special: int = 0
    notes: list[str] = field(default_factory=list)
    variants: list[str] = field(default_factory=list)
    unproved: set[str] = field(default_factory=set)
    left_open: dict[str, LeftOpen] = field(default_factory=dict)
    dtypes: list[str] = field(default_factory=list)
    auto: dict[str, list[AgainstAuto]] = field(default_factory=dict)
    facts: dict[str, dict[str, Facts]] = field(default_factory=dict)
    modes: tuple[str, ...] = ()
    names: list[str] = field(default_factory=list)
    where: str = ""
    seconds: float = 0.0
    changes: Changes | None = None

    @property
    def answer(self) -> dict[str, Reply]:
        """Of each variant whether it is right, safe, accurate, and better than TensorFlow's own
        gradient, in a line each."""
        return {
            v: answer(
                v, self.facts.get(v, {}), [f for f in self.findings if f.variant == v],
                v in self.unproved, {d: str(o) for d, o in self.left_open.items()},
                self.auto.get(v, []), self.names,
            )
            for v in self.variants
        }  # fmt: skip

    @property
    def ok(self) -> bool:
        """Whether no defect was found, and nothing worse than a baseline, though something was
        decided."""
        worse = self.changes is not None and bool(self.changes.worse)
        return not self.of("defect") and not worse and self.decided > 0

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
        what = first.brief or KIND_WORDS.get(first.kind, first.kind)
        return (
            f"right for {right} tensors; for {wrong} ones {what}; "
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
        wrong |= {f.variant for f in self.findings if f.kind == "batch_coupling"}
        told = {(f.variant, f.about) for f in formulas}
        groups: dict[tuple[str, str], list[Finding]] = {}
        for f in self.findings:
            rounding = f.kind in FAILING and f.variant in wrong
            reason = f.kind == "dtype" and f.follows == "error"
            follows = rounding or reason or (f.variant, f.kind) in told
            if f.severity == severity and not follows:
                groups.setdefault((f.variant, f.kind), []).append(f)
        return [_paragraph(group) for group in groups.values()]

    def __str__(self) -> str:
        return self.screen().as_text()

    def _repr_html_(self) -> str:
        return self.screen().as_html()

    def screen(self, verbose: bool = False) -> Screen:
        """The answer, then the defects, a paragraph each kind; ``verbose`` adds limits and
        advice."""
        told = " · ".join(filter(None, [" ".join(self.dtypes), " ".join(self.modes), self.where]))
        remarks = [("advice", a) for a in dict.fromkeys(f.advice for f in self.advice)]
        remarks += [("note", note) for note in self.notes]
        if self.changes is not None:
            remarks.append(("baseline", self.changes.told))
            remarks += [("✗ worse", line) for line in self.changes.worse]
            remarks += [("✓ better", line) for line in self.changes.better]
        called = self.target.rpartition(":")[2]
        called += f"({', '.join(self.names)})" if self.names else ""
        return Screen(
            f"{called}   {told}   {self.seconds:.1f} s",
            self.by_kind,
            self.answer,
            remarks,
            [
                f"{mark} {paragraph}"
                for severity, mark in (_MARKS if verbose else {"defect": "✗"}).items()
                for paragraph in self.grouped(severity)
            ],
            self._counts(verbose),
        )

    def _counts(self, verbose: bool) -> str:
        """How much was found, and of how many results."""
        sizes = {name: len(self.of(name)) for name in _MARKS}
        found = [f"{n} {_PLURAL[name] if n > 1 else name}" for name, n in sizes.items() if n]
        unseen = not verbose and (sizes["limit"] or sizes["advice"])
        where = "; ".join(f"{dtype}: {found}" for dtype, found in self.left_open.items())
        return (
            f"{', '.join(found) or 'no finding'}{' (-v shows all kinds)' if unseen else ''}; "
            f"{self.samples} results judged, {self.undecided} undecided"
            f"{f' ({where})' if where else ''}, {self.undefined} where the function is undefined; "
            f"{self.special} special points tried"
        )

    def to_frame(self) -> pandas.DataFrame:
        """The findings as a table, a row each, gravest first."""
        import pandas

        return pandas.DataFrame([asdict(f) for f in self.findings], columns=_COLUMNS)

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
            "changes": None if self.changes is None else asdict(self.changes),
            "answer": {variant: asdict(own) for variant, own in self.answer.items()},
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
