"""Failing verdicts made into findings: the worst witness, its region's edge, blame, condition."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from argand.check.frontier import Edge, frontiers
from argand.check.rounding import Group, by_entry, by_input, hexes, sentence, text
from argand.program import Program
from argand.trial.blame import Blame, blame
from argand.trial.condition import condition, words
from argand.trial.finding import Finding
from argand.trial.judged import Trial
from argand.trial.problem import Case
from argand.trial.search import Witness, climb, inputs_of
from argand.verdict import CODE


@dataclass
class _Known:
    """What an earlier mode found of a quantity and verdict."""

    witness: Witness
    edge: Edge | None
    blame: Blame | None
    condition: float | None


@dataclass
class Explainer:
    """Explains one case, mode after mode: what one mode found is tried first in the next."""

    case: Case
    forward: Program
    backward: Program
    rounds: int
    seed: int
    formula_wrong: bool = False  # then the gradient's verdicts are no news, and not searched
    known: dict[tuple[str, int, str], _Known] = field(default_factory=dict)

    def findings(self, trial: Trial, groups: Sequence[Group]) -> list[Finding]:
        """One finding for each group of samples with the same quantity and verdict."""
        witnesses = [g.witness for g in groups]
        taken = self._again(trial, groups, witnesses)
        fresh = [k for k in range(len(groups)) if k not in taken]
        if self.formula_wrong:
            for k in [k for k in fresh if groups[k].key[0] == "gradient"]:
                self.known[groups[k].key] = _Known(witnesses[k], None, None, None)
                fresh.remove(k)
        rng = np.random.default_rng(self.seed)
        searched = climb(trial, [witnesses[k] for k in fresh], self.rounds, rng)
        edges = frontiers(trial, searched) if searched else []
        for k, worst, edge in zip(fresh, searched, edges, strict=True):
            witnesses[k] = worst
            self._keep(trial, groups[k], worst, edge)
        return [self._finding(trial, g, w) for g, w in zip(groups, witnesses, strict=True)]

    def _again(
        self, trial: Trial, groups: Sequence[Group], witnesses: list[Witness]
    ) -> dict[int, _Known]:
        """Groups whose witness and edge are those of an earlier mode: put in their place."""
        tried = [(k, self.known[g.key]) for k, g in enumerate(groups) if g.key in self.known]
        if not tried:
            return {}
        rows, upstream = [], []
        for _, old in tried:
            edge = old.edge
            ends = [] if edge is None else [edge.passing, edge.failing]
            for place in [None, *ends, *[None] * (2 - len(ends))]:
                row = list(old.witness.components)
                if place is not None and edge is not None:
                    row[edge.component] = place
                rows.append(row)
                upstream.append(old.witness.upstream)
        judged = trial.at(inputs_of(rows, trial), np.stack(upstream))
        taken = {}
        for j, (k, old) in enumerate(tried):
            w, part = old.witness, judged[witnesses[k].part]
            codes = part.codes[3 * j : 3 * j + 3] == CODE[w.verdict]
            if codes[0] and (old.edge is None or (not codes[1] and codes[2])):
                witnesses[k] = Witness.seen(
                    w.part, w.verdict, w.components, w.upstream, part, 3 * j
                )
                taken[k] = old
        return taken

    def _keep(self, trial: Trial, group: Group, w: Witness, edge: Edge | None) -> None:
        inputs = inputs_of([w.components], trial)
        upstream = w.upstream[None]
        by = w.part[1]
        if by < 0:
            who = blame(self.forward, 0, inputs, trial.mode, trial.max_ulp)
        else:
            who = blame(self.backward, by, [upstream, *inputs], trial.mode, trial.max_ulp)
        number = condition(self.case.truth, inputs, upstream, by, w.entry, self.backward)
        self.known[group.key] = _Known(w, edge, who, number)

    def _finding(self, trial: Trial, group: Group, w: Witness) -> Finding:
        old = self.known[group.key]
        told = f"{sentence(w.verdict)} {group.count} of {group.of} samples"
        if w.verdict == "inaccurate":
            told += f", up to {w.error:.3g} ulp"
        told += by_entry(self.case, w.part[1], w.entry) + by_input(self.case, w.part[1])
        if old.edge is not None:
            told += f"; {old.edge.describe(self.case)}"
        told += "."
        if old.blame is not None:
            told += f" {old.blame.reason}."
        ranged = old.blame is not None and old.blame.ranged
        told += words(old.condition, math.inf if ranged else w.error, trial.max_ulp)
        return Finding(
            self.case.variant,
            trial.mode,
            self.case.dtype,
            w.part[0],
            w.verdict,
            told,
            hexes(w.components),
            text(w.upstream),
            text(w.computed),
            text(w.exact),
            old.blame.op if old.blame else "",
            old.blame.source if old.blame else "",
        )
