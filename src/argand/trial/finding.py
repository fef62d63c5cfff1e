"""A finding: one thing that is wrong with one variant, with the witness that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from argand.verdict import KINDS, SEVERITIES, severity

AT_SPECIAL_POINTS = "special points"  # what a formula is about that is wrong at such only


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, of one ``kind``, with its witness.

    ``input`` holds hexadecimal components; numbers are texts that Python reads back. ``op`` and
    ``source`` say which operation is to blame. ``error`` is the witness's error in ulp, 0 where it
    has none that is finite. ``condition`` is the condition number at the
    witness, where it is known. ``place`` is where it is seen (``verdict.PLACES``), ``explained``
    whether conditioning explains all that it speaks of; with the kind they give its ``severity``,
    unless that is said. ``about`` is the contract that a diagnosis speaks of, or
    AT_SPECIAL_POINTS; ``follows`` the kind of finding from which this one follows. ``advice`` says
    what to do. ``brief`` says in a clause what is wrong, where there is a usual name for it.
    """

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
    error: float = 0.0
    condition: float | None = None
    about: str = ""
    follows: str = ""
    advice: str = ""
    brief: str = ""
    place: str = "elsewhere"
    explained: bool = False
    severity: str = ""

    def __post_init__(self) -> None:
        if not self.severity:
            told = severity(self.kind, self.place, self.explained)
            object.__setattr__(self, "severity", told)

    @property
    def gravity(self) -> tuple[int, int]:
        """Its place in the order of findings, gravest first: by severity, then by kind."""
        return SEVERITIES.index(self.severity), KINDS.index(self.kind)

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
